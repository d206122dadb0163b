//! The bytes under the WebSocket: name, TCP, and TLS for `wss://`, each with a time limit of its own. `doctor` takes the same
//! steps one by one.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use rustix::net::sockopt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout, timeout_at};

use super::tls::Tls;
use crate::app::words::link_end;
use crate::app::words::network::{self as words, Tried};
use crate::domain::text::said_by_the_system;
use crate::protocol::{LinkEnd, Target, Trust};

/// The lookup of the name has this long.
const NAME_LIMIT: Duration = Duration::from_secs(5);
/// All addresses together have this long.
const TCP_LIMIT: Duration = Duration::from_secs(10);
/// A connection that is silent is asked for a sign of life after this,
const KEEPALIVE_IDLE: Duration = Duration::from_secs(15);
/// then every so often,
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
/// and is given up after so many without an answer.
const KEEPALIVE_TRIES: u32 = 3;
/// Bytes that are not acknowledged for this long break the connection, in milliseconds.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED_MILLIS: u32 = 30_000;

/// A stream of either kind.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection on its way.
pub type Dialing<'a> = Pin<Box<dyn Future<Output = Result<Box<dyn Stream>, LinkEnd>> + Send + 'a>>;

/// Who opens connections. The network does; a test may have one of its own in which bytes stop, come late or are cut off.
pub trait Dial: Send + Sync {
    /// Opens the bytes under a WebSocket; each of its phases has an end.
    fn dial<'a>(&'a self, target: &'a Target) -> Dialing<'a>;
}

/// The network.
pub struct Network {
    /// Prepared for `wss://`; a `ws://` needs none.
    tls: Option<Tls>,
}

impl Network {
    /// The network, with what it needs to reach this target. The error is a sentence.
    pub fn to(target: &Target, trust: &Trust) -> Result<Self, String> {
        Ok(Self { tls: if target.is_tls { Some(Tls::new(trust)?) } else { None } })
    }
}

impl Dial for Network {
    fn dial<'a>(&'a self, target: &'a Target) -> Dialing<'a> {
        Box::pin(async move {
            let stream = connect(target, &resolve(target).await?).await?;
            match &self.tls {
                Some(tls) => Ok(Box::new(tls.handshake(target, stream).await?.0) as Box<dyn Stream>),
                // Never in clear text what was meant to be secret.
                None if target.is_tls => Err(words::no_tls(&target.authority()).into()),
                None => Ok(Box::new(stream) as Box<dyn Stream>),
            }
        })
    }
}

/// The addresses behind the target's name, at least one; at most 5 s. For `ws://` loopback addresses only, whatever the name
/// is said to mean.
pub async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, String> {
    let host = target.host.as_str();
    let found = timeout(NAME_LIMIT, lookup_host((host, target.port))).await;
    let found = found.map_err(|_| words::lookup_is_late(host, NAME_LIMIT.as_secs()))?;
    let found = found.map_err(|error| words::no_lookup(host, &said_by_the_system(&error.to_string())))?;
    let addresses: Vec<SocketAddr> =
        found.filter(|address| target.is_tls || address.ip().to_canonical().is_loopback()).collect();
    if addresses.is_empty() {
        return Err(words::no_address(host));
    }
    Ok(addresses)
}

/// Connects to the first address that answers, each in turn; at most 10 s in all.
pub async fn connect(target: &Target, addresses: &[SocketAddr]) -> Result<TcpStream, String> {
    let end = Instant::now() + TCP_LIMIT;
    let mut failed = Vec::new();
    for (index, address) in addresses.iter().enumerate() {
        // One address that never answers leaves time for the others.
        let left = end.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let tried = |why| Tried { address: address.to_string(), why };
        match timeout_at(Instant::now() + share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                watch(&stream).map_err(|error| {
                    words::settings_refused(&target.authority(), &said_by_the_system(&error.to_string()))
                })?;
                return Ok(stream);
            }
            Ok(Err(error)) => failed.push(tried(said_by_the_system(&error.to_string()))),
            Err(_) => failed.push(tried(link_end::no_answer(share.as_secs().max(1)))),
        }
    }
    Err(words::unreachable(&target.authority(), addresses.len(), &failed))
}

/// Small frames leave at once, and a peer that is gone is noticed by the kernel as well.
fn watch(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    sockopt::set_socket_keepalive(stream, true)?;
    sockopt::set_tcp_keepidle(stream, KEEPALIVE_IDLE)?;
    sockopt::set_tcp_keepintvl(stream, KEEPALIVE_INTERVAL)?;
    sockopt::set_tcp_keepcnt(stream, KEEPALIVE_TRIES)?;
    #[cfg(target_os = "linux")]
    sockopt::set_tcp_user_timeout(stream, UNACKNOWLEDGED_MILLIS)?;
    Ok(())
}
