//! Words where the way to the gateway cannot be gone: its name, its addresses.

/// Said of a host whose several addresses all failed.
const NONE_ANSWERS: &str = "none of its addresses answers";
/// Said of a host whose one address failed.
const CANNOT_BE_REACHED: &str = "cannot be reached";

/// An address that was tried, and why it cannot be reached.
pub struct Tried {
    /// It, with its port.
    pub address: String,
    /// Why not.
    pub why: String,
}

/// A `wss://` for which nothing was prepared: nothing goes out in clear text.
pub fn no_tls(authority: &str) -> String {
    format!("{authority}: TLS was not prepared")
}

/// A lookup that has no end.
pub fn lookup_is_late(host: &str, seconds: u64) -> String {
    format!("the name {host:?} was not looked up within {seconds} s; check this machine's DNS")
}

/// A lookup that failed; `error` is a word of the system.
pub fn no_lookup(host: &str, error: &str) -> String {
    format!("the name {host:?} cannot be looked up ({error}); check the host in the URL and this machine's DNS")
}

/// A name with no address, or with none that may be used.
pub fn no_address(host: &str) -> String {
    format!("the name {host:?} has no address that may be used; check the URL and this machine's DNS")
}

/// A connection that does not take its settings; `error` is a word of the system.
pub fn settings_refused(authority: &str, error: &str) -> String {
    format!("{authority}: {error}")
}

/// No address can be reached; `addresses` is how many there are.
pub fn unreachable(authority: &str, addresses: usize, tried: &[Tried]) -> String {
    let at = if addresses > 1 { NONE_ANSWERS } else { CANNOT_BE_REACHED };
    let said = |Tried { address, why }: &Tried| {
        // An address in the URL is said once.
        if address == authority { why.clone() } else { format!("{address}: {why}") }
    };
    let tried: Vec<String> = tried.iter().map(said).collect();
    format!("{authority} {at} ({}); check the URL, the network and the firewall", tried.join(", "))
}
