//! The ways in over a real socket on loopback: a server that says what the test tells it to, and the gateway as it is.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use rstest::rstest;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use withdraw_desk::app::Event;
use withdraw_desk::app::event::{LinkFailure, Way};
use withdraw_desk::domain::{CallId, ConnectionId, Secret, TypedSecret, Wanted};
use withdraw_desk::protocol::Trust;
use withdraw_desk::protocol::rpc::authenticate_user::Credentials;
use withdraw_desk::protocol::{Frame, FrameKind, Target};
use withdraw_desk::runtime::access::Access;
use withdraw_desk::runtime::gateway::Gateway;
use withdraw_desk::runtime::transport::Network;

use crate::pty_console::PATIENCE;

const IN: &str = r#"{"Authenticated":true,"SessionToken":"token-1","User":{"UserId":5,"UserName":"op","OMSId":1}}"#;
const IN_BY_TOKEN: &str = r#"{"Authenticated":true,"SessionToken":"token-2","UserId":5}"#;
const WANTS_CODE: &str = r#"{"Authenticated":true,"Requires2FA":true,"AuthType":"Google","AddtlInfo":""}"#;
const NO: &str = r#"{"Authenticated":false,"errormsg":"no such luck"}"#;
const LOCKED: &str = r#"{"authenticated":false,"locked":true}"#;

/// A gateway before a server of the test's own: its events, and the calls that the server hears.
struct Table {
    gateway: Gateway,
    events: mpsc::Receiver<Event>,
    heard: mpsc::UnboundedReceiver<(String, String)>,
    links: u32,
}

impl Table {
    /// A server that answers each call with the next of `answers`; `cut` ends the link. `NAME|…` is the answer to a call of that
    /// name, and if that is none of ours, the next answer follows it.
    async fn new(password: Secret, code: Secret, answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/WSGateway/", listener.local_addr().unwrap());
        let (tell, heard) = mpsc::unbounded_channel();
        let answers = answers.to_vec();
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            while let Ok((stream, _)) = listener.accept().await {
                // A link that was given up during its handshake is not this test's business.
                let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { continue };
                while let Some(Ok(message)) = socket.next().await {
                    let Ok(text) = message.into_text() else { continue };
                    let Ok(frame) = Frame::decode(&text) else { continue };
                    let _ = tell.send((frame.name.clone(), frame.payload.clone()));
                    let mut is_answered = false;
                    while !is_answered {
                        let Some(answer) = answers.next().filter(|answer| *answer != "cut") else { break };
                        let (name, payload) = answer.split_once('|').unwrap_or((&frame.name, answer));
                        is_answered = name.eq_ignore_ascii_case(&frame.name);
                        let (name, payload) = (name.to_owned(), payload.to_owned());
                        let reply = Frame { kind: FrameKind::Reply, id: frame.id, name, payload };
                        is_answered |= socket.send(Message::text(reply.encode())).await.is_err();
                    }
                    if !is_answered {
                        break;
                    }
                }
            }
        });
        let (events, facts) = mpsc::channel(64);
        let credentials = Credentials::Password { username: "op".to_owned(), password, code };
        let target = Target::parse(&url).unwrap();
        let dial = Arc::new(Network::to(&target, &Trust::default()).unwrap());
        let access = Access { target, credentials, dial };
        Self { gateway: Gateway::new(access, events).unwrap(), events: facts, heard, links: 0 }
    }

    fn open(&mut self) -> ConnectionId {
        self.links += 1;
        let connection = ConnectionId(self.links);
        self.gateway.open(connection, CallId(u64::from(self.links) * 100));
        connection
    }

    /// The next event. The end of a link that was given up for another may still be told; the desk takes no notice of it.
    async fn event(&mut self) -> Event {
        loop {
            let event = timeout(PATIENCE, self.events.recv()).await.expect("an event comes").expect("a gateway");
            match event {
                Event::LinkLost { connection, .. } if connection.0 < self.links => {}
                event => return event,
            }
        }
    }

    async fn is_in(&mut self) -> Way {
        match self.event().await {
            Event::LinkOpened { way, .. } => way,
            other => panic!("no way in: {other:?}"),
        }
    }

    async fn is_refused(&mut self) -> String {
        match self.event().await {
            Event::LinkFailed { failure: LinkFailure::Refused(why), .. } => why.to_string(),
            other => panic!("not refused: {other:?}"),
        }
    }

    async fn gives(&mut self, wanted: Wanted, secret: &str) {
        let Event::SecretWanted { connection, wanted: asked } = self.event().await else { panic!("nothing is asked") };
        assert_eq!(asked, wanted);
        self.gateway.give(connection, &TypedSecret::from(&SecretString::from(secret)));
    }

    /// The calls that were heard so far.
    fn heard(&mut self) -> Vec<(String, String)> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }
}

fn call(name: &str, payload: &str) -> (String, String) {
    (name.to_owned(), payload.to_owned())
}

fn by_password(password: &str) -> (String, String) {
    call("AuthenticateUser", &format!(r#"{{"UserName":"op","Password":"{password}"}}"#))
}

fn password() -> Wanted {
    Wanted::Password { user: "op".to_owned() }
}

fn code() -> Wanted {
    Wanted::LoginCode { kind: Some("Google".into()) }
}

fn printing(text: &str) -> Secret {
    Secret::Command(["/bin/echo", text].map(str::to_owned).to_vec())
}

#[tokio::test]
async fn a_lost_link_comes_back_by_token_and_in_full_when_the_token_is_refused() {
    let mut table = Table::new("pass".into(), Secret::Prompt, &[IN, IN_BY_TOKEN, NO, IN]).await;
    for way in [Way::Password, Way::Token, Way::Password] {
        table.open();
        assert_eq!(table.is_in().await, way);
    }
    let heard = [
        by_password("pass"),
        call("WebAuthenticateUser", r#"{"SessionToken":"token-1"}"#),
        call("WebAuthenticateUser", r#"{"SessionToken":"token-2"}"#),
        by_password("pass"),
    ];
    assert_eq!(table.heard(), heard);
}

#[tokio::test]
async fn a_second_factor_comes_from_its_command_each_time_or_from_the_operator() {
    let code_sent = call("Authenticate2FA", r#"{"Code":"235991"}"#);
    let mut table = Table::new(printing("pass"), printing("235991"), &[WANTS_CODE, IN_BY_TOKEN]).await;
    table.open();
    assert_eq!(table.is_in().await, Way::SecondFactor);
    assert_eq!(table.heard(), [by_password("pass"), code_sent.clone()]);

    let mut table = Table::new("pass".into(), Secret::Prompt, &[WANTS_CODE, IN_BY_TOKEN]).await;
    table.open();
    table.gives(code(), "235991").await;
    assert_eq!(table.is_in().await, Way::SecondFactor);
    assert_eq!(table.heard(), [by_password("pass"), code_sent]);
}

#[tokio::test]
async fn a_typed_password_that_is_refused_is_forgotten_and_one_that_was_right_is_not_asked_for_again() {
    let mut table = Table::new(Secret::Prompt, Secret::Prompt, &[NO, IN, NO, IN]).await;
    table.open();
    table.gives(password(), "wrong").await;
    assert_eq!(table.is_refused().await, "the exchange refused the login: no such luck");
    table.open();
    table.gives(password(), "right").await;
    assert_eq!(table.is_in().await, Way::Password);
    // The token is refused, and the password is still known.
    table.open();
    assert_eq!(table.is_in().await, Way::Password);
    let heard = table.heard();
    assert_eq!(heard[..2], [by_password("wrong"), by_password("right")]);
    assert_eq!(heard[3], by_password("right"));
}

#[tokio::test]
async fn a_typed_secret_that_the_refusal_quotes_is_hidden_although_it_counts_no_more() {
    const QUOTES: &str = r#"{"Authenticated":false,"errormsg":"not typed-password, nor 235991"}"#;
    let mut table = Table::new(Secret::Prompt, Secret::Prompt, &[QUOTES, WANTS_CODE, QUOTES]).await;
    table.open();
    table.gives(password(), "typed-password").await;
    assert_eq!(table.is_refused().await, "the exchange refused the login: not <secret>, nor 235991");
    table.open();
    table.gives(password(), "typed-password").await;
    table.gives(code(), "235991").await;
    assert_eq!(
        table.is_refused().await,
        "the exchange refused the code of the second factor: not <secret>, nor <secret>"
    );
}

#[rstest]
#[case::password(&[NO], "the exchange refused the login: no such luck", 1)]
#[case::locked(&[LOCKED], "this user is locked by the exchange; an administrator must unlock it", 1)]
#[case::code(&[WANTS_CODE, NO], "the exchange refused the code of the second factor: no such luck", 2)]
#[case::locked_at_the_code(&[WANTS_CODE, LOCKED], "this user is locked by the exchange; an administrator must unlock it", 2)]
#[tokio::test]
async fn what_is_refused_is_said_in_one_sentence_and_sent_once(
    #[case] answers: &[&'static str],
    #[case] said: &str,
    #[case] calls: usize,
) {
    let mut table = Table::new("pass".into(), printing("235991"), answers).await;
    table.open();
    assert_eq!(table.is_refused().await, said);
    assert_eq!(table.heard().len(), calls);
}

#[tokio::test]
async fn a_command_that_fails_sends_nothing_and_says_why() {
    let failing = Secret::Command(["/bin/sh", "-c", "echo pass; echo no key >&2; exit 1"].map(str::to_owned).to_vec());
    let mut table = Table::new(failing, Secret::Prompt, &[IN]).await;
    table.open();
    let said = table.is_refused().await;
    assert!(said.contains("\"/bin/sh\" failed") && said.contains("no key") && !said.contains("pass"), "{said}");
    assert_eq!(table.heard(), []);
}

#[tokio::test]
async fn where_nobody_can_be_asked_a_question_is_a_refusal_at_once() {
    let mut table = Table::new(Secret::Prompt, Secret::Prompt, &[IN]).await;
    table.gateway = table.gateway.alone();
    table.open();
    assert_eq!(table.is_refused().await, "the login needs the password of op, and there is nobody to ask");
}

#[tokio::test]
async fn an_exchange_that_hangs_up_during_the_login_is_a_network_fault_and_no_refusal() {
    let mut table = Table::new("pass".into(), Secret::Prompt, &["cut"]).await;
    table.open();
    let failed = table.event().await;
    assert!(matches!(failed, Event::LinkFailed { failure: LinkFailure::Unreachable(_), .. }), "{failed:?}");
}

#[tokio::test]
async fn a_code_for_protected_calls_is_sent_with_the_number_it_was_given() {
    let mut table = Table::new("pass".into(), Secret::Prompt, &[IN, r#"{"TFaAuthenticated":true}"#]).await;
    let connection = table.open();
    table.is_in().await;
    table.gateway.validate(connection, CallId(500));
    table.gives(Wanted::CallCode, "235991").await;
    let Event::FrameArrived { frame, .. } = table.event().await else { panic!("an answer") };
    assert_eq!((frame.id, frame.name.as_str()), (CallId(500), "Validate2FA"));
    assert_eq!(table.heard()[1], call("Validate2FA", r#"{"TFaType":"","Code":"235991"}"#));
}

#[tokio::test]
async fn an_answer_to_another_call_is_no_answer_to_the_login_and_the_case_of_its_name_does_not_count() {
    let answers = ["Ping|{\"Authenticated\":false}", "authenticateuser|{\"Authenticated\":true,\"UserId\":5}"];
    let mut table = Table::new("pass".into(), Secret::Prompt, &answers).await;
    table.open();
    assert_eq!(table.is_in().await, Way::Password);
}

#[rstest]
#[case::the_password(&["cut", "cut", "cut", "cut", IN], 1)]
#[case::the_code(&[WANTS_CODE, "cut", WANTS_CODE, "cut", WANTS_CODE, "cut", WANTS_CODE, "cut", IN], 2)]
#[tokio::test]
async fn a_login_that_is_never_answered_is_refused_at_the_third_and_then_tried_once_at_a_time(
    #[case] answers: &[&'static str],
    #[case] calls: usize,
) {
    // Another code each time.
    let code = Secret::Command(["/bin/date", "+%N"].map(str::to_owned).to_vec());
    let mut table = Table::new("pass".into(), code, answers).await;
    for _ in 0..2 {
        table.open();
        let failed = table.event().await;
        assert!(matches!(failed, Event::LinkFailed { failure: LinkFailure::Unreachable(_), .. }), "{failed:?}");
    }
    // The desk opens no link after a refusal by itself: the fourth is the operator's, and so is the fifth.
    for times in [3, 4] {
        table.open();
        let said =
            format!("the login was sent {times} times in a row without an answer to it, and accounts lock; at last ");
        let refused = table.is_refused().await;
        assert!(refused.starts_with(&said) && refused.len() > said.len() + 10, "{refused}");
    }
    table.open();
    assert_eq!(table.is_in().await, Way::Password);
    assert_eq!(table.heard().len(), 4 * calls + 1);
}

#[tokio::test]
async fn a_login_that_is_answered_starts_the_count_anew() {
    let mut table = Table::new("pass".into(), Secret::Prompt, &["cut", "cut", NO, "cut", "cut", "cut"]).await;
    for is_refused in [false, false, true, false, false, true] {
        table.open();
        match table.event().await {
            Event::LinkFailed { failure: LinkFailure::Refused(_), .. } => assert!(is_refused),
            Event::LinkFailed { failure: LinkFailure::Unreachable(_), .. } => assert!(!is_refused),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_answered_with_locked_is_not_followed_by_the_password() {
    let mut table = Table::new("pass".into(), Secret::Prompt, &[IN, LOCKED, IN]).await;
    table.open();
    table.is_in().await;
    table.open();
    assert_eq!(table.is_refused().await, "this user is locked by the exchange; an administrator must unlock it");
    let heard: Vec<String> = table.heard().into_iter().map(|(name, _)| name).collect();
    assert_eq!(heard, ["AuthenticateUser", "WebAuthenticateUser"]);
}

#[tokio::test]
async fn a_token_that_gets_no_clear_answer_is_tried_three_times_before_the_password() {
    const FAULT: &str = r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#;
    let mut table = Table::new("pass".into(), Secret::Prompt, &[IN, "Server busy", FAULT, "{}", IN]).await;
    table.open();
    table.is_in().await;
    for _ in 0..3 {
        table.open();
        let failed = table.event().await;
        assert!(matches!(failed, Event::LinkFailed { failure: LinkFailure::Unreachable(_), .. }), "{failed:?}");
    }
    table.open();
    assert_eq!(table.is_in().await, Way::Password);
    let by_token = call("WebAuthenticateUser", r#"{"SessionToken":"token-1"}"#);
    let heard = [by_password("pass"), by_token.clone(), by_token.clone(), by_token, by_password("pass")];
    assert_eq!(table.heard(), heard);
}
