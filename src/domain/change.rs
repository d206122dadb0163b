//! A change of a ticket, as a verb: the call that asks for it, the goal by which a read shows that it happened, and its word. Canceling
//! is the only one so far.

use super::TicketStatus;

/// A change that an operator can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Cancel a failed withdrawal.
    Cancel,
}

impl Change {
    /// All of them.
    const ALL: [Self; 1] = [Self::Cancel];

    /// The name of its call on the wire, `n` (PROTOCOL.md 4).
    pub const fn call(self) -> &'static str {
        match self {
            Self::Cancel => "CancelFailedWithdrawTicket",
        }
    }

    /// The change behind the name of a call, if this version knows it.
    pub fn from_call(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.call() == name)
    }

    /// The operator's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
        }
    }

    /// The ticket's state once it happened, in an operator's word.
    pub fn done(self) -> &'static str {
        match self {
            Self::Cancel => "canceled",
        }
    }

    /// True if a ticket of this status has reached its goal. `also` are the statuses of this exchange that mean it as well.
    pub fn is_reached(self, status: &TicketStatus, also: &[TicketStatus]) -> bool {
        match self {
            Self::Cancel => {
                [TicketStatus::USER_CANCELED, TicketStatus::ADMIN_CANCELED].contains(status) || also.contains(status)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn a_call_leads_back_to_its_change_and_another_one_to_none() {
        for change in Change::ALL {
            assert_eq!(Change::from_call(change.call()), Some(change));
        }
        assert_eq!(Change::from_call("ResubmitFailedWithdrawTicket"), None);
    }

    #[rstest]
    #[case::by_its_user(TicketStatus::USER_CANCELED, true)]
    #[case::by_an_administrator(TicketStatus::ADMIN_CANCELED, true)]
    #[case::by_the_exchanges_own_word(TicketStatus::Known(9), true)]
    #[case::failed(TicketStatus::FAILED, false)]
    #[case::elsewhere(TicketStatus::Known(5), false)]
    fn a_cancel_is_reached_by_the_statuses_that_mean_it_alone(#[case] status: TicketStatus, #[case] is_reached: bool) {
        assert_eq!(Change::Cancel.is_reached(&status, &[TicketStatus::Known(9)]), is_reached);
    }
}
