//! Secrets from files that nobody else can read.

use std::path::Path;

use secrecy::SecretString;

use super::file_guard::{self, Guard};

/// A longer file is no password and no key.
const LONGEST: u64 = 16 * 1024;

/// Reads a secret: a regular file, not a link, ours with mode 0600 at the most, or root's with 0640. Checked on the open
/// descriptor, so that nothing can change in between. One trailing line end is not part of the secret. The error is a
/// sentence without the file's name.
pub fn read(path: &Path) -> Result<SecretString, String> {
    let text = SecretText(file_guard::read(path, Guard::Secret, LONGEST)?);
    let trimmed = text.0.strip_suffix('\n').map_or(text.0.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if trimmed.is_empty() {
        return Err("is empty".to_owned());
    }
    Ok(SecretString::from(trimmed))
}

/// A file's text, overwritten when it is no longer needed.
struct SecretText(String);

impl Drop for SecretText {
    fn drop(&mut self) {
        secrecy::zeroize::Zeroize::zeroize(&mut self.0);
    }
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

    #[test]
    fn a_secret_that_is_no_secret_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for (text, said) in [(String::new(), "is empty"), ("\n".to_owned(), "is empty"), ("x".repeat(20_000), "longer")]
        {
            let path = dir.path().join("password");
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            assert!(read(&path).err().unwrap().contains(said));
        }
    }
}
