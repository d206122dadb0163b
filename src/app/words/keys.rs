//! Sentences about a table of keys that cannot be used.

use std::fmt::Display;

/// There is no key of this name.
pub fn no_key(name: &str) -> String {
    format!(
        "{name:?} is no key: wanted a character, Space, C-x for Ctrl with x, or a name such as Enter, Esc, Tab, Up, PageDown"
    )
}

/// There is no action of this name.
pub fn no_action(name: &str, names: &str) -> String {
    format!("there is no action {name:?}; wanted one of: {names}")
}

/// There is no layer of this name.
pub fn no_layer(name: &str) -> String {
    format!("there is no layer {name:?}")
}

/// A mistake in the keys of an action.
pub fn of_action(action: &str, error: &impl Display) -> String {
    format!("action {action:?}: {error}")
}

/// A key is there twice.
pub fn twice(key: &impl Display) -> String {
    format!("{key} is bound twice in one layer")
}

/// A key that terminals, multiplexers and shells want for themselves, or that must keep its meaning.
pub fn forbidden(action: &str, key: &impl Display) -> String {
    format!(
        "{action:?}: {key} cannot be bound; wanted letters, digits, signs, Space, Enter, Esc, Tab, arrows and such: of the keys \
         with Ctrl only C-c, C-l and C-z count, and in a field C-h, C-u and C-w, in their usual meaning"
    )
}

/// An action whose keys mean the same everywhere.
pub fn fixed(action: &str) -> String {
    format!(
        "{action:?} keeps its keys: those of the dialogs and fields, and C-c, C-l and C-z, mean the same everywhere; wanted another action"
    )
}

/// An action that nobody could ask for.
pub fn no_key_of(action: &str) -> String {
    format!("{action:?} has no key; wanted at least one")
}

/// A key with two meanings on one screen.
pub fn clash(key: &impl Display, actions: &[String; 2]) -> String {
    let [one, other] = actions;
    format!("{key} would mean {one} and {other} on the same screen; wanted one meaning")
}
