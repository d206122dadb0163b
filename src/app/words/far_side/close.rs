//! The names of the close codes of a WebSocket (RFC 6455 7.4 and its registry).

/// A code's name; empty if it has none, as the exchange's own codes.
pub fn name(code: u16) -> &'static str {
    match code {
        1000 => "a normal end",
        1001 => "it is going away",
        1002 => "a protocol error",
        1003 => "data that it does not take",
        1005 => "no code",
        1006 => "broken off",
        1007 => "data that it cannot read",
        1008 => "against its policy",
        1009 => "a message that is too big for it",
        1010 => "it wants an extension",
        1011 => "an internal error",
        1012 => "it is restarting",
        1013 => "try again later",
        1014 => "a bad gateway behind it",
        1015 => "TLS failed",
        3000 => "unauthorized",
        3003 => "forbidden",
        3008 => "a timeout",
        3001 | 3002 | 3004..=3007 | 3009..=4999 => "",
        _ => "a code without a meaning",
    }
}
