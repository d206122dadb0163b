//! Time-based codes (RFC 6238: SHA-1, 6 digits, 30 s), for a second factor that an authenticator can show.

use jiff::Timestamp;
use totp_rs::{Builder, Secret, Totp};

/// True if a code is right now; that of the step before or after is, too.
pub fn is_right(secret: &str, code: &str, now: Timestamp) -> bool {
    authenticator(secret).is_some_and(|totp| totp.check(code.trim(), seconds(now)).is_some())
}

/// The code of a secret now; `None` if the secret is not base 32.
pub fn code(secret: &str, now: Timestamp) -> Option<String> {
    Some(authenticator(secret)?.generate(seconds(now)).to_string())
}

/// An authenticator with this secret, in base 32 as people write it: in groups, in either case.
fn authenticator(secret: &str) -> Option<Totp> {
    let letters: String = secret.chars().filter(|letter| !matches!(letter, ' ' | '=')).collect();
    let secret = Secret::try_from_base32(letters.to_ascii_uppercase()).ok()?;
    // Not held to RFC 4226's 128 bits, because a scenario's secret only has to be typed once.
    Some(Builder::new().with_secret(secret).build_noncompliant())
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// The key of RFC 6238, Appendix B, which is `12345678901234567890` in ASCII.
    const RFC: &str = "GEZDGNBVGY3TQOJQ gezdgnbvgy3tqojq";

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B shows eight digits; ours are the last six.
        let shown = [59, 1_111_111_109, 20_000_000_000].map(|second| code(RFC, at(second)).unwrap());
        assert_eq!(shown, ["287082", "081804", "353130"]);
    }

    #[test]
    fn a_secret_is_base_32_and_may_be_short() {
        assert_eq!(code("no 1 here", at(0)), None);
        assert_eq!(code("0", at(0)), None);
        assert!(code("GEZDGNBV", at(0)).is_some());
    }

    #[test]
    fn a_code_is_right_one_step_early_and_late_but_not_two() {
        let shown = code("GEZDGNBVGY3TQOJQ", at(600)).unwrap();
        assert!(is_right("GEZDGNBVGY3TQOJQ", &shown, at(659)) && is_right("GEZDGNBVGY3TQOJQ", &shown, at(570)));
        assert!(!is_right("GEZDGNBVGY3TQOJQ", &shown, at(660)));
        assert!(!is_right("GEZDGNBVGY3TQOJQ", "12345", at(600)) && !is_right("GEZDGNBVGY3TQOJQ", "words!", at(600)));
    }
}
