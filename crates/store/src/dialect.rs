//! The few statements that cannot be the same on both engines. Keep this under a page.

/// Which engine a unit runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Marks a refresh token that is used for the first time, and tells its family. SQLite goes on with
/// an insert, in the same process; for PostgreSQL both are one statement, and so one round trip.
macro_rules! use_refresh_token {
    () => {
        "UPDATE token_pairs SET refreshed_at = $2 FROM grant_families \
         WHERE token_pairs.refresh_digest = $1 AND token_pairs.refreshed_at IS NULL \
         AND token_pairs.refresh_expires_at > $2 AND grant_families.id = token_pairs.family_id \
         AND grant_families.application_id = $3 AND grant_families.revoked_at IS NULL \
         RETURNING token_pairs.family_id"
    };
}

pub(crate) const USE_REFRESH_TOKEN: &str = use_refresh_token!();

pub(crate) const ROTATE: &str = concat!(
    "WITH used AS (",
    use_refresh_token!(),
    ") INSERT INTO token_pairs (access_digest, refresh_digest, family_id, issued_at, \
     access_expires_at, refresh_expires_at) SELECT $4, $5, family_id, $2, $6, $7 FROM used"
);

impl Dialect {
    /// Appends to the change log with the database's own clock, so that replicas whose clocks
    /// differ still find each other's entries.
    pub(crate) const fn append_change(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "INSERT INTO change_log (at, kind, key) \
                 VALUES (CAST(unixepoch('subsec') * 1000 AS INTEGER), $1, $2)"
            }
            Self::Postgres => {
                "INSERT INTO change_log (at, kind, key) \
                 VALUES (CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), $1, $2)"
            }
        }
    }

    /// Changes of the last ten seconds: longer than any transaction may last (`postgres.rs`) and a
    /// look may be late (`cache.rs`) together, so that one that committed late is still seen.
    /// Applying a change twice does no harm.
    pub(crate) const fn recent_changes(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT kind, key FROM change_log \
                 WHERE at >= CAST(unixepoch('subsec') * 1000 AS INTEGER) - 10000"
            }
            Self::Postgres => {
                "SELECT kind, key FROM change_log \
                 WHERE at >= CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) - 10000"
            }
        }
    }

    /// Appends to the audit log with a number of the database's own drawing.
    pub(crate) const fn append_audit(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "INSERT INTO audit_log (at, application_id, actor, action, detail, tie) \
                 VALUES ($1, $2, $3, $4, $5, random())"
            }
            Self::Postgres => {
                "INSERT INTO audit_log (at, application_id, actor, action, detail, tie) \
                 VALUES ($1, $2, $3, $4, $5, CAST(random() * 9000000000000000 AS BIGINT))"
            }
        }
    }

    /// Drops changes that every replica has long seen.
    pub(crate) const fn sweep_changes(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "DELETE FROM change_log \
                 WHERE at < CAST(unixepoch('subsec') * 1000 AS INTEGER) - 3600000"
            }
            Self::Postgres => {
                "DELETE FROM change_log \
                 WHERE at < CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) - 3600000"
            }
        }
    }
}
