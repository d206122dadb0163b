//! The way in: where the exchange is, how it is reached, and the credentials.

use std::sync::Arc;

use super::transport::{Dial, Network};
use crate::protocol::rpc::authenticate_user::Credentials;
use crate::protocol::{Target, Trust};

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

impl Access {
    /// A way in over this machine's network, which trusts whom `trust` names. The error is a sentence.
    pub fn over_network(target: Target, credentials: Credentials, trust: &Trust) -> Result<Self, String> {
        let network = Network::to(&target, trust)?;
        Ok(Self { target, credentials, dial: Arc::new(network) })
    }
}
