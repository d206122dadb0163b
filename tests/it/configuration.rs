//! The configuration: which layer counts, and every mistake in one line that names file, line, what was found and what is
//! wanted.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use rstest::rstest;
use secrecy::ExposeSecret;
use withdraw_desk::app::console::action::Action;
use withdraw_desk::app::console::key::Key;
use withdraw_desk::app::desk::settings::Expected;
use withdraw_desk::app::theme::ThemeName;
use withdraw_desk::args::{Arguments, Global};
use withdraw_desk::config::{Config, Surroundings};
use withdraw_desk::domain::{OmsId, Secret, UserId};
use withdraw_desk::protocol::rpc::authenticate_user::Credentials;

use crate::authority::{Authority, NOW};

/// A machine with a file of its own, a user's file, and credentials.
struct Machine {
    dir: tempfile::TempDir,
}

const PROFILE: &str = "[profiles.a]\nurl = \"wss://gateway.test/x\"\n";
const LOGIN: &str = "[profiles.a.login]\nusername = \"desk\"\n";

impl Machine {
    fn new() -> Self {
        let machine = Self { dir: tempfile::tempdir().unwrap() };
        for file in ["password", "key", "secret", "credentials/desk"] {
            machine.file(file, "planted\n", 0o600);
        }
        machine
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn with_user(self, text: &str) -> Self {
        self.file("user.toml", text, 0o644);
        self
    }

    fn with_system(self, text: &str) -> Self {
        self.file("etc/config.toml", text, 0o644);
        self
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings {
            system_file: self.path("etc/config.toml"),
            user_file: Some(self.path("user.toml")),
            credentials: Some(self.path("credentials")),
        }
    }

    fn load_with(&self, flags: &[&str]) -> Result<Config, String> {
        let all = ["withdraw-desk", "--journal", "/nowhere"].iter().chain(flags);
        let flags: Global = Arguments::try_parse_from(all).unwrap().global;
        Config::load(&flags, &self.surroundings()).map_err(|error| error.to_string())
    }

    fn load(&self) -> Config {
        self.load_with(&[]).unwrap_or_else(|error| panic!("{error}"))
    }

    fn refused(&self, flags: &[&str]) -> String {
        self.load_with(flags).err().expect("it should have been refused")
    }
}

/// The user's file with this in it, under a profile that is chosen.
fn user(text: &str) -> Machine {
    Machine::new().with_user(&format!("default-profile = \"a\"\n{text}"))
}

#[test]
fn flags_count_for_more_than_the_users_file_and_that_for_more_than_the_machines_key_by_key() {
    let machine = user("[profiles.a]\noms-id = 2\npage-size = 50\n").with_system(
        "default-profile = \"b\"\n[profiles.a]\nurl = \"wss://gateway.test/x\"\noms-id = 1\npage-size = 60\noperator-id = 3\n\
         environment = \"production\"\n[profiles.a.login]\nusername = \"desk\"\n",
    );
    let config = machine.load_with(&["--oms-id", "9"]).map(|config| config.settings).unwrap();
    assert_eq!((config.oms, config.operator.map(|id| id.0)), (Some(OmsId(9)), Some(3)));
    assert_eq!((config.environment.as_str(), config.limits.page_size), ("production", 50));
    assert_eq!(config.exchange, "gateway.test");
}

#[test]
fn a_file_that_is_given_replaces_the_users_and_not_the_machines() {
    let machine = user("[profiles.a]\noms-id = 2\n").with_system(&format!("{PROFILE}{LOGIN}"));
    let given = machine.file("given.toml", "default-profile = \"a\"\n", 0o600);
    let config = machine.load_with(&["--config", given.to_str().unwrap()]).map(|config| config.settings).unwrap();
    assert_eq!((config.oms, config.exchange.as_str()), (None, "gateway.test"));
}

#[rstest]
#[case::usual("", "", &[], false, false)]
#[case::profile("write = true", "", &[], true, false)]
#[case::flag("", "", &["--write"], true, false)]
#[case::flag_over_profile("write = true", "", &["--write=false"], false, false)]
#[case::flag_over_a_profile_that_may_not("write = false", "", &["--write"], true, false)]
#[case::rehearsed("write = true", "", &["--write", "--rehearse"], false, false)]
#[case::locked_for_all("write = true", "write = false", &["--write"], false, true)]
#[case::locked_for_this_profile("write = true", "[profiles.a]\nwrite = false", &[], false, true)]
#[case::locked_against_the_flag("", "[profiles.a]\nwrite = false", &["--write"], false, true)]
#[case::locked_and_not_asked_for("", "write = false", &[], false, false)]
#[case::a_copy_is_locked("write = true", "[profiles.b]\nurl = \"wss://Gateway.test/x/\"\nwrite = false", &["--write"], false, true)]
#[case::another_profile_is_locked("write = true", "[profiles.b]\nwrite = false", &[], true, false)]
fn writing_is_asked_for_and_the_machine_may_forbid_it(
    #[case] in_profile: &str,
    #[case] system: &str,
    #[case] flags: &[&str],
    #[case] may_write: bool,
    #[case] is_told: bool,
) {
    let machine = user(&format!("{PROFILE}{in_profile}\n{LOGIN}")).with_system(system);
    let config = machine.load_with(flags).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((config.settings.permit.is_some(), !config.notes.is_empty()), (may_write, is_told));
    for note in config.notes {
        assert!(note.contains("etc/config.toml:") && note.contains("read-only"), "{note}");
    }
}

#[test]
fn the_machines_lock_holds_for_a_file_that_is_given_as_well() {
    let machine = Machine::new().with_system("write = false\n");
    let given = machine.file("given.toml", &format!("{PROFILE}write = true\n{LOGIN}"), 0o600);
    let config = machine.load_with(&["--config", given.to_str().unwrap(), "--profile", "a", "--write"]);
    assert!(config.unwrap_or_else(|error| panic!("{error}")).settings.permit.is_none());
}

#[test]
fn limits_are_read_with_their_units() {
    let text = "reply-timeout = \"20 s\"\nread-timeout = \"30 s\"\nfollow-time = \"2 min\"\nscan-depth = \"7 days\"\n";
    let limits = user(&format!("{PROFILE}{text}{LOGIN}")).load().settings.limits;
    let seconds = [limits.reply_timeout, limits.read_timeout, limits.follow_time, limits.scan_depth];
    assert_eq!(seconds.map(|limit| limit.as_secs()), [20, 30, 120, 7 * 86_400]);
    let usual = user(&format!("{PROFILE}{LOGIN}")).load().settings.limits;
    assert_eq!((usual.reply_timeout, usual.page_size), (Duration::from_secs(10), 200));
}

/// Where the password comes from, and the code.
fn sources(config: &Config) -> (&'static str, &'static str) {
    fn word(secret: &Secret) -> &'static str {
        match secret {
            Secret::Held(_) => "held",
            Secret::Command(_) => "command",
            Secret::Prompt => "prompt",
        }
    }
    match &config.credentials {
        Credentials::Password { password, code, .. } => (word(password), word(code)),
        Credentials::ApiKey { .. } => ("API key", "none"),
    }
}

#[rstest]
#[case::asked("", ("prompt", "prompt"))]
#[case::file("password-file = \"password\"", ("held", "prompt"))]
#[case::credential("password-credential = \"desk\"", ("held", "prompt"))]
#[case::command("password-command = [\"pass\", \"show\"]", ("command", "prompt"))]
#[case::code("totp-command = [\"oathtool\"]", ("prompt", "command"))]
fn a_password_has_one_source(#[case] text: &str, #[case] wanted: (&'static str, &'static str)) {
    let config = user(&format!("{PROFILE}{LOGIN}{text}\n")).load();
    assert_eq!(sources(&config), wanted);
    assert_eq!(config.settings.expected, Expected { user_name: Some("desk".to_owned()), user: None });
}

#[rstest]
#[case::files("api-key-file = \"key\"\napi-secret-file = \"secret\"\n")]
#[case::credentials("api-key-credential = \"desk\"\napi-secret-credential = \"desk\"\n")]
fn an_api_key_has_one_source(#[case] text: &str) {
    let config = user(&format!("{PROFILE}[profiles.a.login]\nuser-id = 7\n{text}")).load();
    assert_eq!(sources(&config), ("API key", "none"));
    assert_eq!(config.settings.expected, Expected { user_name: None, user: Some(UserId(7)) });
}

#[test]
fn the_console_has_its_theme_and_its_keys() {
    let keys = "keys = { \"ticket.cancel\" = [\"d\"], \"cursor.down\" = [\"b\", \"Down\"] }\n";
    let machine = user(&format!("{PROFILE}{LOGIN}[console]\ntheme = \"colourless\"\n{keys}"))
        .with_system("[console.keys]\n\"ticket.cancel\" = [\"e\"]\n\"list.reload\" = [\"Z\"]\n");
    let console = machine.load().console;
    assert_eq!(console.theme, ThemeName::Colourless);
    let meaning = |layer, key| console.keymap.resolve(layer, Key::Char(key));
    assert_eq!(meaning("list", 'd'), Some(&Action::CancelTicket));
    assert_eq!(meaning("detail", 'd'), Some(&Action::CancelTicket), "on every screen that knows it");
    assert_eq!((meaning("list", 'x'), meaning("list", 'e')), (None, None), "instead of the usual key");
    assert_eq!(meaning("list", 'b'), Some(&Action::MoveDown));
    assert_eq!(meaning("list", 'Z'), Some(&Action::Reload), "the machine's keys are merged by action");
    assert_eq!(meaning("list", 'j'), None);
}

#[test]
fn two_actions_may_swap_their_keys() {
    let keys = "[console.keys]\n\"ticket.cancel\" = [\"r\"]\n\"list.reload\" = [\"x\"]\n";
    let console = user(&format!("{PROFILE}{LOGIN}{keys}")).load().console;
    assert_eq!(console.keymap.resolve("list", Key::Char('r')), Some(&Action::CancelTicket));
}

#[rstest]
#[case::url("[profiles.a]\nurl = \"ws://gateway.test/\"\n", ":3: url:", "clear text")]
#[case::no_url("[profiles.a]\noms-id = 1\n", ": [profiles.a] url is missing", "--url")]
#[case::no_way_in("[profiles.a]\nurl = \"wss://g.test/\"\n", "[profiles.a.login] names no way in", "username with")]
#[case::failed_is_not_canceled(
    "[profiles.a]\nurl = \"wss://g.test/\"\ncanceled-statuses = [\"Failed\"]\n[profiles.a.login]\nusername = \"x\"\n",
    ":4: ",
    "other statuses"
)]
#[case::write_at_the_top(
    "write = true\n[profiles.a]\nurl = \"wss://g.test/\"\n",
    ":2: write = true outside of a profile",
    "in the profile"
)]
fn a_profile_that_cannot_be_used_is_refused(#[case] text: &str, #[case] place: &str, #[case] wanted: &str) {
    let error = user(text).refused(&[]);
    assert!(error.contains(place) && error.contains(wanted) && !error.contains('\n'), "{error}");
}

#[rstest]
#[case::too_short("read-timeout = \"0 s\"", "read-timeout = \"0 s\"; wanted \"1 s\" to \"30 s\"")]
#[case::longer_than_an_intent_waits_to_be_sent(
    "read-timeout = \"31 s\"",
    "read-timeout = \"31 s\"; wanted \"1 s\" to \"30 s\""
)]
#[case::too_long("follow-time = \"2 h\"", "follow-time = \"2 h\"; wanted \"5 s\" to \"1 h\"")]
#[case::no_unit("follow-time = \"60\"", "\"60\" has no unit; wanted a time with its unit, such as \"10 s\"")]
#[case::bare("reply-timeout = 10", "the number 10 does not belong here; wanted a time with its unit, such as \"10 s\"")]
#[case::depth("scan-depth = \"1 h\"", "scan-depth = \"1 h\"; wanted \"1 days\" to \"3650 days\"")]
#[case::no_page("page-size = 0", "page-size = 0; wanted 1 to 1000")]
#[case::a_negative_page("page-size = -1", "page-size = -1; wanted 1 to 1000")]
#[case::too_large_a_page("page-size = 1001", "page-size = 1001; wanted 1 to 1000")]
fn a_limit_out_of_bounds_is_refused_with_its_line(#[case] line: &str, #[case] said: &str) {
    let error = user(&format!("{PROFILE}{line}\n{LOGIN}")).refused(&[]);
    assert!(error.contains("user.toml:4: ") && error.contains(said) && !error.contains('\n'), "{error}");
}

#[rstest]
#[case::both_ways("username = \"x\"\nuser-id = 7", ":5: two ways in, by user name here and by API key at")]
#[case::two_passwords(
    "username = \"x\"\npassword-file = \"password\"\npassword-command = [\"pass\"]",
    ":7: two sources of the password"
)]
#[case::file_and_credential(
    "username = \"x\"\npassword-file = \"password\"\npassword-credential = \"desk\"",
    ":6: two sources of the password"
)]
#[case::nobody("password-file = \"password\"", ":5: a password without username")]
#[case::empty_name("username = \"\"", ":5: username is empty")]
#[case::no_program("username = \"x\"\npassword-command = []", ":6: password-command names no program")]
#[case::a_shell_line(
    "username = \"x\"\npassword-command = \"pass show\"",
    ":6: the text \"pass show\" does not belong here; wanted a list in [ ]"
)]
#[case::half_a_key("user-id = 7\napi-key-file = \"key\"", ":6: an API key without api-secret-file")]
#[case::a_key_of_nobody("api-key-file = \"key\"\napi-secret-file = \"secret\"", ":5: an API key without user-id")]
#[case::a_code_for_a_key(
    "user-id = 7\napi-key-file = \"key\"\napi-secret-file = \"secret\"\ntotp-command = [\"x\"]",
    ":8: totp-command with an API key"
)]
#[case::a_password_for_a_key("user-id = 7\napi-key-file = \"key\"\npassword-file = \"password\"", ":7: two ways in")]
#[case::missing("username = \"x\"\npassword-file = \"nowhere\"", ":6: password-file = ")]
#[case::mode("username = \"x\"\npassword-file = \"open\"", "has mode 0644, so others can read it; chmod 600")]
#[case::climbing("username = \"x\"\npassword-credential = \"../secret\"", "no name of a credential")]
#[case::no_such_credential("username = \"x\"\npassword-credential = \"other\"", "does not exist")]
fn a_way_in_that_is_not_exactly_one_is_refused(#[case] lines: &str, #[case] said: &str) {
    let machine = user(&format!("{PROFILE}[profiles.a.login]\n{lines}\n"));
    machine.file("open", "planted", 0o644);
    let error = machine.refused(&[]);
    assert!(error.contains("user.toml:") && error.contains(said) && !error.contains('\n'), "{error}");
    assert!(!error.contains("planted"), "{error}");
}

/// Every way in which a file of a secret is mangled, wherever the secret comes from.
#[rstest]
fn a_secret_that_was_mangled_is_refused_by_one_rule(
    #[values(
        ("", "is empty"),
        ("\nplanted\n", "has a first line that is empty"),
        ("\r\nplanted\n", "has a first line that is empty"),
        ("   \nplanted\n", "holds nothing but blanks in its first line"),
        ("\u{FEFF}planted\n", "holds a byte order mark (BOM) in line 1"),
        ("planted\rmore\n", "holds a carriage return (CR) in line 1"),
        ("planted\r", "holds a carriage return (CR) in line 1"),
        ("planted\0\n", "holds NUL bytes"),
        ("p\0l\0a\0n\0t\0e\0d\0\n\0", "holds NUL bytes"),
        ("planted\u{1b}[201~\n", "a character in line 1 that nobody sees (U+001B)"),
        ("planted\u{200B}\n", "a character in line 1 that nobody sees (U+200B)")
    )]
    (text, said): (&str, &str),
    #[values(
        "username = \"x\"\npassword-file = \"mangled\"",
        "username = \"x\"\npassword-credential = \"mangled\"",
        "user-id = 7\napi-key-file = \"mangled\"\napi-secret-file = \"secret\"",
        "user-id = 7\napi-secret-file = \"mangled\"\napi-key-file = \"key\"",
        "user-id = 7\napi-key-credential = \"mangled\"\napi-secret-file = \"secret\""
    )]
    lines: &str,
) {
    let machine = user(&format!("{PROFILE}[profiles.a.login]\n{lines}\n"));
    for file in ["mangled", "credentials/mangled"] {
        machine.file(file, text, 0o600);
    }
    let error = machine.refused(&[]);
    assert!(error.contains("user.toml:6: ") && error.contains("mangled") && error.contains(said), "{error}");
    assert!(error.contains("nothing was sent") && !error.contains("planted"), "{error}");
}

#[rstest]
#[case::second_line("planted\nuser: me\n")]
#[case::line_ends_of_windows("planted\r\nuser: me\r\n")]
#[case::no_line_end("planted")]
fn the_first_line_of_a_file_is_the_secret(#[case] text: &str) {
    let machine = user(&format!("{PROFILE}{LOGIN}password-file = \"several\"\n"));
    machine.file("several", text, 0o600);
    let Credentials::Password { password, .. } = machine.load().credentials else { panic!("an API key") };
    assert_eq!(password.held().map(ExposeSecret::expose_secret), Some("planted"));
}

#[rstest]
#[case::blank_at_the_end("wss://gateway.test/x ", "has a blank at its end: take it away")]
#[case::blank_within("wss://gate way.test/x", "has a blank within: take it away")]
#[case::no_scheme("gateway.test/x", "put wss:// in front")]
#[case::http("http://gateway.test/x", "write wss instead")]
#[case::password("wss://me:planted@gateway.test/x", "a user or password has no place in the URL")]
#[case::fragment("wss://gateway.test/x#y", "has a fragment")]
#[case::no_host("wss:///x", "names no host")]
#[case::port_0("wss://gateway.test:0/x", "has the port 0, which there is not")]
#[case::great_port("wss://gateway.test:99999/x", "has the port 99999, which there is not")]
fn a_url_that_leads_nowhere_is_refused_with_its_line(#[case] url: &str, #[case] said: &str) {
    let error = user(&format!("[profiles.a]\nurl = \"{url}\"\n{LOGIN}")).refused(&[]);
    assert!(error.contains("user.toml:3: url: ") && error.contains(said), "{error}");
    assert!(error.contains("wanted wss://HOST") && !error.contains("planted"), "{error}");
}

#[test]
fn a_scheme_may_be_written_in_any_letters() {
    let config = user(&format!("[profiles.a]\nurl = \"WSS://Gateway.test/x\"\n{LOGIN}")).load();
    assert_eq!(config.target.url, "wss://Gateway.test/x");
}

/// A URL that cannot be read may be the one that is locked.
#[test]
fn a_lock_of_the_machine_on_a_url_that_cannot_be_read_holds_for_all() {
    let machine = user(&format!("{PROFILE}write = true\n{LOGIN}"))
        .with_system("[profiles.b]\nurl = \"wss://gateway.test/x \"\nwrite = false\n");
    assert!(machine.load().settings.permit.is_none());
}

#[rstest]
#[case::another_source(
    "password-command = [\"pass\"]",
    "username = \"desk\"\npassword-file = \"open\"",
    "desk",
    "command"
)]
#[case::a_code_alone(
    "totp-command = [\"code\"]",
    "username = \"desk\"\npassword-command = [\"pass\"]",
    "desk",
    "command"
)]
#[case::another_name("username = \"me\"", "username = \"desk\"\npassword-file = \"open\"", "me", "prompt")]
#[case::another_way(
    "username = \"me\"",
    "user-id = 7\napi-key-file = \"open\"\napi-secret-file = \"open\"",
    "me",
    "prompt"
)]
fn the_users_way_in_replaces_the_machines(
    #[case] mine: &str,
    #[case] machines: &str,
    #[case] name: &str,
    #[case] source: &str,
) {
    let machine = user(&format!("{PROFILE}[profiles.a.login]\n{mine}\n"))
        .with_system(&format!("[profiles.a.login]\n{machines}\n"));
    let Credentials::Password { username, password, .. } = machine.load().credentials else { panic!("an API key") };
    let found = match password {
        Secret::Held(_) => "held",
        Secret::Command(_) => "command",
        Secret::Prompt => "prompt",
    };
    assert_eq!((username.as_str(), found), (name, source));
}

#[rstest]
#[case::elsewhere("wss://other.test/x", Some("the login of profile \"a\" goes to other.test"))]
#[case::another_port("wss://gateway.test:444/x", Some("goes to gateway.test:444"))]
#[case::the_same_place("wss://Gateway.test/y", None)]
fn a_login_that_goes_to_another_host_than_its_profile_says_is_told(#[case] url: &str, #[case] said: Option<&str>) {
    let config = user(&format!("{PROFILE}{LOGIN}")).load_with(&["--url", url]).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(config.notes.len(), usize::from(said.is_some()), "{:?}", config.notes);
    assert!(config.notes.iter().zip(said).all(|(note, said)| note.contains(said)), "{:?}", config.notes);
}

#[test]
fn a_credential_without_its_directory_is_refused() {
    let machine = user(&format!("{PROFILE}{LOGIN}password-credential = \"desk\"\n"));
    let surroundings = Surroundings { credentials: None, ..machine.surroundings() };
    let error = Config::load(&Global::default(), &surroundings).err().unwrap().to_string();
    assert!(error.contains(":6: password-credential") && error.contains("CREDENTIALS_DIRECTORY is not set"), "{error}");
}

#[rstest]
#[case::theme("theme = \"neon\"", "there is no theme \"neon\"; wanted one of: terminal, colourless")]
#[case::action("keys = { \"ticket.burn\" = [\"b\"] }", "there is no action \"ticket.burn\"; wanted one of: help.open")]
#[case::key("keys = { \"ticket.cancel\" = [\"Return\"] }", "\"Return\" is no key: wanted a character")]
#[case::control("keys = { \"ticket.cancel\" = [\"C-a\"] }", "C-a cannot be bound")]
#[case::flow_control("keys = { \"cursor.down\" = [\"C-s\"] }", "C-s cannot be bound")]
#[case::twice(
    "keys = { \"ticket.cancel\" = [\"r\"] }",
    "r would mean ticket.cancel and list.reload on the same screen"
)]
#[case::none("keys = { \"ticket.cancel\" = [] }", "\"ticket.cancel\" has no key; wanted at least one")]
#[case::arming("keys = { \"cancel.confirm\" = [\"y\"] }", "\"cancel.confirm\" keeps its keys")]
#[case::leaving("keys = { \"quit.now\" = [\"Q\"] }", "\"quit.now\" keeps its keys")]
fn a_wrong_theme_or_key_is_refused_with_its_line(#[case] line: &str, #[case] said: &str) {
    let error = user(&format!("{PROFILE}{LOGIN}[console]\n{line}\n")).refused(&[]);
    assert!(error.contains("user.toml:7: ") && error.contains(said) && !error.contains('\n'), "{error}");
}

#[test]
fn what_tls_rests_on_is_read_with_the_key_under_the_rule_of_secrets() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("desk", "DNS:desk.test", NOW);
    let tls = |lines: &str| user(&format!("{PROFILE}{LOGIN}[profiles.a.tls]\n{lines}\n"));
    let ca = format!("ca-file = {:?}", authority.certificate());
    let [certificate, key] = [&pair.certificate, &pair.key].map(|path| format!("{path:?}"));
    let both = format!("{ca}\ncert-file = {certificate}\nkey-file = {key}");
    let trust = tls(&both).load().trust;
    assert_eq!(trust.section, "[profiles.a.tls]");
    assert_eq!(trust.authority.unwrap().certificates.len(), 1);
    assert_eq!(trust.identity.unwrap().chain.len(), 1);
    std::fs::set_permissions(&pair.key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let good = std::fs::read_to_string(authority.certificate()).unwrap();
    let damaged = "-----BEGIN CERTIFICATE-----\nMIIB*&^%\n-----END CERTIFICATE-----\n";
    std::fs::write(authority.path("bundle.pem"), format!("{good}{damaged}{good}")).unwrap();
    let refused = [
        (
            format!("ca-file = {:?}", authority.path("bundle.pem")),
            "certificate 2 in it, which begins on line 12, is damaged; wanted certificates in PEM",
        ),
        (format!("cert-file = {certificate}"), "cert-file without key-file in [profiles.a.tls]; wanted both"),
        (format!("key-file = {key}"), "key-file without cert-file"),
        ("ca-file = \"nowhere.pem\"".to_owned(), "does not exist"),
        ("ca-file = \"password\"".to_owned(), "holds no certificate; wanted PEM"),
        (format!("cert-file = {certificate}\nkey-file = {key}"), "has mode 0640, so others can read it"),
        (format!("cert-file = {certificate}\nkey-file = \"password\""), "holds no private key"),
    ];
    for (lines, said) in refused {
        let error = tls(&lines).refused(&[]);
        assert!(error.contains("user.toml:") && error.contains(said) && !error.contains('\n'), "{error}");
        assert!(!error.contains("planted"), "{error}");
    }
}

#[rstest]
#[case::others_may_write("0666", "has mode 0666, so others can write it; chmod go-w")]
#[case::too_long("long", "is longer than 1048576 bytes")]
#[case::pipe("pipe", "is not a regular file")]
#[case::directory("directory", "is not a regular file")]
fn certificates_that_anybody_could_put_there_are_not_trusted(
    #[case] what: &str,
    #[case] said: &str,
    #[values("ca-file", "cert-file")] key: &str,
) {
    let authority = Authority::new("Inner Authority");
    let pem = std::fs::read_to_string(authority.certificate()).unwrap();
    let machine = user(&format!("{PROFILE}{LOGIN}[profiles.a.tls]\n{key} = \"it.pem\"\n"));
    match what {
        "long" => drop(machine.file("it.pem", &pem.repeat(1 + (1 << 20) / pem.len()), 0o644)),
        "pipe" => {
            let made = std::process::Command::new("mkfifo").arg(machine.path("it.pem")).status().unwrap();
            assert!(made.success());
        }
        "directory" => std::fs::create_dir(machine.path("it.pem")).unwrap(),
        _ => drop(machine.file("it.pem", &pem, 0o666)),
    }
    if key == "cert-file" {
        let path = machine.path("user.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, format!("{text}key-file = \"key\"\n")).unwrap();
    }
    let error = machine.refused(&[]);
    assert!(error.contains(&format!("{key} = ")) && error.contains(said), "{error}");
}

#[rstest]
#[case::user("user.toml")]
#[case::machine("etc/config.toml")]
fn a_file_that_others_may_write_is_refused(#[case] file: &str) {
    let machine = user(&format!("{PROFILE}{LOGIN}")).with_system("");
    let path = machine.path(file);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
    let error = machine.refused(&[]);
    assert!(
        error.contains(&path.display().to_string())
            && error.contains("has mode 0666, so others can write it; chmod go-w")
    );
}

#[test]
fn a_machines_file_that_cannot_be_read_is_not_passed_over() {
    let machine = user(&format!("{PROFILE}{LOGIN}"));
    std::fs::create_dir_all(machine.path("etc/config.toml")).unwrap();
    assert!(machine.refused(&[]).contains("etc/config.toml: the file is not a regular file"));
}

#[rstest]
#[case::no_profile(&["--profile", "b"], "--profile: there is no profile \"b\"; there are: a")]
#[case::no_file(&["--config", "/nowhere/at/all"], "/nowhere/at/all: there is no such file")]
#[case::flag_url(&["--url", "https://x"], "--url: url: \"https://x\" begins with \"https\"")]
fn a_wrong_flag_is_refused_by_its_name(#[case] flags: &[&str], #[case] said: &str) {
    let error = user(&format!("{PROFILE}{LOGIN}")).refused(flags);
    assert!(error.contains(said), "{error}");
}

#[test]
fn a_machine_without_any_file_says_what_to_give() {
    let machine = Machine::new();
    assert!(machine.refused(&["--profile", "a"]).contains("--config FILE names another"));
    assert!(machine.refused(&["--url", "wss://g.test/"]).contains("no profile says how to log in"));
}
