use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use carport_model::{ApplicationId, RequestId, SeededRng, Timestamp, VehicleId, error};
use tempfile::TempDir;

use super::file::Limits;
use super::queue::{CAPACITY, Queue};
use super::*;

mod finding;

const DAY: i64 = 86_400_000;
const START: i64 = 1_772_352_930_250;

/// A log in a folder of its own.
struct Bed {
    folder: TempDir,
    rng: SeededRng,
}

impl Bed {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            rng: SeededRng::new(0, 0),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    fn log(&self) -> RequestLog {
        RequestLog::spawn(&self.path(), 1 << 30).unwrap()
    }

    fn entry(&self, log: &RequestLog, millis: i64) -> Entry {
        Entry {
            at: Timestamp::from_millis(START + millis),
            took_micros: 1500,
            gate_micros: Some(40),
            read_micros: None,
            method: Method::Get,
            route: log.route("/v2.0/vehicles/{id}/odometer"),
            status: 200,
            request: RequestId::draw(&self.rng),
            application: None,
            vehicle: None,
            error: None,
        }
    }
}

async fn all(log: &RequestLog) -> Vec<Recorded> {
    log.flush();
    log.recent(Filter::default(), 100_000).await.unwrap()
}

async fn found(log: &RequestLog, filter: Filter) -> Vec<i64> {
    let entries = log.recent(filter, 100).await.unwrap();
    entries.iter().map(|e| e.at.millis() - START).collect()
}

#[tokio::test]
async fn a_file_without_its_tables_yet_is_an_empty_log() {
    let bed = Bed::new();
    let log = bed.log();
    rusqlite::Connection::open(bed.path())
        .unwrap()
        .execute_batch("PRAGMA journal_mode=WAL")
        .unwrap();
    assert_eq!(log.recent(Filter::default(), 5).await.unwrap(), []);
    let hours = log.hours(None, Timestamp::from_millis(0)).await.unwrap();
    assert!(hours.is_empty());
    log.push(bed.entry(&log, 0));
    log.flush();
    assert_eq!(log.recent(Filter::default(), 5).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_entry_is_read_back_as_it_was_left() {
    let bed = Bed::new();
    let log = bed.log();
    let mut entry = bed.entry(&log, 0);
    entry.application = Some(ApplicationId::draw(&bed.rng));
    entry.vehicle = Some(VehicleId::draw(&bed.rng));
    entry.error = Some(&error::ASLEEP);
    entry.status = 409;
    log.push(entry);
    let read = all(&log).await;
    let expected = Recorded {
        position: read[0].position,
        at: entry.at,
        took_micros: 1500,
        gate_micros: Some(40),
        read_micros: None,
        method: Method::Get,
        route: "/v2.0/vehicles/{id}/odometer".to_owned(),
        status: 409,
        request: entry.request,
        application: entry.application,
        vehicle: entry.vehicle,
        error_type: Some("VEHICLE_STATE".to_owned()),
        error_code: Some("ASLEEP".to_owned()),
    };
    assert_eq!(read, [expected]);
    assert_eq!((log.written(), log.dropped()), (1, 0));
}

#[tokio::test]
async fn a_log_of_nothing_is_empty_and_makes_no_file() {
    let bed = Bed::new();
    let log = bed.log();
    log.sweep(Timestamp::from_millis(START));
    assert!(all(&log).await.is_empty());
    log.close();
    assert!(!bed.path().exists());
}

#[tokio::test]
async fn what_was_pushed_is_written_at_the_end_and_later_ones_are_counted() {
    let bed = Bed::new();
    let log = bed.log();
    for millis in 0..5000 {
        log.push(bed.entry(&log, millis));
    }
    log.close();
    assert_eq!((log.written(), log.dropped()), (5000, 0));
    log.push(bed.entry(&log, 0));
    assert_eq!((log.written(), log.dropped()), (5000, 1));
    drop(log);
    // Entries of the same millisecond and of a second start all have keys of their own.
    let log = bed.log();
    for _ in 0..100 {
        log.push(bed.entry(&log, 4999));
    }
    assert_eq!(all(&log).await.len(), 5100);
}

#[test]
fn a_full_queue_drops_counts_and_never_waits() {
    let bed = Bed::new();
    let queue = Queue::default();
    let log = bed.log();
    let entry = bed.entry(&log, 0);
    // Nobody takes from this queue.
    let started = Instant::now();
    for _ in 0..CAPACITY + 10 {
        queue.push(entry);
    }
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(queue.dropped(), 10);
    let mut batch = Vec::new();
    assert!(queue.take(&mut batch));
    assert_eq!(batch.len(), CAPACITY);
}

#[tokio::test]
async fn a_sweep_drops_what_is_old() {
    let bed = Bed::new();
    let log = bed.log();
    for day in 0..5 {
        for millis in 0..1500 {
            log.push(bed.entry(&log, day * DAY + millis));
        }
    }
    log.flush();
    log.sweep(Timestamp::from_millis(START + 3 * DAY));
    log.push(bed.entry(&log, 5 * DAY));
    let left = all(&log).await;
    assert_eq!(left.len(), 3001);
    assert_eq!(left.last().unwrap().at.millis(), START + 3 * DAY);
}

#[tokio::test]
async fn the_oldest_make_room_when_the_file_has_its_size() {
    let bed = Bed::new();
    let bytes = 1 << 20;
    let log = RequestLog::spawn(&bed.path(), bytes).unwrap();
    for millis in 0..40_000 {
        log.push(bed.entry(&log, millis));
        if millis % 1000 == 0 {
            log.flush();
        }
    }
    let left = all(&log).await;
    assert!((5_000..39_000).contains(&left.len()), "{}", left.len());
    assert_eq!(left[0].at.millis(), START + 39_999);
    assert_eq!(log.written(), 40_000);
    log.close();
    let size = std::fs::metadata(bed.path()).unwrap().len();
    assert!(size < bytes * 3 / 2, "{size}");
}

#[tokio::test]
async fn a_damaged_file_is_set_aside() {
    let bed = Bed::new();
    for _ in 0..2 {
        std::fs::write(
            bed.path(),
            "not a database, but long enough to be one ".repeat(99),
        )
        .unwrap();
        let log = bed.log();
        log.push(bed.entry(&log, 0));
        assert_eq!(all(&log).await.len(), 1);
        assert_eq!((log.written(), log.dropped()), (1, 0));
    }
    let names = || {
        let folder = std::fs::read_dir(bed.folder.path()).unwrap();
        let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| name.contains("damaged"))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(), [format!("log.db.damaged-{START}")]);
    // So is one of another version, and the older one goes.
    let other = rusqlite::Connection::open(bed.path()).unwrap();
    other.execute_batch("PRAGMA user_version = 4").unwrap();
    drop(other);
    let log = bed.log();
    log.push(bed.entry(&log, 1));
    assert_eq!(all(&log).await.len(), 1);
    assert_eq!(names(), [format!("log.db.damaged-{}", START + 1)]);
}

#[tokio::test]
async fn damage_while_running_costs_a_batch() {
    let bed = Bed::new();
    let log = bed.log();
    for millis in 0..5000 {
        log.push(bed.entry(&log, millis));
    }
    log.flush();
    // Everything but the header and the schema.
    let connection = rusqlite::Connection::open(bed.path()).unwrap();
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    drop(connection);
    let mut bytes = std::fs::read(bed.path()).unwrap();
    bytes[8192..].fill(0xee);
    std::fs::write(bed.path(), bytes).unwrap();
    let ended = Instant::now() + Duration::from_secs(20);
    while Instant::now() < ended && log.written() == 5000 {
        log.push(bed.entry(&log, 6000));
        log.flush();
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(log.written() > 5000 && log.dropped() > 0);
    assert!(!all(&log).await.is_empty());
}

#[tokio::test]
async fn a_file_that_cannot_be_written_costs_entries_only() {
    let bed = Bed::new();
    let folder = bed.folder.path().join("missing");
    let log = RequestLog::spawn(&folder.join(FILE), 1 << 30).unwrap();
    log.push(bed.entry(&log, 0));
    log.flush();
    assert_eq!((log.written(), log.dropped()), (0, 1));
    std::fs::create_dir(folder).unwrap();
    assert!(recovers(&bed, &log));
    assert!(!all(&log).await.is_empty());
}

#[tokio::test]
async fn a_full_disk_costs_entries_only() {
    let bed = Bed::new();
    let limits = Limits::of(1 << 30);
    // The empty tables take 40 of them.
    limits.pages.store(80, SeqCst);
    let log = RequestLog::start(&bed.path(), limits.clone()).unwrap();
    for millis in 0..10 {
        for _ in 0..1000 {
            log.push(bed.entry(&log, millis));
        }
        log.flush();
    }
    let (written, dropped) = (log.written(), log.dropped());
    assert!((1000..9000).contains(&written), "{written}");
    assert_eq!(written + dropped, 10_000);
    assert_eq!(all(&log).await.len() as u64, written);
    limits.pages.store(0, SeqCst);
    assert!(recovers(&bed, &log));
    assert!(all(&log).await.len() as u64 > written);
}

/// Whether the log is written again within a few seconds.
fn recovers(bed: &Bed, log: &RequestLog) -> bool {
    let before = log.written();
    let ended = Instant::now() + Duration::from_secs(20);
    while Instant::now() < ended && log.written() == before {
        log.push(bed.entry(log, 20_000));
        log.flush();
        std::thread::sleep(Duration::from_millis(20));
    }
    log.written() > before
}

#[tokio::test]
async fn a_vehicle_is_forgotten_and_its_entries_stay() {
    let bed = Bed::new();
    let log = RequestLog::spawn(&bed.path(), 90 * 16 * 4).unwrap();
    let (gone, stays) = (VehicleId::draw(&bed.rng), VehicleId::draw(&bed.rng));
    for second in 0..20 {
        let vehicle = Some(if second % 2 == 0 { gone } else { stays });
        let entry = bed.entry(&log, second * 1000);
        log.push(Entry { vehicle, ..entry });
        // Into several tables.
        log.flush();
    }
    log.forget(&[gone]);
    let entries = all(&log).await;
    assert_eq!(entries.len(), 20);
    let of = |vehicle| {
        entries
            .iter()
            .filter(|entry| entry.vehicle == vehicle)
            .count()
    };
    assert_eq!((of(Some(gone)), of(Some(stays)), of(None)), (0, 10, 10));
    // What is asked for twice, or of a log without a file, does no harm.
    log.forget(&[gone, gone]);
    assert_eq!(all(&log).await.len(), 20);
}

#[test]
fn an_idle_log_sleeps() {
    let bed = Bed::new();
    let log = bed.log();
    log.push(bed.entry(&log, 0));
    log.flush();
    let rounds = log.0.queue.rounds();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(log.0.queue.rounds(), rounds);
}

#[test]
fn methods_keep_their_numbers() {
    for (number, method) in Method::ALL.into_iter().enumerate() {
        assert_eq!(method as usize, number);
        assert_eq!(Method::named(method.as_str()), method);
    }
    assert_eq!(Method::named("BREW"), Method::Other);
    assert!(size_of::<Entry>() <= 96);
}

#[tokio::test]
async fn hours_are_counted_and_swept() {
    const HOUR_MILLIS: i64 = 3_600_000;
    let bed = Bed::new();
    let log = bed.log();
    let application = ApplicationId::draw(&bed.rng);
    let hidden = log.route("/dashboard/vehicles/{id}");
    for number in 0..10 {
        let mut entry = bed.entry(&log, number / 5 * HOUR_MILLIS);
        entry.application = (number % 2 == 0).then_some(application);
        entry.status = [200, 404, 500, 200, 200][usize::try_from(number % 5).unwrap()];
        entry.took_micros = 1000 * (u32::try_from(number).unwrap() + 1);
        log.push(entry);
        log.flush();
    }
    let mut unseen = bed.entry(&log, 0);
    unseen.route = hidden;
    log.push(unseen);
    log.flush();
    let since = Timestamp::from_millis(START);
    let all = log.hours(None, since).await.unwrap();
    let all: Vec<_> = all.into_values().collect();
    assert_eq!(all.len(), 2);
    assert_eq!(
        (all[0].requests, all[0].client_errors, all[0].server_errors),
        (5, 1, 1)
    );
    assert_eq!(all[1].slowest_micros, 10_000);
    assert_eq!(all[1].slow_micros(), Some(10_000));
    let own = log.hours(Some(vec![application]), since).await.unwrap();
    let own: Vec<u64> = own.into_values().map(|counts| counts.requests).collect();
    assert_eq!(own, [3, 2]);
    assert!(log.hours(Some(Vec::new()), since).await.unwrap().is_empty());
    log.sweep(Timestamp::from_millis(START + HOUR_MILLIS));
    log.flush();
    assert_eq!(log.hours(None, since).await.unwrap().len(), 1);
}

/// The log of an older Carport is read at once, and brought up to date by what is written next.
#[tokio::test]
async fn an_older_log_goes_on() {
    let bed = Bed::new();
    let log = bed.log();
    log.push(bed.entry(&log, 0));
    log.close();
    let old = rusqlite::Connection::open(bed.path()).unwrap();
    for number in 0..16 {
        for column in ["gate_micros", "read_micros"] {
            old.execute_batch(&format!(
                "ALTER TABLE entries_{number} DROP COLUMN {column}"
            ))
            .unwrap();
        }
    }
    old.execute_batch("DROP TABLE hours; DROP TABLE hour_times; PRAGMA user_version = 2")
        .unwrap();
    drop(old);
    let log = bed.log();
    let read = all(&log).await;
    assert_eq!((read.len(), read[0].gate_micros), (1, None));
    assert!(
        log.hours(None, Timestamp::default())
            .await
            .unwrap()
            .is_empty()
    );
    log.push(bed.entry(&log, 1));
    let read = all(&log).await;
    assert_eq!((read.len(), read[0].gate_micros), (2, Some(40)));
    assert_eq!(
        log.hours(None, Timestamp::default()).await.unwrap().len(),
        1
    );
}
