//! Codes of the second factor, to log in and for protected calls. A code counts once: an exchange may take a second use for a
//! replay, and refuse it.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::time::sleep;

use super::asker::Asker;
use super::clock;
use super::keyring::Keyring;
use super::secret_command::CODE_LIMIT;
use crate::domain::{Secret, Wanted};
use crate::protocol::rpc::authenticate_user::Credentials;

/// A code changes this often, in milliseconds, as everywhere with TOTP (RFC 6238).
const PERIOD: i64 = 30_000;

/// Gets a code and notes that it is used; the error is a sentence. A program that prints a code that was used before is run once
/// more in the next period. Then its code counts, whatever it is: it may be one that never changes.
pub(super) async fn get(
    credentials: &Credentials,
    keyring: &Keyring,
    asker: &Asker,
    wanted: Wanted,
) -> Result<SecretString, String> {
    let source = source(credentials);
    let mut code = asker.get(source, wanted.clone(), CODE_LIMIT).await?;
    if matches!(source, Secret::Command(_)) && keyring.is_spent(&code) {
        sleep(until_next_period(clock::wall())).await;
        code = asker.get(source, wanted, CODE_LIMIT).await?;
    }
    keyring.spend(code.clone());
    Ok(code)
}

/// An API key needs no second factor to log in; if one is wanted later all the same, a person is asked.
fn source(credentials: &Credentials) -> &Secret {
    match credentials {
        Credentials::Password { code, .. } => code,
        Credentials::ApiKey { .. } => &Secret::Prompt,
    }
}

fn until_next_period(now: Timestamp) -> Duration {
    let passed = now.as_millisecond().rem_euclid(PERIOD);
    Duration::from_millis(u64::try_from(PERIOD - passed).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rstest::rstest;
    use secrecy::ExposeSecret;
    use tokio::sync::mpsc;
    use tokio::time::Instant;

    use super::*;
    use crate::domain::ConnectionId;

    /// The codes of three uses, and how long the wait for them was, by the clock of the test.
    async fn three(script: &str) -> (Vec<String>, Duration) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("codes");
        fs::write(&file, "111111\n111111\n222222\n333333\n").unwrap();
        let argv = ["/bin/sh", "-c", script, "sh", file.to_str().unwrap()].map(str::to_owned).to_vec();
        let credentials =
            Credentials::Password { username: "op".to_owned(), password: "pass".into(), code: Secret::Command(argv) };
        let (events, _heard) = mpsc::channel(1);
        let (keyring, asker) = (Keyring::default(), Asker { connection: ConnectionId(1), events, given: None });
        let start = Instant::now();
        let mut codes = Vec::new();
        for _ in 0..3 {
            let code = get(&credentials, &keyring, &asker, Wanted::CallCode).await.unwrap();
            codes.push(code.expose_secret().to_owned());
        }
        (codes, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_that_was_used_is_fetched_anew_in_the_next_period() {
        let (codes, waited) = three("head -n 1 \"$1\"; sed -i 1d \"$1\"").await;
        assert_eq!(codes, ["111111", "222222", "333333"]);
        assert!(waited > Duration::ZERO && waited < Duration::from_secs(31), "{waited:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_that_never_changes_is_sent_all_the_same() {
        let (codes, waited) = three("head -n 1 \"$1\"").await;
        assert_eq!(codes, ["111111"; 3]);
        assert!(waited < Duration::from_secs(62), "{waited:?}");
    }

    #[rstest]
    #[case::begun(0, 30_000)]
    #[case::nearly_over(59_999, 1)]
    #[case::before_the_epoch(-1, 1)]
    fn the_next_period_is_never_further_than_one(#[case] now: i64, #[case] millis: u64) {
        let now = Timestamp::from_millisecond(now).unwrap();
        assert_eq!(until_next_period(now), Duration::from_millis(millis));
    }
}
