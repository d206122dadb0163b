//! The file system under the journal, and how much room it has there.

use std::path::Path;

use super::finding::CheckFinding;
use crate::app::words::doctor::{GIVE_LOCAL_JOURNAL, disk as words};
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
        Err(error) => {
            [KIND, FREE].map(|name| CheckFinding::unknown(name, words::cannot_be_asked(&files::why(&error)))).to_vec()
        }
    }
}

fn kind(disk: &FileSystem, anywhere: bool) -> CheckFinding {
    let name = &disk.name;
    if disk.is_read_only {
        return CheckFinding::fail(KIND, words::read_only(name), words::MOUNT_FOR_WRITING);
    }
    match (disk.is_foreign, anywhere) {
        (true, false) => CheckFinding::fail(KIND, words::foreign(name), words::LOCAL_OR_ANYWHERE),
        (true, true) => CheckFinding::warn(KIND, words::foreign_as_wanted(name), GIVE_LOCAL_JOURNAL),
        (false, _) if name == MEMORY => CheckFinding::warn(KIND, words::memory(name), words::ON_A_DISK),
        (false, _) => CheckFinding::ok(KIND, words::of_this_machine(name)),
    }
}

fn free(disk: &FileSystem) -> CheckFinding {
    let (found, mend) = (words::room(disk.free), words::MAKE_ROOM);
    match disk.free {
        _ if !disk.has_names => CheckFinding::fail(FREE, words::NO_NAMES, mend),
        0..TOO_LITTLE => CheckFinding::fail(FREE, words::too_little_room(disk.free), mend),
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
