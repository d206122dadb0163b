//! The simulated exchange by itself, for the console, for public clients and for tests.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::words::simulate as words;
use crate::args::Simulate;
use crate::config::state_dir;
use crate::runtime::clock;
use crate::simulator::authority::SimulatedTls;
use crate::simulator::conduct::Certificate;
use crate::simulator::scenarios::{self, SCENARIOS};
use crate::simulator::{Book, Conduct, Exchange, Script, Simulator, login};

/// Serves until stopped. Prints, on standard output, one `name: value` a line: where it is and how to log in.
pub fn run(arguments: &Simulate) -> anyhow::Result<ExitCode> {
    if arguments.list_scenarios {
        return list();
    }
    let book = Book::new(arguments.seed, arguments.tickets, clock::wall());
    let script = match &arguments.scenario {
        Some(path) => {
            let text = text_of(path)?;
            Script::parse(&text, &book).with_context(|| path.display().to_string())?
        }
        None => Script::default(),
    };
    let conduct = script.conduct().clone();
    super::runtime()?.block_on(async {
        let (simulator, authority) = start(arguments, conduct.certificate, Exchange::new(book, script)).await?;
        // Before anything is printed: whoever reads the lines may stop us at once.
        let mut interrupted = signal(SignalKind::interrupt())?;
        let mut terminated = signal(SignalKind::terminate())?;
        print(&simulator.url(), authority.as_ref(), &conduct)?;
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        anyhow::Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The text of a scenario: one that ships, else a file.
fn text_of(path: &Path) -> anyhow::Result<String> {
    if let Some(text) = path.to_str().and_then(scenarios::text) {
        return Ok(text.to_owned());
    }
    let name = || path.display().to_string();
    fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => anyhow::Error::msg(words::unknown(&name())),
        _ => anyhow::Error::new(error).context(name()),
    })
}

/// The scenarios that ship, a line each.
fn list() -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    for (name, text) in SCENARIOS {
        writeln!(out, "{}", words::scenario(name, &scenarios::about(text).unwrap_or_default()))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

async fn start(
    arguments: &Simulate,
    certificate: Certificate,
    exchange: Exchange,
) -> anyhow::Result<(Simulator, Option<CaFile>)> {
    let Simulate { listen, anywhere, .. } = *arguments;
    if !arguments.tls {
        return Ok((Simulator::start(exchange, listen, anywhere).await?, None));
    }
    let clients = match &arguments.client_ca {
        Some(path) => Some(fs::read(path).with_context(|| path.display().to_string())?),
        None => None,
    };
    let tls = SimulatedTls::with(certificate, clients.as_deref()).context("--tls")?;
    let simulator = Simulator::start_tls(exchange, listen, anywhere, tls.server).await?;
    let directory = state_dir()?.join("simulator");
    let file = CaFile::write(&directory, simulator.address().port(), &tls.authority)
        .with_context(|| directory.display().to_string())?;
    Ok((simulator, Some(file)))
}

/// The certificate of the authority in a file, which is gone when this is. The port is in its name: two exchanges of one
/// machine do not meet, and one that is started again at its port is found where it was.
struct CaFile(PathBuf);

impl CaFile {
    fn write(directory: &Path, port: u16, certificate: &str) -> io::Result<Self> {
        // As the journal makes it, which may come to lie beside.
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let path = directory.join(format!("ca-{port}.pem"));
        // One that a killed exchange left behind is of no use to anybody: its key is gone.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(&path)?;
        file.write_all(certificate.as_bytes())?;
        Ok(Self(path))
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn print(url: &str, authority: Option<&CaFile>, conduct: &Conduct) -> io::Result<()> {
    let code = conduct.second_factor.as_ref().map(|factor| match &factor.totp_secret {
        Some(secret) => words::CodeToGive::Secret(secret),
        None => words::CodeToGive::Code(&factor.code),
    });
    let text = words::how_to_log_in(&words::HowToLogIn {
        url,
        ca_file: authority.map(|CaFile(path)| path.display().to_string()),
        username: login::USERNAME,
        password: login::PASSWORD,
        code,
        user_id: login::USER_ID,
        api_key: login::API_KEY,
        api_secret: login::API_SECRET,
        oms_id: conduct.user.oms_id,
        operator_id: conduct.user.operator_id,
    });
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
