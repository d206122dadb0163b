//! Ends that a gateway, a proxy or another desk can give a link, staged by the scenarios that ship with the program: the real binary
//! says what was said, and tries again when it should, or not at all.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rstest::rstest;
use rustix::termios::Winsize;
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::conduct::{Close, How};
use withdraw_desk::simulator::{Book, Exchange, Script, Simulator, login};

use crate::pty_console::{BINARY, Console, PATIENCE, Profile, Server};

const WIDE: Winsize = Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };

/// An exchange that plays a scenario of `assets/simulator`.
fn playing(scenario: &str) -> Server {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let book = Book::new(1, 400, clock::wall());
    let text = std::fs::read_to_string(format!("assets/simulator/{scenario}.json")).unwrap();
    let script = Script::parse(&text, &book).unwrap();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let simulator = runtime.block_on(Simulator::start(Exchange::new(book, script), listen, false)).unwrap();
    Server { runtime, simulator }
}

fn asked<T: Send + 'static>(server: &Server, ask: impl FnOnce(&Exchange) -> T + Send + 'static) -> T {
    server.runtime.block_on(server.simulator.with(|exchange, _| ask(exchange))).unwrap()
}

fn logins(server: &Server) -> u64 {
    asked(server, |exchange| exchange.heard("AuthenticateUser"))
}

fn links(server: &Server) -> u64 {
    asked(server, Exchange::greeted)
}

fn console(server: &Server) -> (Profile, Console) {
    let profile = Profile::new(server, login::PASSWORD);
    let console = Console::start(BINARY, &profile.arguments(), &[], WIDE);
    (profile, console)
}

/// Waits until all of this is on the screen, however it is wrapped.
fn wait_for(console: &mut Console, words: &[&str]) {
    console.wait_until(|console| {
        let screen = console.screen().split_whitespace().collect::<Vec<_>>().join(" ");
        words.iter().all(|words| screen.contains(words))
    });
}

#[rstest]
#[case::binary("binary-messages")]
#[case::marked("marked-messages")]
#[case::names_that_are_no_text("mangled-names")]
#[case::forms_of_the_handshake("handshake-forms")]
fn what_is_valid_is_read_and_the_list_too(#[case] scenario: &str) {
    let server = playing(scenario);
    let (_profile, mut console) = console(&server);
    wait_for(&mut console, &["live", "end of list"]);
    assert!(!console.screen().contains("unreadable"), "{}", console.screen());
    assert_eq!((links(&server), logins(&server)), (1, 1));
}

#[rstest]
#[case::refused_at_the_login("close-at-the-login", &["closed the link at the login: 1008 \"not whitelisted\" (against its policy)"])]
#[case::elsewhere("close-elsewhere", &["closed the link: 4001 \"Logged in elsewhere\"", "agree who works"])]
#[case::unreadable("garbled-messages", &["could not be read", "a message of", "1 unreadable"])]
fn a_link_that_ends_for_a_person_is_told_and_the_login_is_sent_once(#[case] scenario: &str, #[case] words: &[&str]) {
    let server = playing(scenario);
    let (_profile, mut console) = console(&server);
    wait_for(&mut console, &["NO LINK, r tries"]);
    console.write("L");
    wait_for(&mut console, words);
    wait_for(&mut console, &["nothing is tried again by itself, r tries once"]);
    assert_eq!((links(&server), logins(&server)), (1, 1));
}

#[rstest]
#[case::moved("http-moved", &["HTTP 301 Moved Permanently, to \"https://gateway.example.com/WSGateway/\"", "url = \"wss://gateway.example.com/WSGateway/\""])]
#[case::forbidden("http-forbidden", &["HTTP 403 Forbidden, which says \"Your address 203.0.113.9 is blocked\"", "whether this address may connect"])]
#[case::another_protocol("handshake-of-another", &["it adds the extension \"permessage-deflate\", for which nobody asked"])]
fn a_handshake_that_is_refused_is_told_and_not_asked_again(#[case] scenario: &str, #[case] words: &[&str]) {
    let server = playing(scenario);
    let (_profile, mut console) = console(&server);
    wait_for(&mut console, &["NO LINK, r tries"]);
    console.write("L");
    wait_for(&mut console, words);
    assert_eq!((links(&server), logins(&server)), (1, 0));
}

#[test]
fn a_wait_that_is_asked_for_is_kept() {
    let server = playing("http-too-many");
    let (_profile, mut console) = console(&server);
    wait_for(&mut console, &["NO LINK, next try"]);
    console.write("L");
    wait_for(&mut console, &["HTTP 429 Too Many Requests, which says \"slow down\", and asks to wait 60 s"]);
    assert_eq!(links(&server), 1);
}

#[test]
fn a_gateway_in_maintenance_is_told_in_its_own_words_and_back_after_its_time() {
    let server = playing("http-unavailable");
    let (_profile, mut console) = console(&server);
    wait_for(&mut console, &["which says \"Maintenance until 09:00 UTC\", and asks to wait 5 s"]);
    wait_for(&mut console, &["live", "end of list"]);
    assert_eq!((links(&server), logins(&server)), (2, 1));
}

#[test]
fn a_restart_that_is_told_is_waited_out() {
    let server = Server::start();
    let (_profile, mut console) = console(&server);
    wait_for(&mut console, &["live", "end of list"]);
    let close = Close { code: Some(1012), reason: "service restart".to_owned() };
    server.runtime.block_on(server.simulator.break_links(How::Close(close)));
    wait_for(&mut console, &["closed the link: 1012 \"service restart\" (it is restarting)"]);
    wait_for(&mut console, &["linked to", "live"]);
    assert_eq!(logins(&server), 1, "by token");
}

#[test]
fn of_two_desks_the_one_that_had_to_go_waits_for_a_person_and_throws_nobody_out() {
    let server = playing("one-at-a-time");
    let (_first_profile, mut first) = console(&server);
    wait_for(&mut first, &["live", "end of list"]);
    let (_second_profile, mut second) = console(&server);
    wait_for(&mut second, &["live", "end of list"]);
    wait_for(&mut first, &["NO LINK, r tries", "Session replaced by a newer login", "agree who works"]);
    assert!(second.screen().contains("live"), "{}", second.screen());
    assert_eq!(links(&server), 2);
}

#[test]
fn two_desks_that_are_not_told_why_they_had_to_go_end_their_fight_all_the_same() {
    let server = playing("one-at-a-time-unsaid");
    let (_first_profile, mut first) = console(&server);
    wait_for(&mut first, &["live", "end of list"]);
    let (_second_profile, mut second) = console(&server);
    let held = |console: &mut Console| {
        console.next_chunk(Duration::from_millis(20));
        console.screen().contains("NO LINK, r tries")
    };
    let start = clock::boot();
    let (loser, winner) = loop {
        assert!(clock::boot().since(start) < PATIENCE, "{}\n{}", first.screen(), second.screen());
        if held(&mut first) {
            break (&mut first, &mut second);
        }
        if held(&mut second) {
            break (&mut second, &mut first);
        }
    };
    wait_for(loser, &["logged in as this user", "agree who works"]);
    wait_for(winner, &["live"]);
    assert!(links(&server) < 12, "{}", links(&server));
}

#[test]
fn pages_that_are_too_long_are_halved_until_they_fit() {
    let server = playing("too-long-pages");
    let (_profile, mut console) = console(&server);
    wait_for(&mut console, &["live", "400 read", "end of list", "pages of 100 are asked for (page-size)"]);
    assert_eq!((links(&server), logins(&server)), (2, 1));
}

#[test]
fn an_exchange_that_ignores_limit_is_asked_down_to_one_ticket_and_not_for_ever() {
    let server = playing("limit-ignored");
    let (_profile, mut console) = console(&server);
    wait_for(
        &mut console,
        &[
            "NOT READ",
            "The list could not be read: a page of one ticket is still more than 16 MiB",
            "page-size cannot help",
        ],
    );
    // 200, 100, 50, 25, 12, 6, 3, 1, and the link that stays.
    assert_eq!((links(&server), logins(&server)), (9, 1));
}

/// `simulate --tls`, and what it printed.
struct Simulated {
    child: Child,
    state: tempfile::TempDir,
    printed: Vec<String>,
}

impl Simulated {
    fn playing(scenario: &str) -> Self {
        let state = tempfile::tempdir().unwrap();
        let mut child = Command::new(BINARY)
            .args(["simulate", "--tls", "--scenario", &format!("assets/simulator/{scenario}.json")])
            .env("XDG_STATE_HOME", state.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let printed = lines.take_while(|line| !line.starts_with("operator-id")).collect();
        Self { child, state, printed }
    }

    fn value(&self, name: &str) -> &str {
        self.printed.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap()
    }

    /// The words of `doctor` on it, with their blanks as one; and its exit code.
    fn doctor(&self, host: &str) -> (String, Option<i32>) {
        let config = self.state.path().join("config.toml");
        let url = self.value("url").replace("localhost", host);
        let text = format!(
            "default-profile = \"sim\"\n[profiles.sim]\nurl = {url:?}\nenvironment = \"test\"\n[profiles.sim.login]\nusername = \
             \"operator\"\npassword-command = [\"/bin/echo\", {:?}]\n[profiles.sim.tls]\nca-file = {:?}\n",
            login::PASSWORD,
            self.value("ca-file")
        );
        std::fs::write(&config, text).unwrap();
        let output = Command::new("setsid")
            .args(["--wait", BINARY, "--config"])
            .arg(&config)
            .arg("--journal")
            .arg(self.state.path().join("journal.jsonl"))
            .arg("doctor")
            .env_remove("TMUX")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (said.split_whitespace().collect::<Vec<_>>().join(" "), output.status.code())
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[rstest]
#[case::expired("tls-expired", "localhost", &["expired at 2021-01-01 00:00:00Z", "the exchange must renew it"])]
#[case::not_yet("tls-not-yet-valid", "localhost", &["is not valid before 4000-01-01", "mend the clock"])]
#[case::name("tls-other-name", "localhost", &["good for gateway.example.com, not for localhost", "mend the host in the URL"])]
#[case::address("tls-address-as-name", "127.0.0.1", &["names 127.0.0.1 as a host name (DNS:127.0.0.1), and an address counts only as one (IP:127.0.0.1)", "use a host name"])]
#[case::stranger("tls-other-authority", "localhost", &["withdraw-desk simulated authority", "has an authority of that name, but not the one that signed this", "put the one of today there"])]
#[case::authority("tls-self-signed-authority", "localhost", &["its certificate is in ca-file", "(CA:TRUE), which no server may show", "ask the exchange for a certificate that is a server's"])]
#[case::bundle("tls-damaged-bundle", "localhost", &["certificate 2 of 2 in it cannot be used", "take it out"])]
#[case::killed("tls-killed", "localhost", &["closed the link in the middle of the handshake", "if it goes on"])]
fn each_failure_of_tls_is_told_with_its_mend_and_without_a_librarys_words(
    #[case] scenario: &str,
    #[case] host: &str,
    #[case] words: &[&str],
) {
    let (said, code) = Simulated::playing(scenario).doctor(host);
    for words in words {
        assert!(said.contains(words), "{words:?} is not said: {said}");
    }
    for foreign in [
        "rustls",
        "docs.rs",
        "webpki",
        "(Other)",
        "Other(",
        "invalid peer",
        "InvalidCertificate",
        "BadEncoding",
        "os error",
    ] {
        assert!(!said.contains(foreign), "{foreign}: {said}");
    }
    assert_eq!(code, Some(9), "{said}");
}

#[test]
fn a_self_signed_certificate_that_is_in_the_file_is_good() {
    let (said, _) = Simulated::playing("tls-self-signed").doctor("localhost");
    assert!(said.contains("let in by password"), "{said}");
}

#[rstest]
#[case::close("close-at-the-login", &["fail login the exchange closed the link at the login: 1008 \"not whitelisted\"", "let this address and this login in"])]
#[case::unreadable("garbled-messages", &["fail login", "a message of", "could not be read"])]
#[case::moved("http-moved", &["fail handshake", "HTTP 301 Moved Permanently, to \"https://gateway.example.com/WSGateway/\"", "put url ="])]
#[case::binary("binary-messages", &["ok login let in by password", "no check failed"])]
fn doctor_reads_the_socket_as_the_link_does(#[case] scenario: &str, #[case] words: &[&str]) {
    let server = playing(scenario);
    let profile = Profile::new(&server, login::PASSWORD);
    let mut command = Command::new("setsid");
    command.args(["--wait", BINARY]).args(profile.arguments()).arg("doctor").env_remove("TMUX").stdin(Stdio::null());
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in words {
        assert!(said.contains(words), "{words:?} is not said: {said}");
    }
    assert!(logins(&server) <= 1);
}
