//! A mistake in a form that somebody wrote, a configuration or a scenario: its readers name it in their own words, these are ours.

/// Words before the parts of a reader's sentence, and what we say.
const FOUND: [(&str, &str); 6] = [
    ("string ", "the text "),
    ("integer ", "the number "),
    ("floating point ", "the number "),
    ("boolean ", ""),
    ("sequence", "a list"),
    ("map", "a table"),
];

/// Forms that a reader wants, and our words for them.
const WANTED: [(&str, &str); 9] = [
    ("a boolean", "true or false"),
    ("a string", "a text in quotes"),
    ("path string", "a path in quotes"),
    ("i64", "a whole number"),
    ("u64", "a whole number, 0 or more"),
    ("u32", "a whole number, 0 or more"),
    ("u16", "a whole number, 0 to 65535"),
    ("a sequence", "a list in [ ]"),
    ("a map", "a table"),
];

/// A reader's sentence in our words: what was found, and what is wanted in its place.
pub fn told(said: &str) -> String {
    let (found, wanted) = said.rsplit_once(", expected ").map_or((said, None), |(found, wanted)| (found, Some(wanted)));
    let found = found_words(found);
    wanted.map_or_else(|| found.clone(), |wanted| format!("{found}; wanted {}", wanted_words(wanted)))
}

fn found_words(found: &str) -> String {
    if let Some(name) = found.strip_prefix("unknown field ") {
        return format!("there is no setting {} here", name.replace(", there are no fields", ""));
    }
    if let Some(name) = found.strip_prefix("unknown variant ") {
        return format!("{name} is not known here");
    }
    if let Some(name) = found.strip_prefix("missing field ") {
        return format!("the setting {name} is missing here");
    }
    let kind = ["invalid type: ", "invalid value: "].iter().find_map(|start| found.strip_prefix(start));
    let Some(kind) = kind else { return found.to_owned() };
    let ours = FOUND.iter().find_map(|(start, ours)| Some(format!("{ours}{}", kind.strip_prefix(start)?)));
    format!("{} does not belong here", ours.unwrap_or_else(|| kind.to_owned()).replace('`', ""))
}

fn wanted_words(wanted: &str) -> &str {
    if wanted.starts_with("struct ") {
        return "a table";
    }
    WANTED.iter().find(|(theirs, _)| *theirs == wanted).map_or(wanted, |(_, ours)| *ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("unknown field `a`, expected one of `b`, `c`", "there is no setting `a` here; wanted one of `b`, `c`")]
    #[case("unknown field `a`, there are no fields", "there is no setting `a` here")]
    #[case("unknown variant `a`, expected `b` or `c`", "`a` is not known here; wanted `b` or `c`")]
    #[case("missing field `a`", "the setting `a` is missing here")]
    #[case(
        "invalid type: string \"yes\", expected a boolean",
        "the text \"yes\" does not belong here; wanted true or false"
    )]
    #[case(
        "invalid type: string \"x, expected y\", expected i64",
        "the text \"x, expected y\" does not belong here; wanted a whole number"
    )]
    #[case(
        "invalid value: integer `-1`, expected u16",
        "the number -1 does not belong here; wanted a whole number, 0 to 65535"
    )]
    #[case("invalid type: boolean `true`, expected a string", "true does not belong here; wanted a text in quotes")]
    #[case("invalid type: map, expected a sequence", "a table does not belong here; wanted a list in [ ]")]
    #[case("invalid type: integer `5`, expected struct Profile", "the number 5 does not belong here; wanted a table")]
    #[case("duplicate key", "duplicate key")]
    fn a_mistake_is_told_in_our_words(#[case] said: &str, #[case] ours: &str) {
        assert_eq!(told(said), ours);
    }
}
