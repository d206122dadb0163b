//! Answers to the handshake: every valid form, every other, and what is told of each.

use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::protocol::NextTry;

/// Shakes hands with somebody who answers this; `ACCEPT` is the key that belongs to the request.
async fn answered(answer: &str) -> Result<Shaken, LinkEnd> {
    let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
    let answer = answer.to_owned();
    tokio::spawn(async move {
        let mut request = vec![0; 2_048];
        let length = theirs.read(&mut request).await.unwrap();
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        let key = request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap();
        let answer = answer.replace("ACCEPT", &derive_accept_key(key.as_bytes()));
        let _ = theirs.write_all(answer.as_bytes()).await;
        // Open until the other side has read it.
        let _ = theirs.read(&mut [0; 16]).await;
    });
    let target = Target::parse("ws://127.0.0.1:8086/WSGateway/").unwrap();
    shake_hands(&target, Box::new(ours)).await
}

#[rstest]
#[case::usual("Connection: Upgrade\r\nUpgrade: websocket")]
#[case::kept_alive("Connection: keep-alive, Upgrade\r\nUpgrade: websocket")]
#[case::reordered("upgrade: WebSocket\r\nCONNECTION: upgrade, Keep-Alive")]
#[case::two_lines("Connection: keep-alive\r\nUpgrade: WEBSOCKET\r\nConnection: UPGRADE")]
#[case::no_blanks("connection:keep-alive,upgrade\r\nupgrade:websocket")]
#[case::empty_members("Connection: , Upgrade ,\r\nUpgrade: websocket")]
#[case::folded("Connection: keep-alive,\r\n Upgrade\r\nUpgrade: websocket")]
#[case::empty_extensions("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions:")]
#[tokio::test]
async fn every_valid_form_of_the_answer_opens_the_link(#[case] headers: &str) {
    let answer =
        format!("HTTP/1.1 101 Switching Protocols\r\nDate: today\r\n{headers}\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n");
    let shaken = answered(&answer).await.map_err(|end| end.why).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(shaken.date.as_deref(), Some("today"));
}

#[tokio::test]
async fn an_interim_answer_is_no_answer_and_what_follows_the_last_is_read() {
    use futures_util::StreamExt;
    let answer = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 101\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                  Sec-WebSocket-Accept: ACCEPT\r\n\r\n\u{1}\u{2}hi";
    // A whole message came with the answer: 0x81 is no letter of its own, so an unfinished text frame stands for it.
    let mut shaken = answered(answer).await.map_err(|end| end.why).unwrap_or_else(|why| panic!("{why}"));
    let next = tokio::time::timeout(Duration::from_millis(50), shaken.socket.next()).await;
    assert!(next.is_err(), "a fragment is not a message, and no error either: {next:?}");
}

#[rstest]
#[case::no_upgrade("Connection: Upgrade", "Upgrade does not say so")]
#[case::another("Connection: Upgrade\r\nUpgrade: h2c", "another protocol than WebSocket")]
#[case::not_connected("Connection: keep-alive\r\nUpgrade: websocket", "Connection lacks Upgrade")]
#[case::only_a_part("Connection: upgrades\r\nUpgrade: websocket", "Connection lacks Upgrade")]
#[case::two_accepts(
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: other",
    "another handshake than ours"
)]
#[case::extension(
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate",
    "the extension \"permessage-deflate\""
)]
#[case::subprotocol("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mqtt", "the protocol \"mqtt")]
#[tokio::test]
async fn an_answer_that_opens_another_thing_is_told_and_waits_for_a_person(#[case] headers: &str, #[case] said: &str) {
    let answer = format!("HTTP/1.1 101 Switching\r\n{headers}\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n");
    let end = answered(&answer).await.err().unwrap();
    assert!(end.why.contains(said) && end.why.contains("; check the URL"), "{end}");
    assert_eq!(end.next, NextTry::ByPerson);
}

#[rstest]
#[case::no_accept("HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "another handshake than ours")]
#[case::old(
    "HTTP/1.0 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n",
    "knows no WebSocket"
)]
#[case::another_protocol("SSH-2.0-server\r\n\r\n", "what answers there speaks no WebSocket; check the URL")]
#[tokio::test]
async fn no_answer_to_our_request_is_taken_for_one(#[case] answer: &str, #[case] said: &str) {
    let end = answered(answer).await.err().unwrap();
    assert!(end.why.starts_with("127.0.0.1:8086: ") && end.why.contains(said), "{end}");
}

#[tokio::test]
async fn an_answer_without_an_end_is_given_up() {
    let answer = format!("HTTP/1.1 101 x\r\nX: {}\r\n\r\n", "x".repeat(MOST_HEAD + 10_000));
    assert!(answered(&answer).await.err().unwrap().why.contains("longer than any may be"));
    let answer = format!("HTTP/1.1 101 x\r\n{}\r\n", "X: y\r\n".repeat(MOST_HEADERS + 1));
    assert!(answered(&answer).await.err().unwrap().why.contains("longer than any may be"));
}

#[rstest]
#[case::moved(
    "301 Moved\r\nLocation: wss://new.test/x\r\nContent-Length: 0\r\n\r\n",
    "HTTP 301 Moved Permanently, to \"wss://new.test/x\"; if that",
    NextTry::ByPerson
)]
#[case::moved_to_a_place_with_control_characters(
    "302 x\r\nServer: y\r\nLocation: wss://new.test/\u{1b}[2Jx\u{7}\r\nContent-Length: 0\r\n\r\n",
    "HTTP 302 Found, to \"wss://new.test/<U+001B>[2Jx<U+0007>\"; if that",
    NextTry::ByPerson
)]
#[case::forbidden(
    "403 No\r\nContent-Length: 24\r\n\r\nnot from here\u{1b}\nat all!!",
    "which says \"not from here<U+001B>\"; ",
    NextTry::ByPerson
)]
#[case::chunked(
    "503 x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ndown\r\n7\r\n until \r\n2\r\n9h\r\n0\r\n\r\n",
    "which says \"down until 9h\"",
    NextTry::Soon
)]
#[case::page(
    "403 x\r\nContent-Type: text/html\r\nContent-Length: 44\r\n\r\n<html><body><h1>Your IP is blocked</h1></x> ",
    "which says \"Your IP is blocked\"",
    NextTry::ByPerson
)]
#[case::wait(
    "429 x\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
    "asks to wait 120 s",
    NextTry::After(Duration::from_secs(120))
)]
#[case::wait_until(
    "503 x\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\nContent-Length: 0\r\n\r\n",
    "asks to wait 30 s",
    NextTry::After(Duration::from_secs(30))
)]
#[case::body_without_an_end("500 x\r\n\r\noops", "which says \"oops\"", NextTry::Soon)]
#[case::coded(
    "403 x\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    "HTTP 403 Forbidden; ",
    NextTry::ByPerson
)]
#[tokio::test(start_paused = true)]
async fn an_http_answer_is_told_with_what_it_says(#[case] answer: &str, #[case] said: &str, #[case] next: NextTry) {
    let end = answered(&format!("HTTP/1.1 {answer}")).await.err().unwrap();
    assert!(end.why.contains(said), "{end}");
    assert_eq!(end.next, next);
}
