//! Words of the journal: where it is, whose, whether it is whole, free and writable.

use std::path::Path;

/// Mends something that is no file.
pub const GIVE_REGULAR_FILE: &str = "give --journal FILE; it must be a regular file, or not be there yet";
/// Mends a link.
pub const GIVE_THE_FILE: &str = "give the file itself";
/// Mends a file of another user.
pub const OWN_FILE_OR_THAT_USER: &str = "give --journal FILE of your own, or run as that user";
/// Advice as root.
pub const RUN_AS_THAT_USER: &str = "run the doctor, and the console, as that user";
/// Mends a file that others can read.
pub const CHMOD_600: &str = "the next console sets it to 0600; chmod 600 does so now";
/// Mends a file that cannot be opened.
pub const CHOWN_OR_CHMOD: &str = "chown or chmod it";
/// Advice about a journal that cannot be read.
pub const VERIFY_SAYS_MORE: &str = "withdraw-desk journal verify says more";
/// Advice about half a line at the end.
pub const NOTHING_TO_DO: &str = "nothing to do: the next record puts the half line aside";
/// Advice about a journal that is not whole.
pub const KEEP_THE_FILE: &str = "keep the file as it is, see `withdraw-desk journal verify`, and go on with another \
                                 --journal FILE only when you know what is open";
/// Mends a file that cannot be written.
pub const MEND_MODE_OR_MOUNT: &str = "mend its mode and owner, or the mount";
/// Mends a directory that takes no file.
pub const MAKE_ROOM: &str = "make room or mend the directory's mode, or give --journal FILE elsewhere";
/// Nobody holds the lock.
pub const FREE: &str = "free";

/// A path of which the system tells nothing.
pub fn cannot_be_looked_at(path: &Path, why: &str) -> String {
    format!("{} cannot be looked at: {why}", path.display())
}

/// A journal that is to come.
pub fn not_there_yet(path: &Path) -> String {
    format!("{}: not there yet; the first console makes it", path.display())
}

/// A link in its place.
pub fn is_link(path: &Path) -> String {
    format!("{} is a symbolic link, which is not followed", path.display())
}

/// A directory in its place.
pub fn is_directory(path: &Path) -> String {
    format!("{} is a directory", path.display())
}

/// Something else in its place.
pub fn is_no_file(path: &Path) -> String {
    format!("{} is not a regular file", path.display())
}

/// A file of another user.
pub fn of_another(owner: u32, us: u32) -> String {
    format!("it belongs to user {owner}, and we are user {us}")
}

/// A file of a user, seen by root.
pub fn seen_by_root(mode: &str, owner: u32) -> String {
    format!("mode {mode}, of user {owner}; we are root")
}

/// A file that others can read.
pub fn shared(mode: &str) -> String {
    format!("mode {mode}: others can read who canceled what")
}

/// A file that is ours alone.
pub fn ours(mode: &str) -> String {
    format!("mode {mode}, ours")
}

/// A lock that cannot be taken, because the file cannot be opened.
pub fn cannot_be_opened(why: &str) -> String {
    format!("it cannot be opened: {why}")
}

/// A lock that another process does not give back.
pub fn held(seconds: u64) -> String {
    format!("another process has held its lock for {seconds} s; nothing can be canceled")
}

/// Advice about a lock that is held.
pub fn find_the_holder(path: &Path) -> String {
    format!("find it with: lslocks | grep -F {}; a console that hangs has to be ended", path.display())
}

/// A file system without locks.
pub fn cannot_be_locked(why: &str) -> String {
    format!("it cannot be locked: {why}")
}

/// A journal in which every record fits; `unsettled` cancels are open in it.
pub fn whole(records: u64, unsettled: usize) -> String {
    let open = match unsettled {
        0 => "none open".to_owned(),
        1 => "1 cancel is not settled: the console shows it first (u)".to_owned(),
        count => format!("{count} cancels are not settled: the console shows them first (u)"),
    };
    format!("{records} records, each fits; {open}")
}

/// A file that is there, and takes no record.
pub fn cannot_be_written(why: &str) -> String {
    format!("it cannot be opened for writing: {why}; nothing can be canceled")
}

/// The words of the journal's directory.
pub mod directory {
    use std::path::Path;

    /// A directory that is to come.
    pub fn not_there_yet(directory: &str) -> String {
        format!("{directory}: not there yet; it is made with mode 0700")
    }

    /// Something else in its place.
    pub fn is_none(directory: &str) -> String {
        format!("{directory} is no directory")
    }

    /// A directory that others can write.
    pub fn open_to_others(directory: &str, mode: &str) -> String {
        format!("{directory} has mode {mode}: others can put another journal in its place")
    }

    /// Mends a directory that others can write.
    pub fn chmod_700(directory: &str) -> String {
        format!("chmod 700 {directory}")
    }

    /// A directory of another user.
    pub fn of_another(directory: &str, owner: u32) -> String {
        format!("{directory} belongs to user {owner}, who can put another journal in its place")
    }

    /// A directory that nobody else can change.
    pub fn ours(directory: &str, mode: &str) -> String {
        format!("{directory}, mode {mode}")
    }

    /// A file was written in it.
    pub fn takes_files(directory: &Path) -> String {
        format!("a file in {} was written, synced and removed", directory.display())
    }

    /// No file could be written in it.
    pub fn takes_none(directory: &Path, why: &str) -> String {
        format!("in {} {why}; without a journal nothing can be canceled", directory.display())
    }

    /// Why it takes no file: none can be made.
    pub fn no_file_made(why: &str) -> String {
        format!("no file can be made: {why}")
    }

    /// Why it takes no file: none can be written.
    pub fn no_file_written(why: &str) -> String {
        format!("a file cannot be written: {why}")
    }

    /// Why it takes no file: it does not give one back.
    pub fn not_removed(file: &Path, why: &str) -> String {
        format!("{} cannot be removed: {why}", file.display())
    }
}
