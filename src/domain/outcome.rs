//! The outcome: PRODUCT.md's table of receipt and last read, as one function.

use std::fmt;

use super::Receipt;

/// The standing of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// A read asked after the send shows the goal: canceled. Final.
    Verified,
    /// A read asked after the send says that the ticket left failed otherwise. Final.
    Moved,
    /// A clear no, and the ticket did not move. Final.
    Refused,
    /// The writer was never handed the frame. Final.
    NotSent,
    /// Accepted, but the ticket is still failed. Open: its ticket stays locked.
    AcceptedNotMoved,
    /// Not known. Open: its ticket stays locked.
    Unknown,
}

impl Outcome {
    /// Final outcomes free the ticket; open ones keep it locked and read again.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::AcceptedNotMoved | Self::Unknown)
    }

    /// Its word in the journal, and in what programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "Verified",
            Self::Moved => "Moved",
            Self::Refused => "Refused",
            Self::NotSent => "NotSent",
            Self::AcceptedNotMoved => "AcceptedNotMoved",
            Self::Unknown => "Unknown",
        }
    }

    /// The outcome behind a word of the journal.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Verified, Self::Moved, Self::Refused, Self::NotSent, Self::AcceptedNotMoved, Self::Unknown];
        all.into_iter().find(|outcome| outcome.word() == word)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The last good read of the ticket among those asked after the send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastRead {
    /// No good read yet.
    #[default]
    None,
    /// Still failed.
    Failed,
    /// The goal of the change: for a cancel 11, 12, or one of the profile's `canceled-statuses`.
    Reached,
    /// Any other status: left failed otherwise.
    Elsewhere,
}

/// The table of outcomes at the end of the follow time: receipt by last read, and nothing else.
pub fn outcome(receipt: Receipt, last_read: LastRead) -> Outcome {
    match (receipt, last_read) {
        (_, LastRead::Reached) => Outcome::Verified,
        (_, LastRead::Elsewhere) => Outcome::Moved,
        (Receipt::Refused(_), LastRead::Failed | LastRead::None) => Outcome::Refused,
        (Receipt::Accepted, LastRead::Failed) => Outcome::AcceptedNotMoved,
        (Receipt::Accepted, LastRead::None) | (Receipt::Unclear | Receipt::None, LastRead::Failed | LastRead::None) => {
            Outcome::Unknown
        }
    }
}

/// The table while the ticket is still followed: a move decides at once, anything else waits for the end.
pub fn settle(receipt: Receipt, last_read: LastRead, follow_time_over: bool) -> Option<Outcome> {
    let decided = matches!(last_read, LastRead::Reached | LastRead::Elsewhere);
    (decided || follow_time_over).then(|| outcome(receipt, last_read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::receipt::RefusalCode;
    use rstest::rstest;

    const REFUSED: Receipt = Receipt::Refused(RefusalCode::OperationFailed);

    #[rstest]
    #[case::accepted_canceled(Receipt::Accepted, LastRead::Reached, Outcome::Verified)]
    #[case::accepted_elsewhere(Receipt::Accepted, LastRead::Elsewhere, Outcome::Moved)]
    #[case::accepted_failed(Receipt::Accepted, LastRead::Failed, Outcome::AcceptedNotMoved)]
    #[case::accepted_not_read(Receipt::Accepted, LastRead::None, Outcome::Unknown)]
    #[case::refused_canceled(REFUSED, LastRead::Reached, Outcome::Verified)]
    #[case::refused_elsewhere(REFUSED, LastRead::Elsewhere, Outcome::Moved)]
    #[case::refused_failed(REFUSED, LastRead::Failed, Outcome::Refused)]
    #[case::refused_not_read(REFUSED, LastRead::None, Outcome::Refused)]
    #[case::unclear_canceled(Receipt::Unclear, LastRead::Reached, Outcome::Verified)]
    #[case::unclear_elsewhere(Receipt::Unclear, LastRead::Elsewhere, Outcome::Moved)]
    #[case::unclear_failed(Receipt::Unclear, LastRead::Failed, Outcome::Unknown)]
    #[case::unclear_not_read(Receipt::Unclear, LastRead::None, Outcome::Unknown)]
    #[case::none_canceled(Receipt::None, LastRead::Reached, Outcome::Verified)]
    #[case::none_elsewhere(Receipt::None, LastRead::Elsewhere, Outcome::Moved)]
    #[case::none_failed(Receipt::None, LastRead::Failed, Outcome::Unknown)]
    #[case::none_not_read(Receipt::None, LastRead::None, Outcome::Unknown)]
    fn the_table_of_outcomes_cell_by_cell(
        #[case] receipt: Receipt,
        #[case] last_read: LastRead,
        #[case] expected: Outcome,
    ) {
        assert_eq!(outcome(receipt, last_read), expected);
        assert_eq!(settle(receipt, last_read, true), Some(expected));
    }

    #[rstest]
    #[case::canceled(LastRead::Reached, Some(Outcome::Verified))]
    #[case::elsewhere(LastRead::Elsewhere, Some(Outcome::Moved))]
    #[case::failed(LastRead::Failed, None)]
    #[case::not_read(LastRead::None, None)]
    fn only_a_move_decides_before_the_follow_time_ends(#[case] read: LastRead, #[case] expected: Option<Outcome>) {
        for receipt in [Receipt::Accepted, REFUSED, Receipt::Unclear, Receipt::None] {
            assert_eq!(settle(receipt, read, false), expected);
        }
    }

    #[test]
    fn open_outcomes_are_accepted_not_moved_and_unknown() {
        assert!(!Outcome::AcceptedNotMoved.is_final() && !Outcome::Unknown.is_final());
        for closed in [Outcome::Verified, Outcome::Moved, Outcome::Refused, Outcome::NotSent] {
            assert!(closed.is_final());
        }
    }
}
