//! The way in: where the exchange is, how it is reached, and the credentials.

use std::sync::Arc;

use super::transport::Dial;
use crate::protocol::Target;
use crate::protocol::rpc::authenticate_user::Credentials;

/// Where the exchange is, how to reach it and what proves who we are. Without `Debug`: it holds credentials.
#[derive(Clone)]
pub struct Access {
    /// Where to connect.
    pub target: Target,
    /// The proof of who we are.
    pub credentials: Credentials,
    /// The network.
    pub dial: Arc<dyn Dial>,
}
