//! The close codes of a WebSocket (RFC 6455 7.4 and its registry), a row each.

use std::time::Duration;

use super::NextTry::{self, After, ByPerson, Soon};
use super::reason::{Hint, hint};
use crate::domain::RemoteText;

/// "Try again later" without a time means this long.
const LATER: Duration = Duration::from_secs(30);
/// Too many requests: so long none are made.
const BUSY: Duration = Duration::from_secs(60);

/// A close frame of the far side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseFrame {
    /// Its code; `None` if it has none.
    pub code: Option<u16>,
    /// Its reason, which may be empty.
    pub reason: RemoteText,
    /// True if it came as the answer to a login that was sent in full: it may mean that the login was refused.
    pub answers_login: bool,
}

/// A close code in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseRow {
    /// When another link may be opened.
    pub next: NextTry,
    /// When, if it is the answer to a login: whatever does not say that the far side is in trouble may be a refusal.
    pub next_after_login: NextTry,
}

impl CloseRow {
    /// The table. 1005, 1006 and 1015 may not come on the wire (no code, no close frame, a TLS that failed), and do all the same.
    /// The codes' names are `app/words/far_side/close.rs`.
    pub fn of(code: Option<u16>) -> Self {
        let row = |next, next_after_login| Self { next, next_after_login };
        match code {
            Some(1013) => row(After(LATER), After(LATER)),
            // Codes of the exchange's own: those that are widely used as in HTTP, and no other, are known not to be meant for us.
            Some(1001 | 1006 | 1011 | 1012 | 1014 | 1015 | 4500..=4599) => row(Soon, Soon),
            Some(4029 | 4429) => row(After(BUSY), After(BUSY)),
            Some(3008 | 4008 | 4408) => row(Soon, ByPerson),
            Some(1003 | 1008 | 1010 | 3000..=4999) => row(ByPerson, ByPerson),
            _ => row(Soon, ByPerson),
        }
    }
}

impl CloseFrame {
    /// True if it names no trouble of the far side: a normal end, or nothing at all.
    pub fn is_dismissal(&self) -> bool {
        matches!(self.code, None | Some(1000 | 1005)) && hint(self.reason.raw()) == Hint::Nothing
    }

    /// When another link may be opened. Words that say that we are not wanted count more than any code, and words that it passes
    /// more than a code that means nothing by itself.
    pub fn next(&self) -> NextTry {
        let row = CloseRow::of(self.code);
        let by_code = if self.answers_login { row.next_after_login } else { row.next };
        match (hint(self.reason.raw()), self.code) {
            (Hint::Elsewhere | Hint::NotAllowed, _) | (_, Some(4001)) => ByPerson,
            // A login may have failed for it, whatever else is said.
            _ if self.answers_login => by_code,
            (Hint::Busy, _) if matches!(by_code, Soon | ByPerson) => After(BUSY),
            (Hint::Passing, Some(1008 | 3001..=3002 | 3004..=4999)) if by_code == ByPerson => Soon,
            _ => by_code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Some(1000), "", Soon, ByPerson)]
    #[case(None, "", Soon, ByPerson)]
    #[case(Some(1001), "", Soon, Soon)]
    #[case(Some(1002), "", Soon, ByPerson)]
    #[case(Some(1003), "", ByPerson, ByPerson)]
    #[case(Some(1006), "", Soon, Soon)]
    #[case(Some(1007), "", Soon, ByPerson)]
    #[case(Some(1008), "not whitelisted", ByPerson, ByPerson)]
    #[case(Some(1008), "", ByPerson, ByPerson)]
    #[case(Some(1008), "idle timeout", Soon, ByPerson)]
    #[case(Some(1009), "", Soon, ByPerson)]
    #[case(Some(1011), "", Soon, Soon)]
    #[case(Some(1012), "", Soon, Soon)]
    #[case(Some(1013), "", After(LATER), After(LATER))]
    #[case(Some(1013), "rate limit exceeded", After(LATER), After(LATER))]
    #[case(Some(1015), "", Soon, Soon)]
    #[case(Some(1000), "Logged in elsewhere", ByPerson, ByPerson)]
    #[case(Some(1001), "session replaced by a new login", ByPerson, ByPerson)]
    #[case(Some(1011), "account suspended", ByPerson, ByPerson)]
    #[case(Some(1000), "too many requests", After(BUSY), ByPerson)]
    #[case(Some(3000), "", ByPerson, ByPerson)]
    #[case(Some(4000), "", ByPerson, ByPerson)]
    #[case(Some(4001), "Logged in elsewhere", ByPerson, ByPerson)]
    #[case(Some(4001), "idle timeout", ByPerson, ByPerson)]
    #[case(Some(4002), "Duplicate session", ByPerson, ByPerson)]
    #[case(Some(4003), "maintenance", Soon, ByPerson)]
    #[case(Some(4029), "", After(BUSY), After(BUSY))]
    #[case(Some(4503), "", Soon, Soon)]
    #[case(Some(4999), "", ByPerson, ByPerson)]
    #[case(Some(2000), "", Soon, ByPerson)]
    fn a_close_says_when_another_link_may_be_opened(
        #[case] code: Option<u16>,
        #[case] reason: &str,
        #[case] next: NextTry,
        #[case] after_login: NextTry,
    ) {
        let close = CloseFrame { code, reason: reason.into(), answers_login: false };
        assert_eq!(close.next(), next);
        assert_eq!(CloseFrame { answers_login: true, ..close }.next(), after_login);
    }
}
