//! In a real tmux, which joins some letters and draws others wider than we count: nothing of one ticket stays in the fields of the
//! next.

use std::process::Command;
use std::time::Duration;

use rstest::rstest;
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::{Book, login};

use crate::pty_console::{BINARY, PATIENCE, Profile, Server};

/// A tmux server of its own, with one window.
struct Tmux {
    socket: String,
}

impl Tmux {
    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux").args(["-L", &self.socket, "-u"]).args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn open(name: &str, size: (u16, u16), profile: &Profile) -> Self {
        let tmux = Self { socket: format!("withdraw-desk-{}-{name}-{}", std::process::id(), size.0) };
        let command = std::iter::once(BINARY.to_owned()).chain(profile.arguments()).collect::<Vec<_>>().join(" ");
        let (width, height) = (size.0.to_string(), size.1.to_string());
        tmux.run(&["-f", "/dev/null", "new-session", "-d", "-x", &width, "-y", &height, &command]);
        tmux
    }

    fn screen(&self) -> String {
        self.run(&["capture-pane", "-p"])
    }

    /// Waits until the screen shows a text, and tells what it shows.
    fn wait_for(&self, text: &str) -> String {
        let start = clock::boot();
        loop {
            let screen = self.screen();
            if screen.contains(text) {
                return screen;
            }
            assert!(clock::boot().since(start) < PATIENCE, "{text:?} never came:\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Pastes as a person does, in brackets where the program asked for them.
    fn paste(&self, text: &str) {
        self.run(&["set-buffer", "--", text]);
        self.run(&["paste-buffer", "-p"]);
    }

    fn press(&self, key: &str) {
        self.run(&["send-keys", key]);
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

/// Without tmux there is nothing to look at; the project's own checks install it.
fn has_tmux() -> bool {
    let has = Command::new("tmux").arg("-V").output().is_ok();
    assert!(has || std::env::var_os("CI").is_none(), "tmux is missing");
    has
}

/// The newest failed tickets: one with these letters everywhere, and one with a short address.
fn book(letters: &str) -> (Book, [u64; 2]) {
    let mut book = Book::new(1, 400, clock::wall());
    let failed: Vec<u64> =
        book.newest().filter(|entry| entry.status == "Failed").map(|entry| entry.number).take(2).collect();
    let first = book.get_mut(failed[0]).unwrap();
    (first.address, first.account_name) = (letters.repeat(6), letters.to_owned());
    "bc1qshort".clone_into(&mut book.get_mut(failed[1]).unwrap().address);
    (book, [failed[0], failed[1]])
}

#[rstest]
#[case::thai("thai", "กำขำคำ")]
#[case::flags("flags", "🇨🇭🇩🇪")]
#[case::skin_tones("skin", "👍🏽👍🏿")]
#[case::jamo("jamo", "\u{1112}\u{1161}\u{11ab}")]
#[case::devanagari("nagari", "क्षत्रिय")]
#[case::malayalam("malayalam", "\u{d4e}കാ")]
#[case::zalgo("zalgo", "Z\u{351}\u{36b}\u{343}a\u{36a}")]
fn the_next_ticket_shows_its_own_address_alone(#[case] name: &str, #[case] letters: &str) {
    if !has_tmux() {
        return;
    }
    for size in [(80, 24), (160, 45)] {
        let (book, [first, second]) = book(letters);
        let server = Server::with(book);
        let profile = Profile::new(&server, login::PASSWORD);
        let tmux = Tmux::open(name, size, &profile);
        tmux.wait_for("live");
        tmux.wait_for(&format!("#{first}"));
        tmux.press("j");
        tmux.wait_for("bc1qshort");
        let seen = tmux.wait_for(&format!("#{second}"));
        let line = seen.lines().find(|line| line.contains("bc1qshort")).unwrap().trim_end();
        assert!(line.ends_with("bc1qshort"), "{seen}");
        tmux.press("x");
        let seen = tmux.wait_for("Type the ticket number");
        let line = seen.lines().find(|line| line.contains("bc1qshort")).unwrap();
        let behind = line.split("bc1qshort").nth(1).unwrap();
        assert!(behind.trim().trim_end_matches('|').trim().is_empty(), "{seen}");
        assert!(seen.is_ascii(), "nothing of the first ticket stays: {seen}");
    }
}

#[test]
fn a_paste_goes_into_the_note_and_not_into_the_field_that_arms() {
    if !has_tmux() {
        return;
    }
    let (book, [first, _]) = book("plain");
    let server = Server::with(book);
    let profile = Profile::new(&server, login::PASSWORD);
    let tmux = Tmux::open("paste", (80, 30), &profile);
    tmux.wait_for("end of list");
    tmux.press("x");
    tmux.wait_for("Type the ticket number to arm");
    tmux.paste(&format!("{first}\n\n"));
    let screen = tmux.wait_for("this field arms");
    assert!(screen.contains("Type the ticket number to arm:  _") && screen.contains("not armed"), "{screen}");
    tmux.press("Tab");
    tmux.press("Tab");
    tmux.paste("asked by the customer\n");
    tmux.wait_for("Note      asked by the customer_");
    tmux.press("C-w");
    tmux.wait_for("Note      asked by the _");
    assert_eq!(server.cancel_frames(), 0);
}
