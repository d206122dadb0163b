//! The world of the tests in a pseudo-terminal: an exchange, a profile on disk, the real binary, and what an operator does.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionread;
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, OptionalActions, Winsize, tcgetattr, tcsetattr, tcsetwinsize};
use withdraw_desk::domain::Boot;
use withdraw_desk::journal::{Fact, Record};
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::{Book, Exchange, Script, Simulator, login};

use crate::list_cursor::{CursorPath, Step};
use crate::world::FAULTS;

pub const BINARY: &str = env!("CARGO_BIN_EXE_withdraw-desk");
/// Every wait has this end.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// A person's pause before Enter.
pub const PAUSE: Duration = Duration::from_millis(400);

/// The exchange on a thread of its own, with a port of its own.
pub struct Server {
    pub runtime: tokio::runtime::Runtime,
    pub simulator: Simulator,
}

impl Server {
    pub fn start() -> Self {
        Self::with(Book::new(1, 400, clock::wall()))
    }

    /// A server with a book of one's own.
    pub fn with(book: Book) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
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

pub const SIZE: Winsize = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };

/// Whose the terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// The program leads the session of the terminal, as a login shell does: the kernel hangs it up.
    Leader,
    /// The terminal is nobody's controlling terminal, as under a task runner: nobody is hung up, it is only gone.
    Orphan,
}

/// The binary in a pseudo-terminal, and a terminal emulator in front of it.
pub struct Console {
    pub master: Option<File>,
    pub child: Child,
    pub parser: vt100::Parser,
    pub raw: Vec<u8>,
    pub modes_before: String,
}

/// The end of a terminal that is read holds 4,095 bytes on Linux, 1,024 at the least elsewhere.
const READ_END: u64 = if cfg!(target_os = "linux") { 4_000 } else { 1_000 };

impl Console {
    pub fn start(program: &str, arguments: &[String], env: &[(&str, &str)], size: Winsize) -> Self {
        Self::start_in(Session::Leader, program, arguments, env, size)
    }

    pub fn start_in(
        session: Session,
        program: &str,
        arguments: &[String],
        env: &[(&str, &str)],
        size: Winsize,
    ) -> Self {
        let (master, terminal) = terminal_of_nobody(size);
        let mut command = match session {
            // Takes the terminal, and becomes the program: no process in between.
            Session::Leader => {
                let mut command = Command::new("setsid");
                command.args(["--ctty", program]);
                command
            }
            Session::Orphan => Command::new(program),
        };
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("XDG_STATE_HOME", std::env::temp_dir().join("withdraw-desk-tests"));
        command.envs(env.iter().copied());
        let modes_before = modes(&master);
        let stdio = || Stdio::from(terminal.try_clone().unwrap());
        let child = command.stdin(stdio()).stdout(stdio()).stderr(stdio()).spawn().unwrap();
        // A terminal without a size is drawn on all the same.
        let (rows, columns) = (size.ws_row.max(1).try_into().unwrap(), size.ws_col.max(1).try_into().unwrap());
        let parser = vt100::Parser::new(rows, columns, 0);
        Self { master: Some(master), child, parser, raw: Vec::new(), modes_before }
    }

    /// Takes in what is written next, and gives it out, if anything is written within this time.
    pub fn next_chunk(&mut self, limit: Duration) -> Option<Vec<u8>> {
        let master = self.master.as_mut()?;
        let limit = Timespec::try_from(limit).unwrap();
        let mut fds = [PollFd::new(&*master, PollFlags::IN)];
        if poll(&mut fds, Some(&limit)).unwrap() == 0 {
            return None;
        }
        let mut chunk = vec![0; 8_192];
        // At the end of the last process on it, the terminal answers with an error.
        let length = master.read(&mut chunk).ok().filter(|length| *length > 0)?;
        chunk.truncate(length);
        self.parser.process(&chunk);
        self.raw.extend_from_slice(&chunk);
        Some(chunk)
    }

    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    pub fn wait_for(&mut self, text: &str) {
        let start = clock::boot();
        while !self.screen().contains(text) {
            assert!(
                self.next_chunk(left_since(start)).is_some(),
                "{text:?} was never on the screen:\n{}",
                self.screen()
            );
        }
    }

    /// The terminal's modes, as they are now.
    pub fn modes(&self) -> String {
        modes(self.master.as_ref().unwrap())
    }

    /// Stops the process, as a person does who is not at its keys, and gives the terminal the modes that a shell gives it.
    pub fn stop(&mut self) {
        self.signal(Signal::STOP);
        let start = clock::boot();
        while stat(self.child.id())[0] != "T" {
            assert!(clock::boot().since(start) < PATIENCE, "the process does not stop");
            std::thread::sleep(Duration::from_millis(2));
        }
        let master = self.master.as_ref().unwrap();
        let mut cooked = tcgetattr(master).unwrap();
        cooked.local_modes |= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        tcsetattr(master, OptionalActions::Now, &cooked).unwrap();
    }

    /// Takes in what is written until it is so.
    pub fn wait_until(&mut self, mut is_so: impl FnMut(&Self) -> bool) {
        let start = clock::boot();
        while !is_so(self) {
            assert!(clock::boot().since(start) < PATIENCE, "it never is so:\n{}", self.screen());
            self.next_chunk(Duration::from_millis(20));
        }
    }

    pub fn write(&mut self, text: &str) {
        self.master.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    pub fn resize(&self, size: Winsize) {
        tcsetwinsize(self.master.as_ref().unwrap(), size).unwrap();
    }

    /// Opens the cancel dialog of a ticket.
    pub fn choose(&mut self, ticket: u64) {
        self.select(ticket);
        self.write("x");
        self.wait_for("Type the ticket number to arm");
    }

    pub fn select(&mut self, ticket: u64) {
        self.wait_for("end of list");
        let mut path = CursorPath::to(ticket);
        let mut pressed = clock::boot();
        loop {
            match path.next(&self.screen()) {
                Step::Arrived => return,
                Step::NotThere => panic!("ticket {ticket} is not on the list:\n{}", self.screen()),
                Step::Press(key) => {
                    self.write(key);
                    pressed = clock::boot();
                }
                Step::Wait => {
                    let goes_on = self.next_chunk(left_since(pressed)).is_some();
                    assert!(goes_on, "on the way to {ticket} nothing moves, {path:?}:\n{}", self.screen());
                }
            }
        }
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

    /// Nobody reads any more, until the program is blocked in a write.
    pub fn stall(&mut self) {
        let start = clock::boot();
        // Where the kernel does not tell what a process waits in, 200 screens are more than any terminal holds.
        let mut screens = 0;
        // A write may also wait for a moment only: for the kernel, which brings what was written to the end that is read, and on
        // a busy machine comes late. Once that end is full too, nothing moves any more.
        let mut blocked = 0;
        while blocked < 5 {
            assert!(clock::boot().since(start) < PATIENCE, "the terminal never filled up");
            let is_full = ioctl_fionread(self.master.as_ref().unwrap()).unwrap() >= READ_END;
            let is_blocked = is_blocked_in_a_write(self.child.id()).unwrap_or(screens >= 200);
            blocked = if is_full && is_blocked { blocked + 1 } else { 0 };
            self.write("\u{c}");
            screens += 1;
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until the terminal was given back.
    pub fn wait_for_the_shell(&mut self) {
        let start = clock::boot();
        while self.parser.screen().alternate_screen() {
            assert!(
                self.next_chunk(left_since(start)).is_some(),
                "the terminal is never given back:\n{}",
                self.screen()
            );
        }
    }

    /// Waits for the end, and tells how many reads and writes the process made, if the kernel tells.
    pub fn wait_for_the_end(&mut self) -> Option<u64> {
        let start = clock::boot();
        let mut calls = None;
        while !has_ended(self.child.id()) {
            calls = reads_and_writes(self.child.id()).or(calls);
            assert!(clock::boot().since(start) < PATIENCE, "the process does not end:\n{}", self.screen());
            if self.next_chunk(Duration::from_millis(20)).is_none() {
                // Without a terminal to wait for, or one that is at its end.
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        calls
    }

    /// Waits for the end of a process whose terminal takes nothing: nothing is read from it.
    pub fn wait_without_reading(&mut self) -> u32 {
        let start = clock::boot();
        while !has_ended(self.child.id()) {
            assert!(clock::boot().since(start) < PATIENCE, "the process does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        let status = self.child.wait().unwrap();
        status.code().map_or(u32::MAX, |code| code.try_into().unwrap())
    }

    /// Waits for the end; everything that was written until then is taken in.
    pub fn end(&mut self) -> u32 {
        self.wait_for_the_end();
        while self.next_chunk(Duration::from_millis(50)).is_some() {}
        let status = self.child.wait().unwrap();
        status.code().map_or(u32::MAX, |code| code.try_into().unwrap())
    }

    /// The terminal is as it was found.
    pub fn assert_restored(&self) {
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(modes(self.master.as_ref().unwrap()), self.modes_before);
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// How much is left of the patience that began then. Frames that come meanwhile do not renew it, since an idle console draws one
/// a minute.
fn left_since(start: Boot) -> Duration {
    PATIENCE.saturating_sub(clock::boot().since(start))
}

/// A pseudo-terminal that is nobody's controlling terminal: its master and its slave.
fn terminal_of_nobody(size: Winsize) -> (File, File) {
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
    tcsetwinsize(&terminal, size).unwrap();
    (File::from(master), terminal)
}

fn modes(terminal: &File) -> String {
    format!("{:?}", tcgetattr(terminal).unwrap())
}

pub fn stat(pid: u32) -> Vec<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit(')').next().unwrap().split_whitespace().map(str::to_owned).collect()
}

/// True once a process has ended, though nobody has waited for it yet.
pub fn has_ended(pid: u32) -> bool {
    stat(pid)[0] == "Z"
}

/// How many reads and writes a process made; `None` if the kernel does not tell, as to a user whose process takes no part in
/// core dumps.
fn reads_and_writes(pid: u32) -> Option<u64> {
    let io = std::fs::read_to_string(format!("/proc/{pid}/io")).ok()?;
    let counts = io.lines().filter_map(|line| line.strip_prefix("syscr: ").or(line.strip_prefix("syscw: ")));
    counts.map(|count| count.parse::<u64>().ok()).sum()
}

/// True if a thread of the process waits in a write to standard output; `None` if the kernel does not tell.
fn is_blocked_in_a_write(pid: u32) -> Option<bool> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let mut is_known = false;
    for thread in threads {
        let Ok(waits) = std::fs::read_to_string(thread.ok()?.path().join("syscall")) else { continue };
        is_known = true;
        // The number of write(2) on x86-64 and on the other machines, and standard output.
        if matches!(waits.split_whitespace().take(2).collect::<Vec<_>>()[..], ["1" | "64", "0x1"]) {
            return Some(true);
        }
    }
    is_known.then_some(false)
}
