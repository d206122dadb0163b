//! Time-based codes (RFC 6238: SHA-1, 6 digits, 30 s), for a second factor that an authenticator can show.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;

/// Seconds that a code is shown.
const STEP: i64 = 30;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Whether a code is right now; that of the step before or after is, too.
pub fn is_right(secret: &str, code: &str, now: Timestamp) -> bool {
    let Some(key) = base32(secret) else { return false };
    let step = now.as_second().div_euclid(STEP);
    (step - 1..=step + 1).any(|step| code_of(&key, step) == code.trim())
}

/// The code of a secret now; `None` if the secret is not base 32.
pub fn code(secret: &str, now: Timestamp) -> Option<String> {
    Some(code_of(&base32(secret)?, now.as_second().div_euclid(STEP)))
}

fn code_of(key: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        // HMAC takes a key of any length.
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[hash.len() - 1] & 0xf);
    let word = [hash[offset] & 0x7f, hash[offset + 1], hash[offset + 2], hash[offset + 3]];
    format!("{:06}", u32::from_be_bytes(word) % 1_000_000)
}

fn base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| !matches!(letter, b' ' | b'=')) {
        let value = ALPHABET.iter().position(|known| *known == letter.to_ascii_uppercase())?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let key = b"12345678901234567890";
        let at = |second| code_of(key, second / STEP);
        // Appendix B shows eight digits; ours are the last six.
        assert_eq!([at(59), at(1_111_111_109), at(20_000_000_000)], ["287082", "081804", "353130"]);
    }

    #[test]
    fn a_secret_is_read_from_base_32() {
        assert_eq!(base32("GEZDGNBVGY3TQOJQ gezdgnbvgy3tqojq").unwrap(), b"12345678901234567890");
        assert_eq!(base32("no 1 here"), None);
    }

    #[test]
    fn a_code_is_right_one_step_early_and_late_but_not_two() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let shown = code("GEZDGNBVGY3TQOJQ", at(600)).unwrap();
        assert!(is_right("GEZDGNBVGY3TQOJQ", &shown, at(659)) && is_right("GEZDGNBVGY3TQOJQ", &shown, at(570)));
        assert!(!is_right("GEZDGNBVGY3TQOJQ", &shown, at(660)));
    }
}
