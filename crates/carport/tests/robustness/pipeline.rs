//! Many requests at once on one connection.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::bystander::{Bystander, calm, compare};
use crate::rig::Rig;

/// Requests on the connection.
const REQUESTS: usize = 10_000;

/// Which of three requests comes at a place: a pattern that no shift repeats for long.
fn kind(place: usize) -> usize {
    (place.wrapping_mul(2_654_435_761) >> 7) % 3
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_pipelined_requests_are_answered_in_order() {
    let rig = Rig::start().await;
    let before_them = calm(&rig).await;
    let held = rig.held();
    let requests = [
        rig.odometer(),
        rig.get("/healthz"),
        rig.get("/v2.0/nothing"),
    ];
    let expected = ["\"distance\":", "ok\n", "\"type\":\"RESOURCE_NOT_FOUND\""];
    let all: String = (0..REQUESTS)
        .map(|place| requests[kind(place)].as_str())
        .collect();
    let bystander = Bystander::begin(&rig).await;
    for _ in 0..3 {
        let mut client = rig.client().await;
        // Sent by a second pair of hands: neither side may wait for the other for ever.
        let stream = TcpStream::connect(rig.address).await.unwrap();
        let (mut reads, mut writes) = stream.into_split();
        let bytes = all.clone().into_bytes();
        let writer = tokio::spawn(async move {
            writes.write_all(&bytes).await.unwrap();
            writes
        });
        let reader = async {
            let (mut text, mut bytes, mut place) = (String::new(), vec![0; 65536], 0);
            while place < REQUESTS {
                let count = reads.read(&mut bytes).await.unwrap();
                assert!(count > 0, "closed after {place} answers");
                text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
                place = take(&mut text, place, &expected);
            }
            assert_eq!((place, text.as_str()), (REQUESTS, ""));
        };
        timeout(Duration::from_mins(1), reader).await.unwrap();
        drop(writer.await.unwrap());
        // Another connection is served in between all the same.
        let other = client.ask(requests[1].as_bytes()).await.unwrap();
        assert_eq!(other.status, 200);
    }
    // Whoever does not read the answers stops the server from reading, not from serving.
    let mut deaf = Vec::new();
    for _ in 0..4 {
        let mut stream = TcpStream::connect(rig.address).await.unwrap();
        let sent = timeout(Duration::from_secs(1), async {
            for _ in 0..20 {
                stream.write_all(all.as_bytes()).await.unwrap();
            }
        });
        assert!(
            sent.await.is_err(),
            "the server reads on without being read"
        );
        deaf.push(stream);
    }
    let during = bystander.end().await;
    let under = rig.held();
    assert!(
        under.memory < held.memory + 32 * 1024,
        "{held:?} became {under:?}"
    );
    drop(deaf);
    let after = rig.back_to(held, 16 * 1024).await;
    println!("pipelining: {held:?}, under it {under:?}, after {after:?}");
    compare("pipelining", [before_them, calm(&rig).await], during);
    rig.finish().await;
}

/// Takes whole answers off the front and looks whether they are the ones expected.
fn take(text: &mut String, mut place: usize, expected: &[&str; 3]) -> usize {
    let mut rest = text.as_str();
    while let Some((head, after)) = rest.split_once("\r\n\r\n") {
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.unwrap().parse().unwrap();
        let Some(body) = after.get(..length) else {
            break;
        };
        assert!(
            body.contains(expected[kind(place)]),
            "answer {place}: {head}\n{body}"
        );
        place += 1;
        rest = &after[length..];
    }
    *text = rest.to_owned();
    place
}
