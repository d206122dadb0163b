//! Reads a journal and the files before it without writing anything: no file is made, no torn tail is cut off.
//!
//! The newest file is read under a shared lock, so that no half-written line is seen; the older ones are written no more.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;

use crate::app::words::files;
use crate::app::words::files::guard;
use crate::app::words::journal::file as words;
use crate::domain::text::inert;
use crate::journal::verify;
use crate::runtime::clock;
use crate::runtime::journal::{GonePart, JournalReader};

/// The lock is waited for no longer than this.
const LOCK_LIMIT: Duration = Duration::from_secs(2);
const LOCK_RETRY: Duration = Duration::from_millis(10);
/// More files than this are not followed back.
const FILES_AT_MOST: usize = 10_000;

/// A journal's files, to be read.
#[derive(Debug)]
pub struct FileReader {
    path: PathBuf,
    newest: Vec<u8>,
    /// The files before it, oldest first.
    before: Vec<PathBuf>,
    /// The file before those.
    gone: Option<GonePart>,
}

impl FileReader {
    /// Reads the newest file and finds those before it. An error is one line that names the file.
    pub fn open(path: &Path) -> Result<Self, String> {
        let newest = read(path, true)?.ok_or_else(|| words::no_journal(&path.display().to_string()))?;
        let mut reader = Self { path: path.to_owned(), before: Vec::new(), gone: None, newest };
        let mut name = verify::file_before(&reader.newest);
        while let Some(named) = name.take() {
            match reader.older(&named) {
                Ok((older, bytes)) => {
                    name = verify::file_before(&bytes);
                    reader.before.push(older);
                }
                Err(why) => reader.gone = Some(GonePart { name: named, why }),
            }
        }
        reader.before.reverse();
        Ok(reader)
    }

    fn older(&self, name: &str) -> Result<(PathBuf, Vec<u8>), String> {
        let is_name = Path::new(name).file_name().is_some_and(|last| last == name) && !name.contains('\0');
        let older = self.path.with_file_name(if is_name { name } else { "" });
        let is_known = older == self.path || self.before.contains(&older);
        if !is_name || is_known || self.before.len() >= FILES_AT_MOST {
            return Err(words::NO_FILE_BEFORE.to_owned());
        }
        let bytes = read(&older, false)?.ok_or_else(|| words::NOT_HERE.to_owned())?;
        Ok((older, bytes))
    }
}

impl JournalReader for FileReader {
    fn chain(&self) -> Option<String> {
        verify::chain_of(&self.newest)
    }

    fn gone(&self) -> Option<&GonePart> {
        self.gone.as_ref()
    }

    fn each(&self, take: &mut dyn FnMut(&str, &[u8])) -> Result<(), String> {
        for path in &self.before {
            let bytes = read(path, false)?.ok_or_else(|| format!("{}: {}", shown(path), words::NOT_HERE_ANY_MORE))?;
            take(&path.display().to_string(), &bytes);
        }
        take(&self.path.display().to_string(), &self.newest);
        Ok(())
    }
}

fn read(path: &Path, is_shared: bool) -> Result<Option<Vec<u8>>, String> {
    let failed = |what: String| format!("{}: {what}", shown(path));
    // A pipe in the journal's place must not hold us up.
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::CLOEXEC).bits()).unwrap_or(0);
    let mut file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(guard::unopened(&files::why(&error)))),
    };
    let meta = file.metadata().map_err(|error| failed(words::not_looked_at(&files::why(&error))))?;
    if !meta.is_file() {
        return Err(failed(guard::no_regular_file(false)));
    }
    if is_shared {
        lock(&file).map_err(failed)?;
    }
    let mut bytes = Vec::new();
    // The lock ends with the file's descriptor.
    file.read_to_end(&mut bytes).map_err(|error| failed(guard::unreadable(&files::why(&error))))?;
    Ok(Some(bytes))
}

fn lock(file: &File) -> Result<(), String> {
    let start = clock::boot();
    loop {
        match file.try_lock_shared() {
            // Where there are no locks, nobody writes either.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(()),
            Err(TryLockError::WouldBlock) if clock::boot().since(start) < LOCK_LIMIT => std::thread::sleep(LOCK_RETRY),
            Err(TryLockError::WouldBlock) => {
                return Err(words::held_from_readers(LOCK_LIMIT.as_secs()));
            }
        }
    }
}

fn shown(path: &Path) -> String {
    inert(&path.display().to_string())
}
