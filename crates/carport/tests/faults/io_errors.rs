//! Errors of the disk, injected into the system calls of the running server.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::chance::{Chance, skipped};
use crate::client::Client;
use crate::load::Crew;
use crate::site::{Running, Site};

/// The server under `strace`, which injects `fault` into calls on the database and its log.
fn start(site: &Site, fault: &str) -> Running {
    let serve = site.serve();
    let mut command = Command::new("strace");
    // The tracer is a grandchild, so that the child is the server, to be killed like any other.
    command.args(["-D", "-f", "-qq", "--seccomp-bpf", "-o"]);
    command.arg(site.folder().join("trace"));
    for file in ["carport.db", "carport.db-wal"] {
        command.arg("-P").arg(site.data().join(file));
    }
    let calls = fault.split(':').next().unwrap();
    command.args([
        "-e",
        &format!("trace={calls}"),
        "-e",
        &format!("inject={fault}"),
    ]);
    command.arg(serve.get_program()).args(serve.get_args());
    command.current_dir(site.folder());
    site.launch(&mut command)
}

/// Whether `strace` is there and may trace.
fn may_trace() -> bool {
    let traced = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .output();
    let may = traced.is_ok_and(|traced| traced.status.success());
    if !may {
        skipped("I/O errors", "strace is missing or may not trace");
    }
    may
}

fn injected(site: &Site) -> usize {
    let trace = fs::read_to_string(site.folder().join("trace")).unwrap();
    trace.matches("(INJECTED)").count()
}

async fn until_refused(client: &Client) {
    let since = Instant::now();
    while client.writes().await {
        assert!(since.elapsed() < Duration::from_mins(1), "no fault strikes");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Faults strike, pass, and the server goes on without a restart. After a fault that leaves open
/// what is on the disk, writes are refused for a while although the next one might do.
async fn recovers(test: &str, fault: &str, is_doubtful: bool) {
    if !may_trace() {
        return;
    }
    let site = Site::sqlite();
    let mut crew = Crew::new(&Chance::of(test));
    let server = start(&site, fault);
    let client = site.client(&server);
    let token = Crew::bystander(&client).await;
    let shift = crew.work(&client);
    until_refused(&client).await;
    assert!(client.works(&token).await.unwrap(), "reads go on");
    let refused = Instant::now();
    while is_doubtful && refused.elapsed() < Duration::from_millis(500) {
        assert!(!client.writes().await, "a write before one was proven");
    }
    client.recovers_within(Duration::from_secs(30)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    crew.back(shift).await;
    assert!(injected(&site) > 0, "{test}: the fault did not strike");
    crew.check(&client, true).await;
    server.kill();
    site.is_sound();
    let server = site.start();
    crew.check(&site.client(&server), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flushes_that_fail_for_a_while() {
    // The commit, perhaps a checkpoint before it, and the first attempts to mend, a second apart.
    let fault = "fsync,fdatasync:error=EIO:when=30..33";
    recovers("failed flushes", fault, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_that_find_no_room_for_a_while() {
    recovers("no room", "pwrite64:error=ENOSPC:when=300..600", false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_that_fail_for_a_while() {
    recovers("failed writes", "pwrite64:error=EIO:when=300..302", false).await;
}

/// From the first flush that fails, nothing is acknowledged any more, however often it is asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_acknowledged_that_was_not_flushed() {
    if !may_trace() {
        return;
    }
    let site = Site::sqlite();
    let mut crew = Crew::new(&Chance::of("no flush"));
    let server = start(&site, "fsync,fdatasync:error=EIO:when=60+");
    let client = site.client(&server);
    let token = Crew::bystander(&client).await;
    let shift = crew.work(&client);
    until_refused(&client).await;
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(2500) {
        assert!(!client.writes().await, "acknowledged without a flush");
        assert!(client.works(&token).await.unwrap(), "reads go on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(
        injected(&site) >= 2,
        "the commit and the attempts to mend it"
    );
    server.kill();
    crew.back(shift).await;
    site.is_sound();
    let server = site.start();
    crew.check(&site.client(&server), true).await;
}
