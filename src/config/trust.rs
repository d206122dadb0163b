//! The ground of TLS, from `[profiles.NAME.tls]`: certificates in PEM files, and a key under the rule of secrets.

use std::path::PathBuf;

use secrecy::SecretSlice;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::file_guard::{self, Guard};
use super::layers::{ConfigLayers, Setting};
use super::{ConfigError, secret_file};
use crate::app::words::configuration::trust as words;
use crate::protocol::Trust;
use crate::protocol::trust::{Authority, Identity};

/// A longer file is no bundle of certificates.
const LONGEST: u64 = 1024 * 1024;

/// Reads what a profile trusts and shows.
pub fn read(layers: &ConfigLayers, profile: Option<&str>) -> Result<Trust, ConfigError> {
    let section = format!("[profiles.{}.tls]", profile.unwrap_or("NAME"));
    let Some(profile) = profile else { return Ok(Trust { section, ..Trust::default() }) };
    let authority = layers.find_in(profile, |profile| &profile.tls.ca_file).map(|file| authority(&file)).transpose()?;
    let certificate = layers.find_in(profile, |profile| &profile.tls.cert_file);
    let key = layers.find_in(profile, |profile| &profile.tls.key_file);
    let identity = match (certificate, key) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some(identity(&certificate, &key)?),
        (Some(alone), None) => return Err(alone.wrong(words::no_key(&section))),
        (None, Some(alone)) => return Err(alone.wrong(words::no_certificate(&section))),
    };
    Ok(Trust { section, authority, identity })
}

fn authority(file: &Setting<PathBuf>) -> Result<Authority, ConfigError> {
    Ok(Authority { path: file.path().display().to_string(), certificates: certificates("ca-file", file)? })
}

fn identity(certificate: &Setting<PathBuf>, key: &Setting<PathBuf>) -> Result<Identity, ConfigError> {
    let chain = certificates("cert-file", certificate)?;
    let shown = key.path().display().to_string();
    let wrong = |why: &str| key.wrong(words::file("key-file", &shown, why));
    let pem = secret_file::whole(&key.path()).map_err(|why| wrong(&why))?;
    // The library's reason is not quoted, because it may hold a part of the key.
    let read = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| wrong(words::HOLDS_NO_KEY))?;
    Ok(Identity { chain, key: SecretSlice::from(read.secret_der().to_vec()) })
}

fn certificates(key: &str, file: &Setting<PathBuf>) -> Result<Vec<Vec<u8>>, ConfigError> {
    let path = file.path();
    let wrong = |why: &str| file.wrong(words::file(key, &path.display().to_string(), why));
    // Nobody else may write the file, because it decides whom we trust. A bundle of the system is long, and has text between
    // its certificates.
    let pem = file_guard::read(&path, Guard::Trusted, LONGEST).map_err(|why| wrong(&String::from(why)))?;
    let read: Result<Vec<_>, usize> = CertificateDer::pem_slice_iter(&pem)
        .enumerate()
        .map(|(index, der)| der.map(|der| der.to_vec()).map_err(|_| index + 1))
        .collect();
    let certificates = read.map_err(|which| wrong(&damaged(&pem, which)))?;
    if certificates.is_empty() {
        return Err(wrong(words::HOLDS_NO_CERTIFICATE));
    }
    Ok(certificates)
}

/// Which certificate of a file is damaged, and where it begins. The library's reason is of no use to anybody.
fn damaged(pem: &[u8], which: usize) -> String {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE";
    let begins = pem.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| line.trim_ascii().starts_with(BEGIN));
    let at = begins.map(|(index, _)| index + 1).nth(which - 1);
    words::damaged(which, at)
}
