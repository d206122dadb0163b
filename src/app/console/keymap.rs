//! Which key means which action in which layer. Footer and help are made from the same table.

use serde::Deserialize;

use super::action::{Action, NAMES};
use super::key::{Key, NoSuchKey};
use crate::app::words::keys as words;

/// Asked last, on every screen.
const EVERYWHERE: &str = "everywhere";

/// A layer of keys: a screen's, or the one that is asked last.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The screen's name, which the keys of the layer name.
    pub name: String,
    /// The title of its part of the help page.
    pub title: String,
    /// True if its keys are the same for everybody.
    #[serde(default)]
    is_fixed: bool,
}

/// All names of actions, for a message.
fn names(opening: &[String]) -> String {
    let names = NAMES.map(|(name, _)| name);
    opening.iter().map(String::as_str).chain(names).collect::<Vec<_>>().join(", ")
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The name of the layer in which it counts.
    pub layer: String,
    /// Its effect.
    pub action: Action,
    /// The keys.
    pub keys: Vec<Key>,
    /// For the help page.
    pub help: String,
    /// For the footer; empty where it is not shown there.
    pub footer: String,
}

impl Binding {
    /// The keys as they are shown: `j Down`.
    pub fn keys_label(&self) -> String {
        self.keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
    }

    /// True if both count on one screen.
    fn meets(&self, other: &Self) -> bool {
        self.layer == other.layer || self.layer == EVERYWHERE || other.layer == EVERYWHERE
    }
}

/// The table of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    sections: Vec<Section>,
    bindings: Vec<Binding>,
}

/// Why a table of keys cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// Not the form of a table of keys.
    #[error("{0}")]
    Form(String),
    /// An action that does not exist.
    #[error("{}", words::no_action(.name, &names(.opening)))]
    NoSuchAction {
        /// The name.
        name: String,
        /// The names of the actions that open a screen.
        opening: Vec<String>,
    },
    /// A layer that is no screen's.
    #[error("{}", words::no_layer(.0))]
    NoSuchLayer(String),
    /// A name that is no key.
    #[error("{}", words::of_action(.action, .error))]
    NoSuchKey {
        /// The action.
        action: String,
        /// The mistake in the key's name.
        error: NoSuchKey,
    },
    /// One key with two meanings.
    #[error("{}", words::twice(.0))]
    Twice(Key),
    /// A key that terminals, multiplexers and shells want for themselves, or that must keep its meaning.
    #[error("{}", words::forbidden(.action, .key))]
    Forbidden {
        /// The action.
        action: String,
        /// The key.
        key: Key,
    },
    /// An action of a dialog.
    #[error("{}", words::fixed(.0))]
    Fixed(String),
    /// An action that nobody could ask for.
    #[error("{}", words::no_key_of(.0))]
    NoKey(String),
}

/// A key with two meanings on one screen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", words::clash(.key, .actions))]
pub struct Clash {
    /// The key.
    pub key: Key,
    /// The names of both actions.
    pub actions: [String; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    layer: Vec<Section>,
    key: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    layer: String,
    action: String,
    keys: Vec<String>,
    help: String,
    #[serde(default)]
    footer: String,
}

const DEFAULT: &str = include_str!("../../../assets/keys.toml");

impl Keymap {
    /// The default keys, `assets/keys.toml`.
    pub fn built_in() -> Result<Self, KeymapError> {
        Self::parse(DEFAULT)
    }

    /// Reads a table of keys.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        let file: File = toml::from_str(text).map_err(|error| KeymapError::Form(error.to_string()))?;
        let mut bindings: Vec<Binding> = Vec::new();
        for entry in file.key {
            let binding = binding(entry)?;
            if !file.layer.iter().any(|section| section.name == binding.layer) {
                return Err(KeymapError::NoSuchLayer(binding.layer));
            }
            let in_layer = bindings.iter().filter(|other| other.layer == binding.layer);
            let twice = in_layer.flat_map(|other| &other.keys).find(|key| binding.keys.contains(key));
            if let Some(key) = twice {
                return Err(KeymapError::Twice(*key));
            }
            bindings.push(binding);
        }
        Ok(Self { sections: file.layer, bindings })
    }

    /// Gives an action other keys, on every screen that knows it but the dialogs and fields: there, letters are text, and arming is
    /// the same for everybody.
    pub fn rebind(&mut self, name: &str, keys: &[String]) -> Result<(), KeymapError> {
        let action = Action::from_name(name).filter(|action| self.knows(action)).ok_or_else(|| self.no_such(name))?;
        let parse =
            |key: &String| key.parse().map_err(|error| KeymapError::NoSuchKey { action: name.to_owned(), error });
        let keys: Vec<Key> = keys.iter().map(parse).collect::<Result<_, _>>()?;
        if let Some(key) = keys.iter().find(|key| matches!(key, Key::Ctrl(_) | Key::Other)) {
            return Err(KeymapError::Forbidden { action: name.to_owned(), key: *key });
        }
        if keys.is_empty() {
            return Err(KeymapError::NoKey(name.to_owned()));
        }
        let mut is_known = false;
        let fixed: Vec<&str> = self.sections.iter().filter(|of| of.is_fixed).map(|of| of.name.as_str()).collect();
        let is_free = |binding: &&mut Binding| binding.action == action && !fixed.contains(&binding.layer.as_str());
        for binding in self.bindings.iter_mut().filter(is_free) {
            binding.keys.clone_from(&keys);
            is_known = true;
        }
        if is_known { Ok(()) } else { Err(KeymapError::Fixed(name.to_owned())) }
    }

    /// A key that has two meanings on one screen, if there is one.
    pub fn clash(&self) -> Option<Clash> {
        self.bindings.iter().enumerate().find_map(|(index, one)| {
            let others = self.bindings.iter().skip(index + 1);
            others.filter(|other| one.meets(other)).find_map(|other| {
                let key = *one.keys.iter().find(|key| other.keys.contains(key))?;
                Some(Clash { key, actions: [one.action.name(), other.action.name()] })
            })
        })
    }

    /// The meaning of a key on a screen.
    pub fn resolve(&self, layer: &str, key: Key) -> Option<&Action> {
        let in_layer = |layer| self.of(layer).find(|binding| binding.keys.contains(&key));
        in_layer(layer).or_else(|| in_layer(EVERYWHERE)).map(|binding| &binding.action)
    }

    /// The bindings of a layer, in the order of the table.
    pub fn of(&self, layer: &str) -> impl Iterator<Item = &Binding> {
        self.bindings().filter(move |binding| binding.layer == layer)
    }

    /// All bindings, in the order of the table.
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.bindings.iter()
    }

    /// The layers, in the order of the help page.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter()
    }

    fn knows(&self, action: &Action) -> bool {
        self.bindings.iter().any(|binding| binding.action == *action)
    }

    fn no_such(&self, name: &str) -> KeymapError {
        let mut opening: Vec<String> = Vec::new();
        for action in self.bindings.iter().map(|binding| &binding.action).filter(|action| action.opens().is_some()) {
            let name = action.name();
            if !opening.contains(&name) {
                opening.push(name);
            }
        }
        KeymapError::NoSuchAction { name: name.to_owned(), opening }
    }
}

fn binding(entry: Entry) -> Result<Binding, KeymapError> {
    let Entry { layer, action, keys, help, footer } = entry;
    let no_such = || KeymapError::NoSuchAction { name: action.clone(), opening: Vec::new() };
    let known = Action::from_name(&action).ok_or_else(no_such)?;
    let parse = |name: &String| name.parse().map_err(|error| KeymapError::NoSuchKey { action: action.clone(), error });
    let keys = keys.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(Binding { layer, action: known, keys, help, footer })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn the_default_keys_read_and_every_action_has_one() {
        let keymap = Keymap::built_in().unwrap();
        for (name, action) in NAMES {
            assert!(
                keymap.bindings.iter().any(|binding| binding.action == action && !binding.keys.is_empty()),
                "{name}"
            );
        }
    }

    #[test]
    fn only_harmless_control_keys_are_bound() {
        let keymap = Keymap::built_in().unwrap();
        for key in keymap.bindings.iter().flat_map(|binding| &binding.keys) {
            assert!(!matches!(key, Key::Ctrl(character) if !"cluwz".contains(*character)), "{key}");
        }
    }

    #[test]
    fn confirming_exists_in_the_dialog_alone() {
        let keymap = Keymap::built_in().unwrap();
        let bound: Vec<&str> = keymap
            .bindings()
            .filter(|binding| binding.action == Action::ConfirmCancel)
            .map(|binding| binding.layer.as_str())
            .collect();
        assert_eq!(bound, ["cancel"]);
    }

    #[test]
    fn a_dialog_keeps_its_keys_when_the_same_action_is_rebound_elsewhere() {
        let mut keymap = Keymap::built_in().unwrap();
        let before = keymap.clone();
        keymap.rebind("back", &["b".to_owned()]).unwrap();
        assert_eq!(keymap.resolve("detail", Key::Char('b')), Some(&Action::GoBack));
        for layer in ["cancel", "release", "find", "secret"] {
            assert_eq!(keymap.resolve(layer, Key::Char('b')), None, "there it is a letter");
            assert!(keymap.of(layer).eq(before.of(layer)));
        }
    }

    #[test]
    fn the_default_keys_do_not_clash() {
        assert_eq!(Keymap::built_in().unwrap().clash(), None);
    }

    #[rstest]
    #[case::action(
        "[[layer]]\nname=\"list\"\ntitle=\"\"\n[[key]]\nlayer=\"list\"\naction=\"ticket.burn\"\nkeys=[\"b\"]\nhelp=\"\"",
        &format!("there is no action \"ticket.burn\"; wanted one of: {}", names(&[]))
    )]
    #[case::key(
        "[[layer]]\nname=\"list\"\ntitle=\"\"\n[[key]]\nlayer=\"list\"\naction=\"quit\"\nkeys=[\"Return\"]\nhelp=\"\"",
        "action \"quit\": \"Return\" is no key: wanted a character, Space, C-x for Ctrl with x, or a name such as Enter, Esc, Tab, Up, PageDown"
    )]
    #[case::twice(
        "[[layer]]\nname=\"list\"\ntitle=\"\"\n[[key]]\nlayer=\"list\"\naction=\"quit\"\nkeys=[\"q\"]\nhelp=\"\"\n[[key]]\nlayer=\"list\"\naction=\"back\"\nkeys=[\"q\"]\nhelp=\"\"",
        "q is bound twice in one layer"
    )]
    fn a_mistake_is_named(#[case] text: &str, #[case] said: &str) {
        assert_eq!(Keymap::parse(text).unwrap_err().to_string(), said);
    }
}
