//! The string literals of the source: what the program can say.

use std::fs;
use std::path::Path;

/// A literal: its text in one line, cut where a value is put in.
pub struct Literal(Vec<String>);

impl Literal {
    fn of(text: &str) -> Self {
        let mut pieces = vec![String::new()];
        let mut depth = 0;
        let text = text.replace("{{", "\u{1}").replace("}}", "\u{2}");
        for sign in text.chars() {
            match sign {
                '{' => {
                    depth += 1;
                    pieces.push(String::new());
                }
                '}' if depth > 0 => depth -= 1,
                _ if depth > 0 => {}
                _ => pieces.last_mut().unwrap().push(sign),
            }
        }
        let plain = |piece: &String| in_one_line(&piece.replace('\u{1}', "{").replace('\u{2}', "}"));
        Self(pieces.iter().map(plain).collect())
    }

    /// Its parts between the values that are put in.
    pub fn pieces(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|piece| piece.trim_matches([' ', ',', ';', ':', '.', '(', ')']).to_owned())
    }

    /// True if one of its parts has these words.
    pub fn holds(&self, words: &str) -> bool {
        self.0.iter().any(|piece| piece.contains(words))
    }
}

/// A text with one blank where it had several, or the end of a line.
pub fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The literals of a file, outside of its tests.
pub fn literals_of(path: impl AsRef<Path>) -> Vec<Literal> {
    let text = fs::read_to_string(path).unwrap();
    literals(text.split("#[cfg(test)]").next().unwrap_or_default())
}

/// The literals of all source files, outside of tests.
pub fn literals_of_the_program() -> Vec<Literal> {
    let mut found = Vec::new();
    let mut folders = vec!["src".into()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.extend(literals_of(path));
            }
        }
    }
    found
}

fn literals(code: &str) -> Vec<Literal> {
    let lines = code.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    let mut signs = code.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            // A sign of its own, such as '"', and no lifetime.
            '\'' => {
                let mut ahead = signs.clone();
                let is_escaped = ahead.next() == Some('\\');
                if is_escaped || ahead.next() == Some('\'') {
                    signs.next();
                    while signs.next().is_some_and(|sign| sign != '\'' || is_escaped && signs.peek() == Some(&'\'')) {}
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(sign) = signs.next().filter(|sign| *sign != '"') {
                    match (sign, signs.peek()) {
                        ('\\', Some('\n')) => {}
                        ('\\', Some('n' | 't' | 'r')) => {
                            signs.next();
                            text.push(' ');
                        }
                        ('\\', Some(_)) => text.extend(signs.next()),
                        _ => text.push(sign),
                    }
                }
                found.push(Literal::of(&text));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn literals_are_read_without_comments_signs_and_values() {
    let code = "/// Not \"this\".\nfn f<'a>(b: &'a str) { g('\"', '\\'', \"one {two:?} three\\\n   four \\\"five\\\"\"); h(\"six {{7}}\") }";
    let found = literals(code);
    let pieces: Vec<Vec<String>> = found.iter().map(|literal| literal.pieces().collect()).collect();
    assert_eq!(pieces, [vec!["one", "three four \"five\""], vec!["six {7}"]]);
    assert!(found[0].holds("three four") && !found[0].holds("one three"));
}
