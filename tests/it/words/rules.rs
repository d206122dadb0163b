//! Words that no sentence may have, and looks that none may have.

use super::{Sentence, sentences, without_values};

/// Words of our libraries, of the language and of the inside of the program; each counts as a whole word.
const INNARDS: [&str; 43] = [
    "serde",
    "tokio",
    "rustls",
    "webpki",
    "tungstenite",
    "ratatui",
    "crossterm",
    "clap",
    "insta",
    "panic",
    "panicked",
    "unwrap",
    "unwrapped",
    "enum",
    "struct",
    "tuple",
    "variant",
    "thread",
    "mutex",
    "deserialize",
    "serialize",
    "usize",
    "isize",
    "u16",
    "u32",
    "u64",
    "i32",
    "i64",
    "f64",
    "bool",
    "boolean",
    "Vec",
    "Option",
    "Result",
    "ErrorKind",
    "Utf8",
    "Utf8Error",
    "RecvError",
    "SendError",
    "callback",
    "monotonic",
    "unmatched",
    "ticks",
];

/// Such words with several parts, or with signs.
const PHRASES: [&str; 16] = [
    "os error",
    "channel closed",
    "invalid type",
    "invalid value",
    "unknown field",
    "missing field",
    "expected one of",
    "boot clock",
    "wall clock",
    "Some(",
    "Err(",
    "Ok(",
    "None)",
    "not yet implemented",
    "index out of",
    "(s)",
];

/// Files that hold the words of a library to say them in ours.
const TRANSLATES: [&str; 1] = ["src/domain/form_mistake.rs"];

/// Files whose lines are laid out in columns, or put together from pieces.
const LAID_OUT: [&str; 4] = ["src/app/words", "src/app/list/column.rs", "src/args", "assets/keys.toml"];

fn starts_in(files: &[&str], sentence: &Sentence) -> bool {
    files.iter().any(|start| sentence.file.starts_with(start))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric() && sign != '_' && sign != '-').filter(|word| !word.is_empty())
}

/// A flaw of a sentence.
fn fault(sentence: &Sentence) -> Option<String> {
    let text = without_values(&sentence.text);
    if !starts_in(&TRANSLATES, sentence) {
        if let Some(word) = words(&text).find(|word| INNARDS.contains(word)) {
            return Some(format!("says {word:?}, which means nothing to an operator"));
        }
        if let Some(phrase) = PHRASES.iter().find(|phrase| text.contains(**phrase)) {
            return Some(format!("says {phrase:?}, which is a library's or the program's inside"));
        }
    }
    if sentence.file.starts_with("src/app/") && words(&text).any(is_call) {
        return Some("names a call of the exchange, which says nothing to an operator".to_owned());
    }
    if sentence.text.contains("::") || text.contains("#[") {
        return Some("holds source text".to_owned());
    }
    if !starts_in(&LAID_OUT, sentence) && sentence.text.trim().contains("  ") && !is_headline(&sentence.text) {
        return Some("has two blanks in a row".to_owned());
    }
    plural_of_one(&text).map(|word| format!("says \"1 {word}\""))
}

/// True for the name of a call: `GetUserInfo`.
fn is_call(word: &str) -> bool {
    let rest = ["Get", "Authenticate", "Subscribe", "Cancel"].iter().find_map(|start| word.strip_prefix(start));
    rest.is_some_and(|rest| rest.starts_with(char::is_uppercase))
}

/// True for a word in capitals and its sentence: `STOP  Money may have left.`
fn is_headline(text: &str) -> bool {
    let (head, rest) = text.trim().split_once("  ").unwrap_or((text, ""));
    head.chars().all(|sign| !sign.is_lowercase()) && !rest.trim_start().contains("  ")
}

/// A word in the plural behind a fixed 1.
fn plural_of_one(text: &str) -> Option<&str> {
    let all: Vec<&str> = text.split_whitespace().collect();
    let pair = all.windows(2).find(|pair| pair[0] == "1" && pair[1].len() > 3 && pair[1].ends_with('s'));
    pair.map(|pair| pair[1])
}

#[test]
fn no_sentence_has_a_librarys_words_our_innards_or_a_slip_of_the_keyboard() {
    let all = sentences();
    let wrong =
        all.iter().filter_map(|sentence| Some(format!("{}: {:?} {}", sentence.file, sentence.text, fault(sentence)?)));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sentence_that_breaks_a_rule_is_seen() {
    let said =
        |file: &str, text: &str| fault(&Sentence { file: file.to_owned(), tone: String::new(), text: text.to_owned() });
    for wrong in
        ["a thread ended", "the link failed (os error 2)", "two  blanks", "1 rows", "{n} row(s)", "at desk::link"]
    {
        assert!(said("src/config.rs", wrong).is_some(), "{wrong}");
    }
    assert!(said("src/app/words/x.rs", "GetUserInfo: no").is_some());
    for right in ["{thread} is {boolean}", "STOP  Money may have left.", "1 row", "no answer to {name}"] {
        assert_eq!(said("src/config.rs", right), None, "{right}");
    }
}
