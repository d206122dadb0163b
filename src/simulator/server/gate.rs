//! Where clients come in: the listener, the links that it holds, and a restart, which ends them all for a while.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_rustls::TlsAcceptor;

use super::ServerInput;
use super::client_link::{self, Arrival};
use super::line::Wire;
use crate::domain::text::said_by_the_system;
use crate::simulator::exchange::Client;

/// An order to the gate.
pub(super) enum GateOrder {
    /// Serves a stream that did not come through the listener; whether it does.
    Adopt(Box<dyn Wire>, oneshot::Sender<bool>),
    /// Drops all links, and is closed for so long.
    Restart(Duration),
}

/// Between two tries to listen again.
const TRY_AGAIN: Duration = Duration::from_millis(20);

/// Where the gate listens, if it does.
pub(super) struct Gate {
    pub(super) listener: Option<TcpListener>,
    pub(super) acceptor: Option<TlsAcceptor>,
    pub(super) orders: mpsc::Receiver<GateOrder>,
    pub(super) inbox: mpsc::Sender<ServerInput>,
}

impl Gate {
    /// Lets clients in until the exchange ends.
    pub(super) async fn run(mut self) {
        let mut links = JoinSet::new();
        let mut client: Client = 0;
        loop {
            let arrival = tokio::select! {
                accepted = accept(self.listener.as_ref()) => match accepted {
                    Ok(stream) => Arrival::Tcp(stream, self.acceptor.clone()),
                    Err(_) => {
                        sleep(TRY_AGAIN).await;
                        continue;
                    }
                },
                order = self.orders.recv() => match order {
                    None => return,
                    Some(GateOrder::Adopt(wire, answer)) => {
                        let _ = answer.send(true);
                        Arrival::Adopted(wire)
                    }
                    Some(GateOrder::Restart(down)) => {
                        links.shutdown().await;
                        self.be_down(down).await;
                        continue;
                    }
                },
                Some(_) = links.join_next() => continue,
            };
            client += 1;
            links.spawn(client_link::serve(arrival, client, self.inbox.clone()));
        }
    }

    /// Nobody listens for a while; then somebody does at the same address.
    async fn be_down(&mut self, down: Duration) {
        let address = self.listener.take().and_then(|listener| listener.local_addr().ok());
        let up = Instant::now() + down;
        loop {
            tokio::select! {
                () = sleep_until(up) => break,
                order = self.orders.recv() => match order {
                    None => return,
                    Some(GateOrder::Adopt(_, answer)) => {
                        let _ = answer.send(false);
                    }
                    Some(GateOrder::Restart(_)) => {}
                },
            }
        }
        let Some(address) = address else { return };
        while self.listener.is_none() {
            match listen(address).await {
                Ok(listener) => self.listener = Some(listener),
                Err(_) => sleep(TRY_AGAIN).await,
            }
        }
    }
}

/// Listens at an address.
pub(super) async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let named = |error: io::Error| {
        let why = said_by_the_system(&error.to_string());
        io::Error::other(format!("cannot listen on {address}: {why}; give another --listen"))
    };
    TcpListener::bind(address).await.map_err(named)
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}
