//! The file: its tables, and what is written to it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use carport_model::{ApplicationId, ErrorSpec, Timestamp, VehicleId};
use rusqlite::{Connection, Statement, ToSql, TransactionBehavior};

use super::entry::{Entry, RouteName};
use super::hours::{self, Tally};
use super::segments::{self, COLUMNS, ROWS, Ring};

/// Version of the tables, in `user_version`. A file of a version that is not known is set aside.
pub(super) const VERSION: i64 = 3;
/// One that is brought up to date: it knows neither times of stages nor hours.
pub(super) const BEFORE: i64 = 2;

/// What repeats in entries, each with its number; the entries' own tables are [`segments`].
const NAMES: &str = "
    CREATE TABLE routes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE errors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE applications (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);";

/// NORMAL: a power cut may cost what was not checkpointed yet, and leaves the file sound.
const SETTINGS: &str = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
    PRAGMA wal_autocheckpoint=2000; PRAGMA journal_size_limit=16777216;
    PRAGMA cache_size=-256; PRAGMA temp_store=MEMORY;";
/// For writing. While the file is opened a table is counted, of whose pages few are worth keeping.
const CACHE: &str = "PRAGMA cache_size=-8192";

const COUNTER_BITS: u32 = 20;
/// First key of an instant.
pub(super) fn key(at: Timestamp) -> i64 {
    at.millis().clamp(0, i64::MAX >> COUNTER_BITS) << COUNTER_BITS
}

/// The instant of a key.
pub(super) fn time(key: i64) -> Timestamp {
    Timestamp::from_millis(key >> COUNTER_BITS)
}

/// How large the file may become.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// About how many bytes the entries may take; the oldest make room.
    pub(super) bytes: u64,
    /// Pages that SQLite grants, for tests of a full disk; 0 means all.
    #[cfg(test)]
    pub(super) pages: std::sync::Arc<std::sync::atomic::AtomicU32>,
}

impl Limits {
    pub(super) fn of(bytes: u64) -> Self {
        Self {
            bytes,
            #[cfg(test)]
            pages: std::sync::Arc::default(),
        }
    }
}

/// The open file.
#[derive(Debug)]
pub(super) struct File {
    connection: Connection,
    ring: Ring,
    counter: i64,
    /// Numbers of names that were met.
    routes: Vec<Option<Route>>,
    errors: HashMap<&'static str, Vec<(&'static ErrorSpec, i64)>>,
    applications: HashMap<ApplicationId, i64>,
}

impl File {
    /// Opens the file, and makes it when it is not there. One that is damaged or of another
    /// version is set aside first, with `now` in its name.
    pub(super) fn open(path: &Path, limits: &Limits, now: Timestamp) -> rusqlite::Result<Self> {
        match Self::try_open(path, limits) {
            Ok(Some(file)) => Ok(file),
            Err(error) if !is_damage(&error) => Err(error),
            Ok(None) | Err(_) => {
                set_aside(path, now);
                let again = Self::try_open(path, limits)?;
                again.ok_or(rusqlite::Error::InvalidQuery)
            }
        }
    }

    /// `None` when the file has other tables.
    fn try_open(path: &Path, limits: &Limits) -> rusqlite::Result<Option<Self>> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(1))?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let tables: i64 =
            connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if ![VERSION, BEFORE].contains(&version) && (version, tables) != (0, 0) {
            return Ok(None);
        }
        connection.execute_batch(SETTINGS)?;
        #[cfg(test)]
        {
            let pages = limits.pages.load(std::sync::atomic::Ordering::SeqCst);
            if pages > 0 {
                connection.execute_batch(&format!("PRAGMA max_page_count={pages}"))?;
            }
        }
        if version != VERSION {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if version == BEFORE {
                transaction.execute_batch(&segments::times_of_stages())?;
            } else {
                transaction.execute_batch(&segments::tables())?;
                transaction.execute_batch(NAMES)?;
            }
            transaction.execute_batch(hours::TABLES)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.commit()?;
        }
        let newest = segments::newest_first(&connection)?;
        let ring = Ring::open(&connection, limits.bytes)?;
        connection.execute_batch(CACHE)?;
        Ok(Some(Self {
            ring,
            connection,
            // A start within the millisecond of the last entry must not repeat its key.
            counter: newest.first().map_or(0, |(_, key)| key + 1),
            routes: Vec::new(),
            errors: HashMap::new(),
            applications: HashMap::new(),
        }))
    }

    /// Writes a batch in one transaction; names of routes are asked of `pattern`.
    pub(super) fn write(
        &mut self,
        batch: &[Entry],
        pattern: impl Fn(RouteName) -> std::sync::Arc<str>,
    ) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("BEGIN IMMEDIATE")?
            .execute([])?;
        let outcome = self.insert(batch, pattern).and_then(|()| {
            self.ring.advance(&self.connection, batch.len())?;
            self.connection.prepare_cached("COMMIT")?.execute([])
        });
        if let Err(error) = outcome {
            if !self.connection.is_autocommit() {
                drop(self.connection.execute_batch("ROLLBACK"));
            }
            // Names and a table that was emptied may have gone with the transaction: whoever holds
            // this file opens it anew.
            return Err(error);
        }
        Ok(())
    }

    fn insert(
        &mut self,
        batch: &[Entry],
        pattern: impl Fn(RouteName) -> std::sync::Arc<str>,
    ) -> rusqlite::Result<()> {
        let mut names = Names {
            connection: &self.connection,
            routes: &mut self.routes,
            errors: &mut self.errors,
            applications: &mut self.applications,
        };
        let mut tally = Tally::default();
        for entry in batch {
            if names.route(entry.route, &pattern)?.counts {
                let application = entry.application.map(|id| names.application(id));
                tally.count(entry, application.transpose()?);
            }
        }
        tally.save(&self.connection)?;
        let mut many = self.connection.prepare_cached(self.ring.insertion(ROWS))?;
        let mut one = self.connection.prepare_cached(self.ring.insertion(1))?;
        let (chunks, rest) = batch.as_chunks::<ROWS>();
        for chunk in chunks {
            for (row, entry) in chunk.iter().enumerate() {
                self.counter += 1;
                names.bind(&mut many, row * COLUMNS, entry, self.counter, &pattern)?;
            }
            many.raw_execute()?;
        }
        for entry in rest {
            self.counter += 1;
            names.bind(&mut one, 0, entry, self.counter, &pattern)?;
            one.raw_execute()?;
        }
        Ok(())
    }

    /// Drops some of what is older than `before`; whether there may be more.
    pub(super) fn sweep(&mut self, before: Timestamp) -> rusqlite::Result<bool> {
        let has_more = segments::drop_older(&self.connection, before)?;
        if !has_more {
            hours::drop_older(&self.connection, before)?;
        }
        Ok(has_more)
    }

    /// Forgets that entries of one table are about a vehicle; the entries stay.
    pub(super) fn forget(&mut self, segment: usize, vehicle: VehicleId) -> rusqlite::Result<()> {
        segments::forget(&self.connection, segment, vehicle)
    }
}

/// What is known of a route.
#[derive(Debug, Clone, Copy)]
struct Route {
    id: i64,
    /// Whether its requests count in the hours.
    counts: bool,
}

/// Numbers of names, from memory or from the file.
struct Names<'a> {
    connection: &'a Connection,
    routes: &'a mut Vec<Option<Route>>,
    errors: &'a mut HashMap<&'static str, Vec<(&'static ErrorSpec, i64)>>,
    applications: &'a mut HashMap<ApplicationId, i64>,
}

impl Names<'_> {
    fn bind(
        &mut self,
        statement: &mut Statement<'_>,
        before: usize,
        entry: &Entry,
        counter: i64,
        pattern: impl Fn(RouteName) -> std::sync::Arc<str>,
    ) -> rusqlite::Result<()> {
        let route = self.route(entry.route, pattern)?.id;
        let error = entry.error.map(|error| self.error(error)).transpose()?;
        let application = entry
            .application
            .map(|application| self.application(application))
            .transpose()?;
        let within = counter & ((1 << COUNTER_BITS) - 1);
        let mut index = before;
        let mut bind = |value: &dyn ToSql| {
            index += 1;
            statement.raw_bind_parameter(index, value)
        };
        bind(&(key(entry.at) | within))?;
        bind(&entry.took_micros)?;
        bind(&(entry.method as u8))?;
        bind(&route)?;
        bind(&entry.status)?;
        bind(&entry.request.as_bytes().as_slice())?;
        bind(&application)?;
        bind(&entry.vehicle.as_ref().map(|id| id.as_bytes().as_slice()))?;
        bind(&error)?;
        bind(&entry.gate_micros)?;
        bind(&entry.read_micros)
    }

    fn route(
        &mut self,
        name: RouteName,
        pattern: impl Fn(RouteName) -> std::sync::Arc<str>,
    ) -> rusqlite::Result<Route> {
        let position = usize::from(name.0);
        if let Some(Some(route)) = self.routes.get(position) {
            return Ok(*route);
        }
        let pattern = pattern(name);
        let id = self.number(
            "INSERT OR IGNORE INTO routes (name) VALUES (?1)",
            "SELECT id FROM routes WHERE name = ?1",
            &&*pattern,
        )?;
        let route = Route {
            id,
            counts: hours::counts(&pattern),
        };
        if self.routes.len() <= position {
            self.routes.resize(position + 1, None);
        }
        self.routes[position] = Some(route);
        Ok(route)
    }

    fn error(&mut self, error: &'static ErrorSpec) -> rusqlite::Result<i64> {
        let same_type = self.errors.entry(error.kind.as_str()).or_default();
        if let Some((_, id)) = same_type.iter().find(|(known, _)| *known == error) {
            return Ok(*id);
        }
        let id = self.number(
            "INSERT OR IGNORE INTO errors (name) VALUES (?1)",
            "SELECT id FROM errors WHERE name = ?1",
            &error.to_string(),
        )?;
        let same_type = self.errors.entry(error.kind.as_str()).or_default();
        same_type.push((error, id));
        Ok(id)
    }

    fn application(&mut self, application: ApplicationId) -> rusqlite::Result<i64> {
        if let Some(id) = self.applications.get(&application) {
            return Ok(*id);
        }
        let id = self.number(
            "INSERT OR IGNORE INTO applications (name) VALUES (?1)",
            "SELECT id FROM applications WHERE name = ?1",
            &application.as_bytes().as_slice(),
        )?;
        self.applications.insert(application, id);
        Ok(id)
    }

    fn number(
        &self,
        insert: &'static str,
        select: &'static str,
        name: &dyn ToSql,
    ) -> rusqlite::Result<i64> {
        self.connection.prepare_cached(insert)?.execute([name])?;
        self.connection
            .prepare_cached(select)?
            .query_row([name], |row| row.get(0))
    }
}

/// Whether nothing can be done with the file.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseCorrupt | NotADatabase)
    )
}

/// Gives the file another name, so that a new one can begin. One such file is kept, so that damage
/// that comes back does not fill the disk.
pub(super) fn set_aside(path: &Path, now: Timestamp) {
    let aside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let start = aside(".damaged-");
    for old in path.parent().into_iter().flat_map(std::fs::read_dir) {
        for old in old.flatten().map(|entry| entry.path()) {
            let old_name = old.as_os_str().as_encoded_bytes();
            if old_name.starts_with(start.as_os_str().as_encoded_bytes()) {
                drop(std::fs::remove_file(old));
            }
        }
    }
    let target = aside(&format!(".damaged-{}", now.millis()));
    match std::fs::rename(path, &target) {
        Ok(()) => tracing::warn!(
            file = %target.display(),
            "the request log was damaged or of another version; it was set aside and begins anew"
        ),
        // It is tried again and again; that the log cannot be written is told once.
        Err(error) => tracing::debug!(%error, "the damaged request log could not be set aside"),
    }
    for part in ["-wal", "-shm"] {
        drop(std::fs::remove_file(aside(part)));
    }
}
