//! The socket of the simulated exchange: a WebSocket listener, on loopback unless told otherwise.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use jiff::Timestamp;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;

use super::Exchange;
use super::exchange::{Client, Deed};
use crate::runtime::clock;

/// A running exchange. Dropping it does not stop it; the end of its runtime does.
#[derive(Clone, Debug)]
pub struct Simulator {
    address: SocketAddr,
    inbox: mpsc::Sender<Incoming>,
}

/// A question about the exchange, answered between two frames.
type Question = Box<dyn FnOnce(&mut Exchange, Timestamp) + Send>;

enum Incoming {
    Joined(Client, mpsc::Sender<Outgoing>),
    Text(Client, String),
    Left(Client),
    Question(Question),
}

enum Outgoing {
    Text(String),
    Drop,
}

/// Frames on the way from one client, and to it.
const QUEUE: usize = 1_024;

impl Simulator {
    /// Listens and serves until the runtime ends. Port 0 takes any free port. An address that is not loopback is refused
    /// unless `anywhere`.
    pub async fn start(exchange: Exchange, listen: SocketAddr, anywhere: bool) -> io::Result<Self> {
        if !listen.ip().is_loopback() && !anywhere {
            let why =
                format!("{listen} is not a loopback address, and this exchange protects nothing; --anywhere insists");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {listen}: {error}")))?;
        let address = listener.local_addr()?;
        let (inbox, incoming) = mpsc::channel(QUEUE);
        tokio::spawn(run(exchange, incoming));
        tokio::spawn(accept(listener, inbox.clone()));
        Ok(Self { address, inbox })
    }

    /// The URL to connect to.
    pub fn url(&self) -> String {
        format!("ws://{}/WSGateway/", self.address)
    }

    /// Asks the running exchange something, or changes it; `None` if it has ended.
    pub async fn with<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Exchange, Timestamp) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let question: Question = Box::new(move |exchange, now| {
            let _ = answer.send(ask(exchange, now));
        });
        self.inbox.send(Incoming::Question(question)).await.ok()?;
        answered.await.ok()
    }
}

async fn accept(listener: TcpListener, inbox: mpsc::Sender<Incoming>) {
    let mut client: Client = 0;
    while let Ok((stream, _)) = listener.accept().await {
        client += 1;
        tokio::spawn(serve(stream, client, inbox.clone()));
    }
}

/// One client: frames in, frames out, until one side ends.
async fn serve(stream: TcpStream, client: Client, inbox: mpsc::Sender<Incoming>) {
    let _ = stream.set_nodelay(true);
    let Ok(socket) = tokio_tungstenite::accept_async(stream).await else { return };
    let (mut sink, mut source) = socket.split();
    let (outbox, mut outgoing) = mpsc::channel(QUEUE);
    if inbox.send(Incoming::Joined(client, outbox)).await.is_err() {
        return;
    }
    let writer = async {
        while let Some(Outgoing::Text(text)) = outgoing.recv().await {
            if sink.send(Message::text(text)).await.is_err() {
                break;
            }
        }
        // Told to drop the link: no close frame, as a lost link has none.
    };
    let reader = async {
        while let Some(Ok(message)) = source.next().await {
            let received = match message {
                Message::Text(text) => inbox.send(Incoming::Text(client, text.as_str().to_owned())).await,
                Message::Binary(bytes) => {
                    inbox.send(Incoming::Text(client, String::from_utf8_lossy(&bytes).into_owned())).await
                }
                Message::Close(_) => break,
                _ => Ok(()),
            };
            if received.is_err() {
                break;
            }
        }
    };
    tokio::select! { () = writer => {} () = reader => {} }
    let _ = inbox.send(Incoming::Left(client)).await;
}

/// The one task that owns the exchange.
async fn run(mut exchange: Exchange, mut incoming: mpsc::Receiver<Incoming>) {
    let mut clients: BTreeMap<Client, mpsc::Sender<Outgoing>> = BTreeMap::new();
    loop {
        let wait = exchange.next_due().map(clock::until);
        let due = async {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            event = incoming.recv() => match event {
                None => return,
                Some(Incoming::Joined(client, outbox)) => {
                    clients.insert(client, outbox);
                }
                Some(Incoming::Text(client, text)) => exchange.receive(client, &text, clock::wall()),
                Some(Incoming::Left(client)) => {
                    clients.remove(&client);
                    exchange.leave(client);
                }
                Some(Incoming::Question(ask)) => ask(&mut exchange, clock::wall()),
            },
            () = due => {}
        }
        for deed in exchange.take_due(clock::wall()) {
            let (client, out) = match deed {
                Deed::Send(client, text) => (client, Outgoing::Text(text)),
                Deed::Drop(client) | Deed::Cut(client, _) => (client, Outgoing::Drop),
                Deed::Stall(_) | Deed::Restart(_) => continue,
            };
            // A client that does not read is dropped rather than waited for.
            let is_stuck = clients.get(&client).is_some_and(|outbox| outbox.try_send(out).is_err());
            if is_stuck {
                clients.remove(&client);
            }
        }
    }
}
