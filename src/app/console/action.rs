//! Action: an order of the operator, under its stable dotted name.

use crate::domain::Erase;

/// An order of the operator. The state decides if it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open the screen of this name.
    Show(String),
    /// Leave this screen for the one before; in the dialog: keep the ticket.
    GoBack,
    /// Leave the console, asking once while a cancel is followed.
    Quit,
    /// Leave the console as SIGINT does.
    QuitNow,
    /// Stop until the shell says to go on.
    Suspend,
    /// Draw the whole screen again.
    Redraw,
    /// Next row, or scroll.
    MoveDown,
    /// Previous row, or scroll.
    MoveUp,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// To the first row.
    MoveFirst,
    /// To the last row.
    MoveLast,
    /// Look into the selected ticket or cancel.
    Open,
    /// Open the cancel dialog. Sends nothing.
    CancelTicket,
    /// Read again: the list, the ticket, or the followed ticket.
    Reload,
    /// Ask for a ticket number.
    FindTicket,
    /// Show or hide the preview.
    TogglePreview,
    /// Leave the filter's field; the list goes by what it says.
    KeepFilter,
    /// Show every ticket again.
    ClearFilter,
    /// Go on with the last term of the filter as it can be.
    Complete,
    /// To the next hit of the filter, from the last to the first.
    NextHit,
    /// To the hit before, from the first to the last.
    PreviousHit,
    /// Order the rows by the next column.
    SortNext,
    /// Turn the order of the rows round.
    SortReverse,
    /// Next field of the dialog.
    NextField,
    /// Previous field of the dialog.
    PreviousField,
    /// Next choice of a field.
    NextChoice,
    /// Previous choice of a field.
    PreviousChoice,
    /// Take back the end of a field.
    Erase(Erase),
    /// Confirm the cancel, if armed.
    ConfirmCancel,
    /// Open the release dialog of a cancel that stands open.
    Release,
    /// Confirm the release.
    ConfirmRelease,
    /// Give the password or the code that was asked for.
    GiveSecret,
}

/// The names that `assets/keys.toml` uses; renaming one is a changelog entry.
pub const NAMES: [(&str, Action); 34] = [
    ("back", Action::GoBack),
    ("quit", Action::Quit),
    ("quit.now", Action::QuitNow),
    ("suspend", Action::Suspend),
    ("screen.redraw", Action::Redraw),
    ("cursor.down", Action::MoveDown),
    ("cursor.up", Action::MoveUp),
    ("cursor.page-down", Action::PageDown),
    ("cursor.page-up", Action::PageUp),
    ("cursor.first", Action::MoveFirst),
    ("cursor.last", Action::MoveLast),
    ("ticket.open", Action::Open),
    ("ticket.cancel", Action::CancelTicket),
    ("list.reload", Action::Reload),
    ("ticket.find", Action::FindTicket),
    ("preview.toggle", Action::TogglePreview),
    ("filter.keep", Action::KeepFilter),
    ("filter.clear", Action::ClearFilter),
    ("filter.complete", Action::Complete),
    ("hit.next", Action::NextHit),
    ("hit.previous", Action::PreviousHit),
    ("sort.next", Action::SortNext),
    ("sort.reverse", Action::SortReverse),
    ("field.next", Action::NextField),
    ("field.previous", Action::PreviousField),
    ("choice.next", Action::NextChoice),
    ("choice.previous", Action::PreviousChoice),
    ("field.erase", Action::Erase(Erase::Character)),
    ("field.erase-word", Action::Erase(Erase::Word)),
    ("field.erase-line", Action::Erase(Erase::Line)),
    ("cancel.confirm", Action::ConfirmCancel),
    ("intent.release", Action::Release),
    ("release.confirm", Action::ConfirmRelease),
    ("secret.give", Action::GiveSecret),
];

/// The end of the names of actions that open a screen.
const OPEN: &str = ".open";

impl Action {
    /// Its name.
    pub fn name(&self) -> String {
        if let Self::Show(screen) = self {
            return format!("{screen}{OPEN}");
        }
        NAMES.iter().find(|(_, action)| action == self).map_or_else(String::new, |(name, _)| (*name).to_owned())
    }

    /// The action behind a name: one of [`NAMES`], or the name of a screen with `.open` behind it.
    pub fn from_name(name: &str) -> Option<Self> {
        let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, action)| action.clone());
        known.or_else(|| name.strip_suffix(OPEN).map(|screen| Self::Show(screen.to_owned())))
    }

    /// The screen that it opens.
    pub fn opens(&self) -> Option<&str> {
        match self {
            Self::Show(screen) => Some(screen),
            _ => None,
        }
    }
}
