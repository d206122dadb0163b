//! Files that must not be anybody's to change or to read: checked on the open descriptor, so that nothing can change between
//! the check and the reading.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::app::words::files;
use crate::app::words::files::guard as words;

/// The access that a file must keep from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nobody else may read it: ours with mode 0600 at the most, or root's with 0640; never a link.
    Secret,
    /// Nobody else may write it; ours or root's.
    Trusted,
}

/// Why a file is not read.
#[derive(Debug)]
pub enum FileRefused {
    /// There is none.
    Absent,
    /// A sentence about the file, without its name: `has mode 0644, …`.
    Because(String),
}

impl From<FileRefused> for String {
    fn from(refused: FileRefused) -> Self {
        match refused {
            FileRefused::Absent => words::ABSENT.to_owned(),
            FileRefused::Because(why) => why,
        }
    }
}

/// Whose a file is, and its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The owner's user id.
    pub owner: u32,
    /// The permission bits.
    pub mode: u32,
}

/// Whose a file is that is guarded well enough; nothing of it is read.
pub fn look(path: &Path, guard: Guard) -> Result<Ownership, FileRefused> {
    checked(&open(path, guard)?, guard)
}

/// The bytes of a file that is guarded well enough and no longer than `longest`.
pub fn read(path: &Path, guard: Guard, longest: u64) -> Result<Vec<u8>, FileRefused> {
    let file = open(path, guard)?;
    checked(&file, guard)?;
    // With room for everything, so that no copy of a secret is left behind where it grew.
    let room = file.metadata().map_or(0, |meta| meta.len()).min(longest) + 64;
    let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
    let length = file.take(longest + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if u64::try_from(length).is_ok_and(|length| length <= longest) {
        return Ok(bytes);
    }
    Err(FileRefused::Because(words::too_long(longest)))
}

fn unreadable(error: &io::Error) -> FileRefused {
    FileRefused::Because(words::unreadable(&files::why(error)))
}

fn checked(file: &File, guard: Guard) -> Result<Ownership, FileRefused> {
    let meta = file.metadata().map_err(|error| unreadable(&error))?;
    if !meta.is_file() {
        return Err(FileRefused::Because(words::no_regular_file(meta.is_dir())));
    }
    check(guard, meta.uid(), meta.mode()).map_err(FileRefused::Because)?;
    Ok(Ownership { owner: meta.uid(), mode: meta.mode() & 0o7777 })
}

fn open(path: &Path, guard: Guard) -> Result<File, FileRefused> {
    // A pipe in its place must not hold up the start.
    let mut flags = OFlags::CLOEXEC | OFlags::NONBLOCK;
    if guard == Guard::Secret {
        flags |= OFlags::NOFOLLOW;
    }
    let flags = i32::try_from(flags.bits()).map_err(|error| FileRefused::Because(error.to_string()))?;
    OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FileRefused::Absent,
        _ => FileRefused::Because(words::unopened(&files::why(&error))),
    })
}

fn check(guard: Guard, owner: u32, mode: u32) -> Result<(), String> {
    let ours = rustix::process::geteuid().as_raw();
    if owner != ours && owner != 0 {
        return Err(words::owner(owner));
    }
    let kept = match guard {
        Guard::Secret if owner == ours => 0o077,
        Guard::Secret => 0o037,
        Guard::Trusted => 0o022,
    };
    let mode = mode & 0o7777;
    match guard {
        _ if mode & kept == 0 => Ok(()),
        Guard::Secret => Err(words::readable_by_others(mode)),
        Guard::Trusted => Err(words::writable_by_others(mode)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::ours(Guard::Secret, 0, 0o600, None)]
    #[case::readable_by_others(Guard::Secret, 0, 0o604, Some("mode 0604"))]
    #[case::readable_by_the_group(Guard::Secret, 0, 0o640, Some("mode 0640"))]
    #[case::others_may_read_what_is_no_secret(Guard::Trusted, 0, 0o644, None)]
    #[case::writable_by_the_group(Guard::Trusted, 0, 0o664, Some("chmod go-w"))]
    #[case::writable_by_others(Guard::Trusted, 0, 0o646, Some("chmod go-w"))]
    #[case::of_another(Guard::Trusted, 1, 0o600, Some("neither to this one nor to root"))]
    #[case::a_secret_of_another(Guard::Secret, 1, 0o600, Some("neither to this one nor to root"))]
    fn owner_and_mode_decide(#[case] guard: Guard, #[case] away: u32, #[case] mode: u32, #[case] said: Option<&str>) {
        let owner = rustix::process::geteuid().as_raw() + away;
        match (check(guard, owner, mode), said) {
            (Ok(()), None) => {}
            (Err(why), Some(said)) => assert!(why.contains(said), "{why}"),
            (found, _) => panic!("{found:?}"),
        }
    }

    #[test]
    fn what_the_system_gives_to_all_is_trusted() {
        assert_eq!(check(Guard::Trusted, 0, 0o644), Ok(()));
    }
}
