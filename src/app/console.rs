//! The console: what the operator does. Screens, keys and the dialog; the work itself is the desk's.

pub mod action;
pub mod cancel_dialog;
pub mod dialog_text;
pub mod find_prompt;
pub mod geometry;
pub mod key;
pub mod keymap;
pub mod press;
pub mod release_dialog;
pub mod secret_dialog;
pub mod selection;
pub mod unresolved_list;
pub mod wrap;

use std::time::Duration;

use self::cancel_dialog::CancelDialog;
use self::keymap::{Keymap, Layer};
use self::release_dialog::ReleaseDialog;
use self::secret_dialog::SecretDialog;
use self::selection::Selection;
use super::Size;
use super::desk::Desk;
use super::desk::cancels::attempt::Stage;
use super::desk::cancels::cancellation::Cancellation;
use super::desk::order::Order;
use crate::domain::{Boot, IntentId, Now, TicketNumber};

/// What is on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The list of failed tickets.
    #[default]
    List,
    /// The list, and a prompt for a ticket number: what was typed so far.
    Find(String),
    /// All fields of a ticket.
    Detail {
        /// Which.
        ticket: TicketNumber,
        /// Lines scrolled off the top.
        scroll: usize,
    },
    /// The cancel dialog; its ticket is the desk's attempt's.
    Cancel(CancelDialog),
    /// The timeline of a cancel.
    Timeline {
        /// Which.
        intent: IntentId,
        /// Lines scrolled off the top.
        scroll: usize,
    },
    /// The release of an intent that stands open.
    Release(ReleaseDialog),
    /// The cancels that are not settled.
    Unresolved {
        /// The selected one.
        selected: Option<IntentId>,
    },
    /// The link.
    Link {
        /// Lines scrolled off the top.
        scroll: usize,
    },
}

/// What the operator does.
#[derive(Clone, Debug)]
pub struct Console {
    /// What is on the screen.
    pub screen: Screen,
    /// The screens under it, the list first: Esc goes back to where one came from.
    under: Vec<Screen>,
    /// The help page over it, scrolled by lines.
    pub help: Option<usize>,
    /// The question for a password or a code, over everything.
    pub secret: Option<SecretDialog>,
    /// The cursor of the list.
    pub selection: Selection,
    /// Which key means what.
    pub keymap: Keymap,
    /// One line for the operator, until the next key.
    pub notice: Option<String>,
    /// True if the preview is shown.
    pub preview: bool,
    asked_to_leave: bool,
    greeted: bool,
    last_key: Option<Boot>,
}

impl Console {
    /// A console before anything happened.
    pub fn new(keymap: Keymap) -> Self {
        Self {
            screen: Screen::List,
            under: Vec::new(),
            help: None,
            secret: None,
            selection: Selection::default(),
            keymap,
            notice: None,
            preview: true,
            asked_to_leave: false,
            greeted: false,
            last_key: None,
        }
    }

    /// Opens a screen over the one that is shown.
    pub(crate) fn open(&mut self, screen: Screen) {
        self.under.push(std::mem::replace(&mut self.screen, screen));
    }

    /// Goes back to where one came from.
    pub(crate) fn go_back(&mut self) {
        self.screen = self.under.pop().unwrap_or_default();
    }

    /// The screens under the one that is shown, the list first.
    pub fn under(&self) -> &[Screen] {
        &self.under
    }

    /// A screen gives way to the timeline of a cancel; one that is under it already is gone back to.
    fn show_timeline(&mut self, intent: IntentId) {
        match self.under.last() {
            Some(Screen::Timeline { intent: under, .. }) if *under == intent => self.go_back(),
            _ => self.screen = Screen::Timeline { intent, scroll: 0 },
        }
    }

    /// Notes that a key or a paste arrived, whatever it does, and tells how long it was quiet before.
    fn note_key(&mut self, now: Boot) -> Option<Duration> {
        self.last_key.replace(now).map(|last| now.since(last))
    }

    /// The layer of keys that counts now.
    pub fn layer(&self) -> Layer {
        if self.secret.is_some() {
            return Layer::Secret;
        }
        if self.help.is_some() {
            return Layer::Help;
        }
        match self.screen {
            Screen::List => Layer::List,
            Screen::Find(_) => Layer::Find,
            Screen::Detail { .. } => Layer::Detail,
            Screen::Cancel(_) => Layer::Cancel,
            Screen::Timeline { .. } => Layer::Timeline,
            Screen::Release(_) => Layer::Release,
            Screen::Unresolved { .. } => Layer::Unresolved,
            Screen::Link { .. } => Layer::Link,
        }
    }

    /// The desk changed: the screen follows what it shows, and nothing else.
    pub fn follow(&mut self, desk: &Desk, size: Size, now: Now) {
        self.selection.follow(desk.list().tickets(), geometry::list(size, self.preview).table);
        self.greet(desk);
        secret_dialog::follow(&mut self.secret, desk.link().asking());
        if self.secret.is_some() {
            // An Enter that is meant for the question must not confirm what stands behind it.
            self.disarm("the exchange asked for a secret");
        }
        if let Screen::Release(dialog) = &self.screen
            && !desk.cancels().get(dialog.intent).is_some_and(Cancellation::holds)
        {
            self.show_timeline(dialog.intent);
        }
        let stage = desk.cancels().attempt().map(|attempt| &attempt.stage);
        let Screen::Cancel(dialog) = &mut self.screen else { return };
        match stage {
            Some(Stage::Handed(intent)) => self.screen = Screen::Timeline { intent: *intent, scroll: 0 },
            Some(Stage::Shown(_)) if desk.link().stale_since(now).is_some() => dialog.disarm("the data is stale"),
            Some(Stage::Locked(_) | Stage::NotSent(_) | Stage::Reading) => {
                dialog.typed.clear();
                dialog.word.clear();
            }
            Some(Stage::Shown(_) | Stage::Confirming(..) | Stage::Opening(_) | Stage::Rehearsed(_)) | None => {}
        }
    }

    /// The tickets on the screen, so that the desk keeps them up.
    pub fn watched(&self, desk: &Desk, size: Size) -> Order {
        let (top, rows) = (self.selection.top, geometry::list(size, self.preview).table);
        let visible: Vec<TicketNumber> = (top..top + rows).map_while(|row| desk.list().tickets().at(row)).collect();
        let selected = match self.screen {
            Screen::Detail { ticket, .. } => Some(ticket),
            _ => self.selection.ticket,
        };
        Order::Watch { visible, selected }
    }

    /// Unresolved intents of earlier sessions are shown first.
    fn greet(&mut self, desk: &Desk) {
        if self.greeted || !desk.cancels().journal().is_read {
            return;
        }
        let holding = desk.unresolved_here().filter(|open| open.holds());
        let found = holding.min_by_key(|open| open.opened_at).map(|open| open.id);
        self.greeted = found.is_some() || desk.ready().is_some();
        if found.is_some() && self.screen == Screen::List {
            self.open(Screen::Unresolved { selected: found });
        }
    }

    /// A key that scrolls beyond the end must not have to be taken back.
    pub fn end_scroll_at(&mut self, last: usize) {
        match (&mut self.help, &mut self.screen) {
            (Some(scroll), _)
            | (None, Screen::Detail { scroll, .. } | Screen::Timeline { scroll, .. } | Screen::Link { scroll }) => {
                *scroll = (*scroll).min(last);
            }
            _ => {}
        }
    }

    /// Something happened after which what was typed no longer counts.
    pub fn disarm(&mut self, why: &str) {
        if let Screen::Cancel(dialog) = &mut self.screen {
            dialog.disarm(why);
        }
    }
}
