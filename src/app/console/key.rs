//! Keys, by the names that `assets/keys.toml` and the tests use.

use std::fmt;
use std::str::FromStr;

use crate::app::words::keys as words;

/// A key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A character, shifted or not.
    Char(char),
    /// A character with Ctrl: `C-c`.
    Ctrl(char),
    /// A key with a name.
    Named(NamedKey),
    /// Any other key: it has no name and no binding, but it counts as a key that was pressed.
    Other,
}

/// The keys that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedKey {
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Cursor keys.
    Up,
    /// Cursor keys.
    Down,
    /// Cursor keys.
    Left,
    /// Cursor keys.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
}

const NAMES: [(NamedKey, &str); 13] = [
    (NamedKey::Enter, "Enter"),
    (NamedKey::Esc, "Esc"),
    (NamedKey::Tab, "Tab"),
    (NamedKey::BackTab, "BackTab"),
    (NamedKey::Backspace, "Backspace"),
    (NamedKey::Up, "Up"),
    (NamedKey::Down, "Down"),
    (NamedKey::Left, "Left"),
    (NamedKey::Right, "Right"),
    (NamedKey::PageUp, "PageUp"),
    (NamedKey::PageDown, "PageDown"),
    (NamedKey::Home, "Home"),
    (NamedKey::End, "End"),
];

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(' ') => f.write_str("Space"),
            Self::Char(character) => write!(f, "{character}"),
            Self::Ctrl(character) => write!(f, "C-{character}"),
            Self::Named(named) => {
                let name = NAMES.iter().find(|(key, _)| key == named).map_or("?", |(_, name)| name);
                f.write_str(name)
            }
            Self::Other => f.write_str("?"),
        }
    }
}

/// A name that is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", words::no_key(.0))]
pub struct NoSuchKey(String);

impl FromStr for Key {
    type Err = NoSuchKey;

    fn from_str(name: &str) -> Result<Self, NoSuchKey> {
        if name == "Space" {
            return Ok(Self::Char(' '));
        }
        if let Some((named, _)) = NAMES.iter().find(|(_, known)| *known == name) {
            return Ok(Self::Named(*named));
        }
        let mut characters = name.strip_prefix("C-").filter(|rest| !rest.is_empty()).unwrap_or(name).chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) if name.len() > character.len_utf8() => Ok(Self::Ctrl(character)),
            (Some(character), None) => Ok(Self::Char(character)),
            _ => Err(NoSuchKey(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for name in ["x", "?", "C-c", "C-l", "-", "Space", "Enter", "BackTab", "PageDown"] {
            assert_eq!(name.parse::<Key>().map(|key| key.to_string()).as_deref(), Ok(name));
        }
        for wrong in ["", "xx", "Return", "C-"] {
            assert!(wrong.parse::<Key>().is_err(), "{wrong}");
        }
    }
}
