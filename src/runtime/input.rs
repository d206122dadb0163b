//! Keys, pastes and resizes: from crossterm's words to ours.

use std::time::Duration;

use crossterm::event::{Event as Terminal, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use tokio::sync::mpsc;

use super::clock;
use crate::app::console::key::{Key, NamedKey};
use crate::app::{Event, Size};
use crate::domain::Boot;

/// What the terminal sent, and when it arrived here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The time of arrival, noted by the thread that does nothing else: the pause before a confirming Enter is measured
    /// by it, also while the console is busy.
    pub at: Boot,
    /// What arrived.
    pub event: Terminal,
}

/// Keys that may wait; a larger paste makes the terminal wait.
const WAITING: usize = 4_096;

/// The terminal's size, once changes of it are watched for: one between the two would be lost.
pub fn terminal_size() -> std::io::Result<(u16, u16)> {
    crossterm::event::poll(Duration::ZERO)?;
    crossterm::terminal::size()
}

/// Reads the terminal on a thread of its own.
pub fn read_terminal() -> mpsc::Receiver<Typed> {
    let (typed, keys) = mpsc::channel(WAITING);
    std::thread::spawn(move || {
        while let Ok(event) = crossterm::event::read() {
            if typed.blocking_send(Typed { at: clock::boot(), event }).is_err() {
                return;
            }
        }
    });
    keys
}

/// The event behind what the terminal sent; `None` for what does not concern us, such as a key that is let go.
pub fn event(input: &Terminal) -> Option<Event> {
    match input {
        Terminal::Key(key) if key.kind != KeyEventKind::Release => Some(Event::KeyPressed(translate(key))),
        Terminal::Paste(_) => Some(Event::Pasted),
        Terminal::Resize(width, height) => Some(Event::Resized(Size { width: *width, height: *height })),
        _ => None,
    }
}

fn translate(key: &KeyEvent) -> Key {
    let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
    match key.code {
        KeyCode::Char(character) if plain => Key::Char(character),
        KeyCode::Char(character) if key.modifiers == KeyModifiers::CONTROL => Key::Ctrl(character),
        code if plain => named(code).map_or(Key::Other, Key::Named),
        _ => Key::Other,
    }
}

fn named(code: KeyCode) -> Option<NamedKey> {
    Some(match code {
        KeyCode::Enter => NamedKey::Enter,
        KeyCode::Esc => NamedKey::Esc,
        KeyCode::Tab => NamedKey::Tab,
        KeyCode::BackTab => NamedKey::BackTab,
        KeyCode::Backspace => NamedKey::Backspace,
        KeyCode::Up => NamedKey::Up,
        KeyCode::Down => NamedKey::Down,
        KeyCode::Left => NamedKey::Left,
        KeyCode::Right => NamedKey::Right,
        KeyCode::PageUp => NamedKey::PageUp,
        KeyCode::PageDown => NamedKey::PageDown,
        KeyCode::Home => NamedKey::Home,
        KeyCode::End => NamedKey::End,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Option<Event> {
        event(&Terminal::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn keys_have_our_names() {
        for (code, modifiers, key) in [
            (KeyCode::Char('x'), KeyModifiers::NONE, Key::Char('x')),
            (KeyCode::Char('G'), KeyModifiers::SHIFT, Key::Char('G')),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, Key::Ctrl('c')),
            (KeyCode::Enter, KeyModifiers::NONE, Key::Named(NamedKey::Enter)),
            (KeyCode::Enter, KeyModifiers::ALT, Key::Other),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Key::Named(NamedKey::BackTab)),
            (KeyCode::F(5), KeyModifiers::NONE, Key::Other),
        ] {
            assert_eq!(pressed(code, modifiers), Some(Event::KeyPressed(key)));
        }
    }

    #[test]
    fn a_key_that_is_let_go_is_no_key() {
        let key = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(event(&Terminal::Key(key)), None);
        assert_eq!(event(&Terminal::Paste("91023\n".to_owned())), Some(Event::Pasted));
    }
}
