//! Every sentence stands in `app/words`; one that does not is listed here, with the reason.

use super::sentences;

/// Files and folders whose sentences stand elsewhere, by the beginning of their names, and why.
const ELSEWHERE: [(&str, &str); 17] = [
    ("assets/keys.toml", "the table of keys holds its own help"),
    ("src/args", "the help of commands stands at the arguments that it is about"),
    ("src/app/desk/cancels/send.rs", "parts of a record of the journal"),
    ("src/app/event.rs", "not moved yet: the ways of a login"),
    ("src/app/list/column.rs", "not moved yet: the text of a cell"),
    ("src/cli", "not moved yet"),
    ("src/config", "not moved yet"),
    ("src/doctor", "not moved yet"),
    ("src/domain/agreement.rs", "names of facts, by which differences are told apart"),
    ("src/domain/form_mistake.rs", "a reader's words, and ours for them"),
    ("src/domain/kept.rs", "marks in the text of a ticket"),
    ("src/domain/outcome.rs", "words of the journal's records"),
    ("src/domain", "not moved yet: labels of a ticket, of a receipt and of a secret"),
    ("src/journal", "not moved yet"),
    ("src/protocol", "not moved yet"),
    ("src/runtime", "not moved yet"),
    ("src/simulator", "not moved yet"),
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
