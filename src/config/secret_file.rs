//! Secrets from files that nobody else can read.

use std::path::Path;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::file_guard::{self, Guard};
use crate::app::words::secret_source::{self, SecretSource};
use crate::domain::secret_line::{LONGEST, secret_line};

/// Reads a secret, which is the first line: of a regular file, not a link, ours with mode 0600 at the most, or root's with 0640.
/// Checked on the open descriptor, so that nothing can change in between. The error is a sentence without the file's name.
pub fn read(path: &Path) -> Result<SecretString, String> {
    secret_line(&whole(path)?).map_err(|flaw| secret_source::flaw(SecretSource::File, flaw))
}

/// Reads a secret of many lines, such as a key in PEM, under the rule of the others.
pub fn whole(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    Ok(Zeroizing::new(file_guard::read(path, Guard::Secret, u64::try_from(LONGEST).unwrap_or(u64::MAX))?))
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
        let texts: [(Vec<u8>, &str); 5] = [
            (Vec::new(), "is empty"),
            (b"\nhunter2".to_vec(), "first line that is empty"),
            (b"\xEF\xBB\xBFhunter2".to_vec(), "byte order mark (BOM) in line 1"),
            (b"hunter2\rme".to_vec(), "a carriage return (CR) in line 1"),
            (vec![b'x'; 20_000], "longer"),
        ];
        for (text, said) in texts {
            let path = dir.path().join("password");
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            let refused = read(&path).err().unwrap();
            assert!(refused.contains(said) && !refused.contains("hunter2"), "{refused}");
        }
    }
}
