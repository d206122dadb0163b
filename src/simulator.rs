//! The exchange to try it on: a real WebSocket server on loopback that speaks the wire of PROTOCOL.md.
//!
//! [`exchange`] is pure: frames in, deeds out, time handed in. [`book`] makes the tickets, the same for the same seed.
//! [`script`], [`row_fault`] and [`conduct`] say how it misbehaves; [`scenarios`] are those that ship. [`server`] is the socket. Knows nothing of desk and console.

pub mod authority;
pub mod book;
mod calls;
pub mod conduct;
pub mod exchange;
pub mod row_fault;
pub mod scenarios;
pub mod script;
pub mod server;
mod sessions;
pub mod totp;
pub mod wire;

pub use book::Book;
pub use conduct::Conduct;
pub use exchange::Exchange;
pub use script::Script;
pub use server::Simulator;

/// Who may log in; printed by `simulate`. Nothing here protects anything.
pub mod login {
    /// The user's name.
    pub const USERNAME: &str = "operator";
    /// The user's password.
    pub const PASSWORD: &str = "operator-password";
    /// The user's id.
    pub const USER_ID: i64 = 7;
    /// The API key.
    pub const API_KEY: &str = "simulated-api-key";
    /// The API key's secret.
    pub const API_SECRET: &str = "simulated-api-secret";
    /// The OMS.
    pub const OMS_ID: i64 = 1;
    /// The operator.
    pub const OPERATOR_ID: i64 = 1;
}
