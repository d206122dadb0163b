//! Every sentence stands in `app/words`; one that does not is listed here, with the reason.

use super::sentences;

/// Files and folders whose sentences stand elsewhere, by the beginning of their names, and why.
const ELSEWHERE: [(&str, &str); 14] = [
    ("assets/keys.toml", "the table of keys holds its own help"),
    ("src/args", "the help of commands stands at the arguments that it is about"),
    ("src/app/desk/cancels/send.rs", "parts of a record of the journal"),
    ("src/config", "lines of the file that it writes, and of a file's name"),
    ("src/domain/agreement.rs", "names of facts, by which differences are told apart"),
    ("src/domain/form_mistake.rs", "a reader's words, and ours for them"),
    ("src/domain/kept.rs", "marks in the text of a ticket"),
    ("src/domain/outcome.rs", "words of the journal's records"),
    ("src/domain", "labels of a ticket, a receipt and a secret; it may name nothing of the words above it"),
    ("src/journal", "notices of the store, which may name nothing of the words above it"),
    ("src/protocol", "errors of the wire, which may name nothing of the words above it"),
    ("src/runtime/journal/file/heads.rs", "a line of the system's log"),
    ("src/simulator/authority.rs", "names on certificates, and errors of the exchange that is not ours"),
    ("src/simulator", "errors of a scenario; the exchange may name nothing of the console"),
];

/// The first row that allows the sentences of a file.
fn allowed(file: &str) -> Option<usize> {
    ELSEWHERE.iter().position(|(start, _)| file.starts_with(start))
}

#[test]
fn a_sentence_outside_of_the_words_is_listed_with_its_reason() {
    let outside: Vec<_> = sentences().into_iter().filter(|found| !found.file.starts_with("src/app/words")).collect();
    let wrong = outside.iter().filter(|found| allowed(&found.file).is_none());
    let wrong: Vec<String> = wrong.map(|found| format!("{}: {:?}", found.file, found.text)).collect();
    assert!(wrong.is_empty(), "these belong into src/app/words:\n{}", wrong.join("\n"));
    let used: Vec<_> = outside.iter().filter_map(|found| allowed(&found.file)).collect();
    let idle = ELSEWHERE.iter().enumerate().filter(|(row, _)| !used.contains(row));
    let idle: Vec<_> = idle.map(|(_, (start, _))| start).collect();
    assert!(idle.is_empty(), "these allow nothing any more, and go: {idle:?}");
}
