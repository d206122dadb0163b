//! Words of the way to the exchange: name, TCP, TLS, handshake, and one login.

use std::time::Duration;

use super::clocks::millis;

/// The step that looks up the host.
pub const NAME: &str = "the name";
/// The step that connects.
pub const TCP: &str = "TCP";
/// The step that checks certificates.
pub const TLS: &str = "TLS";
/// The step that opens a WebSocket.
pub const HANDSHAKE: &str = "the WebSocket handshake";
/// The step that logs in.
pub const LOGIN: &str = "the login, once";
/// A URL without TLS.
pub const NO_TLS: &str = "none: ws:// is taken to a loopback address only";
/// Nothing can end where there is no TLS.
pub const NO_CERTIFICATE: &str = "there is no certificate";
/// Advice where the sentence of the network does not say it.
pub const CHECK_URL_AND_NETWORK: &str = "check the URL, and the network between here and the exchange";

/// Advice about a login that was not let in.
pub mod mend {
    /// The link broke during the login.
    pub const TRY_AGAIN: &str = "it was reachable a moment ago: try again, or ask the exchange";
    /// A secret was not given.
    pub const GIVE_IT: &str =
        "give it when asked, or set password-file or password-command, and totp-command for the code";
    /// The code was refused.
    pub const CHECK_CODE: &str =
        "check this machine's clock, and whose code it was; after a few wrong ones the exchange locks the user";
    /// The user is locked.
    pub const UNLOCK: &str = "ask an administrator of the exchange to unlock the user";
    /// The login was refused.
    pub const CHECK_LOGIN: &str =
        "check the login in the profile before the next try: after a few wrong ones the exchange locks the user";
}

/// The addresses of a host.
pub fn resolved(host: &str, addresses: &[String]) -> String {
    format!("{host} is {}", addresses.join(", "))
}

/// A connection.
pub fn connected(address: &str, took: Duration) -> String {
    format!("connected to {address} {}", in_time(took))
}

/// A handshake that nobody logged in on.
pub fn speaks_websocket(url: &str, took: Duration) -> String {
    format!("{url} speaks WebSocket; answered {}", in_time(took))
}

/// A login.
pub fn let_in(way: &str, took: Duration) -> String {
    format!("let in by {way}, {}", in_time(took))
}

fn in_time(took: Duration) -> String {
    format!("in {}", millis(took))
}
