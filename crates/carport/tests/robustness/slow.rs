//! Clients that begin and do not finish.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval};

use crate::bystander::{Bystander, calm, compare};
use crate::rig::Rig;

/// Slow clients of each kind.
const EACH: usize = 1_000;
/// All must be over by then.
const LIMIT: Duration = Duration::from_secs(30);

/// KiB that may stay: the allocator keeps some pages of 2,000 connections for the next ones. It is a
/// quarter of what they may hold.
const SPARE: u64 = 64 * 1024;

/// What slow clients say at once; then a byte a second follows.
const HEADS: [&str; 4] = [
    "",
    "GET /healthz",
    "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];
const BODIES: [&str; 3] = [
    "POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\
     content-type: application/x-www-form-urlencoded\r\n\r\ngrant_type=",
    "POST /v2.0/vehicles/batch HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\
     content-type: application/json\r\n\r\n{",
    "POST /oauth/token HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1000\r\ngrant_type=",
];

/// Whether the opening is followed by silence instead.
fn is_silent(number: usize) -> bool {
    number % 8 == 7
}

/// Talks slowly until the server has enough; returns what it said.
async fn dawdle(address: SocketAddr, opening: &str, silent: bool) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    stream.write_all(opening.as_bytes()).await.unwrap();
    let mut beat = interval(Duration::from_secs(1));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut said, mut bytes) = (Vec::new(), [0; 2048]);
    loop {
        tokio::select! {
            read = stream.read(&mut bytes) => match read {
                Ok(0) => break,
                Ok(count) => said.extend_from_slice(&bytes[..count]),
                // A byte crossed the answer on its way.
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                Err(error) => panic!("{error}"),
            },
            _ = beat.tick() => if !silent {
                drop(stream.write_all(b"a").await);
            },
        }
        assert!(begun.elapsed() < LIMIT + LIMIT, "{opening:?} is never over");
    }
    (String::from_utf8_lossy(&said).into_owned(), begun.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_heads_and_bodies_end_and_nobody_else_notices() {
    let rig = Rig::start().await;
    let before_them = calm(&rig).await;
    let held = rig.held();
    let bystander = Bystander::begin(&rig).await;
    let mut heads = Vec::new();
    let mut bodies = Vec::new();
    for number in 0..EACH {
        let address = rig.address;
        heads.push(tokio::spawn(async move {
            dawdle(address, HEADS[number % HEADS.len()], is_silent(number)).await
        }));
        bodies.push(tokio::spawn(async move {
            dawdle(address, BODIES[number % BODIES.len()], is_silent(number)).await
        }));
    }
    tokio::time::sleep(Duration::from_secs(8)).await;
    let under = rig.held();
    // Those of HTTP/2 may be over: nine bytes of rubbish make a bad frame.
    assert!(
        under.files >= held.files + 2 * EACH - EACH / HEADS.len(),
        "{held:?} {under:?}"
    );
    for head in heads {
        let (said, took) = head.await.unwrap();
        assert!(took < LIMIT, "a head was waited for {took:?}");
        let is_http2 = said.starts_with("\0\0");
        assert!(said.is_empty() || is_http2, "{said}");
    }
    for (number, body) in bodies.into_iter().enumerate() {
        let (said, took) = body.await.unwrap();
        assert!(took < LIMIT, "a body was waited for {took:?}");
        assert!(took > Duration::from_secs(15), "refused after {took:?}");
        assert!(said.starts_with("HTTP/1.1 408"), "{said}");
        assert!(said.contains("sc-request-id: "), "{said}");
        let envelope = if number % BODIES.len() == 1 {
            "\"type\":\"VALIDATION\""
        } else {
            "\"error\":\"invalid_request\""
        };
        assert!(said.contains(envelope), "{said}");
    }
    let during = bystander.end().await;
    let after = rig.back_to(held, SPARE).await;
    println!("slow clients: {held:?}, under them {under:?}, after {after:?}");
    compare("slow clients", [before_them, calm(&rig).await], during);
    rig.finish().await;
}
