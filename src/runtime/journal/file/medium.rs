//! The file under the journal: opened so that nobody else reads it and no link is followed, appended to, synced, cut.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::app::words::files;
use crate::app::words::files::guard;
use crate::app::words::journal::file as words;
use crate::journal::store::Medium;
use crate::runtime::{clock, file_system};

/// Readable and writable by its owner alone.
const OURS_ALONE: u32 = 0o600;

/// An open journal file.
#[derive(Debug)]
pub struct FileMedium {
    path: PathBuf,
    file: File,
}

impl FileMedium {
    /// Opens the file, or makes it with mode 0600 in a directory of mode 0700.
    pub fn open(path: &Path) -> Result<Self, String> {
        let dir = directory(path);
        let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
        made.map_err(|error| words::no_directory(&files::why_no_directory(&error)))?;
        let is_new = !path.exists();
        let file =
            options().create(true).open(path).map_err(|error| words::not_opened_for_writing(&files::why(&error)))?;
        let meta = file.metadata().map_err(|error| words::not_looked_at(&files::why(&error)))?;
        if !meta.is_file() {
            return Err(guard::no_regular_file(false));
        }
        if meta.mode() & 0o077 != 0 {
            // It tells who asked for what; nobody else has to know. Another's file cannot be mended, and is refused.
            file.set_permissions(Permissions::from_mode(OURS_ALONE))
                .map_err(|error| words::open_to_others(meta.mode() & 0o7777, &files::why(&error)))?;
        }
        if is_new {
            sync_directory(dir)?;
        }
        Ok(Self { path: path.to_owned(), file })
    }

    /// Puts a new file with this content at the path, in one step, and holds its lock; the one that is there now keeps another
    /// name. An error says that nothing changed; whether the step is durable comes with the file.
    pub fn replace(path: &Path, keep_as: &Path, content: &[u8]) -> Result<(Self, Result<(), String>), String> {
        let dir = File::open(directory(path)).map_err(|error| words::directory_not_opened(&files::why(&error)))?;
        let next = beside(path, "next");
        let _ = std::fs::remove_file(&next);
        let mut file = options().create_new(true).open(&next).map_err(|error| files::why(&error))?;
        file.write_all(content).and_then(|()| file.sync_all()).map_err(|error| files::why(&error))?;
        // Nobody knows this file yet, so nobody holds its lock.
        file.try_lock().map_err(|error| words::next_not_locked(&files::why(&error.into())))?;
        keep(path, keep_as)?;
        std::fs::rename(&next, path).map_err(|error| files::why(&error))?;
        let named = dir.sync_all().map_err(|error| words::directory_not_synced(&files::why(&error)));
        Ok((Self { path: path.to_owned(), file }, named))
    }

    /// The open file, to lock it.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Its length in bytes.
    pub fn length(&self) -> Result<u64, String> {
        self.file.metadata().map(|meta| meta.len()).map_err(|error| words::not_looked_at(&files::why(&error)))
    }

    /// The kind of file system, if it is one on which locks and syncs cannot be relied upon.
    pub fn foreign_file_system(&self) -> Option<&'static str> {
        let magic = rustix::fs::fstatfs(&self.file).ok()?.f_type;
        file_system::foreign(u64::try_from(magic).unwrap_or(0))
    }
}

impl Medium for FileMedium {
    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let read = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| guard::unreadable(&files::why(&error)))
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.file.write_all(bytes).map_err(|error| files::why(&error))
    }

    fn sync(&mut self) -> Result<(), String> {
        self.file.sync_data().map_err(|error| files::why(&error))
    }

    fn cut(&mut self, length: u64) -> Result<(), String> {
        self.file.set_len(length).map_err(|error| words::not_cut(&files::why(&error)))
    }

    fn keep_aside(&mut self, bytes: &[u8]) -> Result<String, String> {
        let path = beside(&self.path, &format!("torn-{}", clock::wall().as_microsecond()));
        let kept = options().create_new(true).open(&path).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        kept.map_err(|error| words::not_kept_aside(&path.display().to_string(), &files::why(&error)))?;
        Ok(path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
    }
}

/// A file that was rotated away, in memory; nothing is written to it any more.
pub struct Archive(pub Vec<u8>);

impl Medium for Archive {
    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, String> {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        Ok(self.0.get(offset..).unwrap_or_default().to_vec())
    }

    fn append(&mut self, _: &[u8]) -> Result<(), String> {
        Err(words::REPLACED.to_owned())
    }

    fn sync(&mut self) -> Result<(), String> {
        Err(words::REPLACED.to_owned())
    }

    fn cut(&mut self, _: u64) -> Result<(), String> {
        Err(words::REPLACED.to_owned())
    }

    fn keep_aside(&mut self, _: &[u8]) -> Result<String, String> {
        Err(words::REPLACED.to_owned())
    }
}

/// A file beside the journal: `journal.jsonl.WORD`.
pub fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(word);
    PathBuf::from(name)
}

/// Gives a file a second name; one that it has already, from a rotation that a crash cut off, will do.
fn keep(path: &Path, keep_as: &Path) -> Result<(), String> {
    match std::fs::hard_link(path, keep_as) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let inode = |path: &Path| std::fs::symlink_metadata(path).map(|meta| (meta.dev(), meta.ino()));
            let is_same =
                inode(path).and_then(|ours| Ok(inode(keep_as)? == ours)).map_err(|error| files::why(&error))?;
            is_same.then_some(()).ok_or_else(|| words::another_file(&keep_as.display().to_string()))
        }
        linked => linked.map_err(|error| files::why(&error)),
    }
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file's name must be durable as well as its content.
fn sync_directory(dir: &Path) -> Result<(), String> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(|error| words::directory_not_synced(&files::why(&error)))
}

fn options() -> OpenOptions {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::CLOEXEC).bits()).unwrap_or(0);
    let mut options = OpenOptions::new();
    options.read(true).append(true).mode(OURS_ALONE).custom_flags(flags);
    options
}
