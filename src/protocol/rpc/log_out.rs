//! LogOut: ends the session on the exchange (PROTOCOL.md 2). Sent on the way out; nobody waits for its reply.

use super::{ReadCall, Rpc};
use crate::protocol::Envelope;
use crate::protocol::object::Unreadable;

/// `{}` → a standard response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogOut;

impl Rpc for LogOut {
    const NAME: &'static str = "LogOut";
    type Response = Option<Envelope>;

    fn payload(&self) -> String {
        "{}".to_owned()
    }

    fn parse(payload: &str) -> Result<Option<Envelope>, Unreadable> {
        Ok(Envelope::parse(payload))
    }
}

impl super::sealed::Reads for LogOut {}
impl ReadCall for LogOut {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_captured_answers_are_a_yes() {
        for payload in [
            r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#,
            r#"{"result":"true","errormsg":"","errorcode":0,"detail":""}"#,
        ] {
            assert!(!LogOut::parse(payload).unwrap().unwrap().is_negative());
        }
    }
}
