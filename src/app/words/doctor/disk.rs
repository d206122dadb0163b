//! Words of the file system under the journal, and of its room.

/// Mends a file system that cannot be written.
pub const MOUNT_FOR_WRITING: &str = "mount it for writing, or give --journal FILE elsewhere";
/// Mends a file system of another machine.
pub const LOCAL_OR_ANYWHERE: &str =
    "give --journal FILE on a local disk, or set journal-anywhere = true in the configuration";
/// Mends a file system that is memory.
pub const ON_A_DISK: &str = "give --journal FILE on a disk";
/// Mends a file system that is full.
pub const MAKE_ROOM: &str = "make room, or give --journal FILE elsewhere";
/// A file system without names for another file.
pub const NO_NAMES: &str = "no room for another file (no inodes)";

/// A file system of which the system tells nothing.
pub fn cannot_be_asked(why: &str) -> String {
    format!("it cannot be asked: {why}")
}

/// A file system that cannot be written.
pub fn read_only(name: &str) -> String {
    format!("{name}, mounted read-only: nothing can be canceled")
}

/// A file system of another machine.
pub fn foreign(name: &str) -> String {
    format!("{name}: a lock or a sync may mean nothing there, so nothing can be canceled")
}

/// A file system of another machine that was taken all the same.
pub fn foreign_as_wanted(name: &str) -> String {
    format!("{name}: journal-anywhere = true takes it although a lock or a sync may mean nothing there")
}

/// A file system that is memory.
pub fn memory(name: &str) -> String {
    format!("{name}: the journal, and what is open in it, is lost when the machine starts again")
}

/// A file system that is fit for a journal.
pub fn of_this_machine(name: &str) -> String {
    format!("{name}, of this machine")
}

/// The room that is left.
pub fn room(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// Room for a few cancels only.
pub fn too_little_room(bytes: u64) -> String {
    format!("{} KiB: nothing can be canceled soon", bytes >> 10)
}
