//! The reason that the far side gives in words: a hint where its code says less. Exchanges word it as they like, so whole words
//! of many are known, and what is not known hints at nothing.

/// The hint that a reason gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// None that is known.
    Nothing,
    /// Our login is used at another place, and this session had to go.
    Elsewhere,
    /// We may not be there, or not with these credentials.
    NotAllowed,
    /// Too much is asked of it now.
    Busy,
    /// It ends for a while, or ended for being idle.
    Passing,
}

const ELSEWHERE: &[&str] = &[
    "elsewhere",
    "another session",
    "another device",
    "another location",
    "another place",
    "another client",
    "another login",
    "another log in",
    "another connection",
    "another instance",
    "another browser",
    "another window",
    "another user",
    "other session",
    "other device",
    "other location",
    "different session",
    "different device",
    "different location",
    "new session",
    "new login",
    "new connection",
    "newer session",
    "newer login",
    "newer connection",
    "second session",
    "second login",
    "logged in from",
    "logged in on",
    "logged in at",
    "signed in from",
    "signed in on",
    "already logged in",
    "already signed in",
    "already connected",
    "already in use",
    "already active",
    "duplicate",
    "replaced",
    "superseded",
    "taken over",
    "takeover",
    "displaced",
    "preempted",
    "concurrent",
    "simultaneous",
    "multiple session",
    "multiple login",
    "multiple connection",
    "single session",
    "one session",
    "too many session",
    "too many login",
    "session limit",
    "max session",
    "maximum session",
    "maximum number of session",
    "session conflict",
    "kicked",
];

const NOT_ALLOWED: &[&str] = &[
    "not allowed",
    "disallowed",
    "whitelist",
    "white list",
    "allowlist",
    "allow list",
    "blacklist",
    "blocklist",
    "not permitted",
    "permission",
    "forbidden",
    "denied",
    "unauthori",
    "not authori",
    "not authenticated",
    "unauthenticated",
    "not eligible",
    "blocked",
    "banned",
    "refused",
    "rejected",
    "credential",
    "password",
    "api key",
    "signature",
    "authentication fail",
    "authentication error",
    "authentication required",
    "auth fail",
    "login fail",
    "login required",
    "suspended",
    "disabled",
    "locked",
    "revoked",
    "logged out",
    "signed out",
    "by an administrator",
    "by administrator",
    "by admin",
];

const BUSY: &[&str] = &[
    "rate limit",
    "rate-limit",
    "ratelimit",
    "too many",
    "throttl",
    "slow down",
    "slow consumer",
    "flood",
    "overload",
    "over capacity",
    "at capacity",
    "busy",
    "try again later",
    "retry later",
    "quota",
];

const PASSING: &[&str] = &[
    "idle",
    "inactiv",
    "timeout",
    "time out",
    "timed out",
    "expired",
    "restart",
    "maintenance",
    "shutting down",
    "shutdown",
    "going down",
    "deploy",
    "upgrade",
    "update",
    "rebalanc",
    "failover",
    "unavailable",
    "temporar",
    "try again",
    "ping",
    "heartbeat",
    "keepalive",
    "keep-alive",
    "internal error",
    "server error",
];

/// Reads a reason, in any case.
pub fn hint(reason: &str) -> Hint {
    let said = reason.to_lowercase().replace(['_', '\n', '\r', '\t'], " ");
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    match () {
        () if has(ELSEWHERE) => Hint::Elsewhere,
        () if has(NOT_ALLOWED) => Hint::NotAllowed,
        () if has(BUSY) => Hint::Busy,
        () if has(PASSING) => Hint::Passing,
        () => Hint::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Logged in elsewhere", Hint::Elsewhere)]
    #[case("Session replaced by a newer one", Hint::Elsewhere)]
    #[case("DUPLICATE_SESSION", Hint::Elsewhere)]
    #[case("user opened another session", Hint::Elsewhere)]
    #[case("not whitelisted", Hint::NotAllowed)]
    #[case("IP address 203.0.113.9 is not allowed", Hint::NotAllowed)]
    #[case("Invalid credentials", Hint::NotAllowed)]
    #[case("Rate limit exceeded", Hint::Busy)]
    #[case("too many requests", Hint::Busy)]
    #[case("Idle timeout", Hint::Passing)]
    #[case("server restarting", Hint::Passing)]
    #[case("bye", Hint::Nothing)]
    #[case("", Hint::Nothing)]
    fn a_reason_hints_at_what_it_says(#[case] reason: &str, #[case] expected: Hint) {
        assert_eq!(hint(reason), expected);
    }
}
