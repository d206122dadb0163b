//! What the tests in a pseudo-terminal share: an exchange, a profile on disk, the real binary, and what an operator does.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use withdraw_desk::journal::{Fact, Record};
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::{Book, Exchange, Script, Simulator, login};

use crate::world::FAULTS;

pub const BINARY: &str = env!("CARGO_BIN_EXE_withdraw-desk");
/// Every wait has this end.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// A person's pause before Enter.
pub const PAUSE: Duration = Duration::from_millis(400);

/// The exchange on a thread of its own, with a port of its own.
pub struct Server {
    pub runtime: tokio::runtime::Runtime,
    pub simulator: Simulator,
}

impl Server {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let book = Book::new(1, 400, clock::wall());
        let script = Script::parse(FAULTS, &book).unwrap();
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let simulator = runtime.block_on(Simulator::start(Exchange::new(book, script), listen, false)).unwrap();
        Self { runtime, simulator }
    }

    pub fn ticket(&self, case: &'static str) -> u64 {
        self.runtime.block_on(self.simulator.with(move |exchange, _| exchange.ticket_of_case(case))).unwrap().unwrap()
    }

    pub fn wait_for_cancel_frame(&self) {
        let start = clock::boot();
        while self.cancel_frames() == 0 {
            assert!(clock::boot().since(start) < PATIENCE, "no cancel frame arrived");
        }
    }

    pub fn cancel_frames(&self) -> usize {
        self.runtime.block_on(self.simulator.with(|exchange, _| exchange.all_cancel_frames())).unwrap()
    }
}

/// A profile on disk, with its secrets and its journal.
pub struct Profile {
    pub dir: tempfile::TempDir,
}

impl Profile {
    pub fn new(server: &Server, password: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let secret = dir.path().join("password");
        std::fs::write(&secret, password).unwrap();
        std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let config = format!(
            "default-profile = \"sim\"\n[profiles.sim]\nurl = \"{}\"\nenvironment = \"test\"\nwrite = true\n\
             [profiles.sim.login]\nusername = \"{}\"\npassword-file = \"{}\"\n",
            server.simulator.url(),
            login::USERNAME,
            secret.display()
        );
        std::fs::write(dir.path().join("config.toml"), config).unwrap();
        Self { dir }
    }

    pub fn journal(&self) -> PathBuf {
        self.dir.path().join("journal.jsonl")
    }

    pub fn facts(&self) -> Vec<Fact> {
        let text = std::fs::read_to_string(self.journal()).unwrap();
        text.lines().map(|line| Record::parse(line).unwrap().fact).collect()
    }

    pub fn arguments(&self) -> Vec<String> {
        let config = self.dir.path().join("config.toml");
        ["--config", &config.display().to_string(), "--journal", &self.journal().display().to_string()]
            .map(str::to_owned)
            .to_vec()
    }

    pub fn open(&self) -> Console {
        Console::start(BINARY, &self.arguments(), &[], SIZE)
    }
}

pub const SIZE: PtySize = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };

/// The binary in a pseudo-terminal, and a terminal emulator in front of it.
pub struct Console {
    pub master: Option<Box<dyn MasterPty + Send>>,
    pub writer: Option<Box<dyn Write + Send>>,
    pub child: Box<dyn Child + Send + Sync>,
    pub chunks: Receiver<Vec<u8>>,
    pub parser: vt100::Parser,
    pub raw: Vec<u8>,
    pub modes_before: String,
}

impl Console {
    pub fn start(program: &str, arguments: &[String], env: &[(&str, &str)], size: PtySize) -> Self {
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("XDG_STATE_HOME", std::env::temp_dir().join("withdraw-desk-tests"));
        for (name, value) in env {
            command.env(name, value);
        }
        let modes_before = format!("{:?}", pair.master.get_termios().unwrap());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (told, chunks) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 8_192];
            while let Ok(length @ 1..) = reader.read(&mut chunk) {
                if told.send(chunk[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        let rows = std::num::NonZeroU16::new(size.rows).unwrap();
        let columns = std::num::NonZeroU16::new(size.cols).unwrap();
        Self {
            writer: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            child,
            chunks,
            parser: vt100::Parser::new(rows, columns, 0),
            raw: Vec::new(),
            modes_before,
        }
    }

    pub fn take(&mut self, chunk: &[u8]) {
        self.parser.process(chunk);
        self.raw.extend_from_slice(chunk);
    }

    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    pub fn wait_for(&mut self, text: &str) {
        let start = clock::boot();
        while !self.screen().contains(text) {
            let left = PATIENCE.saturating_sub(clock::boot().since(start));
            match self.chunks.recv_timeout(left) {
                Ok(chunk) => self.take(&chunk),
                Err(error) => panic!("{text:?} was never on the screen ({error}):\n{}", self.screen()),
            }
        }
    }

    pub fn write(&mut self, text: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    pub fn select(&mut self, ticket: u64) {
        self.wait_for("end of list");
        self.write("g");
        let wanted = format!("#{ticket}  ");
        for _ in 0..400 {
            if self.screen().contains(&wanted) {
                return;
            }
            self.write("j");
            if let Ok(chunk) = self.chunks.recv_timeout(PATIENCE) {
                self.take(&chunk);
            }
        }
        panic!("ticket {ticket} is not on the list:\n{}", self.screen());
    }

    pub fn arm(&mut self, ticket: u64) {
        self.select(ticket);
        self.write("x");
        self.wait_for("Type the ticket number to arm");
        self.write(&ticket.to_string());
        self.wait_for("ARMED");
    }

    pub fn cancel(&mut self, ticket: u64) {
        self.arm(ticket);
        // The pause itself is what is tested; there is no condition to wait for.
        std::thread::sleep(PAUSE);
        self.write("\r");
    }

    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// Waits for the end; everything that was written until then is taken in.
    pub fn end(&mut self) -> u32 {
        let start = clock::boot();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(clock::boot().since(start) < PATIENCE, "the process does not end:\n{}", self.screen());
            if let Ok(chunk) = self.chunks.recv_timeout(Duration::from_millis(20)) {
                self.take(&chunk);
            }
        };
        while let Ok(chunk) = self.chunks.recv_timeout(Duration::from_millis(50)) {
            self.take(&chunk);
        }
        status.exit_code()
    }

    /// The terminal is as it was found.
    pub fn assert_restored(&self) {
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        let modes = format!("{:?}", self.master.as_ref().unwrap().get_termios().unwrap());
        assert_eq!(modes, self.modes_before);
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// The binary on a terminal of nobody's, as far as the whole list.
pub fn start_for_nobody(profile: &Profile) -> (std::fs::File, std::process::Child) {
    let (mut master, terminal) = terminal_of_nobody();
    let stdio = || Stdio::from(terminal.try_clone().unwrap());
    let mut command = Command::new(BINARY);
    let command = command.args(profile.arguments()).env("TERM", "xterm");
    let child = command.stdin(stdio()).stdout(stdio()).stderr(stdio()).spawn().unwrap();
    let mut written = String::new();
    while !written.contains("end of list") {
        let mut chunk = [0; 8_192];
        let length = master.read(&mut chunk).unwrap();
        written.push_str(&String::from_utf8_lossy(&chunk[..length]));
    }
    (master, child)
}

/// A pseudo-terminal that is nobody's controlling terminal: its master and its slave.
pub fn terminal_of_nobody() -> (std::fs::File, std::fs::File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let no_control = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true);
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, no_control);
    let terminal = options.open(name).unwrap();
    let size = rustix::termios::Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
    rustix::termios::tcsetwinsize(&terminal, size).unwrap();
    (std::fs::File::from(master), terminal)
}

pub fn stat(pid: u32) -> Vec<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit(')').next().unwrap().split_whitespace().map(str::to_owned).collect()
}

/// Whether a process has ended; it is not waited for yet, so its times can still be read.
pub fn has_ended(pid: u32) -> bool {
    stat(pid)[0] == "Z"
}

/// User and system time of a process in clock ticks of 10 ms.
pub fn processor_ticks(pid: u32) -> u64 {
    let stat = stat(pid);
    stat[11].parse::<u64>().unwrap() + stat[12].parse::<u64>().unwrap()
}
