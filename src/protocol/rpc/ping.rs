//! Ping: keeps the connection alive and shows that the exchange still answers (PROTOCOL.md 3).

use super::{ReadCall, Rpc};

/// `{}` → `{"msg":"PONG"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ping;

impl Rpc for Ping {
    const NAME: &'static str = "Ping";
    type Response = ();

    fn payload(&self) -> String {
        "{}".to_owned()
    }

    fn parse(payload: &str) -> Result<(), serde_json::Error> {
        serde_json::from_str::<serde::de::IgnoredAny>(payload).map(|_| ())
    }
}

impl super::sealed::Reads for Ping {}
impl ReadCall for Ping {}
