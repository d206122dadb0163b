//! Secrets stay secret (PRODUCT.md, promise 8): one is planted in each place, the real program is run, and nothing that it
//! writes, keeps or is called with holds it. What is typed at the prompt of a command is in `prompt`, and an exchange that says
//! our secrets back to us in `redactor`.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use withdraw_desk::simulator::conduct::{How, SecondFactor};
use withdraw_desk::simulator::login;

use crate::authority::{Authority, NOW};
use crate::interrupted::{self, Blow, TOLD_TO_PANIC};
use crate::pty_console::{BINARY, Console, Profile, SIZE, Server, Session};

/// Secrets that no output may hold: those the exchange takes from us and the token it gives to us.
const OF_THE_LOGIN: [&str; 4] = [login::PASSWORD, login::API_KEY, login::API_SECRET, "a923322a-0000"];
/// A secret of the tests' own.
const CANARY: &str = "canary-5d1c93e7";
/// The code of the second factor.
const CODE: &str = "770913";

pub fn assert_absent(secrets: &[&str], text: &[u8], place: &str) {
    let text = String::from_utf8_lossy(text);
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in {place}: {text}");
    }
}

/// Asserts that no secret is in what a console showed, nor in what it is called with.
pub fn assert_console_keeps(console: &Console, secrets: &[&str]) {
    assert_absent(secrets, &console.raw, "what was written to the terminal");
    // A secret that was wrapped is one all the same.
    assert_absent(secrets, console.screen().replace('\n', "").as_bytes(), "the screen");
}

fn assert_arguments_keep(console: &Console, secrets: &[&str]) {
    let arguments = std::fs::read(format!("/proc/{}/cmdline", console.child.id())).unwrap();
    assert!(!arguments.is_empty(), "it is still there to be asked");
    assert_absent(secrets, &arguments, "the arguments");
}

/// Everything that the program left on disk.
pub fn assert_disk_keeps(profile: &Profile, secrets: &[&str]) {
    let is_ours = |path: &PathBuf| !["password", "key", "secret", "code"].iter().any(|name| path.ends_with(name));
    let files = std::fs::read_dir(profile.dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = files.filter(|path| path.is_file()).filter(is_ours).collect();
    assert!(files.contains(&profile.journal()), "{files:?}");
    for file in files {
        assert_absent(secrets, &std::fs::read(&file).unwrap(), &file.display().to_string());
    }
}

pub fn private(path: &Path, text: &str) -> String {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path.display().to_string()
}

/// A profile with another way in.
pub fn with_login(server: &Server, lines: &str) -> Profile {
    let profile = Profile::new(server, login::PASSWORD);
    let config = profile.dir.path().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let (before, _) = text.split_once("username").unwrap();
    std::fs::write(config, format!("{before}{lines}\n")).unwrap();
    profile
}

fn by_api_key(server: &Server) -> Profile {
    let lines = format!("user-id = {}\napi-key-file = \"key\"\napi-secret-file = \"secret\"", login::USER_ID);
    let profile = with_login(server, &lines);
    private(&profile.dir.path().join("key"), login::API_KEY);
    private(&profile.dir.path().join("secret"), login::API_SECRET);
    profile
}

#[rstest]
#[case::password(|server: &Server| Profile::new(server, login::PASSWORD))]
#[case::api_key(by_api_key)]
fn a_whole_session_with_a_cancel_keeps_its_secrets(#[case] profile: fn(&Server) -> Profile) {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = profile(&server);
    let mut console = profile.open();
    console.cancel(ticket);
    console.wait_for("VERIFIED");
    assert_arguments_keep(&console, &OF_THE_LOGIN);
    // From the timeline back to the list, and out.
    console.write("q");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    assert_console_keeps(&console, &OF_THE_LOGIN);
    assert_disk_keeps(&profile, &OF_THE_LOGIN);
    for command in
        [&["list", "--json"][..], &["export", "--json"], &["verify", "--json"], &["show", &ticket.to_string()]]
    {
        let done = Command::new(BINARY).args(profile.arguments()).arg("journal").args(command).output().unwrap();
        assert!(done.status.success() && !done.stdout.is_empty(), "{done:?}");
        assert_absent(&OF_THE_LOGIN, &done.stdout, "standard output");
        assert_absent(&OF_THE_LOGIN, &done.stderr, "standard error");
    }
}

#[test]
fn a_fault_in_mid_session_keeps_its_secrets() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = interrupted::start(&profile, Session::Leader, Blow::Panic);
    console.wait_for("end of list");
    assert_arguments_keep(&console, &OF_THE_LOGIN);
    console.signal(TOLD_TO_PANIC);
    assert_eq!(console.end(), 70);
    assert!(String::from_utf8_lossy(&console.raw).contains("a fault on another thread"));
    assert_console_keeps(&console, &OF_THE_LOGIN);
    assert_disk_keeps(&profile, &OF_THE_LOGIN);
}

#[rstest]
#[case::password("username = \"operator\"\npassword-file = \"password\"", "Invalid username or password")]
#[case::api_key("user-id = 7\napi-key-file = \"key\"\napi-secret-file = \"secret\"", "LOGIN REFUSED")]
fn a_refused_login_keeps_its_secrets(#[case] lines: &str, #[case] said: &str) {
    let server = Server::start();
    let profile = with_login(&server, lines);
    for secret in ["password", "key", "secret"] {
        private(&profile.dir.path().join(secret), CANARY);
    }
    let mut console = profile.open();
    console.wait_for(said);
    assert_arguments_keep(&console, &[CANARY]);
    console.write("q");
    assert_eq!(console.end(), 0);
    assert_console_keeps(&console, &[CANARY]);
    assert_disk_keeps(&profile, &[CANARY]);
}

/// Wants a second factor of every login, and before reads of tickets.
fn want_code(server: &Server) {
    let endpoints = vec!["getwithdrawticket".to_owned()];
    let wanted = SecondFactor { login: true, code: CODE.to_owned(), endpoints, ..SecondFactor::default() };
    let set = server.simulator.with(move |exchange, _| exchange.conduct_mut().second_factor = Some(wanted));
    server.runtime.block_on(set).unwrap();
}

/// Secrets from programs that write down what they were started with.
fn by_commands(server: &Server) -> Profile {
    let program = |secret: &str| {
        let seen = "cat /proc/self/environ /proc/self/cmdline /proc/$PPID/environ /proc/$PPID/cmdline";
        format!("[\"sh\", \"-c\", \"{seen} >> DIR/seen 2> /dev/null; cat DIR/{secret}\"]")
    };
    let lines = format!(
        "username = \"operator\"\npassword-command = {}\ntotp-command = {}",
        program("password"),
        program("code")
    );
    let profile = with_login(server, "DIR");
    let config = profile.dir.path().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace("DIR", &lines);
    std::fs::write(config, text.replace("DIR", &profile.dir.path().display().to_string())).unwrap();
    private(&profile.dir.path().join("code"), CODE);
    profile
}

/// A profile that says nothing of secrets.
fn by_hand(server: &Server) -> Profile {
    with_login(server, "username = \"operator\"")
}

/// Types what is asked for.
fn give(console: &mut Console, asked: &str, secret: &str) {
    console.wait_for(asked);
    console.write(secret);
    console.wait_for("(something was typed");
    console.write("\r");
}

#[rstest]
#[case::commands(by_commands)]
#[case::typed(by_hand)]
fn a_session_with_a_second_factor_and_a_lost_link_keeps_its_secrets(#[case] profile: fn(&Server) -> Profile) {
    let server = Server::start();
    want_code(&server);
    let profile = profile(&server);
    let secrets = [&OF_THE_LOGIN[..], &[CODE]].concat();
    let is_typed = !profile.dir.path().join("code").exists();
    let mut console = profile.open();
    if is_typed {
        give(&mut console, "the password of operator", login::PASSWORD);
        give(&mut console, "the code of the second factor (Google)", CODE);
    }
    console.wait_for("end of list");
    console.write("\r");
    if is_typed {
        give(&mut console, "a code of the second factor", CODE);
    }
    console.wait_for("RequestCode");
    console.write("q");
    server.runtime.block_on(server.simulator.break_links(How::Drop));
    console.write("L");
    console.wait_for("session token of an earlier link");
    assert_arguments_keep(&console, &secrets);
    console.write("q");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    assert_console_keeps(&console, &secrets);
    assert_disk_keeps(&profile, &secrets);
    if !is_typed {
        let seen = std::fs::read(profile.dir.path().join("seen")).unwrap();
        assert!(String::from_utf8_lossy(&seen).contains("--config"), "the programs looked at us too");
    }
}

#[test]
fn doctor_says_nothing_of_the_secrets_that_it_logs_in_with() {
    let server = Server::start();
    want_code(&server);
    let profile = by_commands(&server);
    for more in [&["doctor"][..], &["doctor", "--json"]] {
        let done = Command::new(BINARY).args(profile.arguments()).args(more).stdin(Stdio::null()).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        assert!(String::from_utf8_lossy(&said).contains("let in by password and second factor"), "{said:?}");
        assert_absent(&[&OF_THE_LOGIN[..], &[CODE]].concat(), &said, "what doctor says");
    }
}

/// The first line of the complaint is quoted, made inert; what a program prints where a secret is expected never is.
#[rstest]
#[case::password("password", 4, "no password: the command \"sh\" failed (exit status: 3): locked <U+001B>[2J")]
#[case::code("totp", 0, "failed (exit status: 3): locked <U+001B>[2J")]
fn a_command_that_fails_is_quoted_in_what_it_complains_of_alone(
    #[case] which: &str,
    #[case] code: u32,
    #[case] said: &str,
) {
    let server = Server::start();
    want_code(&server);
    let fails = format!("[\"sh\", \"-c\", \"echo {CANARY}; printf 'locked \\\\033[2J\\\\n{CANARY}' >&2; exit 3\"]");
    let password = if which == "password" { "" } else { "\npassword-file = \"password\"" };
    let profile = with_login(&server, &format!("username = \"operator\"\n{which}-command = {fails}{password}"));
    let mut console = profile.open();
    if code == 0 {
        console.wait_for("locked");
        let screen = console.screen().replace('\n', "");
        assert!(screen.contains(said), "{screen}");
        console.write("q");
    }
    assert_eq!(console.end(), code, "{}", console.screen());
    if code > 0 {
        let shown = console.screen();
        let lines = shown.trim_end().replace('\n', " ");
        assert!(lines.contains(said) && lines.matches("withdraw-desk:").count() == 1, "{lines}");
        assert!(!String::from_utf8_lossy(&console.raw).contains("\u{1b}[?1049h"), "before any screen");
    }
    assert_console_keeps(&console, &[CANARY]);
}

#[test]
fn a_fault_while_a_secret_is_typed_says_nothing_of_it() {
    let server = Server::start();
    let profile = by_hand(&server);
    let mut console = interrupted::start(&profile, Session::Leader, Blow::Panic);
    console.wait_for("the password of operator");
    console.write(CANARY);
    console.wait_for("(something was typed");
    console.signal(TOLD_TO_PANIC);
    assert_eq!(console.end(), 70);
    assert!(String::from_utf8_lossy(&console.raw).contains("a fault on another thread"));
    assert_console_keeps(&console, &[CANARY]);
    assert_disk_keeps(&profile, &[CANARY]);
}

/// Every mistake around a file that holds a secret.
#[rstest]
#[case::password("username = \"operator\"\npassword-file = \"password\"", "password")]
#[case::api_key("user-id = 7\napi-key-file = \"key\"\napi-secret-file = \"secret\"", "key")]
#[case::api_secret("user-id = 7\napi-key-file = \"key\"\napi-secret-file = \"secret\"", "secret")]
#[case::credential("username = \"operator\"\npassword-credential = \"password\"", "password")]
#[case::client_key("username = \"operator\"\n[profiles.sim.tls]\ncert-file = \"desk.pem\"\nkey-file = \"key\"", "key")]
fn a_secret_that_others_may_read_is_refused_and_not_shown(#[case] lines: &str, #[case] file: &str) {
    let server = Server::start();
    let profile = with_login(&server, lines);
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("desk", "DNS:desk.test", NOW);
    std::fs::copy(pair.certificate, profile.dir.path().join("desk.pem")).unwrap();
    for secret in ["password", "key", "secret"] {
        private(&profile.dir.path().join(secret), CANARY);
    }
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(profile.dir.path().join(file), mode).unwrap();
    let directory = profile.dir.path().display().to_string();
    let mut console = Console::start(BINARY, &profile.arguments(), &[("CREDENTIALS_DIRECTORY", &directory)], SIZE);
    assert_eq!(console.end(), 2);
    let said = console.screen().replace('\n', "");
    assert!(said.contains("has mode 0644") && said.contains("config.toml:"), "{said}");
    assert_console_keeps(&console, &[CANARY]);
}

#[test]
fn a_key_of_another_certificate_is_refused_and_not_shown() {
    let server = Server::start();
    let tls = "username = \"operator\"\n[profiles.sim.tls]\ncert-file = \"desk.pem\"\nkey-file = \"key\"";
    let profile = with_login(&server, tls);
    let config = profile.dir.path().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("url = \"ws://", "url = \"wss://")).unwrap();
    let authority = Authority::new("Inner Authority");
    std::fs::copy(authority.issue("desk", "DNS:desk.test", NOW).certificate, profile.dir.path().join("desk.pem"))
        .unwrap();
    let key = std::fs::read_to_string(authority.issue("other", "DNS:other.test", NOW).key).unwrap();
    private(&profile.dir.path().join("key"), &key);
    let mut console = profile.open();
    assert_eq!(console.end(), 2);
    let said = console.screen().replace('\n', "");
    assert!(said.contains("wanted the key of this certificate"), "{said}");
    let lines: Vec<&str> = key.lines().filter(|line| !line.starts_with("-----")).collect();
    assert_console_keeps(&console, &lines);
}

/// A program that crashes leaves no picture of its memory, whatever its surroundings allow.
#[test]
fn a_crash_leaves_no_core_dump() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" simulate", BINARY]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line).unwrap();
    assert!(line.starts_with("url: "), "{line}");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{core}");
    kill_process(Pid::from_child(&child), Signal::ABORT).unwrap();
    let status = child.wait().unwrap();
    assert_eq!((status.signal(), status.core_dumped()), (Some(Signal::ABORT.as_raw()), false));
}

/// No test by itself: a process of its own that another test starts.
#[test]
fn a_process_that_forbids_core_dumps() {
    if std::env::var_os(FORBIDS).is_none() {
        return;
    }
    withdraw_desk::runtime::core_dumps::forbid().unwrap();
    let is_dumpable = rustix::process::dumpable_behavior().unwrap();
    assert_eq!(is_dumpable, rustix::process::DumpableBehavior::NotDumpable);
}

const FORBIDS: &str = "WITHDRAW_DESK_TEST_FORBIDS_CORE_DUMPS";

#[test]
fn no_debugger_of_the_same_user_may_look_into_the_process() {
    let run = ["--exact", "secrets::a_process_that_forbids_core_dumps"];
    let done = Command::new(std::env::current_exe().unwrap()).args(run).env(FORBIDS, "1").output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}
