//! Whose a file is and who else may read or write it: looked at, never changed.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::app::words::files;

/// A path's kind, owner and permission bits, a link not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// A file, a directory, a link, or something else.
    pub kind: Kind,
    /// The owner's user id.
    pub owner: u32,
    /// The permission bits.
    pub bits: u32,
}

/// The kind of thing at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A device, a pipe, a socket.
    Other,
}

impl Mode {
    /// Reads the mode of a path; `None` if there is nothing.
    pub fn of(path: &Path) -> Result<Option<Self>, String> {
        let meta = match std::fs::symlink_metadata(path) {
            Ok(meta) => meta,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(files::why(&error)),
        };
        let kind = meta.file_type();
        let kind = match () {
            () if kind.is_file() => Kind::File,
            () if kind.is_dir() => Kind::Directory,
            () if kind.is_symlink() => Kind::Link,
            () => Kind::Other,
        };
        Ok(Some(Self { kind, owner: meta.uid(), bits: meta.mode() & 0o7777 }))
    }

    /// `0600`.
    pub fn text(&self) -> String {
        format!("{:04o}", self.bits)
    }

    /// True if others than the owner may read or write it.
    pub fn is_shared(&self) -> bool {
        self.bits & 0o077 != 0
    }

    /// True if others than the owner may write it; in a directory with the sticky bit they can touch only what is theirs.
    pub fn is_open(&self) -> bool {
        self.bits & 0o022 != 0 && !(self.kind == Kind::Directory && self.bits & 0o1000 != 0)
    }
}

/// Our user id.
pub fn us() -> u32 {
    rustix::process::geteuid().as_raw()
}
