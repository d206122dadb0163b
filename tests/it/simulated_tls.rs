//! The simulated exchange behind TLS: the authority it made, client certificates, and `simulate --tls` itself.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use withdraw_desk::domain::CallId;
use withdraw_desk::protocol::Frame;
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::authority::SimulatedTls;
use withdraw_desk::simulator::{Book, Exchange, Script, Simulator};

use crate::pty_console::PATIENCE;

/// Sends a Ping through TLS that trusts this authority alone; what came of it.
async fn ping(port: u16, name: &str, authority: &str) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| error.to_string())?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| error.to_string())?;
    let url = format!("wss://localhost:{port}/WSGateway/");
    let (mut socket, _) = client_async(url, stream).await.map_err(|error| error.to_string())?;
    let ping = Frame::request(CallId(2), "Ping", "{}".to_owned()).encode();
    socket.send(Message::text(ping)).await.map_err(|error| error.to_string())?;
    let answer = timeout(PATIENCE, socket.next()).await.expect("an answer").ok_or("no answer")?;
    answer.map(|answer| answer.to_string()).map_err(|error| error.to_string())
}

async fn serving(tls: &SimulatedTls) -> Simulator {
    let exchange = Exchange::new(Book::new(1, 10, clock::wall()), Script::default());
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Simulator::start_tls(exchange, listen, false, Arc::clone(&tls.server)).await.unwrap()
}

#[tokio::test]
async fn its_own_authority_is_trusted_by_name_and_address_and_another_is_not() {
    let tls = SimulatedTls::make(None).unwrap();
    let simulator = serving(&tls).await;
    let port = simulator.address().port();
    assert_eq!(simulator.url(), format!("wss://localhost:{port}/WSGateway/"));
    for name in ["localhost", "127.0.0.1", "::1"] {
        assert!(ping(port, name, &tls.authority).await.unwrap().contains("PONG"), "{name}");
    }
    let wrong_name = ping(port, "gateway.example.com", &tls.authority).await.unwrap_err();
    assert!(wrong_name.contains("not valid for name"), "{wrong_name}");
    let unknown = ping(port, "localhost", &SimulatedTls::make(None).unwrap().authority).await.unwrap_err();
    assert!(unknown.contains("UnknownIssuer") || unknown.contains("BadSignature"), "{unknown}");
}

#[tokio::test]
async fn a_client_without_the_certificate_that_is_demanded_gets_no_answer() {
    let clients = SimulatedTls::make(None).unwrap().authority;
    let tls = SimulatedTls::make(Some(clients.as_bytes())).unwrap();
    let simulator = serving(&tls).await;
    let refused = ping(simulator.address().port(), "localhost", &tls.authority).await.unwrap_err();
    assert!(refused.contains("CertificateRequired"), "{refused}");
    let why = SimulatedTls::make(Some(b"no certificate")).err().map(|error| error.to_string());
    assert_eq!(why.as_deref(), Some("no certificate in it: wanted certificates in PEM"));
}

#[test]
fn simulate_tls_prints_its_authority_and_takes_the_file_away_at_the_end() {
    let state = tempfile::tempdir().unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_withdraw-desk"))
        .args(["simulate", "--tls", "--scenario", "assets/simulator/second-factor.json"])
        .env("XDG_STATE_HOME", state.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let printed: Vec<String> = BufReader::new(server.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .take_while(|line| !line.starts_with("operator-id"))
        .collect();
    let value = |name: &str| {
        let named = printed.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        named.unwrap_or_else(|| panic!("{name} in {printed:?}")).to_owned()
    };
    assert_eq!(value("totp-code"), "235991");
    let file = value("ca-file");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    let certificate = std::fs::read_to_string(&file).unwrap();
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----") && !certificate.contains("PRIVATE"));
    let port = value("url").rsplit(':').next().and_then(|rest| rest.split('/').next()?.parse().ok()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert!(runtime.block_on(ping(port, "localhost", &certificate)).unwrap().contains("PONG"));

    kill_process(Pid::from_child(&server), Signal::TERM).unwrap();
    assert!(server.wait().unwrap().success());
    assert!(!Path::new(&file).exists());
}
