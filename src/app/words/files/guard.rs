//! The words where a file is not guarded well enough, or is no file at all. Each stands behind the file's name.

/// There is none.
pub const ABSENT: &str = "does not exist";

/// It is longer than it may be.
pub fn too_long(longest: u64) -> String {
    format!("is longer than {longest} bytes, which is nothing of this kind")
}

/// The system does not read it.
pub fn unreadable(why: &str) -> String {
    format!("cannot be read: {why}")
}

/// The system does not open it.
pub fn unopened(why: &str) -> String {
    format!("cannot be opened: {why}")
}

/// It is a directory, a pipe or a device.
pub fn no_regular_file(is_directory: bool) -> String {
    let kind = if is_directory { "; it is a directory" } else { "" };
    format!("is not a regular file{kind}")
}

/// It is another user's.
pub fn owner(owner: u32) -> String {
    format!("belongs to user {owner}, neither to this one nor to root; wanted a file of your own")
}

/// Others can read it.
pub fn readable_by_others(mode: u32) -> String {
    format!("has mode {mode:04o}, so others can read it; chmod 600 mends that")
}

/// Others can write it.
pub fn writable_by_others(mode: u32) -> String {
    format!("has mode {mode:04o}, so others can write it; chmod go-w mends that")
}
