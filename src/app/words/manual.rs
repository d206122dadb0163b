//! The manuals, as they are in `assets/manual`, and the words around them.

use crate::domain::text::inert;

/// A manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// Its content, in a line.
    pub about: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All manuals, in the order in which a newcomer needs them.
pub const TOPICS: [Topic; 10] = [
    Topic {
        name: "configuration",
        about: "every setting, with its form, its default and an example",
        text: include_str!("../../../assets/manual/configuration.md"),
    },
    Topic {
        name: "logins",
        about: "password, API key, second factor; what is never repeated",
        text: include_str!("../../../assets/manual/logins.md"),
    },
    Topic {
        name: "keys",
        about: "every key of every screen, and how to change one",
        text: include_str!("../../../assets/manual/keys.md"),
    },
    Topic {
        name: "list",
        about: "the filter and the order of the list: words, terms, columns",
        text: include_str!("../../../assets/manual/list.md"),
    },
    Topic {
        name: "outcomes",
        about: "how a cancel goes, how it can end, and what to do then",
        text: include_str!("../../../assets/manual/outcomes.md"),
    },
    Topic {
        name: "journal",
        about: "the record of every cancel: list, show, check, release",
        text: include_str!("../../../assets/manual/journal.md"),
    },
    Topic {
        name: "doctor",
        about: "the check of this machine, the configuration and the exchange",
        text: include_str!("../../../assets/manual/doctor.md"),
    },
    Topic {
        name: "simulator",
        about: "an exchange to try it on, and how to make it misbehave",
        text: include_str!("../../../assets/manual/simulator.md"),
    },
    Topic {
        name: "exit-codes",
        about: "the exit code of every command, for scripts",
        text: include_str!("../../../assets/manual/exit-codes.md"),
    },
    Topic {
        name: "troubleshooting",
        about: "the sentence that you see, what it means, and what to do now",
        text: include_str!("../../../assets/manual/troubleshooting.md"),
    },
];

/// The manual of that name, or the only one whose name begins so.
pub fn find(asked: &str) -> Option<&'static Topic> {
    let asked = asked.trim().to_ascii_lowercase().replace([' ', '_'], "-");
    let begins = |topic: &&Topic| !asked.is_empty() && topic.name.starts_with(&asked);
    let mut beginning = TOPICS.iter().filter(begins);
    let first = beginning.next()?;
    let is_only = beginning.next().is_none();
    TOPICS.iter().find(|topic| topic.name == asked).or(is_only.then_some(first))
}

/// All manuals, with a line each.
pub fn list() -> String {
    let width = TOPICS.iter().map(|topic| topic.name.len()).max().unwrap_or_default();
    let lines = TOPICS.map(|topic| format!("  {:<width$}  {}\n", topic.name, topic.about));
    format!("{}\n`withdraw-desk manual TOPIC` shows one of them.\n", lines.concat())
}

/// That there is no such manual, and which there are.
pub fn unknown(asked: &str) -> String {
    let names: Vec<&str> = TOPICS.iter().map(|topic| topic.name).collect();
    format!("there is no manual \"{}\"; there are: {}", inert(asked), names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::name("journal", Some("journal"))]
    #[case::beginning("trouble", Some("troubleshooting"))]
    #[case::letters("Exit Codes", Some("exit-codes"))]
    #[case::nothing("", None)]
    #[case::other("withdrawals", None)]
    fn a_manual_is_found_by_its_name_or_by_the_beginning_of_it(#[case] asked: &str, #[case] found: Option<&str>) {
        assert_eq!(find(asked).map(|topic| topic.name), found);
    }

    #[test]
    fn an_unknown_manual_is_told_inert_with_those_that_there_are() {
        let said = unknown("\u{1b}[31mred");
        assert!(!said.contains('\u{1b}') && TOPICS.iter().all(|topic| said.contains(topic.name)), "{said}");
    }
}
