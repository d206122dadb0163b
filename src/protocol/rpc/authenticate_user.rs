//! AuthenticateUser: the way in, by password or by API key (PROTOCOL.md 2).
//!
//! The only call whose payload holds a secret: it has no `Debug`, and its frame goes to the socket and nowhere else.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::Sha256;

use crate::domain::{CallId, OmsId, RemoteText, Secret, UserId};
use crate::protocol::Frame;
use crate::protocol::loose::Inner;
use crate::protocol::object::Object;

/// The function name `n`.
pub const NAME: &str = "AuthenticateUser";

/// The proof of who we are. It has no `Debug`, because a secret must not reach a log.
#[derive(Clone)]
pub enum Credentials {
    /// User name and password.
    Password {
        /// `UserName`.
        username: String,
        /// `Password`.
        password: Secret,
        /// The code of the second factor, if the exchange wants one: from a command, or asked for.
        code: Secret,
    },
    /// API key; the secret signs and is never sent. Bypasses the second factor.
    ApiKey {
        /// `APIKey`.
        key: SecretString,
        /// The key's secret.
        secret: SecretString,
        /// `UserId`; a string on the wire.
        user_id: i64,
    },
}

impl Credentials {
    /// A user name and a password at hand; a second factor would be asked for.
    pub fn by_password(username: &str, password: impl Into<Secret>) -> Self {
        Self::Password { username: username.to_owned(), password: password.into(), code: Secret::Prompt }
    }
}

#[derive(Serialize)]
struct ByPassword<'a> {
    #[serde(rename = "UserName")]
    username: &'a str,
    #[serde(rename = "Password")]
    password: &'a str,
}

#[derive(Serialize)]
struct ByApiKey<'a> {
    #[serde(rename = "APIKey")]
    key: &'a str,
    #[serde(rename = "Signature")]
    signature: &'a str,
    #[serde(rename = "UserId")]
    user_id: &'a str,
    #[serde(rename = "Nonce")]
    nonce: &'a str,
}

/// The login frame. `nonce` is any string not used before with this key; milliseconds do (PROTOCOL.md 2 [client: FEE]).
pub fn frame(id: CallId, credentials: &Credentials, nonce: &str) -> Frame {
    let payload = match credentials {
        Credentials::Password { username, password, .. } => {
            let password = password.held().map_or("", ExposeSecret::expose_secret);
            serde_json::to_string(&ByPassword { username, password })
        }
        Credentials::ApiKey { key, secret, user_id } => {
            let key = key.expose_secret();
            let user_id = user_id.to_string();
            let signature = signature(secret, &format!("{nonce}{user_id}{key}"));
            serde_json::to_string(&ByApiKey { key, signature: &signature, user_id: &user_id, nonce })
        }
    };
    // Strings always serialize.
    Frame::request(id, NAME, payload.unwrap_or_default())
}

/// Lower-case hex HMAC-SHA256 over `Nonce + UserId + APIKey` (PROTOCOL.md 2 [client: FEE, NBN; doc: VX]).
pub fn signature(secret: &SecretString, message: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else {
        // HMAC takes a key of any length.
        return String::new();
    };
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Who the exchange says we are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoggedIn {
    /// `UserId`.
    pub user: Option<UserId>,
    /// `UserName`.
    pub user_name: Option<RemoteText>,
    /// `OMSId`.
    pub oms: Option<OmsId>,
}

/// The exchange's answer to a login, whatever the way in. Without `Debug`: it may hold a session token.
#[derive(Clone)]
pub enum Answer {
    /// `Authenticated` true, and nothing more is wanted.
    In {
        /// Who the exchange says we are.
        user: LoggedIn,
        /// `SessionToken`, with which a later link of this process gets in again.
        token: Option<SecretString>,
    },
    /// `Requires2FA` true: `Authenticated` is true as well, but the session is not usable yet.
    SecondFactor {
        /// `AuthType`: `Google`.
        kind: Option<RemoteText>,
    },
}

/// Why the exchange did not let us in. Never tried again by the program: accounts lock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginRefused {
    /// `Authenticated` false.
    #[error("the exchange refused the login: {}", .0.inert())]
    Refused(RemoteText),
    /// `locked` true.
    #[error("this user is locked by the exchange; an administrator must unlock it")]
    Locked,
    /// The second factor is wanted of a login that has none.
    #[error("the exchange wants a second factor of this login, and none can be given")]
    SecondFactor,
    /// `Authenticated` false, to the code of the second factor.
    #[error("the exchange refused the code of the second factor: {}", .0.inert())]
    CodeRefused(RemoteText),
    /// The login was sent so many times in a row and never answered to its end: the exchange may count each as a failure all
    /// the same.
    #[error("the login was sent {times} times in a row without an answer to it, and accounts lock; at last {}", .why.inert())]
    Unanswered {
        /// How often it was sent.
        times: u8,
        /// How the last link ended.
        why: RemoteText,
    },
    /// A secret that the login needs was not to be had; a sentence, inert. Nothing wrong was sent.
    #[error("{0}")]
    NotGiven(String),
    /// No login reply of any known form. JSON is not quoted: it may hold a session token.
    #[error("the answer to the login cannot be read: {}", .0.inert())]
    Unreadable(RemoteText),
}

/// The part of an answer that may be shown, when it is no login reply: JSON may hold a session token.
fn words(payload: &str) -> RemoteText {
    const LONGEST: usize = 200;
    match payload.trim_start() {
        "" => RemoteText::from("it is empty"),
        json if json.starts_with(['{', '[', '"']) => RemoteText::from("JSON of another form"),
        text => RemoteText::new(text.chars().take(LONGEST).collect::<String>()),
    }
}

/// Reads the reply to AuthenticateUser, WebAuthenticateUser or Authenticate2FA. Success is read from `Authenticated`, after
/// `Locked` and `Requires2FA` (PROTOCOL.md 2).
pub fn answer(reply: &Frame) -> Result<Answer, LoginRefused> {
    let unreadable = || LoginRefused::Unreadable(words(&reply.payload));
    let mut read = Object::read(&reply.payload).map_err(|_| unreadable())?;
    let is_in: Option<bool> = read.take("authenticated");
    if (is_in.is_none() && read.is_odd()) || ["locked", "requires2fa"].iter().any(|key| read.disputed(key).is_some()) {
        return Err(unreadable());
    }
    let mut yes = |key| read.take::<bool>(key).unwrap_or_default();
    let (is_locked, wants_code) = (yes("locked"), yes("requires2fa"));
    if is_locked {
        return Err(LoginRefused::Locked);
    }
    if is_in != Some(true) {
        let said = read.take("errormsg");
        let is_told = is_in.is_some() || said.is_some() || read.take::<bool>("result") == Some(false);
        if !is_told {
            return Err(unreadable());
        }
        let said = said.unwrap_or_else(|| "no reason given".to_owned());
        return Err(LoginRefused::Refused(RemoteText::new(said)));
    }
    if wants_code {
        let kind = read.take::<String>("authtype").filter(|kind| !kind.is_empty()).map(RemoteText::new);
        return Ok(Answer::SecondFactor { kind });
    }
    let token = read.take::<String>("sessiontoken").filter(|token| !token.is_empty()).map(SecretString::from);
    let mut user = read.take::<Inner>("user").map(|told| logged_in(&told.0)).unwrap_or_default();
    user.user = user.user.or(read.take("userid").map(UserId));
    Ok(Answer::In { user, token })
}

/// The user of a login reply, as far as it tells of one.
fn logged_in(told: &str) -> LoggedIn {
    let Ok(mut user) = Object::read(told) else { return LoggedIn::default() };
    LoggedIn {
        user: user.take("userid").map(UserId),
        user_name: user.take::<String>("username").map(RemoteText::new),
        oms: user.take("omsid").map(OmsId),
    }
}

/// Reads the reply to a login that has no second factor.
pub fn parse(reply: &Frame) -> Result<LoggedIn, LoginRefused> {
    match answer(reply)? {
        Answer::In { user, .. } => Ok(user),
        Answer::SecondFactor { .. } => Err(LoginRefused::SecondFactor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::FrameKind;
    use rstest::rstest;

    fn answer(payload: &str) -> Result<LoggedIn, LoginRefused> {
        parse(&Frame { kind: FrameKind::Reply, id: CallId(2), name: NAME.to_owned(), payload: payload.to_owned() })
    }

    #[test]
    fn the_captured_success_names_the_user() {
        let captured = r#"{"Authenticated":true,"SessionToken":"a923322a-…","User":{"UserId":1,"UserName":"sample","Email":"…","EmailVerified":true,"AccountId":1,"OMSId":1,"Use2FA":false},"Locked":false,"Requires2FA":false,"EnforceEnable2FA":false,"TwoFAType":null,"TwoFAToken":null,"errormsg":null}"#;
        let user = LoggedIn { user: Some(UserId(1)), user_name: Some("sample".into()), oms: Some(OmsId(1)) };
        assert_eq!(answer(captured), Ok(user));
    }

    #[rstest]
    #[case::wrong(
        r#"{"authenticated":false,"locked":false,"errormsg":"Invalid username or password"}"#,
        LoginRefused::Refused("Invalid username or password".into())
    )]
    #[case::locked(r#"{"authenticated":false,"locked":true,"errormsg":"x"}"#, LoginRefused::Locked)]
    #[case::second_factor(
        r#"{"Authenticated":true,"Requires2FA":true,"AuthType":"Google","AddtlInfo":""}"#,
        LoginRefused::SecondFactor
    )]
    #[case::no_key(r#"{"result":false,"errormsg":"Not Authorized","errorcode":20}"#, LoginRefused::Refused("Not Authorized".into()))]
    #[case::a_token_is_not_quoted(
        r#"{"Authenticated":"maybe","SessionToken":"a923322a"}"#,
        LoginRefused::Unreadable("JSON of another form".into())
    )]
    #[case::in_and_not(
        r#"{"Authenticated":true,"authenticated":false,"SessionToken":"a923322a"}"#,
        LoginRefused::Unreadable("JSON of another form".into())
    )]
    #[case::nothing("[]", LoginRefused::Unreadable("JSON of another form".into()))]
    #[case::empty("", LoginRefused::Unreadable("it is empty".into()))]
    #[case::neither_yes_nor_no("{}", LoginRefused::Unreadable("JSON of another form".into()))]
    #[case::wrapped(
        r#"{"result":{"Authenticated":true}}"#,
        LoginRefused::Unreadable("JSON of another form".into())
    )]
    #[case::a_reason_that_is_none(
        r#"{"errormsg":{"text":"x"}}"#,
        LoginRefused::Unreadable("JSON of another form".into())
    )]
    #[case::without_a_reason(r#"{"result":false}"#, LoginRefused::Refused("no reason given".into()))]
    #[case::text("Server busy", LoginRefused::Unreadable("Server busy".into()))]
    fn every_other_answer_is_no_login(#[case] payload: &str, #[case] refused: LoginRefused) {
        assert_eq!(answer(payload), Err(refused));
    }

    #[test]
    fn authenticated_with_requires_2fa_is_not_in_yet_and_says_which_factor() {
        let captured = r#"{"Authenticated":true,"Requires2FA":true,"AuthType":"Google","AddtlInfo":""}"#;
        let frame =
            Frame { kind: FrameKind::Reply, id: CallId(2), name: NAME.to_owned(), payload: captured.to_owned() };
        let Ok(Answer::SecondFactor { kind }) = super::answer(&frame) else { panic!("not in") };
        assert_eq!(kind, Some("Google".into()));
    }

    #[rstest]
    #[case::locked_by_nothing(r#"{"Authenticated":true,"Locked":"","UserId":5}"#)]
    #[case::twice_the_same(r#"{"Authenticated":true,"Requires2FA":false,"requires2FA":false,"UserId":5}"#)]
    #[case::flags_in_words(r#"{"Authenticated":"true","Locked":"false","UserId":"5"}"#)]
    #[case::odd_neighbours(r#"{"Authenticated":true,"User":{"UserId":5,"UserName":[],"OMSId":1.0},"UserId":7.5}"#)]
    #[case::user_in_a_string(r#"{"Authenticated":true,"User":"{\"UserId\":5}"}"#)]
    fn a_field_of_another_form_refuses_no_login(#[case] payload: &str) {
        assert_eq!(answer(payload).map(|user| user.user), Ok(Some(UserId(5))));
    }

    #[test]
    fn a_session_token_is_kept() {
        let payload = r#"{"Authenticated":true,"UserId":2,"SessionToken":"db1f4eeb-1"}"#.to_owned();
        let frame = Frame { kind: FrameKind::Reply, id: CallId(2), name: NAME.to_owned(), payload };
        let Ok(Answer::In { user, token }) = super::answer(&frame) else { panic!("in") };
        assert_eq!((user.user, token.unwrap().expose_secret()), (Some(UserId(2)), "db1f4eeb-1"));
    }

    #[test]
    fn the_password_way_sends_two_strings() {
        let by_password = Credentials::by_password("sample", "pass");
        assert_eq!(frame(CallId(2), &by_password, "1").payload, r#"{"UserName":"sample","Password":"pass"}"#);
    }

    #[test]
    fn the_api_key_way_signs_nonce_user_and_key_and_never_sends_the_secret() {
        let by_key = Credentials::ApiKey { key: "key".into(), secret: "secret".into(), user_id: 96 };
        let payload = frame(CallId(2), &by_key, "1700000000000").payload;
        // echo -n 170000000000096key | openssl dgst -sha256 -hmac secret
        let signature = "1cf64bbbe35cea0b4506146ce63bdaf84305f338990c61e5f17a9eb680677a50";
        assert_eq!(
            payload,
            format!(r#"{{"APIKey":"key","Signature":"{signature}","UserId":"96","Nonce":"1700000000000"}}"#)
        );
    }
}
