//! Ticket status: the documented names, and every other word the exchange may say.

use std::fmt;

use super::RemoteText;

/// The status of a withdraw ticket (PROTOCOL.md 5). A number or name we have no word for is kept, not dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketStatus {
    /// A documented status, by its number 0-22.
    Known(u8),
    /// A number without a documented name; shown as `23?`.
    OtherNumber(i64),
    /// A name that is not documented; shown as `Frozen?`.
    OtherName(RemoteText),
    /// None came, or in a form that is no status; shown as `??`.
    Unreadable,
}

/// The documented names, at their number.
const NAMES: [&str; 23] = [
    "New",
    "AdminProcessing",
    "Accepted",
    "Rejected",
    "SystemProcessing",
    "FullyProcessed",
    "Failed",
    "Pending",
    "Pending2Fa",
    "AutoAccepted",
    "Delayed",
    "UserCanceled",
    "AdminCanceled",
    "AmlProcessing",
    "AmlAccepted",
    "AmlRejected",
    "AmlFailed",
    "LimitsAccepted",
    "LimitsRejected",
    "Submitted",
    "Confirmed",
    "ManuallyConfirmed",
    "Confirmed2Fa",
];

impl TicketStatus {
    /// 6, the only status that this console cancels.
    pub const FAILED: Self = Self::Known(6);
    /// 11, "withdraw canceled by user or Superuser".
    pub const USER_CANCELED: Self = Self::Known(11);
    /// 12, "withdraw canceled by Superuser".
    pub const ADMIN_CANCELED: Self = Self::Known(12);

    /// From the number form.
    pub fn from_number(number: i64) -> Self {
        match u8::try_from(number) {
            Ok(known) if usize::from(known) < NAMES.len() => Self::Known(known),
            _ => Self::OtherNumber(number),
        }
    }

    /// From the name form, whatever its case and with one `l` or two; digits in a string count as the number form.
    pub fn from_name(name: &str) -> Self {
        if let Ok(number) = name.parse() {
            return Self::from_number(number);
        }
        let spelled = name.to_ascii_lowercase().replace("cancelled", "canceled");
        let known = (0u8..).zip(NAMES).find(|(_, known)| known.eq_ignore_ascii_case(&spelled));
        known.map_or_else(|| Self::OtherName(name.into()), |(number, _)| Self::Known(number))
    }

    /// True for failed, the one state in which a ticket may be canceled.
    pub fn is_failed(&self) -> bool {
        *self == Self::FAILED
    }

    /// True if we have a name for it.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Name and number, `Failed (6)`, as far as known.
    pub fn with_number(&self) -> String {
        match self {
            Self::Known(number) => format!("{self} ({number})"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for TicketStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(number) => f.write_str(NAMES.get(usize::from(*number)).unwrap_or(&"?")),
            Self::OtherNumber(number) => write!(f, "{number}?"),
            Self::OtherName(name) => write!(f, "{}?", name.inert()),
            Self::Unreadable => f.write_str("??"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::name("Failed", TicketStatus::FAILED, "Failed")]
    #[case::lower_case("failed", TicketStatus::FAILED, "Failed")]
    #[case::digits("6", TicketStatus::FAILED, "Failed")]
    #[case::two_l("AdminCancelled", TicketStatus::ADMIN_CANCELED, "AdminCanceled")]
    #[case::case_of_2fa("Pending2FA", TicketStatus::Known(8), "Pending2Fa")]
    #[case::unknown("Frozen", TicketStatus::OtherName("Frozen".into()), "Frozen?")]
    #[case::unknown_number("23", TicketStatus::OtherNumber(23), "23?")]
    fn a_status_is_read_in_every_form(#[case] text: &str, #[case] status: TicketStatus, #[case] shown: &str) {
        assert_eq!(TicketStatus::from_name(text), status);
        assert_eq!(status.to_string(), shown);
    }
}
