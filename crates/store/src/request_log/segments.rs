//! The ring of tables that entries go through. When one is full, the oldest is emptied as a whole and
//! is the next: emptying a table costs a look at each of its pages, while dropping the same rows one by
//! one cost six to ten times what writing them had.

use std::sync::LazyLock;

use carport_model::{Timestamp, VehicleId};
use rusqlite::{Connection, OptionalExtension as _};

use super::file::key;

/// Tables of the ring: what is lost at once when the file has its size is one share of it.
pub(super) const SEGMENTS: usize = 16;
/// Columns of an entry.
pub(super) const COLUMNS: usize = 11;
/// Entries of one statement: a statement costs more than an entry.
pub(super) const ROWS: usize = 32;
/// What an entry takes in the file, its place in the index included, in bytes.
const ENTRY_BYTES: u64 = 94;
/// Rows that one step of a sweep drops.
const STEP: usize = 1000;

/// The statements of one table.
struct Statements {
    insert_many: String,
    insert_one: String,
    newest: String,
    count: String,
    empty: String,
    drop_some: String,
    forget: String,
}

static STATEMENTS: LazyLock<[Statements; SEGMENTS]> = LazyLock::new(|| {
    std::array::from_fn(|number| {
        let insert = |rows| {
            let row = ["?"; COLUMNS].join(",");
            let rows = vec![format!("({row})"); rows].join(",");
            format!("INSERT OR IGNORE INTO entries_{number} VALUES{rows}")
        };
        Statements {
            insert_many: insert(ROWS),
            insert_one: insert(1),
            newest: format!("SELECT MAX(key) FROM entries_{number}"),
            count: format!("SELECT COUNT(*) FROM entries_{number}"),
            empty: format!("DELETE FROM entries_{number}"),
            forget: format!("UPDATE entries_{number} SET vehicle = NULL WHERE vehicle = ?1"),
            drop_some: format!(
                "DELETE FROM entries_{number} WHERE key < ?1 AND key < COALESCE(\
                 (SELECT key FROM entries_{number} ORDER BY key LIMIT 1 OFFSET ?2), ?1)"
            ),
        }
    })
});

/// Makes the tables. `key` is the time in milliseconds above bits of a counter: in the order of time
/// without an index. What repeats is a small number; the names are beside.
pub(super) fn tables() -> String {
    let of = |number| {
        format!(
            "CREATE TABLE entries_{number} (
                key INTEGER PRIMARY KEY,
                took_micros INTEGER NOT NULL,
                method INTEGER NOT NULL,
                route INTEGER NOT NULL,
                status INTEGER NOT NULL,
                request BLOB NOT NULL,
                application INTEGER,
                vehicle BLOB,
                error INTEGER,
                gate_micros INTEGER,
                read_micros INTEGER
            );
            CREATE INDEX entries_{number}_by_application ON entries_{number} (application)
                WHERE application IS NOT NULL;"
        )
    };
    (0..SEGMENTS).map(of).collect()
}

/// Gives tables of version 2 what those of version 3 have.
pub(super) fn times_of_stages() -> String {
    let of = |number| {
        format!(
            "ALTER TABLE entries_{number} ADD COLUMN gate_micros INTEGER;
            ALTER TABLE entries_{number} ADD COLUMN read_micros INTEGER;"
        )
    };
    (0..SEGMENTS).map(of).collect()
}

/// The tables that hold something, each with its newest key, the newest first.
pub(super) fn newest_first(connection: &Connection) -> rusqlite::Result<Vec<(usize, i64)>> {
    let mut filled = Vec::with_capacity(SEGMENTS);
    for (number, statements) in STATEMENTS.iter().enumerate() {
        let newest = connection
            .prepare_cached(&statements.newest)?
            .query_row([], |row| row.get::<_, Option<i64>>(0))
            .optional()?;
        filled.extend(newest.flatten().map(|newest| (number, newest)));
    }
    filled.sort_unstable_by_key(|(_, newest)| std::cmp::Reverse(*newest));
    Ok(filled)
}

/// Where the next entry goes.
#[derive(Debug)]
pub(super) struct Ring {
    current: usize,
    /// Entries in the current table.
    rows: u64,
    /// How many a table takes.
    full: u64,
}

impl Ring {
    /// The ring of a file that is to take about `bytes`.
    pub(super) fn open(connection: &Connection, bytes: u64) -> rusqlite::Result<Self> {
        let current = newest_first(connection)?.first().map_or(0, |(it, _)| *it);
        let rows: i64 = connection
            .prepare_cached(&STATEMENTS[current].count)?
            .query_row([], |row| row.get(0))?;
        Ok(Self {
            current,
            rows: rows.unsigned_abs(),
            full: (bytes / ENTRY_BYTES / SEGMENTS as u64).max(1),
        })
    }

    /// Writes so many entries into the current table: [`ROWS`] of them, or one.
    pub(super) fn insertion(&self, rows: usize) -> &'static str {
        let statements = &STATEMENTS[self.current];
        if rows == 1 {
            &statements.insert_one
        } else {
            &statements.insert_many
        }
    }

    /// To be told of entries that were written: takes the next table when the current one is full.
    pub(super) fn advance(&mut self, connection: &Connection, came: usize) -> rusqlite::Result<()> {
        self.rows += came as u64;
        if self.rows < self.full {
            return Ok(());
        }
        let next = (self.current + 1) % SEGMENTS;
        connection
            .prepare_cached(&STATEMENTS[next].empty)?
            .execute([])?;
        (self.current, self.rows) = (next, 0);
        Ok(())
    }
}

/// Drops some of what is older than `before`: a table as a whole, where all of it is, or some rows of
/// one. Whether there may be more.
pub(super) fn drop_older(connection: &Connection, before: Timestamp) -> rusqlite::Result<bool> {
    let before = key(before);
    let filled = newest_first(connection)?;
    if let Some((number, _)) = filled.iter().rfind(|(_, newest)| *newest < before) {
        connection
            .prepare_cached(&STATEMENTS[*number].empty)?
            .execute([])?;
        return Ok(true);
    }
    let step = i64::try_from(STEP).unwrap_or(i64::MAX);
    for (number, _) in filled.iter().rev() {
        let dropped = connection
            .prepare_cached(&STATEMENTS[*number].drop_some)?
            .execute((before, step))?;
        if dropped > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Forgets that entries of one table are about a vehicle; the entries stay.
pub(super) fn forget(
    connection: &Connection,
    number: usize,
    vehicle: VehicleId,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(&STATEMENTS[number].forget)?
        .execute([vehicle.as_bytes().as_slice()])
        .map(drop)
}
