//! The ground of TLS, from `[profiles.NAME.tls]`: certificates in PEM files, and a key under the rule of secrets.

use std::path::PathBuf;

use secrecy::SecretSlice;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::file_guard::{self, Guard};
use super::layers::{ConfigLayers, Setting};
use super::{ConfigError, secret_file};
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
        (Some(alone), None) => return Err(alone.wrong(format!("cert-file without key-file in {section}; wanted both"))),
        (None, Some(alone)) => return Err(alone.wrong(format!("key-file without cert-file in {section}; wanted both"))),
    };
    Ok(Trust { section, authority, identity })
}

fn authority(file: &Setting<PathBuf>) -> Result<Authority, ConfigError> {
    Ok(Authority { path: file.path().display().to_string(), certificates: certificates("ca-file", file)? })
}

fn identity(certificate: &Setting<PathBuf>, key: &Setting<PathBuf>) -> Result<Identity, ConfigError> {
    let chain = certificates("cert-file", certificate)?;
    let shown = key.path().display().to_string();
    let pem =
        secret_file::whole(&key.path()).map_err(|why| key.wrong(format!("key-file = {shown:?}: the file {why}")))?;
    // The library's reason is not quoted, because it may hold a part of the key.
    let read = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| {
        key.wrong(format!(
            "key-file = {shown:?}: the file holds no private key; wanted one in PEM, without a passphrase"
        ))
    })?;
    Ok(Identity { chain, key: SecretSlice::from(read.secret_der().to_vec()) })
}

fn certificates(key: &str, file: &Setting<PathBuf>) -> Result<Vec<Vec<u8>>, ConfigError> {
    let path = file.path();
    let wrong = |why: String| file.wrong(format!("{key} = {:?}: the file {why}", path.display().to_string()));
    // Nobody else may write the file, because it decides whom we trust. A bundle of the system is long, and has text between
    // its certificates.
    let pem = file_guard::read(&path, Guard::Trusted, LONGEST).map_err(|why| wrong(why.into()))?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).map(|der| der.map(|der| der.to_vec())).collect();
    let certificates =
        read.map_err(|error| wrong(format!("cannot be understood: {error}; wanted certificates in PEM")))?;
    if certificates.is_empty() {
        return Err(wrong(
            "holds no certificate; wanted PEM, which begins with -----BEGIN CERTIFICATE-----".to_owned(),
        ));
    }
    Ok(certificates)
}
