//! The words where the certificates or the key of `[profiles.NAME.tls]` cannot be used.

/// A certificate of ours without its key.
pub fn no_key(section: &str) -> String {
    format!("cert-file without key-file in {section}; wanted both")
}

/// A key without the certificate that it belongs to.
pub fn no_certificate(section: &str) -> String {
    format!("key-file without cert-file in {section}; wanted both")
}

/// A file is refused, which `why` tells.
pub fn file(key: &str, path: &str, why: &str) -> String {
    format!("{key} = {path:?}: the file {why}")
}

/// A file of a key holds none.
pub const HOLDS_NO_KEY: &str = "holds no private key; wanted one in PEM, without a passphrase";

/// A file of certificates holds none.
pub const HOLDS_NO_CERTIFICATE: &str =
    "holds no certificate; wanted PEM, which begins with -----BEGIN CERTIFICATE-----";

/// One certificate of a file cannot be read; `line` is where it begins, if that is known.
pub fn damaged(which: usize, line: Option<usize>) -> String {
    let line = line.map_or(String::new(), |line| format!(", which begins on line {line}"));
    format!(
        "cannot be understood: certificate {which} in it{line}, is damaged; wanted certificates in PEM, so put it in anew or take it out"
    )
}
