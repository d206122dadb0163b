//! The console: what the operator does. A stack of screens over the list, and the keys; the work itself is the desk's.

pub mod action;
pub mod field;
pub mod filter_line;
pub mod geometry;
pub mod key;
pub mod keymap;
pub mod picture;
pub mod press;
pub mod screens;
mod scroll;
pub mod selection;

use std::time::Duration;

use self::filter_line::FilterLine;
use self::key::Key;
use self::keymap::Keymap;
use self::picture::Picture;
use self::screens::list::List;
use self::screens::secret::Secret;
use self::screens::unresolved::Unresolved;
use self::screens::{Follow, Go, Screen, Shown, Sight};
use super::desk::Desk;
use super::desk::news::News;
use super::desk::order::Order;
use super::theme::ThemeName;
use super::words::console as hints;
use super::{Size, State};
use crate::domain::{Boot, Now, Pasted};

/// A screen of the stack, and the line for the operator that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    screen: Screen,
    /// Why the last key did nothing, or what happened since; until the next key.
    hint: Option<String>,
}

/// The last thing that was typed: a key, or, as `None`, something that counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LastKey {
    key: Option<Key>,
    at: Boot,
}

/// The time before a key without any, and whether the one before was the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeyBefore {
    quiet: Duration,
    is_same: bool,
}

/// The console of one operator.
#[derive(Clone, Debug)]
pub struct Console {
    /// The list, under all other screens.
    pub list: List,
    /// The filter of the list.
    pub filter: FilterLine,
    /// Which key means what.
    pub keymap: Keymap,
    /// How lines with a tone look.
    pub theme: ThemeName,
    /// The screens over the list, the one that is shown last: Esc goes back to where one came from.
    over: Vec<Open>,
    /// The line for the operator on the list.
    list_hint: Option<String>,
    asked_to_leave: bool,
    greeted: bool,
    last_key: Option<LastKey>,
}

impl Console {
    /// A console before anything happened.
    pub fn new(keymap: Keymap) -> Self {
        Self {
            list: List::default(),
            filter: FilterLine::default(),
            keymap,
            theme: ThemeName::default(),
            over: Vec::new(),
            list_hint: None,
            asked_to_leave: false,
            greeted: false,
            last_key: None,
        }
    }

    /// The screen that is shown; `None` if it is the list.
    pub fn top(&self) -> Option<&Screen> {
        self.over.last().map(|open| &open.screen)
    }

    /// The screens over the list, the one that is shown last.
    pub fn over(&self) -> impl Iterator<Item = &Screen> {
        self.over.iter().map(|open| &open.screen)
    }

    /// The line for the operator on the screen that is shown.
    pub fn hint(&self) -> Option<&str> {
        self.over.last().map_or(&self.list_hint, |open| &open.hint).as_deref()
    }

    /// Gives the screen that is shown a line for the operator, or takes it away.
    fn set_hint(&mut self, hint: Option<String>) {
        match self.over.last_mut() {
            Some(open) => open.hint = hint,
            None => self.list_hint = hint,
        }
    }

    fn shown(&self) -> &dyn Shown {
        self.top().map_or(&self.list, Screen::shown)
    }

    fn shown_mut(&mut self) -> &mut dyn Shown {
        match self.over.last_mut() {
            Some(open) => open.screen.shown_mut(),
            None => &mut self.list,
        }
    }

    /// The name of the layer of keys that counts now.
    pub fn layer(&self) -> &'static str {
        self.top().map_or(List::name(), Screen::name)
    }

    /// The screen that is shown, as a picture in words.
    pub fn picture(&self, state: &State) -> Picture {
        let State { desk, size, now, .. } = state;
        self.shown().picture(Sight { desk, keymap: &self.keymap, hint: self.hint(), size: *size, now: *now })
    }

    /// True if there is nothing left to do on this screen but to go back.
    pub fn is_over(&self, desk: &Desk) -> bool {
        self.shown().is_over(desk)
    }

    fn go(&mut self, go: Go) {
        match go {
            Go::Stay | Go::Under => {}
            Go::Back => drop(self.over.pop()),
            Go::Open(screen) => self.over.push(Open { screen, hint: None }),
            Go::Become(screen) => self.replace(self.over.len().saturating_sub(1), screen),
        }
    }

    /// A screen gives way to another one; if that is the one under it already, it is gone back to.
    fn replace(&mut self, at: usize, screen: Screen) {
        let under = at.checked_sub(1).and_then(|under| self.over.get(under));
        if under.is_some_and(|under| under.screen.is_about_the_same(&screen)) {
            self.over.remove(at);
        } else if let Some(open) = self.over.get_mut(at) {
            *open = Open { screen, hint: None };
        }
    }

    /// Notes that a key arrived, whatever it does, or something else that was typed, and tells what was before it.
    fn note_key(&mut self, key: Option<Key>, now: Boot) -> Option<KeyBefore> {
        let last = self.last_key.replace(LastKey { key, at: now })?;
        Some(KeyBefore { quiet: now.since(last.at), is_same: key.is_some() && last.key == key })
    }

    /// Hears what the desk tells.
    pub fn hear(&mut self, news: &[News]) {
        for news in news {
            self.list.hear(news);
            self.over.iter_mut().for_each(|open| open.screen.shown_mut().hear(news));
        }
    }

    /// The desk changed: the screens follow what they show, and nothing else.
    pub fn follow(&mut self, desk: &Desk, size: Size, now: Now) {
        self.filter.is_typed = matches!(self.top(), Some(Screen::Filter(_)));
        self.list.take_in(&self.filter, desk, now);
        self.list.keep_in_sight(&self.filter, size);
        self.greet(desk);
        // From the top down, because a screen that goes moves those over it.
        for at in (0..self.over.len()).rev() {
            let Some(open) = self.over.get_mut(at) else { continue };
            let Follow { go, hint } = open.screen.shown_mut().follow(desk, now);
            open.hint = hint.or(open.hint.take());
            match go {
                Go::Stay | Go::Under | Go::Open(_) => {}
                Go::Back => drop(self.over.remove(at)),
                Go::Become(screen) => self.replace(at, screen),
            }
        }
        self.ask(desk);
    }

    /// The question for a secret comes over everything. An Enter that is meant for it must not confirm what stands behind it.
    fn ask(&mut self, desk: &Desk) {
        let Some(wanted) = desk.link().asking() else { return };
        self.disarm(hints::ASKED);
        let is_asked = |screen: &Screen| matches!(screen, Screen::Secret(secret) if secret.asks_for(wanted));
        if !self.over().any(is_asked) {
            self.go(Go::Open(Screen::Secret(Secret::ask(wanted.clone()))));
        }
    }

    /// Unresolved intents of earlier sessions are shown first.
    fn greet(&mut self, desk: &Desk) {
        if self.greeted || !desk.cancels().journal().is_read {
            return;
        }
        let holding = desk.unresolved_here().filter(|open| open.holds());
        let found = holding.min_by_key(|open| open.opened_at).map(|open| open.id);
        self.greeted = found.is_some() || desk.ready().is_some();
        let is_on_the_list = self.over().all(|screen| matches!(screen, Screen::Help(_) | Screen::Secret(_)));
        if found.is_some() && is_on_the_list {
            let unresolved = Screen::Unresolved(Unresolved { selected: found });
            self.over.insert(0, Open { screen: unresolved, hint: None });
        }
    }

    /// Gives what was pasted to the field that is open; what the operator is told of it.
    fn paste(&mut self, pasted: &Pasted, desk: &Desk, now: Now) -> Option<String> {
        if self.filter.is_typed { self.filter.paste(pasted, now.wall) } else { self.shown_mut().paste(pasted, desk) }
    }

    /// The tickets on the screen, so that the desk keeps them up.
    pub fn watched(&self, size: Size) -> Order {
        let selected = self.over().find_map(|screen| screen.shown().ticket()).or(self.list.selection.ticket);
        Order::Watch { visible: self.list.visible(&self.filter, size), selected }
    }

    /// True if a filter or an order is still worked through.
    pub fn has_work(&self) -> bool {
        self.list.rows.progress().is_some()
    }

    /// Goes on with what is worked through, for one slice.
    pub fn work(&mut self, desk: &Desk, now: Now) {
        self.list.rows.go_on(desk.list(), now.wall);
    }

    /// A key that scrolls beyond the end must not have to be taken back.
    pub fn end_scroll_at(&mut self, last: usize) {
        self.shown_mut().end_scroll_at(last);
    }

    /// Something happened after which what was typed no longer counts.
    pub fn disarm(&mut self, why: &str) {
        for open in &mut self.over {
            if let Some(hint) = open.screen.shown_mut().disarm(why) {
                open.hint = Some(hint);
            }
        }
    }
}
