//! The machine's clock jumps while the server runs, as libfaketime makes it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use carport_model::{Clock as _, SystemClock};

use crate::chance::skipped;
use crate::client::{Client, Tokens};
use crate::site::{Running, Site};
use crate::walk::Walk;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A server whose clock is set by writing a file.
struct Machine {
    site: Site,
    server: Running,
}

impl Machine {
    /// `None`, and a line that says so, where there is no libfaketime.
    fn start() -> Option<Self> {
        let Some(library) = library() else {
            skipped("clock", "libfaketime is missing");
            return None;
        };
        let site = Site::sqlite();
        let server = serve(&site, &library, 0);
        Some(Self { site, server })
    }

    fn client(&self) -> Client {
        self.site.client(&self.server)
    }

    fn set(&self, seconds: i64) {
        set(&self.site, seconds);
    }

    fn restart(self, seconds: i64) -> Self {
        let Self { site, server } = self;
        drop(server);
        let server = serve(&site, &library().unwrap(), seconds);
        Self { site, server }
    }

    /// After a jump the server is as idle as before: no burst of log lines, no busy processor.
    async fn stays_calm(&self) {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let (lines, used) = (self.site.log().lines().count(), self.processor_time());
        tokio::time::sleep(Duration::from_secs(1)).await;
        let more = self.site.log().lines().count() - lines;
        assert!(more < 5, "a storm of log lines: {}", self.site.log());
        // Hundredths of a second of processor time, which other programs do not change.
        let used = self.processor_time() - used;
        assert!(used < 50, "busy for {used} of 100 hundredths of a second");
    }

    fn processor_time(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.server.id())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let fields: Vec<&str> = fields.split(' ').collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }
}

fn library() -> Option<PathBuf> {
    let folders = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib",
    ];
    let paths = folders.map(|folder| Path::new(folder).join("faketime/libfaketimeMT.so.1"));
    paths.into_iter().find(|path| path.exists())
}

fn serve(site: &Site, library: &Path, seconds: i64) -> Running {
    set(site, seconds);
    let mut command = site.serve();
    command
        .env("LD_PRELOAD", library)
        .env("FAKETIME_TIMESTAMP_FILE", site.folder().join("clock"))
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("FAKETIME_DONT_RESET", "1");
    site.launch(&mut command)
}

/// Sets the clock this far ahead of the machine's, in one step.
fn set(site: &Site, seconds: i64) {
    let (clock, new) = (site.folder().join("clock"), site.folder().join("clock.new"));
    fs::write(&new, format!("{seconds:+}\n")).unwrap();
    fs::rename(new, clock).unwrap();
}

async fn tokens(client: &Client) -> Tokens {
    let code = client.consent("driver@mail.test").await.unwrap();
    client.exchange(&code).await.unwrap().unwrap()
}

/// A run over the pages, tokens that work and live two hours, a refresh.
async fn all_is_new(client: &Client) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut walk = Walk::begin(client).await.unwrap();
    // One who granted before is not asked again.
    let login = format!(
        "walker-{}%40mail.test",
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    let code = walk.finish(client, &login).await.unwrap();
    let first = client.exchange(&code).await.unwrap().unwrap();
    let second = client.refresh(&first.refresh).await.unwrap().unwrap();
    for tokens in [first, second] {
        assert_eq!(tokens.lifetime, 7200);
        assert!(client.works(&tokens.access).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jumps_forward() {
    let Some(machine) = Machine::start() else {
        return;
    };
    let client = machine.client();
    let (old, kept, lost) = (
        tokens(&client).await,
        tokens(&client).await,
        tokens(&client).await,
    );
    let code = client.consent("driver@mail.test").await.unwrap();

    machine.set(2 * HOUR - MINUTE);
    assert!(client.works(&old.access).await.unwrap());
    machine.set(2 * HOUR + MINUTE);
    machine.stays_calm().await;
    assert!(!client.works(&old.access).await.unwrap(), "expired");
    assert!(client.exchange(&code).await.unwrap().is_none(), "expired");
    let next = client.refresh(&old.refresh).await.unwrap().unwrap();
    assert!(client.works(&next.access).await.unwrap());
    all_is_new(&client).await;

    machine.set(60 * DAY - MINUTE);
    assert!(client.refresh(&kept.refresh).await.unwrap().is_some());
    machine.set(60 * DAY + MINUTE);
    machine.stays_calm().await;
    assert!(
        client.refresh(&lost.refresh).await.unwrap().is_none(),
        "expired"
    );
    assert!(
        client.refresh(&next.refresh).await.unwrap().is_some(),
        "two hours younger"
    );
    all_is_new(&client).await;

    let now = SystemClock.now().seconds();
    // Ten years; the end of 32-bit seconds with a sign (19 January 2038) and without (7 February 2106).
    for ahead in [
        10 * 365 * DAY,
        2_147_558_400 - now,
        4_294_944_000 + DAY - now,
    ] {
        let before = tokens(&client).await;
        machine.set(ahead);
        machine.stays_calm().await;
        assert!(!client.works(&before.access).await.unwrap(), "expired");
        assert!(client.refresh(&before.refresh).await.unwrap().is_none());
        all_is_new(&client).await;
    }
    // What was given in 2106 is good for a server that starts then.
    let late = tokens(&client).await;
    let machine = machine.restart(4_294_944_000 + DAY - now);
    let client = machine.client();
    assert!(client.works(&late.access).await.unwrap());
    all_is_new(&client).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hour_back() {
    let Some(machine) = Machine::start() else {
        return;
    };
    let client = machine.client();
    let (expired, revoked) = (tokens(&client).await, tokens(&client).await);
    client.revoke(&revoked.refresh).await.unwrap();
    machine.set(2 * HOUR + MINUTE);
    assert!(!client.works(&expired.access).await.unwrap());
    let valid = tokens(&client).await;
    let code = client.consent("driver@mail.test").await.unwrap();

    machine.set(HOUR + MINUTE);
    machine.stays_calm().await;
    assert!(
        !client.works(&expired.access).await.unwrap(),
        "expired stays expired"
    );
    assert!(!client.works(&revoked.access).await.unwrap());
    assert!(client.works(&valid.access).await.unwrap());
    assert!(client.exchange(&code).await.unwrap().is_some());
    assert!(client.refresh(&valid.refresh).await.unwrap().is_some());
    all_is_new(&client).await;
    assert_eq!(machine.site.log().matches("set back").count(), 1);

    // A new process takes the clock as it is.
    let code = client.consent("driver@mail.test").await.unwrap();
    let machine = machine.restart(HOUR + MINUTE);
    let client = machine.client();
    machine.stays_calm().await;
    assert!(client.works(&valid.access).await.unwrap());
    assert!(!client.works(&revoked.access).await.unwrap());
    assert!(client.exchange(&code).await.unwrap().is_some());
    all_is_new(&client).await;

    machine.set(-2 * DAY);
    machine.stays_calm().await;
    all_is_new(&client).await;
    assert!(!client.works(&revoked.access).await.unwrap());
    assert!(machine.site.log().contains("by more than a day"));
}
