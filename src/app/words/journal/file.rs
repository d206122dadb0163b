//! The words where the journal's file cannot be used. Each stands behind the file's name, unless it says otherwise.

/// The directory of the file is not there, and cannot be made.
pub fn no_directory(why: &str) -> String {
    format!("its directory cannot be made: {why}")
}

/// The system does not open the file for a console.
pub fn not_opened_for_writing(why: &str) -> String {
    format!("cannot be opened for writing: {why}")
}

/// The system says nothing of the file.
pub fn not_looked_at(why: &str) -> String {
    format!("cannot be looked at: {why}")
}

/// Others can read or write the file, and it cannot be taken from them.
pub fn open_to_others(mode: u32, why: &str) -> String {
    format!("has mode {mode:04o}, so others can read or write it, and that cannot be mended: {why}")
}

/// The system does not open the directory.
pub fn directory_not_opened(why: &str) -> String {
    format!("its directory cannot be opened: {why}")
}

/// The file that is to come has a lock already, or takes none.
pub fn next_not_locked(why: &str) -> String {
    format!("the next file cannot be locked: {why}")
}

/// The file's name may be gone after a crash of the machine.
pub fn directory_not_synced(why: &str) -> String {
    format!("its directory cannot be synced: {why}")
}

/// Half a line stays at the end.
pub fn not_cut(why: &str) -> String {
    format!("cannot be cut back: {why}")
}

/// Half a line is not cut off, since it could be kept nowhere.
pub fn not_kept_aside(kept_in: &str, why: &str) -> String {
    format!("half a line at its end cannot be kept in {kept_in}: {why}")
}

/// Something was to be written into a file that another one replaced.
pub const REPLACED: &str = "is not the journal any more";

/// The name of the file that is full belongs to something else; to stand alone.
pub fn another_file(name: &str) -> String {
    format!("{name} is another file")
}

/// The file lies where nothing can be relied upon.
pub fn foreign(kind: &str) -> String {
    format!(
        "is on {kind}, where a lock or a sync may mean nothing; set journal-anywhere = true in the configuration, or \
         give --journal FILE on a local disk"
    )
}

/// Its lock is not given back.
pub fn not_unlocked(why: &str) -> String {
    format!("cannot be unlocked: {why}")
}

/// The system gives no lock.
pub fn not_locked(why: &str) -> String {
    format!("cannot be locked: {why}")
}

/// Another process does not give its lock back.
pub fn held(seconds: u64) -> String {
    format!("another process held its lock for {seconds} s")
}

/// Another process does not give its lock back to one that only reads.
pub fn held_from_readers(seconds: u64) -> String {
    format!("another process held its lock for {seconds} s; read a copy of it, or try again")
}

/// The file at the path is another one each time.
pub const REPLACED_AGAIN: &str = "is replaced by another file again and again";

/// A file that is full goes on; to stand alone.
pub fn not_rotated(why: &str) -> String {
    format!("the journal could not be rotated ({why}); it goes on in the full file")
}

/// A new file goes on where a full one ends; to stand alone.
pub fn rotated(full: &str) -> String {
    format!("the journal was full and goes on in a new file; the old one is {full}")
}

/// A new file began, and may not be there after a crash of the machine.
pub fn rotated_in_doubt(why: &str) -> String {
    format!("was rotated, but the new file cannot be relied upon: {why}")
}

/// Nobody else knows where the journal ends now; to stand alone.
pub fn head_not_sent(why: &str) -> String {
    format!("the journal's head could not be sent to journal-heads: {why}")
}

/// The disk hangs while the program ends.
pub fn not_finished(seconds: u64) -> String {
    format!("its last records were not written within {seconds} s")
}

/// There is none to read; with its name.
pub fn no_journal(path: &str) -> String {
    format!("{path}: there is no such journal; the first console makes it, --journal FILE names another")
}

/// A file names as the one before it what cannot be that.
pub const NO_FILE_BEFORE: &str = "is no file before these";

/// The file before another was moved.
pub const NOT_HERE: &str = "is not here";

/// A file went away while it was to be read.
pub const NOT_HERE_ANY_MORE: &str = "is not there any more";
