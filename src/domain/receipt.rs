//! The receipt: what the reply to a cancel, or its absence, tells.

use std::fmt;

/// The fate of the request, as its envelope tells it. It never tells what became of the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Receipt {
    /// `result` true and errorcode 0: the request was received.
    Accepted,
    /// A clear no: `result` false with code 20, 100, 101 or 104.
    Refused(RefusalCode),
    /// Any other reply; the server may have acted.
    Unclear,
    /// No reply in time, or the link was lost first.
    None,
}

/// The codes that are a clear no (PROTOCOL.md 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalCode {
    /// 20, Not Authorized.
    NotAuthorized,
    /// 100, Invalid Request.
    InvalidRequest,
    /// 101, Operation Failed.
    OperationFailed,
    /// 104, Resource Not Found.
    ResourceNotFound,
}

impl RefusalCode {
    /// The refusal behind an errorcode; any other code is not a clear no.
    pub fn from_code(code: i64) -> Option<Self> {
        match code {
            20 => Some(Self::NotAuthorized),
            100 => Some(Self::InvalidRequest),
            101 => Some(Self::OperationFailed),
            104 => Some(Self::ResourceNotFound),
            _ => None,
        }
    }

    /// The errorcode.
    pub fn code(self) -> i64 {
        match self {
            Self::NotAuthorized => 20,
            Self::InvalidRequest => 100,
            Self::OperationFailed => 101,
            Self::ResourceNotFound => 104,
        }
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Refused(code) => write!(f, "refused ({})", code.code()),
            Self::Unclear => f.write_str("unclear"),
            Self::None => f.write_str("none"),
        }
    }
}
