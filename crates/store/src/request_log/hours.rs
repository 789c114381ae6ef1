//! What is counted of each hour when entries are written, so that nobody has to look through them
//! to tell how many there were: a few rows an hour, for each application and for all together.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Duration;

use carport_model::{ApplicationId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};

use super::entry::Entry;
use super::reader;
use crate::StoreError;

/// What is counted together.
pub const HOUR: Duration = Duration::from_hours(1);
const MILLIS: i64 = 3_600_000;

/// Application 0 stands for all requests. Times are counted in buckets, of which the slowest share
/// of any number of hours can be told.
pub(super) const TABLES: &str = "
    CREATE TABLE hours (
        application INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        requests INTEGER NOT NULL,
        client_errors INTEGER NOT NULL,
        server_errors INTEGER NOT NULL,
        slowest_micros INTEGER NOT NULL,
        PRIMARY KEY (application, hour)
    ) WITHOUT ROWID;
    CREATE TABLE hour_times (
        application INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        bucket INTEGER NOT NULL,
        requests INTEGER NOT NULL,
        PRIMARY KEY (application, hour, bucket)
    ) WITHOUT ROWID;";
/// All requests.
const ALL: i64 = 0;

/// Whether requests of a route count. What the Dashboard reads of a car stands in the log, for the
/// car's owner to see, and is no request of an application.
pub(super) fn counts(pattern: &str) -> bool {
    !pattern.starts_with("/dashboard")
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Requests.
    pub requests: u64,
    /// Of them, those answered with a status from 400 to 499.
    pub client_errors: u64,
    /// Of them, those answered with a status from 500 on.
    pub server_errors: u64,
    /// The longest time to an answer, in microseconds.
    pub slowest_micros: u32,
    /// Requests by how long they took.
    times: BTreeMap<u32, u64>,
}

impl Counts {
    /// All errors.
    #[must_use]
    pub const fn errors(&self) -> u64 {
        self.client_errors + self.server_errors
    }

    /// What both counted.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.client_errors += other.client_errors;
        self.server_errors += other.server_errors;
        self.slowest_micros = self.slowest_micros.max(other.slowest_micros);
        for (bucket, requests) in &other.times {
            *self.times.entry(*bucket).or_default() += requests;
        }
    }

    /// How long the slowest twentieth took at least, in microseconds, to a fifth of it; `None` when
    /// there was no request.
    #[must_use]
    pub fn slow_micros(&self) -> Option<u32> {
        let mut left = self.requests / 20;
        for (bucket, requests) in self.times.iter().rev() {
            if *requests > left {
                return Some(end(*bucket).min(self.slowest_micros));
            }
            left -= requests;
        }
        None
    }
}

/// Four buckets to each doubling.
fn bucket(micros: u32) -> u32 {
    match micros.checked_ilog2() {
        None | Some(0 | 1) => micros,
        Some(doublings) => doublings * 4 + ((micros >> (doublings - 2)) & 3),
    }
}

/// The longest time of a bucket.
fn end(bucket: u32) -> u32 {
    if bucket < 8 {
        return bucket;
    }
    let end = (u64::from(bucket % 4) + 5) << (bucket / 4 - 2);
    u32::try_from(end - 1).unwrap_or(u32::MAX)
}

/// What a batch of entries adds.
#[derive(Default)]
pub(super) struct Tally(HashMap<(i64, i64), Counts>);

impl Tally {
    /// Counts an entry, of the application with this number in the file.
    pub(super) fn count(&mut self, entry: &Entry, application: Option<i64>) {
        let hour = entry.at.millis().div_euclid(MILLIS);
        for of in [Some(ALL), application].into_iter().flatten() {
            let counts = self.0.entry((of, hour)).or_default();
            counts.requests += 1;
            counts.client_errors += u64::from((400..500).contains(&entry.status));
            counts.server_errors += u64::from(entry.status >= 500);
            counts.slowest_micros = counts.slowest_micros.max(entry.took_micros);
            *counts.times.entry(bucket(entry.took_micros)).or_default() += 1;
        }
    }

    /// Adds it to what is in the file.
    pub(super) fn save(self, connection: &Connection) -> rusqlite::Result<()> {
        let mut hours = connection.prepare_cached(
            "INSERT INTO hours VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (application, hour) DO UPDATE SET requests = requests + ?3, \
             client_errors = client_errors + ?4, server_errors = server_errors + ?5, \
             slowest_micros = MAX(slowest_micros, ?6)",
        )?;
        let mut times = connection.prepare_cached(
            "INSERT INTO hour_times VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (application, hour, bucket) DO UPDATE SET requests = requests + ?4",
        )?;
        for ((application, hour), counts) in self.0 {
            hours.execute((
                application,
                hour,
                signed(counts.requests),
                signed(counts.client_errors),
                signed(counts.server_errors),
                counts.slowest_micros,
            ))?;
            for (bucket, requests) in counts.times {
                times.execute((application, hour, bucket, signed(requests)))?;
            }
        }
        Ok(())
    }
}

/// Drops the hours that ended before an instant.
pub(super) fn drop_older(connection: &Connection, before: Timestamp) -> rusqlite::Result<()> {
    let hour = before.millis().div_euclid(MILLIS);
    for sql in [
        "DELETE FROM hours WHERE hour < ?1",
        "DELETE FROM hour_times WHERE hour < ?1",
    ] {
        connection.prepare_cached(sql)?.execute([hour])?;
    }
    Ok(())
}

/// What was counted since an hour, by hours.
pub(super) fn read(
    path: &Path,
    applications: Option<&[ApplicationId]>,
    since: Timestamp,
) -> Result<BTreeMap<Timestamp, Counts>, StoreError> {
    let mut found = BTreeMap::new();
    let Some(file) = reader::Reading::open(path)?.filter(reader::Reading::has_hours) else {
        return Ok(found);
    };
    let connection = &file.connection;
    let hour = since.millis().div_euclid(MILLIS);
    let Some(applications) = applications else {
        read_one(connection, ALL, hour, &mut found)?;
        return Ok(found);
    };
    for application in applications {
        let number = connection
            .prepare_cached("SELECT id FROM applications WHERE name = ?1")?
            .query_row([<[u8; 16]>::from(*application)], |row| row.get(0))
            .optional()?;
        if let Some(number) = number {
            read_one(connection, number, hour, &mut found)?;
        }
    }
    Ok(found)
}

fn read_one(
    connection: &Connection,
    application: i64,
    since: i64,
    found: &mut BTreeMap<Timestamp, Counts>,
) -> rusqlite::Result<()> {
    let at = |hour: i64| Timestamp::from_millis(hour.saturating_mul(MILLIS));
    let mut hours = connection.prepare_cached(
        "SELECT hour, requests, client_errors, server_errors, slowest_micros FROM hours \
         WHERE application = ?1 AND hour >= ?2",
    )?;
    let mut rows = hours.query((application, since))?;
    while let Some(row) = rows.next()? {
        let counts = Counts {
            requests: row.get::<_, i64>(1)?.unsigned_abs(),
            client_errors: row.get::<_, i64>(2)?.unsigned_abs(),
            server_errors: row.get::<_, i64>(3)?.unsigned_abs(),
            slowest_micros: row.get(4)?,
            times: BTreeMap::new(),
        };
        found.entry(at(row.get(0)?)).or_default().add(&counts);
    }
    let mut times = connection.prepare_cached(
        "SELECT hour, bucket, requests FROM hour_times WHERE application = ?1 AND hour >= ?2",
    )?;
    let mut rows = times.query((application, since))?;
    while let Some(row) = rows.next()? {
        let counts = found.entry(at(row.get(0)?)).or_default();
        *counts.times.entry(row.get(1)?).or_default() += row.get::<_, i64>(2)?.unsigned_abs();
    }
    Ok(())
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_what_falls_into_it() {
        for micros in (0..5000).chain([1 << 20, u32::MAX - 1, u32::MAX]) {
            let bucket = bucket(micros);
            assert!(micros <= end(bucket), "{micros}");
            assert!(
                bucket == 0 || micros > end(bucket - 1) || bucket == 8,
                "{micros}"
            );
            assert!(
                u64::from(end(bucket)) <= u64::from(micros) * 5 / 4 + 1,
                "{micros}"
            );
        }
    }

    #[test]
    fn the_slowest_twentieth() {
        let mut counts = Counts::default();
        assert_eq!(counts.slow_micros(), None);
        for micros in 1..=100_u32 {
            counts.requests += 1;
            counts.slowest_micros = micros;
            *counts.times.entry(bucket(micros)).or_default() += 1;
        }
        let slow = counts.slow_micros().unwrap();
        assert!((95..=100).contains(&slow), "{slow}");
    }
}
