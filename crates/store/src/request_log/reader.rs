//! Reading the log back.

use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use carport_model::{ApplicationId, RequestId, Timestamp, VehicleId};
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};

use super::entry::Method;
use super::file::{key, time};
use super::segments::newest_first;
use crate::StoreError;

/// Which entries to show. The default lets everything through.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this application. The only filter with an index.
    pub application: Option<ApplicationId>,
    /// About this vehicle.
    pub vehicle: Option<VehicleId>,
    /// With a status in this range: `400..=599` are errors.
    pub status: Option<RangeInclusive<u16>>,
    /// Of the route with this pattern.
    pub route: Option<String>,
    /// The one with this id.
    pub request: Option<RequestId>,
    /// That took this long or longer, in microseconds.
    pub took_micros: u32,
    /// Not older than this.
    pub since: Option<Timestamp>,
    /// Older than this: the position of a page's last entry gives the next page.
    pub before: Option<Position>,
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

/// The joins are LEFT so that `SQLite` keeps their order: entries by key, from the newest on.
fn select(segment: usize, of_application: bool) -> String {
    let application = if of_application {
        "e.application = (SELECT id FROM applications WHERE name = ?10)"
    } else {
        "?10 IS NULL"
    };
    format!(
        "SELECT e.key, e.took_micros, e.method, r.name, e.status, e.request, a.name, e.vehicle, \
         x.name FROM entries_{segment} e LEFT JOIN routes r ON r.id = e.route \
         LEFT JOIN applications a ON a.id = e.application LEFT JOIN errors x ON x.id = e.error \
         WHERE {application} \
         AND e.key < ?1 AND e.key >= ?2 AND e.status BETWEEN ?3 AND ?4 AND e.took_micros >= ?5 \
         AND (?6 IS NULL OR e.vehicle = ?6) AND (?7 IS NULL OR r.name = ?7) \
         AND (?8 IS NULL OR e.request = ?8) ORDER BY e.key DESC LIMIT ?9"
    )
}

pub(super) fn recent(
    path: &Path,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Recorded>, StoreError> {
    // Without CREATE: a log that nothing was written to is empty. WAL wants to be written by readers.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match Connection::open_with_flags(path, flags) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
            return Ok(Vec::new());
        }
        opened => opened?,
    };
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "query_only", true)?;
    // One state of all tables, whatever is written meanwhile.
    let reading = connection.unchecked_transaction()?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found: Vec<Recorded> = Vec::new();
    for (segment, newest) in newest_first(&reading)? {
        // Tables follow each other in time, but for what ended late or a clock that was set back.
        let complete = found.len() >= most
            && found
                .last()
                .is_none_or(|oldest| oldest.position.number() > newest);
        if complete {
            break;
        }
        found.extend(recent_of(&reading, segment, filter, limit)?);
        found.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.position));
        found.truncate(most);
    }
    Ok(found)
}

/// Those of one table.
fn recent_of(
    connection: &Connection,
    segment: usize,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Recorded>, StoreError> {
    let application = filter.application.map(<[u8; 16]>::from);
    let status = filter.status.clone().unwrap_or(0..=u16::MAX);
    let mut statement = connection.prepare(&select(segment, application.is_some()))?;
    let rows = statement.query_map(
        rusqlite::params![
            filter.before.map_or(i64::MAX, Position::number),
            filter.since.map_or(0, key),
            status.start(),
            status.end(),
            filter.took_micros,
            filter.vehicle.map(<[u8; 16]>::from),
            filter.route,
            filter.request.map(<[u8; 16]>::from),
            limit,
            application,
        ],
        recorded,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
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
