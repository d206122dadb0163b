//! The way in: the real binary on a machine without a configuration, with a first one, with one that cannot be used, and with
//! flags that do not concern a command.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rstest::rstest;
use rustix::termios::Winsize;
use withdraw_desk::domain::text::inert;
use withdraw_desk::simulator::login;

use crate::pty_console::{BINARY, Console, Profile, SIZE, Server};

/// An account of its own, with nothing in it.
struct Home(tempfile::TempDir);

/// The end of a run.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn config(&self) -> PathBuf {
        self.path().join(".config/withdraw-desk/config.toml")
    }

    /// Runs it in a pipe, in a session of its own, with these variables as well.
    fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new("setsid");
        command.args(["--wait", BINARY]).args(arguments).stdin(Stdio::null());
        command.env("HOME", self.path()).env_remove("XDG_CONFIG_HOME").env_remove("XDG_STATE_HOME");
        command.env_remove("TMUX").env("TERM", "xterm-256color").envs(variables.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    /// A configuration with these bytes, and what the program says of it.
    fn refused(&self, bytes: &[u8]) -> Ran {
        let path = self.path().join("config.toml");
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        self.run(&["--config", path.to_str().unwrap()])
    }

    /// Opens the program in a terminal.
    fn open(&self, arguments: &[&str]) -> Console {
        self.open_sized(arguments, SIZE)
    }

    fn open_sized(&self, arguments: &[&str], size: Winsize) -> Console {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let state = self.path().join("state").display().to_string();
        let home = self.path().display().to_string();
        Console::start(BINARY, &arguments, &[("HOME", &home), ("XDG_STATE_HOME", &state)], size)
    }
}

impl Ran {
    /// One line on standard error, which nothing in it could act on.
    #[track_caller]
    fn expect_line(&self, said: &[&str]) {
        assert_eq!((self.code, self.err.lines().count()), (Some(2), 1), "{}", self.err);
        assert_eq!(inert(self.err.trim_end()), self.err.trim_end());
        for said in said {
            assert!(self.err.contains(said), "{said:?} is not in {}", self.err);
        }
    }
}

#[rstest]
#[case::console(&[])]
#[case::named_profile(&["--profile", "staging"])]
#[case::release(&["journal", "release", "7", "--confirm", "7", "--reason", "because"])]
fn without_a_configuration_it_says_so_where_it_goes_and_what_to_do(#[case] arguments: &[&str]) {
    let home = Home::new();
    let ran = home.run(arguments);
    let place = home.config().display().to_string();
    ran.expect_line(&["no configuration", &place, "\"withdraw-desk init\"", "\"withdraw-desk demo\""]);
}

#[test]
fn a_first_profile_is_written_privately_and_never_over_another_file() {
    let home = Home::new();
    let ran = home.run(&["init"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&home.config()), mode(home.config().parent().unwrap())), (0o600, 0o700));
    let text = std::fs::read_to_string(home.config()).unwrap();
    for line in ran.out.lines().filter_map(|line| line.trim().strip_prefix("edit line ")) {
        let (number, rest) = line.split_once(", ").unwrap();
        let (key, _) = rest.split_once(':').unwrap();
        let shown = text.lines().nth(number.parse::<usize>().unwrap() - 1).unwrap();
        assert!(shown.starts_with(&format!("{key} = ")), "{line}: {shown}");
    }
    assert!(ran.out.contains("edit line ") && ran.out.contains("withdraw-desk doctor"), "{}", ran.out);
    home.run(&["init"]).expect_line(&["there is something already", "--config FILE"]);
    assert_eq!(std::fs::read_to_string(home.config()).unwrap(), text);
}

#[rstest]
#[case::directory(".", "there is a directory")]
#[case::below_a_file("file/config.toml", "is a file; wanted a directory")]
fn a_first_profile_that_cannot_be_written_says_why(#[case] place: &str, #[case] said: &str) {
    let home = Home::new();
    std::fs::write(home.path().join("file"), "").unwrap();
    let place = home.path().join(place).display().to_string();
    home.run(&["init", "--config", &place]).expect_line(&[&place, said, "nothing was written"]);
}

#[test]
fn a_first_profile_works_once_its_lines_are_edited() {
    let server = Server::start();
    let home = Home::new();
    assert_eq!(home.run(&["init", "--url", &server.simulator.url(), "--profile", "sim"]).code, Some(0));
    let text = std::fs::read_to_string(home.config()).unwrap();
    let edited = text.replace("username = \"operator\"", &format!("username = \"{}\"", login::USERNAME));
    std::fs::write(home.config(), &edited).unwrap();
    let mut console = home.open(&[]);
    console.wait_for("the password of");
    console.write(login::PASSWORD);
    console.wait_for("(something was typed");
    console.write("\r");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    // The line that is commented out for the password's file works as well.
    std::fs::write(home.config(), edited.replace("# password-file", "password-file")).unwrap();
    let password = home.config().with_file_name("password");
    std::fs::write(&password, login::PASSWORD).unwrap();
    std::fs::set_permissions(&password, PermissionsExt::from_mode(0o600)).unwrap();
    let ran = home.run(&["doctor"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(ran.out.contains("profile sim, staging") && ran.out.contains("read-only"), "{}", ran.out);
}

#[rstest]
#[case::unknown_key(b"de\xC3\xA9\x66 = 1\n\"x\\u001b[2J\" = 2\n", ":1: ")]
#[case::unknown_key_with_escapes(b"\"x\\u001b[2J\" = 2\n", ":1: there is no setting `x<U+001B>[2J` here")]
#[case::value_with_escapes(
    b"default-profile = \"x\\u001b]0;y\\u0007\"\n",
    ":1: there is no profile \"x<U+001B>]0;y<U+0007>\""
)]
#[case::reordered(b"default-profile = \"\xE2\x80\xAEx\"\n", ":1: there is no profile \"<U+202E>x\"")]
#[case::raw_escape(b"a = \x1b[2J\n", ":1: ")]
#[case::latin_1(b"default-profile = \"a\"\n# J\xF6rg\n", ":2: line 2 is not UTF-8")]
#[case::utf_16(b"\xFF\xFEd\0e\0", ":1: line 1 holds NUL bytes or the mark of UTF-16")]
#[case::environment(
    b"default-profile = \"a\"\n[profiles.a]\nurl = \"wss://g.test/\"\nenvironment = \"\\u001b[31mtest\"\n[profiles.a.login]\nusername = \"x\"\n",
    ":4: environment holds characters that no screen shows as they are, \"<U+001B>[31mtest\""
)]
fn a_configuration_is_refused_with_its_line_and_nothing_in_it_acts(#[case] bytes: &[u8], #[case] said: &str) {
    Home::new().refused(bytes).expect_line(&["config.toml", said]);
}

#[test]
fn a_mark_in_front_of_a_configuration_means_nothing() {
    Home::new()
        .refused(b"\xEF\xBB\xBFdefault-profile = \"b\"\n[profiles.a]\n")
        .expect_line(&[":1: there is no profile \"b\"; there are: a"]);
}

#[rstest]
#[case::write("WITHDRAW_DESK_WRITE", "yes", "the variable WITHDRAW_DESK_WRITE")]
#[case::oms("WITHDRAW_DESK_OMS_ID", "one", "the variable WITHDRAW_DESK_OMS_ID")]
#[case::url("WITHDRAW_DESK_URL", "gateway.test", "WITHDRAW_DESK_URL: url: \"gateway.test\" is no URL")]
fn a_value_that_stands_in_a_variable_is_told_by_its_name(#[case] name: &str, #[case] value: &str, #[case] said: &str) {
    let home = Home::new();
    assert_eq!(home.run(&["init"]).code, Some(0));
    let ran = home.run_with(&[], &[(name, value)]);
    assert!(ran.code == Some(2) && ran.err.contains(said), "{}", ran.err);
}

/// The console opens, and sends nothing: the journal cannot be written.
#[rstest]
#[case::link("a symbolic link, which is not followed")]
#[case::directory("there is a directory; wanted a file")]
#[case::below_a_file("is a file; wanted a directory")]
fn a_journal_that_is_no_file_is_told_in_the_console(#[case] said: &str) {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let journal = profile.journal();
    if said.contains("link") {
        std::os::unix::fs::symlink(profile.dir.path().join("other"), &journal).unwrap();
    } else if said.starts_with("there") {
        std::fs::create_dir(&journal).unwrap();
    }
    let mut arguments = profile.arguments();
    if said.starts_with("is a file") {
        std::fs::write(&journal, "").unwrap();
        arguments[3] = journal.join("below").display().to_string();
    }
    let mut console = Console::start(BINARY, &arguments, &[], Winsize { ws_col: 200, ..SIZE });
    console.wait_for("READ-ONLY (journal)");
    console.wait_for(said);
    assert!(!console.screen().contains("os error"), "{}", console.screen());
    console.write("q");
    assert_eq!(console.end(), 0);
}

/// Whatever is said of a configuration, in every way out.
#[rstest]
#[case::console(&[])]
#[case::doctor(&["doctor"])]
#[case::json(&["doctor", "--json"])]
#[case::release(&["journal", "release", "7", "--confirm", "7", "--reason", "because"])]
fn what_a_file_a_flag_or_a_variable_says_is_inert(#[case] arguments: &[&str]) {
    let home = Home::new();
    let path = home.path().join("config\u{1b}[2J.toml");
    std::fs::write(&path, "default-profile = \"a\"\n\"k\\u001b[2J\" = 1\n").unwrap();
    let config = path.to_str().unwrap();
    let flags = ["--config", config];
    for ran in [
        home.run(&[&flags[..], arguments].concat()),
        home.run_with(arguments, &[("WITHDRAW_DESK_CONFIG", config)]),
        home.run_with(arguments, &[("WITHDRAW_DESK_PROFILE", "\u{1b}]0;x\u{7}")]),
        home.run_with(arguments, &[("WITHDRAW_DESK_OMS_ID", "1\u{1b}c")]),
    ] {
        assert_ne!(ran.code, Some(0));
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.lines().all(|line| inert(line) == line) && said.contains("001"), "{said}");
    }
}

/// Help is an answer as well, and shows nothing of the variables.
#[rstest]
#[case::console(&["--help"])]
#[case::command(&["demo", "--help"])]
#[case::below(&["help", "journal"])]
fn help_shows_no_variable(#[case] arguments: &[&str]) {
    let ran =
        Home::new().run_with(arguments, &[("WITHDRAW_DESK_JOURNAL", "\u{1b}[2J"), ("WITHDRAW_DESK_URL", "\u{1b}c")]);
    assert_eq!(ran.code, Some(0));
    assert!(
        ran.out.contains("WITHDRAW_DESK_JOURNAL") && ran.out.lines().all(|line| inert(line) == line),
        "{}",
        ran.out
    );
}

#[rstest]
#[case::directory("journal list", "is not a regular file")]
#[case::simulate("simulate --scenario DIR", "there is a directory; wanted a file")]
#[case::heads("journal verify --heads DIR", "there is a directory; wanted a file")]
fn a_directory_where_a_file_is_wanted_is_told(#[case] arguments: &str, #[case] said: &str) {
    let home = Home::new();
    let place = home.path().display().to_string();
    let arguments: Vec<&str> =
        arguments.split(' ').map(|word| if word == "DIR" { place.as_str() } else { word }).collect();
    let ran = home.run_with(&arguments, &[("WITHDRAW_DESK_JOURNAL", &place)]);
    ran.expect_line(&[said, &place]);
    assert!(!ran.err.contains("os error"), "{}", ran.err);
}

#[rstest]
#[case::demo(&["demo"])]
#[case::doctor(&["doctor"])]
#[case::simulate(&["simulate"])]
fn with_too_few_files_to_open_it_says_so(#[case] arguments: &[&str]) {
    let home = Home::new();
    let script = format!("ulimit -n 6; exec {BINARY} {}", arguments.join(" "));
    let mut console =
        Console::start("/bin/sh", &["-c".to_owned(), script], &[("HOME", home.path().to_str().unwrap())], SIZE);
    assert_eq!(console.end(), 2);
    let said = console.screen().replace('\n', "");
    assert!(said.contains("no more than 6 files may be open") && !said.contains("panick"), "{said}");
}

/// A demo's journal is told at the end; the next demo removes it, and not before. A demo may be kept from writing.
#[test]
fn a_demo_names_its_journal_obeys_its_flags_and_removes_the_last_ones() {
    let home = Home::new();
    let journals = || {
        let entries = std::fs::read_dir(home.path().join("state/withdraw-desk/demo")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.contains("lock")).collect::<Vec<_>>()
    };
    let mut kept = Vec::new();
    for (flags, header) in
        [(&["demo"][..], "WRITE"), (&["demo", "--write=false"], "READ-ONLY"), (&["--rehearse", "demo"], "READ-ONLY")]
    {
        let mut console = home.open(flags);
        console.wait_for("end of list");
        assert!(console.screen().contains(header), "{flags:?}: {}", console.screen());
        console.write("q");
        assert_eq!(console.end(), 0);
        let said = console.screen().replace('\n', "");
        let now = journals();
        assert_eq!(now.len(), 1, "{now:?}");
        assert!(now != kept && said.contains(&now[0]), "{said}");
        kept = now;
    }
}

/// Eighty columns of a terminal.
#[test]
fn the_journals_list_fits_a_terminal_under_a_head() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.cancel(ticket);
    console.wait_for("VERIFIED");
    console.write("q");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    let home = Home::new();
    let journal = profile.journal().display().to_string();
    let mut list = home.open(&["--journal", &journal, "journal", "list"]);
    assert_eq!(list.end(), 0);
    let screen = list.screen();
    let shown: Vec<&str> = screen.lines().filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(shown.len(), 2, "a head and a line: {screen}");
    for head in ["ID", "TICKET", "ACCOUNT", "AMOUNT", "ASSET", "REASON", "STANDS"] {
        assert!(shown[0].contains(head), "{screen}");
    }
    assert!(shown[1].contains(&ticket.to_string()) && shown[1].contains("Verified"), "{screen}");
    // In a pipe all of it is there, without a head.
    let whole = home.run(&["--journal", &journal, "journal", "list"]).out;
    assert!(whole.lines().count() == 1 && whole.contains("operator@") && whole.contains("127.0.0.1"), "{whole}");
}

#[test]
fn an_exchange_without_tickets_is_served() {
    let home = Home::new();
    let mut child = Command::new(BINARY)
        .args(["simulate", "--tickets", "0"])
        .env("HOME", home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let _ = child.kill();
    let _ = child.wait();
    assert!(line.starts_with("url: ws://127.0.0.1:"), "{line}");
}
