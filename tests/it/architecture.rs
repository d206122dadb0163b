//! The rules of the house that a compiler does not know.

use std::fs;
use std::path::{Path, PathBuf};

use super::imports::Imports;

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn room(name: &str) -> Vec<(PathBuf, String)> {
    let mut files = vec![PathBuf::from(format!("src/{name}.rs"))];
    if Path::new(&format!("src/{name}")).is_dir() {
        sources(Path::new(&format!("src/{name}")), &mut files);
    }
    files.into_iter().map(|path| (path.clone(), code(&fs::read_to_string(path).unwrap()))).collect()
}

/// A file without its tests and comments.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = before_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Each room, and the rooms that it may not name.
const FORBIDDEN: [(&str, &[&str]); 13] = [
    ("domain", &["protocol", "journal", "app", "view", "runtime", "simulator", "cli", "config", "doctor"]),
    ("protocol", &["journal", "app", "view", "runtime", "simulator", "cli", "config", "doctor"]),
    ("journal", &["protocol", "app", "view", "runtime", "simulator", "cli", "config", "doctor"]),
    ("app", &["view", "runtime", "simulator", "cli", "config", "doctor"]),
    ("app/desk", &["app::console", "app::words", "app::list"]),
    ("app/list", &["app::console"]),
    ("app/words", &["app::console"]),
    ("app/words/desk", &["app::desk", "app::console", "app::list"]),
    ("view", &["runtime", "simulator", "cli", "config", "doctor"]),
    ("runtime", &["simulator", "cli", "config", "doctor"]),
    ("config", &["view", "runtime", "simulator", "cli", "doctor"]),
    ("simulator", &["app", "view", "cli", "config", "doctor"]),
    ("doctor", &["view", "cli"]),
];

/// Values that prove something, which one room alone can make and every room may name; their files name nothing but ids.
const PROOFS: [&str; 2] = ["crate::config::permit", "crate::journal::durable"];

/// The words that the desk itself says: it may name these, and no others, and they name nothing of the desk.
const SAID_BY_THE_DESK: &str = "crate::app::words::desk";

/// The parts of the desk, each with the struct that owns its state.
const PARTS: [(&str, &str); 4] = [("link", "Link"), ("list", "List"), ("cancels", "Cancels"), ("end", "End")];

#[test]
fn a_part_of_the_desk_keeps_its_state_to_itself_and_cannot_name_its_siblings() {
    for (part, owner) in PARTS {
        for (path, text) in room(&format!("app/desk/{part}")) {
            for (other, _) in PARTS.iter().filter(|(other, _)| *other != part) {
                for name in [format!("desk::{other}"), format!("super::{other}::")] {
                    assert!(!text.contains(&name), "{} names {name}", path.display());
                }
            }
            assert!(!text.contains("desk::Desk") && !text.contains("super::Desk"), "{} names the desk", path.display());
        }
        let text = code(&fs::read_to_string(format!("src/app/desk/{part}.rs")).unwrap());
        let state = text.split(&format!("pub struct {owner} {{")).nth(1).expect("the part's struct");
        let fields = state.split("\n}").next().unwrap();
        assert!(!fields.contains("pub"), "{owner} lends its fields: {fields}");
    }
}

#[test]
fn one_file_changes_the_desk() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let changing = files.iter().filter(|path| code(&fs::read_to_string(path).unwrap()).contains("impl Desk {"));
    assert_eq!(changing.collect::<Vec<_>>(), [Path::new("src/app/desk.rs")]);
    let desk = code(&fs::read_to_string("src/app/desk.rs").unwrap());
    let doors: Vec<&str> = desk.lines().filter(|line| line.contains("pub fn") && line.contains("&mut self")).collect();
    assert_eq!(doors.len(), 1, "one door: {doors:?}");
    assert!(doors[0].contains("fn apply("), "{doors:?}");
}

#[test]
fn only_reading_calls_can_be_sent_without_an_order() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let reading = files.iter().filter(|path| code(&fs::read_to_string(path).unwrap()).contains("impl ReadCall for"));
    let mut names: Vec<_> = reading.map(|path| path.file_stem().unwrap().to_str().unwrap()).collect();
    names.sort_unstable();
    for name in &names {
        assert!(
            name.starts_with("get_") || ["log_out", "ping", "subscribe_all_account_events"].contains(name),
            "{name}"
        );
    }
    assert!(names.len() > 5, "{names:?}");
}

#[test]
fn each_room_knows_only_the_rooms_before_it() {
    for (name, forbidden) in FORBIDDEN {
        for (path, text) in room(name) {
            let text = PROOFS.iter().fold(text, |text, proof| text.replace(proof, ""));
            let text = if name == "app/desk" { text.replace(SAID_BY_THE_DESK, "") } else { text };
            for other in forbidden {
                assert!(!text.contains("super::super::"), "{} climbs", path.display());
                assert!(!text.contains(&format!("crate::{other}")), "{} names crate::{other}", path.display());
            }
        }
    }
}

/// The string literals of a file, on one line each.
fn literals(code: &str) -> Vec<&str> {
    code.lines().flat_map(|line| line.split('"').skip(1).step_by(2)).collect()
}

/// True if a literal holds two or more whole words, with or without a mark behind them.
fn is_sentence(literal: &str) -> bool {
    let words = literal.split(' ').map(|word| word.trim_matches(['.', ',', ':', ';', '!', '?', '`']));
    words.filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic)).count() > 1
}

#[test]
fn no_sentence_is_made_where_it_is_only_shown() {
    for (path, text) in ["view", "cli"].into_iter().flat_map(room) {
        let made: Vec<&str> = literals(&text).into_iter().filter(|literal| is_sentence(literal)).collect();
        assert!(made.is_empty(), "{} makes sentences: {made:?}", path.display());
    }
}

#[test]
fn the_core_does_no_io_and_reads_no_clock() {
    for name in ["domain", "protocol", "journal", "app", "view"] {
        for (path, text) in room(name) {
            for word in ["tokio", "std::fs", "std::net", "::now()", "std::thread", "std::process"] {
                assert!(!text.contains(word), "{} says {word}", path.display());
            }
        }
    }
}

#[test]
fn no_amount_is_near_a_float() {
    for name in ["domain", "protocol", "journal", "app", "view", "runtime", "simulator"] {
        for (path, text) in room(name) {
            let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let floats = words.filter(|word| matches!(*word, "f32" | "f64")).count();
            // The list of types that the case-blind reader passes on names them once each.
            let allowed = if path.ends_with("any_case.rs") { 2 } else { 0 };
            assert_eq!(floats, allowed, "{}", path.display());
        }
    }
}

#[test]
fn every_module_says_what_it_owns_and_no_file_is_too_long() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut lengths = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} does not begin with //!", path.display());
        let lines = text.split("#[cfg(test)]").next().unwrap_or_default().lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
        lengths.push(lines);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    let tenth_longest = lengths[lengths.len() * 9 / 10];
    assert!(median <= 150 && tenth_longest <= 350, "median {median}, p90 {tenth_longest}");
}

#[test]
fn one_place_performs_effects_and_one_place_sends_a_cancel() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    files.sort();
    let naming = |word: &str| -> Vec<String> {
        let named = files.iter().filter(|path| code(&fs::read_to_string(path).unwrap()).contains(word));
        named.map(|path| path.display().to_string()).collect()
    };
    assert_eq!(naming("Effect::SendCancel"), ["src/app/desk/cancels/send.rs", "src/runtime/perform.rs"]);
    assert_eq!(naming("ChangeOrder::new"), ["src/app/desk/cancels/send.rs"]);
    assert_eq!(naming("into_frame()"), ["src/runtime/gateway.rs"]);
}

#[test]
fn every_file_is_a_module_of_its_folder() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for path in files.iter().filter(|path| !["lib", "main"].contains(&path.file_stem().unwrap().to_str().unwrap())) {
        let folder = path.parent().unwrap();
        let parent = if folder == Path::new("src") { folder.join("lib.rs") } else { folder.with_extension("rs") };
        let declared = format!("mod {};", path.file_stem().unwrap().to_str().unwrap());
        let text = fs::read_to_string(&parent).unwrap_or_default();
        assert!(
            text.contains(&declared),
            "{} is in no program: {} does not declare it",
            path.display(),
            parent.display()
        );
    }
}

#[test]
fn no_two_files_import_each_other() {
    let imports = Imports::of_the_library();
    let (files, edges) = imports.size();
    assert!(files > 200 && edges > 500, "only {files} files and {edges} imports were read");
    let told: Vec<String> = imports
        .circles()
        .iter()
        .map(|circle| format!("{}:\n  {}", circle.join(", "), imports.between(circle).join("\n  ")))
        .collect();
    assert!(told.is_empty(), "circles of imports:\n{}", told.join("\n"));
}
