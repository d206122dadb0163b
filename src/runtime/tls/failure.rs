//! Failures of TLS: which sentence tells each, and when another try is worth it. None of the library's words is among them.

use std::io;

use tokio_rustls::rustls::{AlertDescription as Alert, CertificateError, Error, PeerIncompatible};

use super::certificate::CertificateFacts;
use super::verifier::Refusal;
use crate::app::words::stream;
use crate::app::words::tls::{self as words, alert};
use crate::protocol::far_side::MENDED;
use crate::protocol::{LinkEnd, NextTry};
use crate::runtime::clock;

/// Our own certificate, for a message.
#[derive(Clone, Debug)]
pub(super) struct OwnCertificate {
    /// Its own words, if it can be read.
    pub facts: Option<CertificateFacts>,
}

/// The things on which the words depend.
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// Host and port.
    pub authority: String,
    /// Where the operator changes it, such as `[profiles.staging.tls]`.
    pub section: String,
    /// The certificate that we have to show, if any.
    pub identity: Option<OwnCertificate>,
}

impl Context {
    /// The sentence. `was_asked`: whether the gateway wanted a certificate of ours.
    pub fn sentence(&self, error: &io::Error, was_asked: bool) -> LinkEnd {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        let what = match inner {
            Some(error) => self.of_tls(error, was_asked),
            None if was_asked => self.certificate_refused(words::CLOSED_RIGHT_AFTER),
            None => closed(error),
        };
        // Nothing is better before somebody mended it; a gateway that is going down, or changed on the way, is soon back.
        let may_pass = match inner {
            None | Some(Error::AlertReceived(Alert::InternalError | Alert::CloseNotify | Alert::UserCanceled)) => {
                !was_asked
            }
            Some(
                Error::DecryptError | Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. },
            ) => true,
            Some(_) => false,
        };
        let next = if may_pass { NextTry::Soon } else { NextTry::After(MENDED) };
        LinkEnd::new(words::with(&self.authority, &what), next)
    }

    fn of_tls(&self, error: &Error, was_asked: bool) -> String {
        match error {
            Error::InvalidCertificate(CertificateError::Other(other)) => match other.0.downcast_ref::<Refusal>() {
                Some(refusal) => refusal.0.clone(),
                None => words::certificate::DOES_NOT_HOLD.to_owned(),
            },
            Error::InvalidCertificate(_) => words::NOT_ITS_OWN.to_owned(),
            Error::NoCertificatesPresented => words::NO_CERTIFICATE.to_owned(),
            Error::AlertReceived(alert) => self.of_alert(*alert, was_asked),
            Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::Tls12NotOfferedOrEnabled,
            ) => words::OLD_VERSION.to_owned(),
            Error::PeerIncompatible(_) => words::NOTHING_IN_COMMON.to_owned(),
            Error::InvalidMessage(_) | Error::PeerSentOversizedRecord => words::NO_TLS.to_owned(),
            Error::DecryptError => words::CHANGED.to_owned(),
            Error::PeerMisbehaved(_)
            | Error::InappropriateMessage { .. }
            | Error::InappropriateHandshakeMessage { .. } => words::BROKE_THE_RULES.to_owned(),
            Error::FailedToGetCurrentTime => words::NO_TIME.to_owned(),
            _ => words::FAILED.to_owned(),
        }
    }

    fn of_alert(&self, alert: Alert, was_asked: bool) -> String {
        let said = alert::words(alert.into());
        match alert {
            Alert::CertificateRequired | Alert::NoCertificate => self.certificate_refused(words::NONE_WAS_GIVEN),
            Alert::ProtocolVersion | Alert::InsufficientSecurity => words::OLD_VERSION.to_owned(),
            Alert::UnrecognisedName => words::unknown_name(said),
            _ if was_asked => self.certificate_refused(said),
            Alert::HandshakeFailure => words::NOTHING_IN_COMMON.to_owned(),
            Alert::InternalError => words::ended_for_a_fault(said),
            other => words::ended(said, other.into()),
        }
    }

    fn certificate_refused(&self, said: &str) -> String {
        if let Some(ours) = &self.identity {
            return words::certificate_refused(&named(ours), said, &self.section);
        }
        words::certificate_wanted(&self.section)
    }
}

/// The link ended under the handshake.
fn closed(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => words::closed(),
        _ => words::broken(&stream::why(error)),
    }
}

fn named(ours: &OwnCertificate) -> String {
    let own = ours.facts.as_ref().map(|facts| words::Own {
        subject: &facts.subject,
        not_before: facts.not_before,
        not_after: facts.not_after,
    });
    words::ours(own.as_ref(), clock::wall())
}
