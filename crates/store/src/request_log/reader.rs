//! Reading the log back.

use std::ops::RangeInclusive;
use std::path::Path;
use std::time::{Duration, Instant};

use carport_model::{ApplicationId, RequestId, Timestamp, VehicleId};
use rusqlite::types::FromSql;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Row, Statement};

use super::entry::Method;
use super::file::{BEFORE, VERSION, key, time};
use super::segments::newest_first;
use crate::StoreError;

/// Which entries to show. The default lets everything through.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this application. The only filter with an index.
    pub application: Option<ApplicationId>,
    /// Of one of these.
    pub among: Option<Vec<ApplicationId>>,
    /// About this vehicle.
    pub vehicle: Option<VehicleId>,
    /// With a status in this range: `400..=599` are errors.
    pub status: Option<RangeInclusive<u16>>,
    /// With this method.
    pub method: Option<Method>,
    /// Of the route with this pattern.
    pub route: Option<String>,
    /// Of a route whose pattern has this in it.
    pub path: Option<String>,
    /// With this error of the vehicle API: its type, its code, or both as `TYPE:CODE`.
    pub error: Option<String>,
    /// The one with this id.
    pub request: Option<RequestId>,
    /// That took this long or longer, in microseconds.
    pub took_micros: u32,
    /// Not older than this.
    pub since: Option<Timestamp>,
    /// Older than this.
    pub until: Option<Timestamp>,
    /// Older than this: the position of a page's last entry gives the next page.
    pub before: Option<Position>,
    /// The oldest that are newer than this: the position of a page's first entry gives the page
    /// before it.
    pub after: Option<Position>,
}

/// A place in the log; later entries have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(i64);

impl Position {
    /// From the number in a page's address.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// As a number, for a page's address.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// When the request of this place came.
    #[must_use]
    pub fn time(self) -> Timestamp {
        time(self.0)
    }
}

/// The place before everything of this instant.
impl From<Timestamp> for Position {
    fn from(at: Timestamp) -> Self {
        Self(key(at))
    }
}

/// An entry, as it was written; see [`super::Entry`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place.
    pub position: Position,
    /// When the request came.
    pub at: Timestamp,
    /// Time to the head of the answer, in microseconds.
    pub took_micros: u32,
    /// Of that, the time until the gate knew token and vehicle, where it is known.
    pub gate_micros: Option<u32>,
    /// Of that, the time in which the car was read, where it is known.
    pub read_micros: Option<u32>,
    /// Method.
    pub method: Method,
    /// Pattern of the route.
    pub route: String,
    /// HTTP status.
    pub status: u16,
    /// Id that the answer carried.
    pub request: RequestId,
    /// Application that asked.
    pub application: Option<ApplicationId>,
    /// Vehicle it asked about.
    pub vehicle: Option<VehicleId>,
    /// Type of the vehicle API's error.
    pub error_type: Option<String>,
    /// Its code, of types that have several.
    pub error_code: Option<String>,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// The entries, newest first.
    pub entries: Vec<Recorded>,
    /// How far was looked, when the time was over before a page was full.
    pub looked_to: Option<Position>,
}

/// Entries of one instant share it.
const MILLI: Duration = Duration::from_millis(1);
/// Rows that are looked at before it is asked how long it took: twice as many the next time, and half as
/// many when that took longer than [`STEP`]. A look comes from what is in memory to what is not, so
/// patience must not be outlived by much even if the largest step is read from a slow disk.
const FIRST: i64 = 1_000;
const MOST: i64 = 2_000;
const STEP: Duration = Duration::from_millis(8);

/// The file, as it was when it was opened.
pub(super) struct Reading {
    pub(super) connection: Connection,
    version: i64,
}

impl Reading {
    /// `None` when there is no file, or one in which the writer has not made its tables yet: a log that
    /// nothing was written to is empty.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        // WAL wants to be written by readers.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match Connection::open_with_flags(path, flags) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
                return Ok(None);
            }
            opened => opened?,
        };
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "query_only", true)?;
        // One state of all tables, whatever is written meanwhile; it ends with the connection.
        connection.execute_batch("BEGIN")?;
        let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if ![BEFORE, VERSION].contains(&version) {
            return Ok(None);
        }
        Ok(Some(Self {
            connection,
            version,
        }))
    }

    /// Whether the writer has made the tables of hours yet.
    pub(super) fn has_hours(&self) -> bool {
        self.version >= VERSION
    }

    /// The joins are LEFT so that `SQLite` keeps their order: entries by key.
    fn select(&self, segment: usize, condition: &str) -> String {
        let times = if self.has_hours() {
            "e.gate_micros, e.read_micros"
        } else {
            "NULL, NULL"
        };
        format!(
            "SELECT e.key, e.took_micros, e.method, r.name, e.status, e.request, a.name, \
             e.vehicle, x.name, {times} FROM entries_{segment} e \
             LEFT JOIN routes r ON r.id = e.route \
             LEFT JOIN applications a ON a.id = e.application \
             LEFT JOIN errors x ON x.id = e.error WHERE {condition}"
        )
    }

    /// Numbers of the names that `is` knows, as JSON.
    fn numbers<N: FromSql>(
        &self,
        table: &str,
        is: impl Fn(&N) -> bool,
    ) -> Result<String, StoreError> {
        let mut names = self
            .connection
            .prepare(&format!("SELECT id, name FROM {table}"))?;
        let rows = names.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, N>(1)?)))?;
        let mut numbers = Vec::new();
        for row in rows {
            let (number, name) = row?;
            if is(&name) {
                numbers.push(number.to_string());
            }
        }
        Ok(format!("[{}]", numbers.join(",")))
    }
}

/// The entry at a place.
pub(super) fn find(path: &Path, at: Position) -> Result<Option<Recorded>, StoreError> {
    let Some(file) = Reading::open(path)? else {
        return Ok(None);
    };
    for (segment, _) in newest_first(&file.connection)? {
        let select = file.select(segment, "e.key = ?1");
        let found = file
            .connection
            .query_row(&select, [at.number()], recorded)
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

pub(super) fn page(
    path: &Path,
    filter: &Filter,
    limit: u32,
    patience: Option<Duration>,
) -> Result<Listed, StoreError> {
    let Some(file) = Reading::open(path)? else {
        return Ok(Listed::default());
    };
    let mut look = Look::new(&file, filter, limit, patience)?;
    let mut segments = newest_first(&file.connection)?;
    if look.is_forward {
        segments.reverse();
    }
    let mut newest_so_far = i64::MIN;
    for (segment, newest) in segments {
        // Tables follow each other in time, but for what ended late or a clock that was set back.
        let last = look.found.last().map(|entry| entry.position.number());
        let complete = look.found.len() >= look.most
            && last.is_none_or(|last| {
                if look.is_forward {
                    last < newest_so_far
                } else {
                    last > newest
                }
            });
        newest_so_far = newest;
        if complete || look.looked_to.is_some() {
            break;
        }
        look.look_through(segment)?;
    }
    Ok(look.listed())
}

/// What is looked for, and what was found.
struct Look<'a> {
    file: &'a Reading,
    filter: &'a Filter,
    is_forward: bool,
    /// Number of the application, where one is asked for: -1 for one that never asked.
    application: Option<i64>,
    among: Option<String>,
    routes: Option<String>,
    errors: Option<String>,
    most: usize,
    until: Option<Instant>,
    found: Vec<Recorded>,
    looked_to: Option<i64>,
}

impl<'a> Look<'a> {
    fn new(
        file: &'a Reading,
        filter: &'a Filter,
        limit: u32,
        patience: Option<Duration>,
    ) -> Result<Self, StoreError> {
        let application = filter.application.map(|application| {
            let name = <[u8; 16]>::from(application);
            let number = file
                .connection
                .query_row(
                    "SELECT id FROM applications WHERE name = ?1",
                    [name],
                    |row| row.get::<_, i64>(0),
                )
                .optional()?;
            Ok::<_, StoreError>(number.unwrap_or(-1))
        });
        let among = filter.among.as_ref().map(|among| {
            let is = |name: &[u8; 16]| among.iter().any(|id| <[u8; 16]>::from(*id) == *name);
            file.numbers("applications", is)
        });
        let has_route = filter.route.is_some() || filter.path.is_some();
        let routes = has_route.then(|| {
            file.numbers("routes", |name: &String| {
                let is = filter.route.as_ref().is_none_or(|route| route == name);
                let part = filter.path.as_ref();
                is && part.is_none_or(|part| name.contains(part.as_str()))
            })
        });
        let errors = filter.error.as_ref().map(|error| {
            file.numbers("errors", |name: &String| {
                let same = |part: &str| part.eq_ignore_ascii_case(error);
                same(name) || name.split(':').any(same)
            })
        });
        Ok(Self {
            file,
            filter,
            is_forward: filter.after.is_some(),
            application: application.transpose()?,
            among: among.transpose()?,
            routes: routes.transpose()?,
            errors: errors.transpose()?,
            most: usize::try_from(limit).unwrap_or(usize::MAX),
            until: patience.map(|patience| Instant::now() + patience),
            found: Vec::new(),
            looked_to: None,
        })
    }

    /// From and to which key is looked.
    fn bounds(&self) -> (i64, i64) {
        let filter = self.filter;
        let since = filter.since.map_or(0, key);
        let after = filter
            .after
            .map_or(0, |after| after.number().saturating_add(1));
        let until = filter.until.map_or(i64::MAX, key);
        let before = filter.before.map_or(i64::MAX, Position::number);
        let (from, to) = (since.max(after), until.min(before));
        // Most ids tell when their request came, which is its place.
        match filter.request.and_then(|request| request.time()) {
            Some(at) => (from.max(key(at)), to.min(key(at.plus(MILLI)))),
            None => (from, to),
        }
    }

    /// Looks through a table, some of it at a time.
    fn look_through(&mut self, segment: usize) -> Result<(), StoreError> {
        let (mut low, mut high) = self.bounds();
        let (end, order) = if self.is_forward {
            ("MAX", "ASC")
        } else {
            ("MIN", "DESC")
        };
        // Naming the application in the one statement and not in the other would look up each row
        // of the whole table by the index.
        let of_application = match self.application {
            Some(_) => "AND e.application = ?3",
            None => "AND ?3 IS NULL",
        };
        let part = format!(
            "SELECT {end}(key), COUNT(*) FROM (SELECT e.key FROM entries_{segment} e \
             WHERE e.key >= ?1 AND e.key < ?2 {of_application} ORDER BY e.key {order} LIMIT ?4)"
        );
        let condition = format!(
            "e.key >= ?1 AND e.key < ?2 {of_application} \
             AND e.status BETWEEN ?4 AND ?5 AND e.took_micros >= ?6 \
             AND (?7 IS NULL OR e.vehicle = ?7) AND (?8 IS NULL OR e.request = ?8) \
             AND (?9 IS NULL OR e.method = ?9) \
             AND (?10 IS NULL OR e.application IN (SELECT value FROM json_each(?10))) \
             AND (?11 IS NULL OR e.route IN (SELECT value FROM json_each(?11))) \
             AND (?12 IS NULL OR e.error IN (SELECT value FROM json_each(?12))) \
             ORDER BY e.key {order} LIMIT ?13"
        );
        let mut part = self.file.connection.prepare(&part)?;
        let mut rows = self
            .file
            .connection
            .prepare(&self.file.select(segment, &condition))?;
        let mut step = FIRST;
        let mut found = Vec::new();
        loop {
            let begun = Instant::now();
            let (end, count): (Option<i64>, i64) = part
                .query_row((low, high, self.application, step), |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            let Some(end) = end else { break };
            let (from, to) = if self.is_forward {
                (low, end.saturating_add(1))
            } else {
                (end, high)
            };
            self.matching(&mut rows, (from, to), &mut found)?;
            if self.is_forward {
                low = to;
            } else {
                high = from;
            }
            if found.len() >= self.most || count < step {
                break;
            }
            if self.until.is_some_and(|until| Instant::now() >= until) {
                self.looked_to = Some(end);
                break;
            }
            step = if begun.elapsed() < STEP {
                (step * 2).min(MOST)
            } else {
                (step / 2).max(FIRST)
            };
        }
        self.found.append(&mut found);
        let is_forward = self.is_forward;
        self.found.sort_unstable_by(|a, b| {
            let order = a.position.cmp(&b.position);
            if is_forward { order } else { order.reverse() }
        });
        self.found.truncate(self.most);
        Ok(())
    }

    fn matching(
        &self,
        rows: &mut Statement<'_>,
        (from, to): (i64, i64),
        found: &mut Vec<Recorded>,
    ) -> Result<(), StoreError> {
        let filter = self.filter;
        let status = filter.status.clone().unwrap_or(0..=u16::MAX);
        let left = self.most - found.len();
        let rows = rows.query_map(
            rusqlite::params![
                from,
                to,
                self.application,
                status.start(),
                status.end(),
                filter.took_micros,
                filter.vehicle.map(<[u8; 16]>::from),
                filter.request.map(<[u8; 16]>::from),
                filter.method.map(|method| method as u8),
                self.among,
                self.routes,
                self.errors,
                i64::try_from(left).unwrap_or(i64::MAX),
            ],
            recorded,
        )?;
        for row in rows {
            found.push(row?);
        }
        Ok(())
    }

    fn listed(mut self) -> Listed {
        if self.is_forward {
            self.found.reverse();
        }
        let is_full = self.found.len() >= self.most;
        Listed {
            entries: self.found,
            looked_to: self.looked_to.filter(|_| !is_full).map(Position),
        }
    }
}

fn recorded(row: &Row<'_>) -> rusqlite::Result<Recorded> {
    let position: i64 = row.get(0)?;
    let method: u16 = row.get(2)?;
    let error: Option<String> = row.get(8)?;
    let (error_type, error_code) = match error.as_deref().map(|error| error.split_once(':')) {
        Some(Some((kind, code))) => (Some(kind.to_owned()), Some(code.to_owned())),
        _ => (error, None),
    };
    Ok(Recorded {
        position: Position(position),
        at: time(position),
        took_micros: row.get(1)?,
        gate_micros: row.get(9)?,
        read_micros: row.get(10)?,
        method: Method::ALL
            .get(usize::from(method))
            .copied()
            .unwrap_or(Method::Other),
        route: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
        status: row.get(4)?,
        request: row.get::<_, [u8; 16]>(5)?.into(),
        application: row.get::<_, Option<[u8; 16]>>(6)?.map(Into::into),
        vehicle: row.get::<_, Option<[u8; 16]>>(7)?.map(Into::into),
        error_type,
        error_code,
    })
}
