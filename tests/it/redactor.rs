//! An exchange that says our own secrets back to us: the real binary hides them, wherever they come.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use rstest::rstest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};
use withdraw_desk::domain::CallId;
use withdraw_desk::protocol::{Frame, FrameKind};

use crate::pty_console::{BINARY, Console, Profile, SIZE, Server};
use crate::secrets::{assert_absent, assert_console_keeps, assert_disk_keeps, private, with_login};

/// All that the gateway is told, and tells, in this test.
const SECRETS: [&str; 5] = ["echo-password-1", "echo-key-2", "echo-secret-3", "424299", "echo-token-4"];

/// The gateway's answer to a login.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Login {
    Refused,
    RefusedAsText,
    CodeWanted,
    LetIn,
}

/// The secrets as they are.
fn said() -> String {
    SECRETS.join(" ")
}

/// The echo as a string of JSON: once as it is, once more in escapes.
fn quoted() -> String {
    let mut escaped = String::new();
    for unit in said().encode_utf16() {
        write!(escaped, "\\u{unit:04x}").unwrap();
    }
    format!("\"{} / {escaped}\"", said())
}

/// A gateway on a thread of its own, and its URL.
fn gateway(login: Login) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/WSGateway/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            std::thread::spawn(move || {
                // A link that ends is its end; whether the console minds is what is tested.
                if let Ok(mut socket) = tungstenite::accept(stream) {
                    let _ = serve(&mut socket, login);
                }
            });
        }
    });
    url
}

fn serve(socket: &mut WebSocket<TcpStream>, login: Login) -> tungstenite::Result<()> {
    let no = format!(r#"{{"Authenticated":false,"errormsg":{}}}"#, quoted());
    let yes = format!(
        r#"{{"Authenticated":true,"SessionToken":"{}","User":{{"UserId":5,"UserName":{},"OMSId":1}}}}"#,
        SECRETS[4],
        quoted()
    );
    loop {
        let message = socket.read()?;
        let Ok(asked) = Frame::decode(&message.into_text()?) else { continue };
        let answer = match (asked.name.as_str(), login) {
            ("AuthenticateUser", Login::Refused) | ("Authenticate2FA", _) => no.clone(),
            ("AuthenticateUser", Login::RefusedAsText) | ("SubscribeAllAccountEvents", _) => said(),
            ("AuthenticateUser", Login::CodeWanted) => {
                format!(r#"{{"Authenticated":true,"Requires2FA":true,"AuthType":{}}}"#, quoted())
            }
            ("AuthenticateUser" | "WebAuthenticateUser", Login::LetIn) => yes.clone(),
            ("GetUserPermissions", _) => format!("[{}]", quoted()),
            _ => format!(r#"{{"result":false,"errormsg":{0},"errorcode":20,"detail":{0}}}"#, quoted()),
        };
        let kind = if asked.name == "SubscribeAllAccountEvents" { FrameKind::Error } else { FrameKind::Reply };
        socket.send(Message::text(Frame { kind, payload: answer, ..asked.clone() }.encode()))?;
        if login == Login::LetIn && asked.name == "GetUserInfo" {
            let event = Frame { kind: FrameKind::Event, id: CallId(0), name: said(), payload: said() };
            socket.send(Message::text(event.encode()))?;
            socket.send(Message::text(format!(r#"{{"m":{},"i":2}}"#, quoted())))?;
            socket.send(Message::text(said()))?;
        }
        if login == Login::LetIn && asked.name == "GetAllWithdrawTickets" {
            let reason = CloseFrame { code: CloseCode::Policy, reason: said().into() };
            socket.close(Some(reason))?;
        }
    }
}

const BY_PASSWORD: &str = "username = \"op\"\npassword-file = \"password\"\ntotp-command = [\"cat\", \"DIR/code\"]";
const BY_KEY: &str = "user-id = 5\napi-key-file = \"key\"\napi-secret-file = \"secret\"";

/// A profile for this gateway.
fn profile(login: Login, lines: &str) -> Profile {
    // The server is there only for the form of its profile.
    let server = Server::start();
    let url = gateway(login);
    let profile = with_login(&server, lines);
    let directory = profile.dir.path();
    for (name, secret) in ["password", "key", "secret", "code"].into_iter().zip(SECRETS) {
        private(&directory.join(name), secret);
    }
    let config = directory.join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replace(&server.simulator.url(), &url).replace("DIR", &directory.display().to_string());
    std::fs::write(config, text).unwrap();
    profile
}

/// The secrets of ours that the gateway hears by this way in.
fn known(lines: &str) -> &'static [&'static str] {
    if lines == BY_KEY { &SECRETS[1..3] } else { &SECRETS[..1] }
}

#[rstest]
#[case::password(BY_PASSWORD, Login::Refused)]
#[case::plain_text(BY_PASSWORD, Login::RefusedAsText)]
#[case::code(BY_PASSWORD, Login::CodeWanted)]
#[case::api_key(BY_KEY, Login::Refused)]
fn a_refusal_that_quotes_our_secrets_is_shown_without_them(#[case] lines: &str, #[case] login: Login) {
    let profile = profile(login, lines);
    let mut secrets = known(lines).to_vec();
    if login == Login::CodeWanted {
        secrets.push(SECRETS[3]);
    }
    let mut console = profile.open();
    console.wait_for("<secret>");
    console.write("L");
    console.wait_for("The link to the exchange");
    console.write("qq");
    assert_eq!(console.end(), 0);
    assert_console_keeps(&console, &secrets);
    assert_disk_keeps(&profile, &secrets);
    assert_doctor_keeps(&profile, &secrets);
}

#[rstest]
#[case::password(BY_PASSWORD)]
#[case::api_key(BY_KEY)]
fn replies_events_and_rubbish_that_quote_our_secrets_are_shown_without_them(#[case] lines: &str) {
    let profile = profile(Login::LetIn, lines);
    // The token is the exchange's, and ours from the login on.
    let secrets = [known(lines), &SECRETS[4..]].concat();
    let mut console = Console::start(BINARY, &profile.arguments(), &[], SIZE);
    console.wait_for("<secret>");
    console.write("L");
    console.wait_for("The link to the exchange");
    console.wait_for("<secret>");
    console.write("\u{c}qq");
    assert_eq!(console.end(), 0);
    assert_console_keeps(&console, &secrets);
    assert_disk_keeps(&profile, &secrets);
    assert_doctor_keeps(&profile, &secrets);
}

fn assert_doctor_keeps(profile: &Profile, secrets: &[&str]) {
    for more in [&["doctor"][..], &["doctor", "--json"]] {
        let mut command = Command::new("setsid");
        command.args(["--wait", BINARY]).args(profile.arguments()).args(more).stdin(Stdio::null());
        let done = command.output().unwrap();
        assert_eq!(done.status.code(), Some(9), "{done:?}");
        let said = [done.stdout, done.stderr].concat();
        assert!(String::from_utf8_lossy(&said).contains("<secret>"), "{}", String::from_utf8_lossy(&said));
        assert_absent(secrets, &said, "what doctor says");
    }
}
