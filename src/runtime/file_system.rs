//! The file system under a file: its kind by the kernel's magic numbers, and the room that is left.

use std::path::Path;

use rustix::fs::{StatVfsMountFlags, statfs, statvfs};

use crate::app::words::files;

/// File systems on which a lock or a sync is another machine's or another program's word.
const FOREIGN: [(u64, &str); 5] =
    [(0x6969, "NFS"), (0xFF53_4D42, "CIFS"), (0xFE53_4D42, "SMB"), (0x517B, "SMB"), (0x6573_5546, "FUSE")];

/// The usual ones of this machine.
const LOCAL: [(u64, &str); 8] = [
    (0xEF53, "ext"),
    (0x5846_5342, "XFS"),
    (0x9123_683E, "btrfs"),
    (0x2FC1_2FC1, "ZFS"),
    (0xF2F5_2010, "F2FS"),
    (0x794C_7630, "overlay"),
    (0x0102_1994, MEMORY),
    (0x8584_58F6, "ramfs"),
];

/// The file system that ends with the machine's next start.
pub const MEMORY: &str = "tmpfs";

/// The file system under a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSystem {
    /// Its name, or its number where it has none here.
    pub name: String,
    /// True if locks and syncs cannot be relied upon there.
    pub is_foreign: bool,
    /// True if it is mounted read-only.
    pub is_read_only: bool,
    /// Bytes that a process without privileges may still write.
    pub free: u64,
    /// True if it has room for another file.
    pub has_names: bool,
}

impl FileSystem {
    /// Looks at what a path lies on.
    pub fn of(path: &Path) -> std::io::Result<Self> {
        let magic = u64::try_from(statfs(path)?.f_type).unwrap_or(0);
        let room = statvfs(path)?;
        Ok(Self {
            name: name(magic),
            is_foreign: foreign(magic).is_some(),
            is_read_only: room.f_flag.contains(StatVfsMountFlags::RDONLY),
            free: room.f_bavail.saturating_mul(room.f_frsize),
            // Some kinds count no files at all.
            has_names: room.f_files == 0 || room.f_favail > 0,
        })
    }
}

/// The name of a kind on which locks and syncs cannot be relied upon.
pub fn foreign(magic: u64) -> Option<&'static str> {
    known(&FOREIGN, magic)
}

fn name(magic: u64) -> String {
    let known = foreign(magic).or_else(|| known(&LOCAL, magic));
    known.map_or_else(|| files::unnamed_file_system(magic), str::to_owned)
}

fn known(kinds: &[(u64, &'static str)], magic: u64) -> Option<&'static str> {
    // Some kernels keep the number in 32 bits with a sign.
    kinds.iter().find(|(known, _)| *known == magic & 0xFFFF_FFFF).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nfs(0x6969, Some("NFS"))]
    #[case::cifs(0xFF53_4D42, Some("CIFS"))]
    #[case::cifs_with_a_sign(0xFFFF_FFFF_FF53_4D42, Some("CIFS"))]
    #[case::fuse(0x6573_5546, Some("FUSE"))]
    #[case::ext4(0xEF53, None)]
    #[case::tmpfs(0x0102_1994, None)]
    fn a_file_system_of_another_machine_is_known_by_its_number(#[case] magic: u64, #[case] name: Option<&str>) {
        assert_eq!(foreign(magic), name);
    }

    #[test]
    fn a_kind_without_a_name_is_told_by_its_number() {
        assert_eq!((name(0xEF53), name(0x77)), ("ext".to_owned(), "a file system of kind 0x77".to_owned()));
    }

    #[test]
    fn the_kernels_process_files_are_no_place_to_write() {
        let process = FileSystem::of(Path::new("/proc")).unwrap();
        assert_eq!((process.is_foreign, process.free), (false, 0));
    }
}
