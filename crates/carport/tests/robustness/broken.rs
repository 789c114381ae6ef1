//! Requests that are not written as they must be.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use crate::bystander::{Bystander, calm, compare};
use crate::client::{Answer, Client};
use crate::rig::Rig;

/// What may come of a broken request.
const LIMIT: Duration = Duration::from_secs(30);
/// How long other clients are watched meanwhile.
const WATCHED: Duration = Duration::from_secs(6);

/// Requests that can never be answered 2xx: broken heads, then broken bodies of a path that would
/// be glad to answer.
fn broken() -> Vec<Vec<u8>> {
    let long = "a".repeat(100_000);
    let get = |rest: &str| format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{rest}");
    let chunked = |body: &str| get(&format!("transfer-encoding: chunked\r\n\r\n{body}"));
    let many: String = (0..1000).map(|n| format!("x-{n}: y\r\n")).collect();
    let pieces = "1;x\r\na\r\n".repeat(30_000);
    let requests = [
        get(&format!("x: {long}\r\n\r\n")),
        get(&format!("{long}: x\r\n\r\n")),
        get(&format!("{many}\r\n")),
        format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n"),
        format!("{long} / HTTP/1.1\r\nhost: x\r\n\r\n"),
        get("no colon\r\n\r\n"),
        get("x: a\0b\r\n\r\n"),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "\x16\x03\x01\x02\0\x01\0\x01\x7c\x03\x03 a TLS greeting".to_owned(),
        get("content-length: -1\r\n\r\n"),
        get("content-length: +5\r\n\r\nhello"),
        get("content-length: 5,5\r\n\r\nhello"),
        get("content-length: 5\r\ncontent-length: 6\r\n\r\nhello!"),
        get("content-length: 99999999999999999999\r\n\r\n"),
        get("transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        get("transfer-encoding: xchunked\r\n\r\n0\r\n\r\n"),
        "GET /healthz HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
        chunked("zz\r\nhello\r\n0\r\n\r\n"),
        chunked("-5\r\nhello\r\n0\r\n\r\n"),
        chunked("0x5\r\nhello\r\n0\r\n\r\n"),
        chunked("\r\nhello\r\n0\r\n\r\n"),
        chunked("5\nhello\r\n0\r\n\r\n"),
        chunked("5\r\nhelloXX0\r\n\r\n"),
        chunked("5\r\nhello0\r\n\r\n"),
        chunked("fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        chunked(&format!("5;{long}\r\nhello\r\n0\r\n\r\n")),
        chunked(&pieces),
        chunked(&format!("5\r\nhello\r\n0\r\nx: {long}\r\n\r\n")),
        chunked(&format!("5\r\nhello\r\n0\r\n{many}\r\n")),
    ];
    requests.map(String::into_bytes).into()
}

/// Bodies that their client does not finish.
const CUT: [&str; 4] = [
    "POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nclient_id=1",
    "POST /oauth/token HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n",
    "POST /oauth/token HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nff\r\nclient",
    "POST /oauth/token HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nclien\r\n",
];

/// The answer, or `None` when the server closed instead; anything else is a failure of the test.
async fn answer(client: &mut Client) -> Option<Answer> {
    let answer = timeout(LIMIT, client.answer()).await;
    match answer.expect("answered or closed within thirty seconds") {
        Ok(answer) => Some(answer),
        Err(error) => {
            let kinds = [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset];
            assert!(kinds.contains(&error.kind()), "{error}");
            None
        }
    }
}

/// Sends one; returns whether it was answered, which must then be with 4xx and be the last answer.
async fn send(rig: &Rig, request: &[u8], cut: bool) -> bool {
    let mut client = rig.client().await;
    // The server may have had enough before everything is sent.
    drop(client.send(request).await);
    if cut {
        drop(client.hang_up().await);
    }
    let Some(answer) = answer(&mut client).await else {
        return false;
    };
    let begin = String::from_utf8_lossy(&request[..request.len().min(200)]);
    assert!((400..500).contains(&answer.status), "{begin:?}: {answer:?}");
    let closed = timeout(LIMIT, client.is_closed()).await;
    assert!(closed.is_ok(), "{begin:?} left its connection open");
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_requests_are_refused_and_nobody_else_notices() {
    let rig = Rig::start().await;
    let broken = broken();
    // Once in full view: each of these is answered, not just dropped.
    for request in &broken {
        let begin = String::from_utf8_lossy(&request[..request.len().min(200)]).into_owned();
        assert!(
            send(&rig, request, false).await,
            "{begin:?} was not answered"
        );
    }
    let before_them = calm(&rig).await;
    let held = rig.held();
    let bystander = Bystander::begin(&rig).await;
    let begun = Instant::now();
    let mut sent = 0;
    while begun.elapsed() < WATCHED {
        for request in &broken {
            send(&rig, request, false).await;
        }
        for request in CUT {
            send(&rig, request.as_bytes(), true).await;
            // And without a word: the socket is gone at once.
            drop(rig.client().await.send(request.as_bytes()).await);
        }
        sent += broken.len() + 2 * CUT.len();
    }
    println!("{sent} broken requests");
    let during = bystander.end().await;
    let after = rig.back_to(held, 16 * 1024).await;
    println!("broken requests: {held:?}, after {after:?}");
    compare("broken requests", [before_them, calm(&rig).await], during);
    rig.finish().await;
}

/// A proxy in front may believe the other header: what follows must never be read as a request.
#[tokio::test]
async fn a_connection_with_both_lengths_ends_after_its_answer() {
    let rig = Rig::start().await;
    for headers in [
        "content-length: 4\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 4",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\ncontent-length: 5",
    ] {
        let hidden = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
        let request =
            format!("POST /oauth/token HTTP/1.1\r\nhost: x\r\n{headers}\r\n\r\n0\r\n\r\n{hidden}");
        let mut client = rig.client().await;
        let told = client.ask(request.as_bytes()).await.unwrap();
        assert!((400..500).contains(&told.status), "{told:?}");
        assert_eq!(told.header("connection"), Some("close"), "{told:?}");
        assert!(client.is_closed().await, "{headers} hid a request");
    }
    rig.finish().await;
}
