//! The ground of TLS with a gateway: whose signature counts, and what we show of ourselves. Pure data.

use secrecy::SecretSlice;

/// The certificates and the key of TLS. Nothing here turns checking off. Without `Debug`: it holds a private key.
#[derive(Clone, Default)]
pub struct Trust {
    /// Where the operator changes it, such as `[profiles.staging.tls]`; for messages.
    pub section: String,
    /// Whose certificates count instead of the platform's.
    pub authority: Option<Authority>,
    /// Our own certificate, for a gateway that wants one.
    pub identity: Option<Identity>,
}

/// The authorities of `ca-file`; they replace the platform's.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The file, for messages.
    pub path: String,
    /// Its certificates, DER.
    pub certificates: Vec<Vec<u8>>,
}

/// A client certificate and its key. Without `Debug`, on purpose.
#[derive(Clone)]
pub struct Identity {
    /// The certificate, and those that lead to its authority; DER.
    pub chain: Vec<Vec<u8>>,
    /// The private key, DER: PKCS#8, PKCS#1 or SEC1.
    pub key: SecretSlice<u8>,
}
