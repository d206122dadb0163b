//! TLS: whom we spoke with, and until when its certificates count.

use std::time::Duration;

use jiff::Timestamp;

use super::finding::CheckFinding;
use crate::app::words::doctor::certificate as words;
use crate::runtime::tls::Peer;
use crate::runtime::tls::certificate::CertificateFacts;

/// The check of the handshake and the chain.
pub const TLS: &str = "tls";
/// The check of the expiry.
pub const EXPIRY: &str = "expiry";

/// Sooner than this, and somebody should know.
const SOON: u64 = 30;
/// Sooner than this, and somebody should be called.
const A_DAY: Duration = Duration::from_secs(86_400);

/// Judges who answered; `has_ours` says whether we have a certificate to show.
pub fn chain(peer: &Peer, has_ours: bool) -> CheckFinding {
    let told = words::Chain {
        protocol: peer.protocol,
        leaf: peer.chain.first().map(|leaf| words::Leaf { named: named(leaf), issuer: &leaf.issuer }),
        others: peer.chain.iter().skip(1).map(|one| one.subject.as_str()).collect(),
        wants_ours: peer.wants_certificate,
        has_ours,
    };
    CheckFinding::ok(TLS, words::chain(&told))
}

fn named(leaf: &CertificateFacts) -> String {
    if leaf.names.is_empty() { leaf.subject.clone() } else { leaf.names.join(", ") }
}

/// Judges until when the chain counts.
pub fn expiry(peer: &Peer, now: Timestamp) -> CheckFinding {
    let Some(first) = peer.chain.iter().min_by_key(|one| one.not_after) else {
        return CheckFinding::unknown(EXPIRY, words::UNREADABLE);
    };
    let left = Duration::try_from(first.not_after.duration_since(now)).unwrap_or(Duration::ZERO);
    let days = left.as_secs() / A_DAY.as_secs();
    let found = words::counts_until(&first.subject, first.not_after, days);
    if days < SOON { CheckFinding::warn(EXPIRY, found, words::RENEW) } else { CheckFinding::ok(EXPIRY, found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState::{self, Ok, Warn};
    use rstest::rstest;

    fn certificate(subject: &str, not_after: &str) -> CertificateFacts {
        CertificateFacts {
            subject: subject.to_owned(),
            issuer: "CN=Issuer".to_owned(),
            names: Vec::new(),
            hosts: Vec::new(),
            version: 3,
            is_authority: false,
            not_before: Timestamp::UNIX_EPOCH,
            not_after: not_after.parse().unwrap(),
        }
    }

    fn peer(chain: Vec<CertificateFacts>, wants_certificate: bool) -> Peer {
        Peer { protocol: "TLS 1.3", chain, wants_certificate }
    }

    #[rstest]
    #[case::far(
        "2027-11-22T00:00:00Z",
        "2027-11-22T00:00:00Z",
        Ok,
        "CN=leaf counts until 2027-11-22 00:00:00Z, 365 days"
    )]
    #[case::thirty_days("2026-12-22T00:00:00Z", "2027-11-22T00:00:00Z", Ok, "30 days")]
    #[case::soon("2026-12-21T23:59:59Z", "2027-11-22T00:00:00Z", Warn, "29 days")]
    #[case::its_authority_first("2027-11-22T00:00:00Z", "2026-11-23T00:00:00Z", Warn, "CN=authority counts until")]
    fn the_first_of_the_chain_that_ends_counts(
        #[case] leaf: &str,
        #[case] authority: &str,
        #[case] state: CheckState,
        #[case] said: &str,
    ) {
        let peer = peer(vec![certificate("CN=leaf", leaf), certificate("CN=authority", authority)], false);
        let finding = expiry(&peer, "2026-11-22T00:00:00Z".parse().unwrap());
        assert_eq!(finding.state, state, "{finding:?}");
        assert!(finding.found.contains(said), "{finding:?}");
    }

    #[test]
    fn the_chain_is_told_with_whoever_wants_a_certificate_of_ours() {
        let until = "2027-11-22T00:00:00Z";
        let one = peer(vec![certificate("CN=leaf", until), certificate("CN=authority", until)], true);
        let said = "TLS 1.3; CN=leaf, signed by CN=Issuer; sent along: CN=authority; it asked for a client certificate, and \
                    none is set";
        assert_eq!(chain(&one, false), CheckFinding::ok(TLS, said));
        assert!(chain(&peer(Vec::new(), false), true).found.contains("did not ask for our certificate"));
    }
}
