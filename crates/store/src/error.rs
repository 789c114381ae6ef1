//! What can go wrong with storage.

use tokio_postgres::error::SqlState;

/// Storage failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The queue of writes is full; nothing was done.
    #[error("storage is busy; try again")]
    Busy,
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk is full; nothing was done.
    #[error("the disk is full")]
    Full,
    /// The database answered with an error.
    #[error("the database refused a statement")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row does not hold what it must.
    #[error("a row of {table} is damaged in column {column}")]
    Corrupt {
        /// Table or statement.
        table: &'static str,
        /// Column, counted from zero.
        column: usize,
    },
    /// A unit of work panicked; nothing of it was kept.
    #[error("a unit of work failed and was rolled back")]
    Panicked,
    /// The database was made by a later version of Carport.
    #[error(
        "the database has schema {found}, this Carport knows {known}; start the newer Carport, or restore a backup"
    )]
    Newer {
        /// Schema version of the database.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// The file is a database, but not Carport's.
    #[error("{0} is a database of another program; name another file")]
    Foreign(String),
    /// The file is no database, or is damaged.
    #[error("{0} is not a database or is damaged; restore a backup, or name another file")]
    NotADatabase(String),
    /// The file has nothing in it. Carport makes its database complete before it names it so.
    #[error("{0} is empty; restore a backup, or remove it to begin anew")]
    Empty(String),
    /// The file is a database of Carport's, and parts of it cannot be read.
    #[error("{path} is damaged ({problem}); restore a backup")]
    Damaged {
        /// Path of the database file.
        path: String,
        /// What SQLite said.
        problem: String,
    },
    /// The log that holds the latest commits cannot be read.
    #[error(
        "{0}, which holds the latest commits, is damaged; restore a backup, or remove this file to go on without them"
    )]
    DamagedLog(String),
    /// The database is gone and its log is not.
    #[error(
        "{path} is missing, but its log {log} is there; put the database back, or remove the log to begin anew"
    )]
    OnlyLog {
        /// Path of the database file.
        path: String,
        /// Path of its log.
        log: String,
    },
    /// The folder or file cannot be opened.
    #[error("{path} cannot be opened: {problem}")]
    CannotOpen {
        /// Path of the database file.
        path: String,
        /// What the system said.
        problem: String,
    },
    /// The address of the database is not understood.
    #[error("{0:?} is not a database address; write sqlite:PATH or postgres://USER@HOST/NAME")]
    BadUrl(String),
}

impl StoreError {
    /// Whether the same call may succeed in a moment: what a door answers with 503.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy | Self::Unavailable(_) | Self::Full)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::SystemIoFailure) => Self::Unavailable(Box::new(error)),
            _ => Self::Engine(Box::new(error)),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        // Classes of SQLSTATE: 08 connections, 53 resources, 57P the server goes down or comes up.
        match error.code().map(SqlState::code) {
            None => Self::Unavailable(Box::new(error)),
            Some("40001" | "40P01") => Self::Busy,
            Some("53100") => Self::Full,
            Some(code)
                if ["08", "53", "57P"]
                    .iter()
                    .any(|class| code.starts_with(class)) =>
            {
                Self::Unavailable(Box::new(error))
            }
            Some(_) => Self::Engine(Box::new(error)),
        }
    }
}

impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => Self::from(error),
            other => Self::Unavailable(Box::new(other)),
        }
    }
}
