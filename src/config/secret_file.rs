//! Secrets from files that nobody else can read.

use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use secrecy::SecretString;

/// A longer file is no password and no key.
const LONGEST: u64 = 16 * 1024;
/// Readable or writable by group or others.
const SHARED: u32 = 0o077;
/// A file of root may be readable by our group.
const SHARED_OF_ROOT: u32 = 0o037;

/// Reads a secret: a regular file, not a link, ours with mode 0600 at the most, or root's with 0640. Checked on the open
/// descriptor, so that nothing can change in between. One trailing line end is not part of the secret.
pub fn read(path: &Path) -> Result<SecretString, String> {
    let no_follow = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::CLOEXEC | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(no_follow.bits()).map_err(|error| error.to_string())?;
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)
        .map_err(|error| format!("cannot be opened: {error}"))?;
    let meta = file.metadata().map_err(|error| error.to_string())?;
    if !meta.is_file() {
        return Err("is not a regular file".to_owned());
    }
    let ours = rustix::process::geteuid().as_raw();
    let allowed = match meta.uid() {
        owner if owner == ours => SHARED,
        0 => SHARED_OF_ROOT,
        owner => return Err(format!("belongs to user {owner}, not to this one; wanted a file of your own")),
    };
    if meta.mode() & allowed != 0 {
        return Err(format!("has mode {:04o}, so others can read it; chmod 600 mends that", meta.mode() & 0o7777));
    }
    if meta.len() > LONGEST {
        return Err(format!("has {} bytes, which is no password and no key", meta.len()));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|error| error.to_string())?;
    let trimmed = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if trimmed.is_empty() {
        return Err("is empty".to_owned());
    }
    Ok(SecretString::from(trimmed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_secret_is_read_only_from_a_file_that_nobody_else_can_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        std::fs::write(&path, "hunter2\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let refused = read(&path).err().unwrap();
        assert!(refused.contains("mode 0644") && refused.contains("chmod 600"), "{refused}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read(&path).unwrap().expose_secret(), "hunter2");
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(read(&link).is_err());
        assert!(read(dir.path()).is_err());
    }
}
