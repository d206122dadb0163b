//! A certificate's own words, read for messages and for the checks of `doctor`. Nothing here decides on trust.

use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, SubjectAltName};
use x509_cert::time::Time;

use crate::domain::text::inert;

/// A certificate as far as an operator needs it. Its texts were written by somebody else and are inert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whom it names.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The hosts and addresses that it is good for.
    pub names: Vec<String>,
    /// Those among them that are host names; an address among these counts for nothing.
    pub hosts: Vec<String>,
    /// The version of its form; only the third can say for whom it is.
    pub version: u8,
    /// True if it says that it is an authority's own (CA:TRUE).
    pub is_authority: bool,
    /// From when on it counts.
    pub not_before: Timestamp,
    /// Until when it counts.
    pub not_after: Timestamp,
}

impl CertificateFacts {
    /// Reads a certificate; none if it is not of a form that is known.
    pub fn read(der: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?;
        let body = certificate.tbs_certificate();
        let names = body.get_extension::<SubjectAltName>().ok().flatten().map_or_else(Vec::new, |(_, names)| names.0);
        Some(Self {
            subject: inert(&body.subject().to_string()),
            issuer: inert(&body.issuer().to_string()),
            names: names.iter().filter_map(name).map(|name| inert(&name)).collect(),
            hosts: names.iter().filter(|name| matches!(name, GeneralName::DnsName(_))).filter_map(name).collect(),
            version: body.version() as u8 + 1,
            is_authority: body
                .get_extension::<BasicConstraints>()
                .ok()
                .flatten()
                .is_some_and(|(_, constraints)| constraints.ca),
            not_before: instant(body.validity().not_before)?,
            not_after: instant(body.validity().not_after)?,
        })
    }

    /// True if it vouches for itself.
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}

fn instant(time: Time) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.to_unix_duration().as_secs()).ok()?).ok()
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(octets) => address(octets.as_bytes()),
        _ => None,
    }
}

fn address(octets: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(octets).map(|octets| Ipv4Addr::from(octets).to_string());
    v4.or_else(|_| <[u8; 16]>::try_from(octets).map(|octets| Ipv6Addr::from(octets).to_string())).ok()
}
