//! Words of the alerts of TLS (RFC 8446 6 and its registry): why the far side ended a handshake.

/// Alerts in words, by their number.
pub fn words(alert: u8) -> &'static str {
    match alert {
        0 => "it ended the link",
        10 => "a message came that it did not expect",
        20 | 21 | 30 => "what came was changed on the way",
        22 => "a message was too long for it",
        40 => "it found no version and cipher in common",
        41 => "no certificate was given",
        42 => "the certificate is damaged",
        43 => "the certificate is of a kind that it does not take",
        44 => "the certificate was revoked",
        45 => "the certificate has expired, or does not count yet",
        46 => "the certificate is not accepted",
        47 => "a field has a value that it does not take",
        48 => "the certificate's authority is not known there",
        49 => "access is denied",
        50 => "a message could not be read",
        51 => "a signature or a key is wrong",
        60 | 71 => "the ciphers are not safe enough for it",
        70 => "the version of TLS is not spoken there",
        80 => "it has a fault of its own",
        86 => "an older version of TLS was offered than it can speak",
        90 => "somebody canceled it there",
        100 => "it does not agree on the link anew",
        109 => "an extension is missing",
        110 => "an extension came that nobody asked for",
        112 => "there is nothing by this name",
        113 | 114 => "the certificate's status is not accepted",
        115 => "the shared key is not known there",
        116 => "a certificate is wanted, and none was given",
        120 => "it speaks none of the protocols over TLS that were offered",
        _ => "it says no more",
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn every_alert_has_words_and_none_is_a_librarys_name() {
        for alert in 0..=u8::MAX {
            let said = words(alert);
            assert!(said.contains(' ') && !said.contains(['_', ':']), "{alert}: {said}");
        }
        assert_eq!(words(48), "the certificate's authority is not known there");
    }
}
