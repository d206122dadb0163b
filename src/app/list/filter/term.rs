//! The terms of a filter: what each looks for in a row.

use std::time::Duration;

use jiff::Timestamp;

use super::Place;
use super::limit::Limit;
use super::pattern::Pattern;
use crate::app::list::row::{Flag, Row};
use crate::domain::amount::ExactNumber;

/// The keys of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Its asset.
    Asset,
    /// Its amount, in units of its asset.
    Amount,
    /// How long ago it was made.
    Age,
    /// Its account, by number or name.
    Account,
    /// Who asked for it, by number or name.
    User,
    /// Why it failed.
    Reason,
    /// A word of the column FLAG.
    Flag,
    /// Its status, by number or name.
    Status,
    /// Where it was to go.
    To,
    /// Its transaction id.
    Tx,
    /// When it was made.
    Made,
}

impl Key {
    /// All of them, as completion offers them.
    pub const ALL: [Self; 11] = [
        Self::Asset,
        Self::Amount,
        Self::Age,
        Self::Account,
        Self::User,
        Self::Reason,
        Self::Flag,
        Self::Status,
        Self::To,
        Self::Tx,
        Self::Made,
    ];

    /// Its word, as it is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Amount => "amount",
            Self::Age => "age",
            Self::Account => "account",
            Self::User => "user",
            Self::Reason => "reason",
            Self::Flag => "flag",
            Self::Status => "status",
            Self::To => "to",
            Self::Tx => "tx",
            Self::Made => "made",
        }
    }

    /// The key of a word, in any case.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.word().eq_ignore_ascii_case(word))
    }

    /// True if it has a limit, `>` or `<`, in place of `:`.
    pub fn has_limit(self) -> bool {
        matches!(self, Self::Amount | Self::Age | Self::Made)
    }
}

/// The words of the column FLAG, for `flag:`; each without its sign, if it has one, means the same.
pub const FLAG_WORDS: [&str; 7] = ["TX!", "LCK", "REL", "U!", "ODD", "--", "dup"];

/// What a term looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// A text anywhere in the ticket.
    Text(Pattern),
    /// An asset of this name, or of this number.
    Asset(Pattern),
    /// An amount.
    Amount(Limit<ExactNumber>),
    /// An age.
    Age(Limit<Duration>),
    /// The account of this number.
    AccountNumber(i64),
    /// An account with this in its name.
    AccountName(Pattern),
    /// The user of this number asked for it.
    UserNumber(i64),
    /// A user with this in his name asked for it.
    UserName(Pattern),
    /// A reason with this in it.
    Reason(Pattern),
    /// A flag that begins with this word.
    Flag(Pattern),
    /// The status of this number.
    StatusNumber(i64),
    /// A status with this in its name.
    StatusName(Pattern),
    /// A destination with this in it.
    To(Pattern),
    /// A transaction id with this in it.
    Tx(Pattern),
    /// The time at which it was made.
    Made(Limit<Timestamp>),
}

impl Sought {
    /// The text that is looked for in a column.
    pub(super) fn pattern_at(&self, place: Place) -> Option<&Pattern> {
        match (self, place) {
            (Self::Text(pattern), _)
            | (Self::Asset(pattern), Place::Asset)
            | (Self::AccountName(pattern), Place::Account)
            | (Self::Reason(pattern), Place::Reason) => Some(pattern),
            _ => None,
        }
    }

    fn is_in(&self, row: &Row<'_>, now: Timestamp) -> bool {
        match self {
            Self::Text(pattern) => row.any_text(|text| pattern.is_in(text)),
            Self::Asset(pattern) => row.any_asset_word(|word| pattern.is(word)),
            Self::Amount(limit) => row.exact_amount().is_some_and(|amount| limit.takes(&amount)),
            Self::Age(limit) => row.age_at(now).is_some_and(|age| limit.takes(&age)),
            Self::AccountNumber(number) => row.account_number() == Some(*number),
            Self::AccountName(pattern) => row.account_name().is_some_and(|name| pattern.is_in(name)),
            Self::UserNumber(number) => row.request_user() == Some(*number),
            Self::UserName(pattern) => row.request_user_name().is_some_and(|name| pattern.is_in(name)),
            Self::Reason(pattern) => row.reason_text().is_some_and(|reason| pattern.is_in(reason.raw())),
            Self::Flag(pattern) => row.flags().into_iter().any(|flag| has_word(flag, pattern)),
            Self::StatusNumber(number) => row.status_number() == Some(*number),
            Self::StatusName(pattern) => pattern.is_in(&row.status()),
            Self::To(pattern) => row.any_destination(|to| pattern.is_in(to)),
            Self::Tx(pattern) => row.tx_id().is_some_and(|id| pattern.is_in(id.raw())),
            Self::Made(limit) => row.created().is_some_and(|made| limit.takes(&made)),
        }
    }
}

/// True if a flag is shown with this word. `dup` is every number of twins.
fn has_word(flag: Flag, pattern: &Pattern) -> bool {
    let word = flag.word();
    pattern.is(&word) || pattern.is(word.trim_end_matches(|sign: char| sign == '!' || sign.is_ascii_digit()))
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Rows that have it are left out.
    pub is_excluded: bool,
    /// What it looks for.
    pub sought: Sought,
}

impl Term {
    /// True if a row may be shown as far as this term goes.
    pub(super) fn has(&self, row: &Row<'_>, now: Timestamp) -> bool {
        self.sought.is_in(row, now) != self.is_excluded
    }

    /// True if every row that `other` takes is taken by this one too.
    pub(super) fn is_narrowed_by(&self, other: &Self) -> bool {
        let narrows = match (&self.sought, &other.sought) {
            (Sought::Text(wide), Sought::Text(narrow))
            | (Sought::AccountName(wide), Sought::AccountName(narrow))
            | (Sought::UserName(wide), Sought::UserName(narrow))
            | (Sought::Reason(wide), Sought::Reason(narrow))
            | (Sought::StatusName(wide), Sought::StatusName(narrow))
            | (Sought::To(wide), Sought::To(narrow))
            | (Sought::Tx(wide), Sought::Tx(narrow)) => {
                if self.is_excluded {
                    narrow.is_narrowed_by(wide)
                } else {
                    wide.is_narrowed_by(narrow)
                }
            }
            (ours, other) => ours == other,
        };
        narrows && self.is_excluded == other.is_excluded
    }
}
