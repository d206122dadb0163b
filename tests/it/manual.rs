//! The manuals say what the program does: every setting, flag, key, exit code and sentence of an outcome is looked for in them,
//! each taken from where the program itself has it.

use std::collections::BTreeSet;

use clap::CommandFactory;
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::desk::settings::Limits;
use withdraw_desk::app::effect::Exit;
use withdraw_desk::app::words::code::meaning_of_code;
use withdraw_desk::app::words::manual::{TOPICS, find};
use withdraw_desk::app::words::wrap::wrap;
use withdraw_desk::args::Arguments;
use withdraw_desk::cli;
use withdraw_desk::config::file::ConfigFile;
use withdraw_desk::config::span::Span;
use withdraw_desk::domain::Outcome;
use withdraw_desk::simulator::login;

use crate::literals::{in_one_line, literals_of, literals_of_the_program};

fn manual(topic: &str) -> &'static str {
    find(topic).unwrap_or_else(|| panic!("no manual {topic}")).text
}

/// The tables of a configuration file, with a line that leads into each.
const TABLES: [&str; 5] = ["", "[console]", "[profiles.NAME]", "[profiles.NAME.login]", "[profiles.NAME.tls]"];

/// The keys that the reader of the configuration knows in a table, told by the reader itself.
fn known_keys(table: &str) -> Vec<String> {
    let error = ConfigFile::parse(&format!("{table}\nno-such-key = 1")).unwrap_err();
    let (_, wanted) = error.split_once("wanted ").unwrap();
    let quoted = wanted.split('`').skip(1).step_by(2);
    quoted.filter(|key| !["console", "profiles", "login", "tls"].contains(key)).map(str::to_owned).collect()
}

/// The part of the manual about a table, and in it the paragraph about a setting.
fn paragraph_of(table: &str, key: &str) -> String {
    let text = manual("configuration");
    let heading = if table.is_empty() { "## At the top" } else { &format!("## {table}") };
    let part = text.split(&format!("{heading}\n")).nth(1).unwrap_or_else(|| panic!("no part {heading}"));
    let part = part.split("\n## ").next().unwrap();
    let begin = format!("- `{key}`: ");
    let from = part.find(&begin).unwrap_or_else(|| panic!("{key} of {table:?} is not in the manual"));
    let paragraph = &part[from..];
    let end = paragraph[2..].find("\n- `").or(paragraph.find("\n\n")).map_or(paragraph.len(), |end| end + 2);
    paragraph[..end].to_owned()
}

#[test]
fn every_setting_is_there_with_its_default_and_an_example_that_reads() {
    let mut count = 0;
    for table in TABLES {
        for key in known_keys(table) {
            let paragraph = paragraph_of(table, &key);
            assert!(paragraph.contains("default"), "{key} has no default: {paragraph}");
            let mut example = paragraph.lines().filter_map(|line| line.trim().strip_prefix('`')?.strip_suffix('`'));
            let example = example.next_back().unwrap_or_else(|| panic!("{key} has no example: {paragraph}"));
            assert!(example.starts_with(&format!("{key} = ")), "{example}");
            ConfigFile::parse(&format!("{table}\n{example}")).unwrap_or_else(|error| panic!("{example}: {error}"));
            count += 1;
        }
    }
    assert!(count > 30, "only {count} settings were read");
}

#[test]
fn every_configuration_that_a_manual_shows_reads() {
    let mut count = 0;
    for shown in TOPICS.iter().flat_map(|topic| topic.text.split("```toml\n").skip(1)) {
        let shown = shown.split("```").next().unwrap();
        ConfigFile::parse(shown).unwrap_or_else(|error| panic!("{shown}{error}"));
        count += 1;
    }
    assert!(count > 3, "only {count}");
}

#[test]
fn the_profile_for_the_simulator_logs_in_there() {
    let text = manual("simulator");
    assert!(text.contains(&format!("login.username = \"{}\"", login::USERNAME)));
    assert!(text.contains(&format!("[\"echo\", \"{}\"]", login::PASSWORD)));
}

#[test]
fn the_defaults_of_the_limits_are_those_of_the_program() {
    let usual = Limits::default();
    let spans = [
        ("reply-timeout", usual.reply_timeout),
        ("read-timeout", usual.read_timeout),
        ("follow-time", usual.follow_time),
        ("scan-depth", usual.scan_depth),
    ];
    for (key, span) in spans {
        let paragraph = in_one_line(&paragraph_of("[profiles.NAME]", key));
        let said = paragraph.split("default `\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(said.parse::<Span>().unwrap(), Span(span), "{key}");
    }
    let page = in_one_line(&paragraph_of("[profiles.NAME]", "page-size"));
    assert!(page.contains(&format!("default {}.", usual.page_size)), "{page}");
}

#[test]
fn every_flag_of_all_commands_is_there_with_its_variable() {
    let text = manual("configuration");
    for flag in Arguments::command().get_arguments().filter(|flag| flag.is_global_set()) {
        let name = format!("| `--{}", flag.get_long().unwrap());
        let row = text.lines().find(|line| line.starts_with(&name)).unwrap_or_else(|| panic!("{name} is not there"));
        let variable = flag.get_env().map_or("", |variable| variable.to_str().unwrap());
        assert!(row.contains(variable), "{row} does not say {variable}");
    }
}

#[test]
fn every_command_and_its_flags_are_in_a_manual() {
    let text: String = TOPICS.iter().map(|topic| topic.text).collect();
    let program = Arguments::command();
    for command in program.get_subcommands() {
        let name = command.get_name();
        assert!(text.contains(&format!("withdraw-desk {name}")), "{name} is in no manual");
        for below in command.get_subcommands() {
            assert!(text.contains(&format!("{name} {}", below.get_name())), "{name} {}", below.get_name());
        }
        let all = [command].into_iter().chain(command.get_subcommands()).flat_map(clap::Command::get_arguments);
        for flag in all.filter_map(clap::Arg::get_long) {
            assert!(text.contains(&format!("--{flag}")), "--{flag} of {name} is in no manual");
        }
    }
}

/// The part of the manual of keys that is made from the table of keys.
fn keys() -> String {
    let keymap = Keymap::built_in().unwrap();
    let mut text = String::new();
    for section in keymap.sections() {
        text.push_str(&format!("\n## {}\n\n", section.title));
        for binding in keymap.of(&section.name) {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
            let help = wrap(&binding.help, 76).join("\n  ");
            text.push_str(&format!("- {}  `{}`:\n  {help}\n", keys.join(" "), binding.action.name()));
        }
    }
    text
}

#[test]
fn every_key_is_there_with_its_action_and_its_effect() {
    const PATH: &str = "assets/manual/keys.md";
    let text = std::fs::read_to_string(PATH).unwrap();
    let intro = text.split("\n## ").next().unwrap();
    if std::env::var_os("UPDATE_MANUAL").is_some() {
        std::fs::write(PATH, format!("{}\n{}", intro.trim_end(), keys())).unwrap();
        return;
    }
    assert_eq!(&text[intro.len()..], keys(), "UPDATE_MANUAL=1 cargo test --test it manual writes it anew");
}

#[test]
fn every_exit_code_is_there() {
    let text = manual("exit-codes");
    let of_a_session = [
        Exit::Done,
        Exit::Refused,
        Exit::AcceptedNotMoved,
        Exit::NotPermitted,
        Exit::Unknown,
        Exit::Moved,
        Exit::Fault,
        Exit::Signal(1),
        Exit::Signal(2),
        Exit::Signal(3),
        Exit::Signal(15),
    ];
    let of_a_command = [cli::USAGE, cli::LOGIN, cli::HELD, cli::NO_LINK, cli::FOUND];
    for code in of_a_session.map(Exit::code).into_iter().chain(of_a_command) {
        assert!(text.contains(&format!("`{code}`")), "{code} is missing");
    }
    let known = |number: u8| (0..=128).any(|n| Exit::Signal(n).code() == number);
    let told: Vec<u8> = text.split('`').skip(1).step_by(2).filter_map(|word| word.parse().ok()).collect();
    for code in told {
        let is_of_a_session = of_a_session.iter().any(|exit| exit.code() == code);
        assert!(is_of_a_session || of_a_command.contains(&code) || known(code), "{code} is no exit code");
    }
}

#[test]
fn every_outcome_and_every_sentence_about_one_is_there() {
    let text = in_one_line(manual("outcomes"));
    for outcome in [
        Outcome::Verified,
        Outcome::Moved,
        Outcome::Refused,
        Outcome::NotSent,
        Outcome::AcceptedNotMoved,
        Outcome::Unknown,
    ] {
        assert!(text.contains(&format!("### {outcome}")), "{outcome} has no part of its own");
    }
    let mut count = 0;
    for literal in literals_of("src/app/words/outcome.rs") {
        for sentence in literal.pieces().filter(|piece| piece.split(' ').count() > 2) {
            assert!(text.contains(&sentence), "not in the manual of outcomes: {sentence:?}");
            count += 1;
        }
    }
    assert!(count > 25, "only {count} sentences were read");
    let meanings: BTreeSet<&str> = (-1..1_000).map(meaning_of_code).collect();
    for code in (0..1_000).filter(|code| meaning_of_code(*code) != meaning_of_code(-1)) {
        assert!(text.contains(&format!("- `{code}`: {}", meaning_of_code(code))), "{code}");
    }
    assert!(meanings.iter().all(|meaning| text.contains(meaning)));
}

#[test]
fn every_sentence_that_the_troubleshooting_begins_with_stands_in_the_program() {
    let program = literals_of_the_program();
    let headings: Vec<&str> = manual("troubleshooting").lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let is_said = |heading: &&&str| {
        let mut pieces = heading.split("...").map(str::trim).filter(|piece| !piece.is_empty());
        heading.contains(' ') && pieces.all(|piece| program.iter().any(|literal| literal.holds(piece)))
    };
    let wrong: Vec<_> = headings.iter().filter(|heading| !is_said(heading)).collect();
    assert!(wrong.is_empty(), "nobody says this: {wrong:#?}");
    assert_eq!(headings.iter().collect::<BTreeSet<_>>().len(), headings.len(), "a sentence stands there twice");
    assert!(headings.len() > 40, "only {} sentences", headings.len());
}

#[test]
fn a_manual_is_plain_text_that_fits_into_a_narrow_window_and_names_only_manuals_that_there_are() {
    for topic in TOPICS {
        let text = topic.text;
        assert!(text.starts_with("# ") && text.ends_with('\n') && text.is_ascii(), "{}", topic.name);
        for line in text.lines() {
            assert!(line.len() <= 80, "{}: {line}", topic.name);
            assert!(!line.contains("]("), "a link leads nowhere on a screen: {line}");
        }
        for named in in_one_line(text).split("withdraw-desk manual ").skip(1) {
            let name: String = named.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '-').collect();
            assert!(name == "TOPIC" || find(&name).is_some(), "{} names the manual {name:?}", topic.name);
        }
    }
    let files = std::fs::read_dir("assets/manual").unwrap().count();
    assert_eq!(files, TOPICS.len(), "a manual that nobody can ask for");
}
