//! The journal's commands. All but `release` read its files alone: no login, no network, and nothing is written.
//!
//! The answer goes to standard output in one piece, everything else to standard error.

mod csv;
mod export;
mod find;
mod json;
mod list;
mod release;
mod show;
mod verify;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Context;

use crate::app::words::journal as words;
use crate::args::{Global, JournalCommand};
use crate::config::journal_place;
use crate::journal::heads::Told;
use crate::journal::verify::Report;
use crate::journal::{Checker, History, JournalPlace};
use crate::runtime::{journal, standard_error};

/// Runs one of them.
pub fn run(flags: &Global, command: &JournalCommand) -> anyhow::Result<ExitCode> {
    let reading = || Reading::of(journal_place(flags)?);
    match command {
        JournalCommand::Verify(wanted) => verify::run(journal_place(flags)?, wanted),
        JournalCommand::List(wanted) => list::run(&reading()?, wanted),
        JournalCommand::Show(wanted) => show::run(&reading()?, wanted),
        JournalCommand::Export(wanted) => export::run(&reading()?, wanted),
        JournalCommand::Release(wanted) => release::run(flags, wanted),
    }
}

/// The content of the journal's files, as far as they fit.
struct Reading {
    place: JournalPlace,
    report: Report,
    history: History,
}

impl Reading {
    fn of(place: JournalPlace) -> anyhow::Result<Self> {
        Self::against(place, None)
    }

    /// Reads the journal and checks it, also against a text that tells heads.
    fn against(place: JournalPlace, heads: Option<&str>) -> anyhow::Result<Self> {
        let files = journal::read(&place).map_err(anyhow::Error::msg)?;
        let chain = files.chain();
        let told = heads.map(|text| Told::read(text, chain.as_deref()));
        let (mut checker, mut history) = (Checker::new(chain, told), History::default());
        if let Some(gone) = files.gone() {
            checker.gone(&gone.name, &gone.why);
        }
        files
            .each(&mut |name, bytes| checker.file(name, bytes, |record| history.apply(record)))
            .map_err(anyhow::Error::msg)?;
        Ok(Self { place, report: checker.finish(), history })
    }

    /// Prints, says on standard error what the reader should know of the journal, and gives the exit code.
    fn answer(&self, text: &str) -> anyhow::Result<ExitCode> {
        print(text)?;
        self.warn();
        Ok(if self.is_broken() { ExitCode::from(super::FOUND) } else { ExitCode::SUCCESS })
    }

    /// A torn tail is what a crash leaves: everything before it is there.
    fn is_broken(&self) -> bool {
        self.report.findings.iter().any(|finding| !finding.is_torn())
    }

    fn warn(&self) {
        for line in words::warnings(&self.report, self.history.strays()) {
            standard_error::say(&line);
        }
    }
}

/// Writes to standard output. Whoever reads may have seen enough; that is no fault.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context(words::OUTPUT),
        _ => Ok(()),
    }
}
