//! The file system under the journal, and how much room it has there.

use std::path::Path;

use super::finding::CheckFinding;
use crate::app::words::files;
use crate::runtime::file_system::{FileSystem, MEMORY};

const KIND: &str = "file-system";
const FREE: &str = "free-space";

/// Below this a few cancels fill it.
const TOO_LITTLE: u64 = 1 << 20;
/// A file of the journal grows to 16 MiB before it is rotated; below a few of them somebody should look.
const LITTLE: u64 = 64 << 20;

/// Judges the file system that a path lies on; `anywhere` is the setting `journal-anywhere`.
pub fn check(path: &Path, anywhere: bool) -> Vec<CheckFinding> {
    match FileSystem::of(path) {
        Ok(disk) => vec![kind(&disk, anywhere), free(&disk)],
        Err(error) => [KIND, FREE]
            .map(|name| CheckFinding::unknown(name, format!("it cannot be asked: {}", files::why(&error))))
            .to_vec(),
    }
}

fn kind(disk: &FileSystem, anywhere: bool) -> CheckFinding {
    let name = &disk.name;
    if disk.is_read_only {
        let mend = "mount it for writing, or give --journal FILE elsewhere";
        return CheckFinding::fail(KIND, format!("{name}, mounted read-only: nothing can be canceled"), mend);
    }
    match (disk.is_foreign, anywhere) {
        (true, false) => CheckFinding::fail(
            KIND,
            format!("{name}: a lock or a sync may mean nothing there, so nothing can be canceled"),
            "give --journal FILE on a local disk, or set journal-anywhere = true in the configuration",
        ),
        (true, true) => CheckFinding::warn(
            KIND,
            format!("{name}: journal-anywhere = true takes it although a lock or a sync may mean nothing there"),
            "give --journal FILE on a local disk",
        ),
        (false, _) if name == MEMORY => CheckFinding::warn(
            KIND,
            format!("{name}: the journal, and what is open in it, is lost when the machine starts again"),
            "give --journal FILE on a disk",
        ),
        (false, _) => CheckFinding::ok(KIND, format!("{name}, of this machine")),
    }
}

fn free(disk: &FileSystem) -> CheckFinding {
    let found = format!("{} MiB", disk.free >> 20);
    let mend = "make room, or give --journal FILE elsewhere";
    match disk.free {
        _ if !disk.has_names => CheckFinding::fail(FREE, "no room for another file (no inodes)", mend),
        0..TOO_LITTLE => {
            CheckFinding::fail(FREE, format!("{} KiB: nothing can be canceled soon", disk.free >> 10), mend)
        }
        TOO_LITTLE..LITTLE => CheckFinding::warn(FREE, found, mend),
        LITTLE.. => CheckFinding::ok(FREE, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState::{self, Fail, Ok, Warn};
    use rstest::rstest;

    fn disk(name: &str, is_foreign: bool, free: u64) -> FileSystem {
        FileSystem { name: name.to_owned(), is_foreign, is_read_only: false, free, has_names: true }
    }

    #[rstest]
    #[case::local(disk("ext", false, LITTLE), false, Ok)]
    #[case::memory(disk("tmpfs", false, LITTLE), true, Warn)]
    #[case::nfs(disk("NFS", true, LITTLE), false, Fail)]
    #[case::nfs_as_wanted(disk("NFS", true, LITTLE), true, Warn)]
    #[case::read_only(FileSystem { is_read_only: true, ..disk("ext", false, LITTLE) }, true, Fail)]
    fn the_kind_of_file_system_decides(#[case] disk: FileSystem, #[case] anywhere: bool, #[case] state: CheckState) {
        assert_eq!(kind(&disk, anywhere).state, state);
    }

    #[rstest]
    #[case::none(0, Fail)]
    #[case::too_little(TOO_LITTLE - 1, Fail)]
    #[case::little(TOO_LITTLE, Warn)]
    #[case::enough(LITTLE, Ok)]
    fn room_is_judged_by_what_a_journal_needs(#[case] bytes: u64, #[case] state: CheckState) {
        assert_eq!(free(&disk("ext", false, bytes)).state, state);
    }

    #[test]
    fn room_without_names_is_none() {
        assert_eq!(free(&FileSystem { has_names: false, ..disk("ext", false, LITTLE) }).state, Fail);
    }
}
