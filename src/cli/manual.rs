//! The manuals: their list, or one of them, by the operator's pager on a terminal and as it is in a pipe.

use std::process::ExitCode;

use super::journal::print;
use crate::app::words::manual as words;
use crate::args::Manual;
use crate::runtime::pager;

/// Shows what was asked for.
pub fn run(wanted: &Manual) -> anyhow::Result<ExitCode> {
    let Some(asked) = &wanted.topic else {
        print(&words::list())?;
        return Ok(ExitCode::SUCCESS);
    };
    let topic = words::find(asked).ok_or_else(|| anyhow::Error::msg(words::unknown(asked)))?;
    if !pager::show(topic.text)? {
        print(topic.text)?;
    }
    Ok(ExitCode::SUCCESS)
}
