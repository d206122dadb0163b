//! TLS over a real loopback, against certificates that the `openssl` command made: what is good, and every refusal with the
//! words that say what to do.

use std::net::Ipv4Addr;
use std::process::{Child, Stdio};
use std::sync::Arc;

use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use withdraw_desk::protocol::far_side::MENDED;
use withdraw_desk::protocol::{NextTry, Target, Trust};
use withdraw_desk::runtime::tls::Tls;
use withdraw_desk::runtime::transport::{self, Dial, Network};

use crate::authority::{Authority, NOW, Pair, Years, chain, openssl};

type Versions = &'static [&'static SupportedProtocolVersion];

static NEWEST: [&SupportedProtocolVersion; 1] = [&TLS13];
static OLDER: [&SupportedProtocolVersion; 1] = [&TLS12];
static BOTH: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

/// A server's answer once it has read something.
const GREETING: &[u8] = b"welcome";

/// How a test's server is set up.
struct Server<'a> {
    shows: &'a Pair,
    wants_certificates_of: Option<&'a Authority>,
    versions: Versions,
}

impl<'a> Server<'a> {
    fn with(shows: &'a Pair) -> Self {
        Self { shows, wants_certificates_of: None, versions: &BOTH }
    }

    /// Serves on loopback until the test ends.
    async fn start(self) -> Target {
        let provider = Arc::new(ring::default_provider());
        let builder =
            ServerConfig::builder_with_provider(provider.clone()).with_protocol_versions(self.versions).unwrap();
        let builder = match self.wants_certificates_of {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(chain(&authority.certificate()));
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let config = builder.with_single_cert(chain(&self.shows.certificate), self.shows.private_key()).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let target = target(listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut buffer = [0; 64];
                while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {
                    stream.write_all(GREETING).await.unwrap();
                }
            }
        });
        target
    }
}

fn target(port: u16) -> Target {
    Target::parse(&format!("wss://localhost:{port}/WSGateway/")).unwrap()
}

/// Dials, says something and reads the answer: what came, or the words of whatever broke.
async fn greet(target: &Target, trust: &Trust) -> Result<Vec<u8>, String> {
    let mut stream = Network::to(target, trust)?.dial(target).await.map_err(|end| end.why)?;
    stream.write_all(b"hello").await.map_err(|error| error.to_string())?;
    stream.flush().await.map_err(|error| error.to_string())?;
    let mut answer = vec![0; 64];
    let length = stream.read(&mut answer).await.map_err(|error| error.to_string())?;
    answer.truncate(length);
    Ok(answer)
}

fn assert_says(error: &str, words: &[&str]) {
    assert!(!error.contains('\n'), "one line: {error}");
    for word in words {
        assert!(error.contains(word), "{word:?} is not said: {error}");
    }
}

#[rstest]
#[case::newest(&NEWEST, "TLS 1.3")]
#[case::older(&OLDER, "TLS 1.2")]
#[tokio::test]
async fn a_good_certificate_lets_us_in_and_tells_who_answered(#[case] versions: Versions, #[case] protocol: &str) {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", "DNS:localhost,DNS:gateway.test,IP:127.0.0.1", NOW);
    let target = Server { versions, ..Server::with(&pair) }.start().await;
    assert_eq!(greet(&target, &authority.trust()).await.as_deref(), Ok(GREETING));
    let stream = transport::connect(&target, &transport::resolve(&target).await.unwrap()).await.unwrap();
    let (_, peer) = Tls::new(&authority.trust()).unwrap().handshake(&target, stream).await.unwrap();
    let leaf = &peer.chain[0];
    assert_eq!((peer.protocol, peer.chain.len(), peer.wants_certificate), (protocol, 1, false));
    assert_eq!((leaf.subject.as_str(), leaf.issuer.as_str()), ("CN=gateway", "CN=Inner Authority,O=Test"));
    assert_eq!(leaf.names, ["localhost", "gateway.test", "127.0.0.1"]);
    assert_eq!(leaf.not_after.to_string(), "2049-01-01T00:00:00Z");
}

#[rstest]
#[case::expired("DNS:localhost", Years(2020, 2021), &["expired at 2021-01-01 00:00:00Z", "clock says", "renew"])]
#[case::not_yet("DNS:localhost", Years(2040, 2049), &["not valid before 2040-01-01 00:00:00Z", "clock"])]
#[case::name("DNS:admin.test,IP:10.0.0.1", NOW, &["another name: it is good for admin.test, 10.0.0.1, not for localhost", "URL"])]
#[case::hostile_name("DNS:a\u{202e}b.test", NOW, &["another name"])]
#[tokio::test]
async fn a_certificate_that_does_not_hold_is_refused_with_what_it_says(
    #[case] names: &str,
    #[case] years: Years,
    #[case] words: &[&str],
) {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", names, years);
    let target = Server::with(&pair).start().await;
    let error = greet(&target, &authority.trust()).await.unwrap_err();
    assert_says(&error, &["TLS with localhost:", "certificate"]);
    assert_says(&error, words);
    assert!(!error.contains('\u{202e}'), "{error}");
}

#[tokio::test]
async fn an_unknown_authority_is_named_and_the_file_that_lacks_it() {
    let (ours, theirs) = (Authority::new("Ours"), Authority::new("Theirs"));
    let pair = theirs.issue("gateway", "DNS:localhost", NOW);
    let target = Server::with(&pair).start().await;
    let error = greet(&target, &ours.trust()).await.unwrap_err();
    assert_says(&error, &["issued by \"CN=Theirs,O=Test\"", "ca-file", "authority.pem"]);
}

#[tokio::test]
async fn an_authority_that_the_platform_does_not_know_is_named_and_the_setting_that_mends_it() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", "DNS:localhost", NOW);
    let target = Server::with(&pair).start().await;
    let trust = Trust { section: "[profiles.test.tls]".to_owned(), ..Trust::default() };
    let error = greet(&target, &trust).await.unwrap_err();
    assert_says(&error, &["issued by \"CN=Inner Authority,O=Test\"", "set ca-file in [profiles.test.tls]"]);
}

#[rstest]
#[case::as_an_authority("basicConstraints=critical,CA:TRUE")]
#[case::as_a_server("basicConstraints=critical,CA:FALSE")]
#[tokio::test]
async fn a_self_signed_certificate_is_called_that(#[case] kind: &str) {
    let authority = Authority::new("Inner Authority");
    let pair = authority.self_signed("gateway", "/CN=localhost", &format!("{kind}\nsubjectAltName=DNS:localhost"));
    let target = Server::with(&pair).start().await;
    let error = greet(&target, &authority.trust()).await.unwrap_err();
    assert_says(&error, &["self-signed, by \"CN=localhost\"", "ca-file"]);
}

#[rstest]
#[case::newest(&NEWEST)]
#[case::older(&OLDER)]
#[tokio::test]
async fn a_gateway_that_wants_a_client_certificate_gets_it_or_the_words_say_how(#[case] versions: Versions) {
    let (authority, stranger) = (Authority::new("Inner Authority"), Authority::new("Stranger"));
    let pair = authority.issue("gateway", "DNS:localhost", NOW);
    let server = Server { versions, wants_certificates_of: Some(&authority), ..Server::with(&pair) };
    let target = server.start().await;
    let with = |identity| Trust { identity, ..authority.trust() };
    let desk = authority.issue("desk", "DNS:desk.test", NOW).identity();
    assert_eq!(greet(&target, &with(Some(desk))).await.as_deref(), Ok(GREETING));
    let error = greet(&target, &with(None)).await.unwrap_err();
    assert_says(&error, &["wants a client certificate; set cert-file and key-file in [profiles.test.tls]"]);
    let foreign = stranger.issue("desk", "DNS:desk.test", NOW).identity();
    let error = greet(&target, &with(Some(foreign))).await.unwrap_err();
    assert_says(
        &error,
        &["refused our client certificate \"CN=desk\" (", "check cert-file and key-file in [profiles.test.tls]"],
    );
}

#[rstest]
#[case::newest(&NEWEST)]
#[case::older(&OLDER)]
#[tokio::test]
async fn our_own_certificate_that_expired_is_named_as_that(#[case] versions: Versions) {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", "DNS:localhost", NOW);
    let server = Server { versions, wants_certificates_of: Some(&authority), ..Server::with(&pair) };
    let target = server.start().await;
    let old = authority.issue("desk", "DNS:desk.test", Years(2020, 2021)).identity();
    let error = greet(&target, &Trust { identity: Some(old), ..authority.trust() }).await.unwrap_err();
    assert_says(&error, &["client certificate \"CN=desk\", which expired at 2021-01-01 00:00:00Z"]);
}

#[tokio::test]
async fn a_self_signed_certificate_is_called_that_where_no_ca_file_is_set() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.self_signed("gateway", "/CN=localhost", "subjectAltName=DNS:localhost");
    let target = Server::with(&pair).start().await;
    let trust = Trust { section: "[profiles.test.tls]".to_owned(), ..Trust::default() };
    let error = greet(&target, &trust).await.unwrap_err();
    assert_says(&error, &["self-signed, by \"CN=localhost\"", "set ca-file in [profiles.test.tls]"]);
    assert!(!error.contains('{'), "{error}");
}

#[tokio::test]
async fn a_certificate_of_an_old_form_is_called_that() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue_version_1("gateway");
    // Our own server would not show it.
    let server = OpensslServer::start(&authority, &pair, &[]);
    let error = greet(&target(server.port), &authority.trust()).await.unwrap_err();
    assert_says(
        &error,
        &["its certificate is of X.509 version 1, which cannot say for which host it is; ask", "version 3"],
    );
}

#[tokio::test]
async fn an_authoritys_certificate_that_is_in_the_file_is_not_said_to_be_missing_there() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.self_signed(
        "gateway",
        "/CN=localhost",
        "basicConstraints=critical,CA:TRUE\nsubjectAltName=DNS:localhost",
    );
    let target = Server::with(&pair).start().await;
    let error = greet(&target, &Authority::trust_in(&pair.certificate)).await.unwrap_err();
    assert_says(&error, &["its certificate is in ca-file", "gateway.pem", "(CA:TRUE), which no server may show; ask"]);
    assert!(!error.contains("not in ca-file") && !error.contains("Other"), "{error}");
}

#[tokio::test]
async fn a_self_signed_certificate_of_a_server_that_is_in_the_file_is_good() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.self_signed(
        "gateway",
        "/CN=localhost",
        "basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:localhost",
    );
    let target = Server::with(&pair).start().await;
    assert_eq!(greet(&target, &Authority::trust_in(&pair.certificate)).await.as_deref(), Ok(GREETING));
}

#[rstest]
#[case::address_as_a_name("DNS:127.0.0.1", &["names 127.0.0.1 as a host name (DNS:127.0.0.1)", "only as one (IP:127.0.0.1); ask"])]
#[case::another_address("IP:127.0.0.2", &["good for 127.0.0.2, not for 127.0.0.1"])]
#[tokio::test]
async fn an_address_in_the_url_wants_an_address_in_the_certificate(#[case] names: &str, #[case] words: &[&str]) {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", names, NOW);
    let port = Server::with(&pair).start().await.port;
    let target = Target::parse(&format!("wss://127.0.0.1:{port}/")).unwrap();
    assert_says(&greet(&target, &authority.trust()).await.unwrap_err(), words);
}

#[tokio::test]
async fn a_name_in_the_subject_alone_is_said_to_count_for_nothing() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.self_signed("gateway", "/CN=localhost", "basicConstraints=critical,CA:FALSE");
    let target = Server::with(&pair).start().await;
    let error = greet(&target, &Authority::trust_in(&pair.certificate)).await.unwrap_err();
    assert_says(
        &error,
        &["no host name at all, because its subject \"CN=localhost\" does not count", "subject alternative name"],
    );
}

#[tokio::test]
async fn an_authority_of_the_same_name_with_another_key_is_called_that() {
    let (ours, theirs) = (Authority::new("Inner Authority"), Authority::new("Inner Authority"));
    let pair = theirs.issue("gateway", "DNS:localhost", NOW);
    let target = Server::with(&pair).start().await;
    let error = greet(&target, &ours.trust()).await.unwrap_err();
    assert_says(
        &error,
        &["has an authority of that name, but not the one that signed this; put the one of today there"],
    );
}

#[tokio::test]
async fn one_bad_certificate_in_a_file_is_named_by_its_place() {
    let authority = Authority::new("Inner Authority");
    let mut trust = authority.trust();
    trust.authority.as_mut().unwrap().certificates.push(vec![0x30, 0x03, 0x02, 0x01, 0x01]);
    let error = Network::to(&target(1), &trust).err().unwrap();
    assert_says(&error, &["certificate 2 of 2 in it cannot be used", "; take it out"]);
    assert!(!error.contains("peer") && !error.contains("BadEncoding"), "{error}");
}

#[rstest]
#[case::in_the_handshake(&[])]
#[case::after_some_bytes(&[0x16, 0x03, 0x03, 0x00])]
#[tokio::test]
async fn a_gateway_that_is_killed_in_the_handshake_is_told_so_and_tried_again(#[case] bytes: &'static [u8]) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let target = target(listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 8_192];
        let _ = stream.read(&mut hello).await.unwrap();
        stream.write_all(bytes).await.unwrap();
    });
    let authority = Authority::new("Inner Authority");
    let end = Network::to(&target, &authority.trust()).unwrap().dial(&target).await.err().unwrap();
    assert_says(&end.why, &["closed the link in the middle of the handshake", "if it goes on"]);
    assert!(!end.why.contains("http"), "{end}");
    assert_eq!(end.next, NextTry::Soon);
}

#[tokio::test]
async fn what_somebody_must_mend_first_is_tried_again_rarely() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", "DNS:localhost", Years(2020, 2021));
    let target = Server::with(&pair).start().await;
    let end = Network::to(&target, &authority.trust()).unwrap().dial(&target).await.err().unwrap();
    assert_eq!(end.next, NextTry::After(MENDED));
}

#[tokio::test]
async fn a_key_of_another_certificate_is_found_before_anything_is_dialled() {
    let authority = Authority::new("Inner Authority");
    let mut identity = authority.issue("desk", "DNS:desk.test", NOW).identity();
    identity.key = authority.issue("other", "DNS:other.test", NOW).identity().key;
    let trust = Trust { identity: Some(identity), ..authority.trust() };
    let error = Network::to(&target(1), &trust).err().unwrap();
    assert_says(&error, &["cert-file and key-file in [profiles.test.tls]", "wanted the key of this certificate"]);
}

#[tokio::test]
async fn what_speaks_no_tls_is_called_that() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let target = target(listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = [0; 16];
        stream.read_exact(&mut hello).await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        // Open until the other side has read it.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    let authority = Authority::new("Inner Authority");
    let error = greet(&target, &authority.trust()).await.unwrap_err();
    assert_says(&error, &["does not speak TLS", "check the port"]);
}

#[tokio::test]
async fn nobody_there_is_said_with_the_address() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = transport::connect(&target(port), &[([127, 0, 0, 1], port).into()]).await.unwrap_err();
    assert_says(&error, &[&format!("localhost:{port} cannot be reached (127.0.0.1:{port}: Connection refused")]);
}

#[tokio::test]
async fn clear_text_goes_to_loopback_whatever_the_name_is_said_to_mean() {
    let named = Target { host: "198.51.100.7".to_owned(), ..Target::parse("ws://localhost:80/").unwrap() };
    let error = transport::resolve(&named).await.unwrap_err();
    assert_says(&error, &["no address that may be used"]);
}

/// `openssl s_server`, as an implementation that is not ours.
struct OpensslServer {
    child: Child,
    port: u16,
}

impl OpensslServer {
    fn start(authority: &Authority, pair: &Pair, arguments: &[&str]) -> Self {
        use std::io::{BufRead, BufReader};
        let mut command = openssl(authority.dir.path());
        command.args(["s_server", "-accept", "127.0.0.1:0", "-rev"]).args(arguments);
        command.arg("-cert").arg(&pair.certificate).arg("-key").arg(&pair.key);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("these tests need the openssl command: install the package openssl");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let accepting = lines.find_map(|line| line.unwrap().strip_prefix("ACCEPT ").map(str::to_owned)).unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        let port = accepting.rsplit(':').next().unwrap().trim().parse().unwrap();
        Self { child, port }
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_server_of_openssl_is_understood() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", "DNS:localhost", NOW);
    let server = OpensslServer::start(&authority, &pair, &[]);
    let stream = transport::connect(&target(server.port), &[([127, 0, 0, 1], server.port).into()]).await.unwrap();
    let (_, peer) = Tls::new(&authority.trust()).unwrap().handshake(&target(server.port), stream).await.unwrap();
    assert_eq!((peer.protocol, peer.chain[0].subject.as_str()), ("TLS 1.3", "CN=gateway"));
}

#[tokio::test]
async fn a_server_of_openssl_that_wants_a_certificate_is_understood() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", "DNS:localhost", NOW);
    let server =
        OpensslServer::start(&authority, &pair, &["-Verify", "1", "-verify_return_error", "-CAfile", "authority.pem"]);
    let error = greet(&target(server.port), &authority.trust()).await.unwrap_err();
    assert_says(&error, &["wants a client certificate"]);
}

#[tokio::test]
async fn a_server_that_speaks_nothing_new_enough_is_called_that() {
    let authority = Authority::new("Inner Authority");
    let pair = authority.issue("gateway", "DNS:localhost", NOW);
    let server = OpensslServer::start(&authority, &pair, &["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]);
    let error = greet(&target(server.port), &authority.trust()).await.unwrap_err();
    assert_says(&error, &["neither TLS 1.2 nor TLS 1.3"]);
}
