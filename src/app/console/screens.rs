//! The screens of the console: what every one of them does, what it may use while a key works on it, and which there are. Each that
//! opens over the list is a file: its state, its keys, its picture. A screen more is a file, and a line here.

pub mod cancel;
pub mod connecting;
pub mod detail;
pub mod filter;
pub mod find;
pub mod help;
pub mod link;
pub mod list;
pub mod release;
pub mod secret;
pub mod timeline;
pub mod unresolved;

use std::time::Duration;

use super::action::Action;
use super::filter_line::FilterLine;
use super::key::Key;
use super::keymap::Keymap;
use super::picture::Picture;
use crate::app::Size;
use crate::app::desk::Desk;
use crate::app::desk::news::News;
use crate::app::desk::order::{Lacking, Order};
use crate::app::effect::Effects;
use crate::app::words::field as words;
use crate::domain::{IntentId, Now, Pasted, TicketNumber};

/// A confirming Enter counts only after this long without any key: a paste without brackets and the repeats of a held key never have
/// that pause.
pub const PAUSE: Duration = Duration::from_millis(300);
/// An Enter right behind another counts only after this long: a key that is held begins to repeat after up to 2 s, as systems are set.
pub const HELD: Duration = Duration::from_secs(2);

/// A key on its way to a screen.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// The key.
    pub key: Key,
    /// Its meaning on that screen.
    pub action: Option<&'a Action>,
    /// The time without any key before it; `None` for the first key of all.
    pub quiet: Option<Duration>,
    /// The key before it was the same.
    pub is_same_again: bool,
}

impl Press<'_> {
    /// True if it is far enough from the key before it that a person meant it.
    pub fn is_deliberate(&self) -> bool {
        self.quiet.is_some_and(|quiet| quiet >= PAUSE)
    }

    /// True if it is so far from the key before it that it may confirm: no key that is held makes such a one.
    pub fn may_confirm(&self) -> bool {
        let pause = if self.is_same_again { HELD } else { PAUSE };
        self.quiet.is_some_and(|quiet| quiet >= pause)
    }
}

/// The place where a key is worked on: the desk behind it, and what comes of it.
#[derive(Debug)]
pub struct Bench<'a> {
    /// The desk, to look at.
    pub desk: &'a mut Desk,
    /// The terminal's size.
    pub size: Size,
    /// When the key was pressed.
    pub now: Now,
    /// The filter of the list.
    pub filter: &'a mut FilterLine,
    /// Why the key did nothing, for the operator.
    pub hint: Option<String>,
    effects: Effects,
    news: Vec<News>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(desk: &'a mut Desk, filter: &'a mut FilterLine, size: Size, now: Now) -> Self {
        Self { desk, size, now, filter, hint: None, effects: Effects::none(), news: Vec::new() }
    }

    /// Gives the desk an order.
    pub fn order(&mut self, order: Order) -> Result<(), Lacking> {
        let outcome = self.desk.apply(order, self.now);
        self.effects = std::mem::take(&mut self.effects).then(outcome.effects);
        self.news.extend(outcome.news);
        outcome.answer
    }

    /// Gives the desk an order whose answer the screen shows by itself.
    pub fn tell(&mut self, order: Order) {
        let _ = self.order(order);
    }

    pub(super) fn into_done(self) -> Done {
        Done { effects: self.effects, news: self.news, hint: self.hint }
    }
}

/// The yield of a key.
#[derive(Debug)]
pub(super) struct Done {
    pub effects: Effects,
    pub news: Vec<News>,
    pub hint: Option<String>,
}

/// The things that a screen may look at while it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The desk.
    pub desk: &'a Desk,
    /// Which key means what.
    pub keymap: &'a Keymap,
    /// The line for the operator that this screen has now.
    pub hint: Option<&'a str>,
    /// The terminal's size.
    pub size: Size,
    /// When the last event came in.
    pub now: Now,
}

/// Where the console goes next.
#[derive(Clone, Debug, Default)]
pub enum Go {
    /// Nowhere.
    #[default]
    Stay,
    /// Nowhere, and the list under this screen takes the key.
    Under,
    /// To where one came from.
    Back,
    /// To another screen, over this one.
    Open(Screen),
    /// To another screen in place of this one.
    Become(Screen),
}

/// How a screen follows what it shows.
#[derive(Clone, Debug, Default)]
pub struct Follow {
    /// Where the console goes because of it.
    pub go: Go,
    /// A line for the operator because of it.
    pub hint: Option<String>,
}

/// A screen. Its layer of keys is in `assets/keys.toml` under its name; `<name>.open` is the action that opens it, if it can be
/// opened without a choice.
pub trait Shown {
    /// The name of its layer of keys.
    fn name() -> &'static str
    where
        Self: Sized;

    /// The screen as the action `<name>.open` opens it; `None` if it needs a ticket or a cancel to be about.
    fn open(_desk: &Desk) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// Takes in a key.
    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go;

    /// Takes in what was pasted; what the operator is told of it. It has no way to act, and none to arm.
    fn paste(&mut self, _pasted: &Pasted, _desk: &Desk) -> Option<String> {
        Some(words::no_field())
    }

    /// How it looks.
    fn picture(&self, sight: Sight<'_>) -> Picture;

    /// The desk tells something.
    fn hear(&mut self, _news: &News) {}

    /// The desk changed: the screen follows what it shows.
    fn follow(&mut self, _desk: &Desk, _now: Now) -> Follow {
        Follow::default()
    }

    /// Something happened after which what was typed no longer counts; what the operator is told of that.
    fn disarm(&mut self, _why: &str) -> Option<String> {
        None
    }

    /// A text that scrolls was drawn: a key that scrolls beyond its end must not have to be taken back.
    fn end_scroll_at(&mut self, _last: usize) {}

    /// True if there is nothing left to do here but to go back.
    fn is_over(&self, _desk: &Desk) -> bool {
        false
    }

    /// The ticket that it shows, so that the desk keeps it up.
    fn ticket(&self) -> Option<TicketNumber> {
        None
    }
}

macro_rules! screens {
    ($($(#[$meaning:meta])* $screen:ident($state:ty),)+) => {
        /// A screen over the list.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Screen {
            $($(#[$meaning])* $screen($state),)+
        }

        impl Screen {
            /// The names of their layers of keys.
            pub fn names() -> Vec<&'static str> {
                vec![$(<$state>::name()),+]
            }

            /// The name of its layer of keys.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$screen(_) => <$state>::name(),)+ }
            }

            /// The screen that the action `<name>.open` opens.
            pub fn named(name: &str, desk: &Desk) -> Option<Self> {
                $(if name == <$state>::name() {
                    return <$state>::open(desk).map(Self::$screen);
                })+
                None
            }

            pub(super) fn shown(&self) -> &dyn Shown {
                match self { $(Self::$screen(state) => state,)+ }
            }

            pub(super) fn shown_mut(&mut self) -> &mut dyn Shown {
                match self { $(Self::$screen(state) => state,)+ }
            }
        }
    };
}

screens! {
    /// The prompt for a ticket number.
    Find(find::Find),
    /// The field of the filter.
    Filter(filter::Filter),
    /// All fields of a ticket.
    Detail(detail::Detail),
    /// The cancel dialog.
    Cancel(cancel::Cancel),
    /// The timeline of a cancel.
    Timeline(timeline::Timeline),
    /// The release of an intent that stands open.
    Release(release::Release),
    /// The cancels that are not settled.
    Unresolved(unresolved::Unresolved),
    /// The link.
    Link(link::Link),
    /// The question for a password or a code.
    Secret(secret::Secret),
    /// The help page.
    Help(help::Help),
}

impl Screen {
    /// The prompt for a ticket number.
    pub fn find() -> Self {
        Self::Find(find::Find::default())
    }

    /// All fields of a ticket.
    pub fn detail(ticket: TicketNumber) -> Self {
        Self::Detail(detail::Detail::of(ticket))
    }

    /// True if both are the timeline of the same cancel.
    pub(super) fn is_about_the_same(&self, other: &Self) -> bool {
        let timelines = (self, other);
        matches!(timelines, (Self::Timeline(one), Self::Timeline(two)) if one.intent == two.intent)
    }

    /// The timeline of a cancel.
    pub fn timeline(intent: IntentId) -> Self {
        Self::Timeline(timeline::Timeline::of(intent))
    }
}

/// To the cancel dialog of a ticket, whose first read is asked for.
fn to_cancel(ticket: TicketNumber, bench: &mut Bench<'_>) -> Go {
    Go::Open(Screen::Cancel(cancel::Cancel::choose(ticket, bench)))
}

/// To the release dialog of a cancel, for which it is read; or a hint why it cannot be released.
fn to_release(intent: IntentId, bench: &mut Bench<'_>) -> Go {
    match bench.desk.cancels().why_not_releasable(intent) {
        Some(why) => {
            bench.hint = Some(why);
            Go::Stay
        }
        None => Go::Open(Screen::Release(release::Release::begin(intent, bench))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::console::keymap::Keymap;

    #[test]
    fn every_screen_has_a_section_of_the_help_page_and_a_key_that_leads_back() {
        let keymap = Keymap::built_in().unwrap();
        for name in Screen::names() {
            assert!(keymap.sections().any(|section| section.name == name), "{name}");
            let back = keymap.of(name).find(|binding| binding.action.name() == "back");
            assert!(back.is_some_and(|binding| !binding.keys.is_empty()), "{name}");
        }
    }

    #[test]
    fn every_action_that_opens_a_screen_names_one() {
        let keymap = Keymap::built_in().unwrap();
        let opening = keymap.bindings().filter_map(|binding| binding.action.opens());
        let missing: Vec<&str> = opening.filter(|name| !Screen::names().contains(name)).collect();
        assert_eq!(missing, [""; 0]);
    }
}
