//! `doctor`: the real binary against the simulated exchange, and against what an operator's machine can get wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::conduct::{Conduct, SecondFactor, Subscription};
use withdraw_desk::simulator::login;

use crate::authority::{Authority, NOW, Pair, Years};
use crate::pty_console::{BINARY, PATIENCE, Profile, Server};

/// The end of one run: its exit code and what it printed.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(arguments: &[String], more: &[&str]) -> Self {
        // In a session of its own: whoever runs the tests is not asked for a code.
        let mut command = Command::new("setsid");
        command.args(["--wait", BINARY]).args(arguments).arg("doctor").args(more).stdin(Stdio::null());
        // Of the machine that the tests run on, nothing is to be seen.
        command.env_remove("TMUX").env_remove("STY").env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The checks by name, each with its state.
    fn checks(&self) -> Vec<(String, String)> {
        let report: Value = serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let checks = report["checks"].as_array().unwrap();
        checks.iter().map(|check| (text(&check["name"]), text(&check["state"]))).collect()
    }

    #[track_caller]
    fn state(&self, name: &str) -> String {
        let found = self.checks().into_iter().find(|(check, _)| check == name);
        found.unwrap_or_else(|| panic!("{name}: {}", self.out)).1
    }

    /// All checks of the exchange behind this one were not tried because of it.
    #[track_caller]
    fn expect_rest_skipped(&self, after: &str) {
        let checks = self.checks();
        let remote = |name: &str| REMOTE.iter().position(|check| *check == name);
        let failed = remote(after);
        for (name, state) in &checks {
            if remote(name) > failed {
                assert_eq!(state, "skipped", "{name}: {}", self.out);
            }
        }
        assert!(checks.iter().any(|(name, _)| name == "free-space"), "the local checks run: {}", self.out);
    }
}

/// The steps to the exchange, in order.
const REMOTE: [&str; 16] = [
    "name",
    "tcp",
    "tls",
    "expiry",
    "handshake",
    "clock",
    "login",
    "identity",
    "oms",
    "operator",
    "permissions",
    "may-list",
    "may-read",
    "may-cancel",
    "round-trip",
    "may-subscribe",
];

fn json(profile: &Profile) -> Ran {
    Ran::of(&profile.arguments(), &["--json"])
}

fn profile(server: &Server) -> Profile {
    Profile::new(server, login::PASSWORD)
}

fn conduct(server: &Server, change: impl FnOnce(&mut Conduct) + Send + 'static) {
    server.runtime.block_on(server.simulator.with(|exchange, _| change(exchange.conduct_mut()))).unwrap();
}

fn sessions_opened(server: &Server) -> u64 {
    server.runtime.block_on(server.simulator.with(|exchange, _| exchange.sessions_opened())).unwrap()
}

/// Changes the profile's file.
fn configure(profile: &Profile, change: impl Fn(String) -> String) {
    let path = profile.dir.path().join("config.toml");
    let changed = change(fs::read_to_string(&path).unwrap());
    fs::write(path, changed).unwrap();
}

#[test]
fn where_all_is_fine_every_step_is_ok_and_nothing_is_changed() {
    let server = Server::start();
    let profile = profile(&server);
    let ran = json(&profile);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["schema"], &report["fine"]), (&Value::from(1), &Value::from(true)));
    for name in REMOTE.into_iter().filter(|name| *name != "clock").chain(["config", "journal", "journal-write"]) {
        assert_eq!(ran.state(name), "ok", "{name}: {}", ran.out);
    }
    assert_eq!(ran.err, "", "progress is for a terminal");
    assert_eq!(sessions_opened(&server), 1, "it logs in once");
    assert_eq!(server.cancel_frames(), 0);
    let mut left: Vec<_> = fs::read_dir(profile.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["config.toml", "password"], "no journal is made, and nothing is left behind");
}

#[test]
fn people_read_a_line_per_check_and_a_verdict() {
    let server = Server::start();
    let ran = Ran::of(&profile(&server).arguments(), &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(ran.out.contains("\nok       login           let in"), "{}", ran.out);
    assert!(ran.out.trim_end().ends_with("no check failed"), "{}", ran.out);
    assert!(!ran.out.contains(login::PASSWORD) && !ran.out.contains('\u{1b}'), "{}", ran.out);
}

#[test]
fn a_wrong_password_fails_the_login_once_and_what_needs_it_is_skipped() {
    let server = Server::start();
    let ran = json(&Profile::new(&server, "hunter2-canary"));
    assert_eq!((ran.code, ran.state("login").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert!(ran.out.contains("Invalid username or password") && ran.out.contains("locks the user"), "{}", ran.out);
    ran.expect_rest_skipped("login");
    assert_eq!(ran.state("handshake"), "ok");
    assert!(!format!("{}{}", ran.out, ran.err).contains("hunter2-canary"));
}

#[test]
fn a_secret_that_others_can_read_fails_and_says_how_to_mend_it() {
    let server = Server::start();
    let profile = profile(&server);
    fs::set_permissions(profile.dir.path().join("password"), fs::Permissions::from_mode(0o644)).unwrap();
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("secret-files").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert!(ran.out.contains("mode 0644") && ran.out.contains("chmod 600"), "{}", ran.out);
    assert_eq!((ran.state("config"), ran.state("config-files")), ("fail".to_owned(), "ok".to_owned()), "{}", ran.out);
    ran.expect_rest_skipped("config");
}

#[test]
fn a_configuration_that_others_can_change_fails_and_what_it_names_is_not_looked_at() {
    let server = Server::start();
    let profile = profile(&server);
    fs::set_permissions(profile.dir.path().join("config.toml"), fs::Permissions::from_mode(0o666)).unwrap();
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("config-files").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert_eq!(ran.state("secret-files"), "skipped");
    ran.expect_rest_skipped("config");
}

#[rstest]
#[case::unknown_key("write = true", "wriet = true", "wriet")]
#[case::wrong_value("write = true", "write = \"yes\"", "write")]
fn a_mistake_in_the_configuration_is_a_finding_with_its_line(
    #[case] right: &str,
    #[case] wrong: &str,
    #[case] said: &str,
) {
    let server = Server::start();
    let profile = profile(&server);
    configure(&profile, |text| text.replace(right, wrong));
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("config").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert!(ran.out.contains("config.toml:5") && ran.out.contains(said), "{}", ran.out);
    ran.expect_rest_skipped("config");
}

#[test]
fn where_nobody_listens_tcp_fails_and_names_the_address() {
    let server = Server::start();
    let profile = profile(&server);
    // A port that was ours, and is nobody's now.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("ws://127.0.0.1:{port}/WSGateway/");
    configure(&profile, |text| text.replace(&server.simulator.url(), &url));
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("tcp").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert!(ran.out.contains(&format!("127.0.0.1:{port}")), "{}", ran.out);
    ran.expect_rest_skipped("tcp");
}

#[test]
fn what_is_no_websocket_fails_the_handshake() {
    let server = Server::start();
    let profile = profile(&server);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/WSGateway/", listener.local_addr().unwrap());
    let web = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        std::io::Read::read(&mut stream, &mut [0; 4096]).unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    configure(&profile, |text| text.replace(&server.simulator.url(), &url));
    let ran = json(&profile);
    web.join().unwrap();
    assert_eq!((ran.code, ran.state("handshake").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert!(ran.out.contains("HTTP 404") && ran.out.contains("the path in the URL"), "{}", ran.out);
    ran.expect_rest_skipped("handshake");
}

#[test]
fn the_clock_is_compared_with_the_date_of_the_handshakes_answer() {
    let server = Server::start();
    let profile = profile(&server);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/WSGateway/", listener.local_addr().unwrap());
    let gateway = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        #[expect(clippy::result_large_err, reason = "the shape is the library's")]
        let dated = |_: &Request, mut answer: Response| {
            answer.headers_mut().insert("Date", "Sun, 22 Nov 2020 08:32:14 GMT".parse().unwrap());
            Ok(answer)
        };
        let mut socket = tokio_tungstenite::tungstenite::accept_hdr(stream, dated).unwrap();
        while socket.read().is_ok() {}
    });
    configure(&profile, |text| text.replace(&server.simulator.url(), &url));
    let ran = json(&profile);
    gateway.join().unwrap();
    assert_eq!((ran.code, ran.state("clock").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert!(ran.out.contains("ahead of the exchange, which said 2020-11-22 08:32:14Z"), "{}", ran.out);
}

#[test]
fn another_oms_than_the_profile_names_is_found_before_any_ticket_is_touched() {
    let server = Server::start();
    let profile = profile(&server);
    configure(&profile, |text| text.replace("environment =", "oms-id = 2\nenvironment ="));
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("oms").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert_eq!(ran.state("login"), "ok");
}

#[test]
fn a_read_only_profile_is_as_fine_as_another() {
    let server = Server::start();
    let profile = profile(&server);
    configure(&profile, |text| text.replace("write = true", "write = false"));
    assert_eq!(json(&profile).code, Some(0));
}

#[rstest]
#[case::may_all(&["Operator"], true, "ok", "ok", 0)]
#[case::may_all_but_cancel(&["GetAllWithdrawTickets", "GetWithdrawTicket"], true, "ok", "fail", 9)]
#[case::rehearsing(&["GetAllWithdrawTickets", "GetWithdrawTicket"], false, "ok", "warn", 0)]
#[case::may_nothing(&["Trading"], true, "fail", "fail", 9)]
fn a_missing_permission_is_named(
    #[case] permissions: &'static [&'static str],
    #[case] write: bool,
    #[case] list: &str,
    #[case] cancel: &str,
    #[case] code: i32,
) {
    let server = Server::start();
    conduct(&server, |conduct| conduct.user.permissions = permissions.iter().map(ToString::to_string).collect());
    let profile = profile(&server);
    configure(&profile, |text| text.replace("write = true", &format!("write = {write}")));
    let ran = json(&profile);
    assert_eq!((ran.state("may-list").as_str(), ran.state("may-cancel").as_str()), (list, cancel), "{}", ran.out);
    assert_eq!(ran.code, Some(code), "{}", ran.out);
    assert_eq!(server.cancel_frames(), 0);
}

#[test]
fn without_ticket_events_there_is_a_warning_and_no_more() {
    let server = Server::start();
    conduct(&server, |conduct| conduct.events = Subscription::Refused);
    let ran = json(&profile(&server));
    assert_eq!((ran.code, ran.state("may-subscribe").as_str()), (Some(0), "warn"), "{}", ran.out);
}

#[test]
fn a_locked_user_is_told_from_a_wrong_password() {
    let server = Server::start();
    server.runtime.block_on(server.simulator.with(|exchange, _| {
        let mut locked = Conduct::default();
        locked.user.locked = true;
        *exchange = exchange.clone().with_conduct(locked);
    }));
    let ran = json(&profile(&server));
    assert_eq!((ran.code, ran.state("login").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert!(ran.out.contains("locked by the exchange") && ran.out.contains("unlock the user"), "{}", ran.out);
}

#[test]
fn a_second_factor_comes_from_its_command_and_without_one_or_a_terminal_the_login_says_so() {
    let server = Server::start();
    conduct(&server, |conduct| {
        let endpoints = vec!["cancelfailedwithdrawticket".to_owned()];
        conduct.second_factor = Some(SecondFactor { endpoints, ..SecondFactor::default() });
    });
    let profile = profile(&server);
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("login").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert!(ran.out.contains("totp-command"), "{}", ran.out);
    configure(&profile, |text| text + "totp-command = [\"echo\", \"235991\"]\n");
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("login").as_str()), (Some(0), "ok"), "{}", ran.out);
    assert!(ran.out.contains("by password and second factor"), "{}", ran.out);
    assert!(ran.out.contains("wants a code of the second factor first"), "{}", ran.out);
    assert!(!ran.out.contains("235991"), "{}", ran.out);
}

#[test]
fn a_signal_gives_it_up_at_once_without_a_report() {
    let server = Server::start();
    let profile = profile(&server);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/WSGateway/", listener.local_addr().unwrap());
    configure(&profile, |text| text.replace(&server.simulator.url(), &url));
    let mut command = Command::new(BINARY);
    let mut child = command.args(profile.arguments()).arg("doctor").stdout(Stdio::piped()).spawn().unwrap();
    // The doctor waits for the answer to its handshake, which never comes.
    let (mut held, _) = listener.accept().unwrap();
    std::io::Read::read_exact(&mut held, &mut [0; 4]).unwrap();
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(128 + 15));
}

/// A server behind TLS that shows a certificate, and nothing else.
fn shows(pair: &Pair) -> (u16, std::process::Child) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = Command::new("openssl");
    server.args(["s_server", "-accept", &port.to_string(), "-www", "-cert"]).arg(&pair.certificate);
    server.arg("-key").arg(&pair.key).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = server.spawn().expect("the command openssl");
    let start = clock::boot();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(clock::boot().since(start) < PATIENCE, "openssl s_server did not start");
    }
    (port, child)
}

#[rstest]
#[case::expired(Years(2020, 2021), "tls", "fail", "2021-01-01 00:00:00Z")]
#[case::good(NOW, "expiry", "ok", "2049-01-01 00:00:00Z")]
fn a_certificate_is_told_with_its_end(
    #[case] years: Years,
    #[case] check: &str,
    #[case] state: &str,
    #[case] said: &str,
) {
    let server = Server::start();
    let authority = Authority::new("Inner");
    let (port, mut shown) = shows(&authority.issue("gateway", "DNS:localhost", years));
    let profile = profile(&server);
    configure(&profile, |text| {
        let text = text.replace(&server.simulator.url(), &format!("wss://localhost:{port}/WSGateway/"));
        format!("{text}[profiles.sim.tls]\nca-file = {:?}\n", authority.certificate())
    });
    let ran = json(&profile);
    shown.kill().unwrap();
    shown.wait().unwrap();
    assert_eq!(ran.state(check), state, "{}", ran.out);
    assert!(ran.out.contains(said), "{}", ran.out);
    // The server that shows this certificate is no gateway, so that the check fails all the same.
    assert_eq!(ran.code, Some(9), "{}", ran.out);
}

#[test]
fn a_journal_where_none_can_be_made_fails_and_the_exchange_is_checked_all_the_same() {
    let server = Server::start();
    let profile = profile(&server);
    let mut arguments = profile.arguments();
    *arguments.last_mut().unwrap() = "/proc/nowhere/journal.jsonl".to_owned();
    let ran = Ran::of(&arguments, &["--json"]);
    assert_eq!((ran.code, ran.state("journal-write").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert_eq!(ran.state("may-list"), "ok");
}

#[test]
fn a_journal_that_was_changed_fails_and_is_left_as_it_is() {
    let server = Server::start();
    let profile = profile(&server);
    fs::write(profile.journal(), "{\"seq\":1}\n").unwrap();
    fs::set_permissions(profile.journal(), fs::Permissions::from_mode(0o600)).unwrap();
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("journal-whole").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert_eq!(fs::read_to_string(profile.journal()).unwrap(), "{\"seq\":1}\n");
}

#[test]
fn a_file_that_is_no_journal_is_not_opened() {
    let server = Server::start();
    let profile = profile(&server);
    std::os::unix::fs::symlink(Path::new("/dev/null"), profile.journal()).unwrap();
    let ran = json(&profile);
    assert_eq!((ran.code, ran.state("journal").as_str()), (Some(9), "fail"), "{}", ran.out);
    assert_eq!(ran.state("journal-lock"), "skipped");
}
