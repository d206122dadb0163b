//! Certificates for the tests, made by the `openssl` command, as an exchange's administrator would make them.

use std::path::{Path, PathBuf};
use std::process::Command;

use secrecy::SecretSlice;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use withdraw_desk::protocol::Trust;
use withdraw_desk::protocol::trust::{Authority as TrustedAuthority, Identity};

/// The years in which a certificate counts.
#[derive(Clone, Copy)]
pub struct Years(pub u16, pub u16);

pub const NOW: Years = Years(2020, 2049);

/// An authority with its own directory.
pub struct Authority {
    pub dir: tempfile::TempDir,
}

/// A certificate with its key, in files.
#[derive(Clone)]
pub struct Pair {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    /// An authority by this name.
    pub fn new(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let authority = Self { dir };
        authority.self_signed("authority", &format!("/O=Test/CN={name}"), "basicConstraints=critical,CA:TRUE");
        std::fs::write(authority.path("issued.txt"), "").unwrap();
        std::fs::write(authority.path("serial"), "1000\n").unwrap();
        authority
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    pub fn certificate(&self) -> PathBuf {
        self.path("authority.pem")
    }

    /// A certificate that vouches for itself.
    pub fn self_signed(&self, file: &str, subject: &str, extension: &str) -> Pair {
        let pair = self.pair(file);
        let mut make = openssl(self.dir.path());
        make.args(["req", "-x509", "-days", "30", "-subj", subject, "-addext", extension]);
        make.args(NEW_KEY).arg("-keyout").arg(&pair.key).arg("-out").arg(&pair.certificate);
        run(make);
        private(&pair.key);
        pair
    }

    /// A certificate of this authority for these names, such as `DNS:localhost`.
    pub fn issue(&self, file: &str, names: &str, Years(from, to): Years) -> Pair {
        let pair = self.pair(file);
        let request = self.path(&format!("{file}.csr"));
        let mut ask = openssl(self.dir.path());
        ask.args(["req", "-new", "-subj", &format!("/CN={file}")]).args(NEW_KEY);
        ask.arg("-keyout").arg(&pair.key).arg("-out").arg(&request);
        run(ask);
        private(&pair.key);
        let extensions = format!("[leaf]\nbasicConstraints=CA:FALSE\nsubjectAltName={names}\n");
        std::fs::write(self.path("ca.conf"), CONFIGURATION.to_owned() + &extensions).unwrap();
        let mut issue = openssl(self.dir.path());
        issue.args(["ca", "-batch", "-notext", "-config", "ca.conf", "-extensions", "leaf"]);
        issue.args(["-startdate", &format!("{from}0101000000Z"), "-enddate", &format!("{to}0101000000Z")]);
        issue.arg("-in").arg(&request).arg("-out").arg(&pair.certificate);
        run(issue);
        pair
    }

    /// A certificate of this authority in the form of X.509's first version, which has no names.
    pub fn issue_version_1(&self, file: &str) -> Pair {
        let pair = self.pair(file);
        let request = self.path(&format!("{file}.csr"));
        let mut ask = openssl(self.dir.path());
        ask.args(["req", "-new", "-subj", "/CN=localhost"]).args(NEW_KEY);
        ask.arg("-keyout").arg(&pair.key).arg("-out").arg(&request);
        run(ask);
        private(&pair.key);
        let mut issue = openssl(self.dir.path());
        issue.args([
            "x509",
            "-req",
            "-days",
            "30",
            "-CA",
            "authority.pem",
            "-CAkey",
            "authority.key",
            "-CAcreateserial",
        ]);
        issue.arg("-in").arg(&request).arg("-out").arg(&pair.certificate);
        run(issue);
        pair
    }

    fn pair(&self, file: &str) -> Pair {
        Pair { certificate: self.path(&format!("{file}.pem")), key: self.path(&format!("{file}.key")) }
    }

    /// Trust in this authority and in no other.
    pub fn trust(&self) -> Trust {
        Self::trust_in(&self.certificate())
    }

    /// Trust in the certificates of this file and in no other.
    pub fn trust_in(path: &Path) -> Trust {
        let certificates = chain(path).into_iter().map(|der| der.to_vec()).collect();
        let authority = TrustedAuthority { path: path.display().to_string(), certificates };
        Trust { section: "[profiles.test.tls]".to_owned(), authority: Some(authority), identity: None }
    }
}

impl Pair {
    pub fn identity(&self) -> Identity {
        let chain = chain(&self.certificate).into_iter().map(|der| der.to_vec()).collect();
        Identity { chain, key: SecretSlice::from(self.private_key().secret_der().to_vec()) }
    }

    pub fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_file(&self.key).unwrap()
    }
}

pub fn chain(path: &Path) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_file_iter(path).unwrap().map(Result::unwrap).collect()
}

const NEW_KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

const CONFIGURATION: &str = "[ca]\ndefault_ca=test\n[test]\ndatabase=issued.txt\nserial=serial\nnew_certs_dir=.\n\
    certificate=authority.pem\nprivate_key=authority.key\ndefault_md=sha256\npolicy=any\n\
    unique_subject=no\n[any]\ncommonName=supplied\n";

/// The `openssl` command, in this directory.
pub fn openssl(dir: &Path) -> Command {
    let mut command = Command::new("openssl");
    command.current_dir(dir);
    command
}

fn run(mut command: Command) {
    let done = command.output().expect("these tests need the openssl command: install the package openssl");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn private(path: &Path) {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}
