//! Every sentence that a person reads, in one snapshot, so that they can be judged in one sitting. It is read out of the source: a new
//! sentence anywhere fails this test until the snapshot is written anew (`INSTA_UPDATE=always cargo test --test it words`).

mod collect;
mod elsewhere;
mod rules;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use withdraw_desk::app::words::wrap::wrap;

use self::collect::{Found, literals};

/// Columns of the snapshot.
const WIDTH: usize = 110;

/// Files whose every word is read, also one that stands alone, by the beginning of their names.
const ALL_WORDS: [&str; 3] = ["src/app/words", "src/domain/agreement.rs", "src/domain/outcome.rs"];

/// Files whose texts go over the wire of the simulated exchange, or are looked for in what the exchange says, by the beginning of
/// their names.
const WIRE: [&str; 7] = [
    "src/protocol/far_side/reason.rs",
    "src/simulator/book.rs",
    "src/simulator/calls",
    "src/simulator/exchange",
    "src/simulator/server/client_link.rs",
    "src/simulator/server/http_reply.rs",
    "src/simulator/wire.rs",
];

/// A sentence, and where it stands.
struct Sentence {
    file: String,
    /// The tone of its line; empty where another function chooses it.
    tone: String,
    /// As it is written, with the places of its values.
    text: String,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A text without what is put into it.
fn without_values(text: &str) -> String {
    let mut depth = 0_usize;
    let text = text.replace("{{", "").replace("}}", "");
    text.chars()
        .filter(|sign| {
            let was_inside = depth > 0;
            match sign {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            !was_inside && depth == 0
        })
        .collect()
}

/// True for a literal that somebody reads, for all that its form tells.
fn is_sentence(file: &str, found: &Found) -> bool {
    let own = without_values(&found.text);
    let words: Vec<&str> = own.split_whitespace().filter(|word| !word.starts_with(['%', '-'])).collect();
    let has_letter = words.iter().any(|word| word.contains(char::is_alphabetic));
    let has_words = found.text.trim().contains([' ', '\n']);
    let is_read = found.is_read || ALL_WORDS.iter().any(|room| file.starts_with(room));
    has_letter && (has_words || is_read)
}

/// All sentences, by file.
fn sentences() -> Vec<Sentence> {
    let mut all = Vec::new();
    for path in files(Path::new("src")) {
        let file = path.to_str().unwrap().to_owned();
        if file.ends_with("tests.rs") || file.contains("/tests/") || WIRE.iter().any(|start| file.starts_with(start)) {
            continue;
        }
        let found = literals(&fs::read_to_string(&path).unwrap(), file.starts_with("src/args"));
        let read = found.into_iter().filter(|found| is_sentence(&file, found));
        all.extend(read.map(|found| Sentence { file: file.clone(), tone: found.tone, text: found.text }));
    }
    all.extend(key_help());
    all
}

/// The words of the help page and of the footer, from the table of keys.
fn key_help() -> Vec<Sentence> {
    let table: toml::Table = fs::read_to_string("assets/keys.toml").unwrap().parse().unwrap();
    let entries = ["layer", "key"].iter().flat_map(|name| table[*name].as_array().unwrap());
    let texts = entries.flat_map(|entry| ["title", "help", "footer"].map(|name| entry.get(name)));
    let texts = texts.flatten().map(|text| text.as_str().unwrap().to_owned());
    texts.map(|text| Sentence { file: "assets/keys.toml".to_owned(), tone: String::new(), text }).collect()
}

#[test]
fn every_sentence_stands_in_one_snapshot() {
    let all = sentences();
    assert!(all.len() > 1_000, "only {} sentences were read", all.len());
    let mut snapshot = String::new();
    let mut file = String::new();
    for sentence in all {
        if sentence.file != file {
            file.clone_from(&sentence.file);
            write!(snapshot, "\n{file}\n").unwrap();
        }
        let mut tone = sentence.tone.as_str();
        for part in sentence.text.split('\n').filter(|part| !part.trim().is_empty()) {
            for row in wrap(part, WIDTH - 10) {
                writeln!(snapshot, "{}", format!("  {tone:<7} {row}").trim_end()).unwrap();
                tone = "";
            }
        }
    }
    insta::assert_snapshot!("every_sentence", snapshot);
}
