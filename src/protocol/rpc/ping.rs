//! Ping: keeps the connection alive and shows that the exchange still answers (PROTOCOL.md 3).

use super::{ReadCall, Rpc};
use crate::protocol::object::Unreadable;

/// `{}` → `{"msg":"PONG"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ping;

impl Rpc for Ping {
    const NAME: &'static str = "Ping";
    type Response = ();

    fn payload(&self) -> String {
        "{}".to_owned()
    }

    fn parse(payload: &str) -> Result<(), Unreadable> {
        serde_json::from_str::<serde::de::IgnoredAny>(payload).map(|_| ()).map_err(|_| Unreadable::NoJson)
    }
}

impl super::sealed::Reads for Ping {}
impl ReadCall for Ping {}
