//! The links of the simulated exchange, on real sockets and in memory: slow, cut, half open, restarted, and behind TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use withdraw_desk::domain::CallId;
use withdraw_desk::protocol::Frame;
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::conduct::{Break, Conduct, Drip, Handshake, How, Links};
use withdraw_desk::simulator::{Book, Exchange, Script, Simulator, login};

use crate::pty_console::PATIENCE;

fn exchange(links: Links) -> Exchange {
    let conduct = Conduct { links, ..Conduct::default() };
    Exchange::new(Book::new(1, 400, clock::wall()), Script::default()).with_conduct(conduct)
}

fn breaking(of: Break) -> Links {
    Links { breaks: vec![of], ..Links::default() }
}

async fn started(links: Links) -> Simulator {
    Simulator::start(exchange(links), SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), false).await.unwrap()
}

async fn dial(simulator: &Simulator) -> Result<WebSocketStream<TcpStream>, Error> {
    let stream = TcpStream::connect(simulator.address()).await?;
    Ok(client_async(simulator.url(), stream).await?.0)
}

/// Asks, and reads the next frame, whatever it is; `None` if the link is no more.
async fn ask<S>(socket: &mut WebSocketStream<S>, name: &str, payload: &str) -> Option<Frame>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let request = Frame::request(CallId(2), name, payload.to_owned());
    socket.send(Message::text(request.encode())).await.ok()?;
    let message = timeout(PATIENCE, socket.next()).await.expect("an answer or an end").and_then(Result::ok)?;
    Frame::decode(message.to_text().ok()?).ok()
}

async fn log_in<S>(socket: &mut WebSocketStream<S>) -> String
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let payload = format!(r#"{{"UserName":"{}","Password":"{}"}}"#, login::USERNAME, login::PASSWORD);
    let answer = ask(socket, "AuthenticateUser", &payload).await.expect("a login is answered").payload;
    let token = answer.split("\"SessionToken\":\"").nth(1).and_then(|rest| rest.split('"').next());
    token.expect("a token").to_owned()
}

#[tokio::test]
async fn a_restart_ends_every_link_and_comes_back_at_the_same_port_with_sessions_and_tickets_kept() {
    let simulator = started(Links::default()).await;
    let mut socket = dial(&simulator).await.unwrap();
    let token = log_in(&mut socket).await;
    simulator.with(|exchange, now| exchange.meddle(90_400, "Frozen", now)).await.unwrap();

    simulator.break_links(How::Restart { down_ms: 300 }).await;
    assert!(ask(&mut socket, "Ping", "{}").await.is_none());
    assert!(dial(&simulator).await.is_err(), "nobody listens");

    let back = async {
        loop {
            if let Ok(socket) = dial(&simulator).await {
                return socket;
            }
            tokio::task::yield_now().await;
        }
    };
    let mut socket = timeout(PATIENCE, back).await.expect("the same port again");
    let resume = format!(r#"{{"SessionToken":"{token}"}}"#);
    assert!(ask(&mut socket, "WebAuthenticateUser", &resume).await.unwrap().payload.contains(&token));
    let newest = ask(&mut socket, "GetAllWithdrawTickets", r#"{"Limit":1}"#).await.unwrap();
    assert!(newest.payload.contains("\"Status\":\"Frozen\""));
}

#[tokio::test]
async fn a_restart_that_forgets_its_sessions_wants_the_password_again() {
    let mut conduct = Conduct::default();
    conduct.sessions.forgotten_on_restart = true;
    let exchange = exchange(Links::default()).with_conduct(conduct);
    let simulator = Simulator::start(exchange, (Ipv4Addr::LOCALHOST, 0).into(), false).await.unwrap();
    let mut socket = dial(&simulator).await.unwrap();
    let token = log_in(&mut socket).await;
    simulator.break_links(How::Restart { down_ms: 0 }).await;
    assert!(ask(&mut socket, "Ping", "{}").await.is_none());
    let mut socket = loop {
        if let Ok(socket) = dial(&simulator).await {
            break socket;
        }
    };
    let answer = ask(&mut socket, "WebAuthenticateUser", &format!(r#"{{"SessionToken":"{token}"}}"#)).await.unwrap();
    assert!(answer.payload.contains("\"Authenticated\":false"));
}

#[tokio::test]
async fn a_link_is_cut_in_the_middle_of_the_frame_after_so_many() {
    let simulator = started(breaking(Break { how: How::Cut, after_frames: Some(2), ..Break::default() })).await;
    for _ in 0..2 {
        let mut socket = dial(&simulator).await.unwrap();
        log_in(&mut socket).await;
        assert!(ask(&mut socket, "Ping", "{}").await.is_some());
        let page = Frame::request(CallId(4), "GetAllWithdrawTickets", r#"{"Limit":50}"#.to_owned());
        socket.send(Message::text(page.encode())).await.unwrap();
        let end = timeout(PATIENCE, socket.next()).await.unwrap();
        // A frame that ends in its middle is an error, not an end: bytes of it did arrive, or the reset did.
        assert!(matches!(end, Some(Err(_))), "{end:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_links_are_dropped_every_so_often_and_only_so_many_times() {
    let of = Break { every_ms: Some(50), times: Some(2), ..Break::default() };
    let simulator = Simulator::in_memory(exchange(breaking(of)), jiff::Timestamp::UNIX_EPOCH);
    let mut drops = 0;
    while drops < 2 {
        let mut socket = adopted(&simulator).await;
        let end = timeout(PATIENCE, socket.next()).await.expect("it is dropped");
        assert!(end.is_none_or(|end| end.is_err()));
        drops += 1;
    }
    let mut socket = adopted(&simulator).await;
    assert!(timeout(Duration::from_secs(200), socket.next()).await.is_err(), "the third one stays");
    assert!(ask(&mut socket, "Ping", "{}").await.is_some());
}

#[tokio::test]
async fn a_refused_handshake_is_a_503_and_every_answer_tells_the_time_of_the_exchange() {
    let links = Links { handshake: Handshake::Refused, clock_skew_seconds: 7_200, ..Links::default() };
    let simulator = started(links).await;
    let Err(Error::Http(response)) = dial(&simulator).await else { panic!("refused by HTTP") };
    assert_eq!(response.status(), 503);
    let date = response.headers()["date"].to_str().unwrap().to_owned();
    let hour = |at: jiff::Timestamp| at.strftime("%a, %d %b %Y %H:").to_string();
    let ahead = clock::wall() + jiff::SignedDuration::from_hours(2);
    let near = [ahead, ahead - jiff::SignedDuration::from_mins(1)].map(hour);
    assert!(near.iter().any(|near| date.starts_with(near.as_str())) && date.ends_with(" GMT"), "{date}");
}

#[tokio::test]
async fn a_silent_gateway_accepts_and_says_nothing() {
    let simulator = started(Links { handshake: Handshake::Silent, ..Links::default() }).await;
    assert!(timeout(Duration::from_millis(300), dial(&simulator)).await.is_err());
}

/// A client of an exchange in memory, whose time the test moves.
async fn adopted(simulator: &Simulator) -> WebSocketStream<tokio::io::DuplexStream> {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    assert!(simulator.adopt(theirs).await);
    client_async("ws://127.0.0.1/WSGateway/", ours).await.unwrap().0
}

#[tokio::test(start_paused = true)]
async fn a_half_open_link_stays_and_answers_nothing_any_more() {
    let simulator = Simulator::in_memory(exchange(Links::default()), jiff::Timestamp::UNIX_EPOCH);
    let mut socket = adopted(&simulator).await;
    log_in(&mut socket).await;
    simulator.break_links(How::Stall).await;
    socket.send(Message::text(Frame::request(CallId(4), "Ping", "{}".to_owned()).encode())).await.unwrap();
    assert!(timeout(Duration::from_secs(86_400), socket.next()).await.is_err(), "neither an answer nor an end");
    let mut other = adopted(&simulator).await;
    assert!(ask(&mut other, "Ping", "{}").await.is_some(), "a new link is as good as ever");
}

#[tokio::test(start_paused = true)]
async fn a_big_frame_drips_and_a_drop_does_not_wait_for_it() {
    let drip = Some(Drip { bytes: 100, every_ms: 1_000 });
    let simulator = Simulator::in_memory(exchange(Links { drip, ..Links::default() }), jiff::Timestamp::UNIX_EPOCH);
    let mut socket = adopted(&simulator).await;
    log_in(&mut socket).await;
    let before = tokio::time::Instant::now();
    let page = Frame::request(CallId(4), "GetAllWithdrawTickets", r#"{"Limit":1}"#.to_owned()).encode();
    socket.send(Message::text(page.clone())).await.unwrap();
    let message = timeout(Duration::from_secs(600), socket.next()).await.unwrap().unwrap().unwrap();
    let seconds = u64::try_from(message.len()).unwrap() / 100;
    assert!(seconds > 10 && before.elapsed().as_secs().abs_diff(seconds) <= 2, "{:?}", before.elapsed());

    socket.send(Message::text(page)).await.unwrap();
    let before = tokio::time::Instant::now();
    tokio::time::sleep(Duration::from_secs(5)).await;
    simulator.break_links(How::Drop).await;
    assert!(!matches!(socket.next().await, Some(Ok(_))));
    assert!(before.elapsed() < Duration::from_secs(7), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_call_is_answered_as_late_as_told() {
    let delay_ms = [("getuserinfo".to_owned(), 9_000), ("*".to_owned(), 100)].into();
    let simulator = Simulator::in_memory(exchange(Links { delay_ms, ..Links::default() }), jiff::Timestamp::UNIX_EPOCH);
    let mut socket = adopted(&simulator).await;
    let mut late = Vec::new();
    log_in(&mut socket).await;
    for name in ["GetUserInfo", "Ping"] {
        let before = tokio::time::Instant::now();
        ask(&mut socket, name, "{}").await.unwrap();
        late.push(u64::try_from(before.elapsed().as_millis()).unwrap());
    }
    assert!(late[0].abs_diff(9_000) < 50 && late[1].abs_diff(100) < 50, "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_is_down_adopts_nobody_until_its_time() {
    let simulator = Simulator::in_memory(exchange(Links::default()), jiff::Timestamp::UNIX_EPOCH);
    let mut socket = adopted(&simulator).await;
    simulator.break_links(How::Restart { down_ms: 5_000 }).await;
    assert!(!matches!(socket.next().await, Some(Ok(_))));
    assert!(!simulator.adopt(tokio::io::duplex(64).0).await);
    tokio::time::sleep(Duration::from_millis(5_001)).await;
    ask(&mut adopted(&simulator).await, "Ping", "{}").await.unwrap();
}
