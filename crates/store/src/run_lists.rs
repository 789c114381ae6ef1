//! Lists of runs through Connect: newest first, in pages that begin after a place, and how far runs
//! came.

use std::cmp::Reverse;

use carport_model::run::event::Reached;
use carport_model::{ApplicationId, RunId, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// Place of a run in the order of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it began.
    pub created_at: Timestamp,
    /// Its id.
    pub run: RunId,
}

/// Which runs are meant; what is empty does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of these applications; `None` for all.
    pub applications: Option<Vec<ApplicationId>>,
    /// In this mode.
    pub mode: String,
    /// Of this brand.
    pub brand: String,
    /// Of this owner, by the developer's own id.
    pub owner: String,
    /// With this ending: `open` and `expired` for those without, otherwise as [`Listed::ended`].
    pub ending: String,
    /// Begun at this instant or later.
    pub since: Option<Timestamp>,
    /// Begun before this instant.
    pub until: Option<Timestamp>,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum From {
    /// With the newest.
    #[default]
    Newest,
    /// Behind this one: older runs.
    Older(Place),
    /// The ones just before this one: newer runs.
    Newer(Place),
}

/// A run as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Time and id.
    pub place: Place,
    /// Whose it is.
    pub application: ApplicationId,
    /// Mode; empty for runs from before it was kept.
    pub mode: String,
    /// Brand, once it is settled.
    pub brand: String,
    /// The developer's own id of the owner.
    pub owner: String,
    /// When it can no longer be finished.
    pub expires_at: Timestamp,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// How: `granted`, `reauthenticated`, `capacity_chosen`, or the error that went back.
    pub ended: Option<String>,
    /// How far it came, as the number of a [`Reached`].
    pub reached: i64,
}

macro_rules! page {
    ($whose:literal, $than:literal, $order:literal) => {
        concat!(
            "SELECT created_at, id, application_id, mode, brand, owner, expires_at, completed_at, \
             ended, reached FROM connect_runs WHERE ",
            $whose,
            " (created_at, id) ",
            $than,
            " ($1, $2) AND created_at >= $3 AND created_at < $4 \
             AND (CAST($5 AS TEXT) = '' OR mode = $5) AND (CAST($6 AS TEXT) = '' OR brand = $6) \
             AND (CAST($7 AS TEXT) = '' OR owner = $7) \
             AND (CAST($8 AS TEXT) = '' OR ended = $8 \
             OR ($8 = 'open' AND completed_at IS NULL AND expires_at > $9) \
             OR ($8 = 'expired' AND completed_at IS NULL AND expires_at <= $9)) \
             ORDER BY created_at ",
            $order,
            ", id ",
            $order,
            " LIMIT $10"
        )
    };
}

/// A page of runs, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    from: From,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Listed>, StoreError> {
    const ALL_OLDER: &str = page!("", "<", "DESC");
    const ALL_NEWER: &str = page!("", ">", "ASC");
    const OLDER: &str = page!("application_id = $11 AND", "<", "DESC");
    const NEWER: &str = page!("application_id = $11 AND", ">", "ASC");
    let is_back = matches!(from, From::Newer(_));
    let place = match from {
        From::Newest => Place {
            created_at: Timestamp::from_millis(i64::MAX),
            run: RunId::from_bytes([0xff; 16]),
        },
        From::Older(place) | From::Newer(place) => place,
    };
    let mut params = vec![
        place.created_at.into(),
        Value::id(place.run),
        filter.since.unwrap_or_default().into(),
        filter
            .until
            .unwrap_or(Timestamp::from_millis(i64::MAX))
            .into(),
        filter.mode.as_str().into(),
        filter.brand.as_str().into(),
        filter.owner.as_str().into(),
        filter.ending.as_str().into(),
        now.into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let mut listed = Vec::new();
    match &filter.applications {
        None => {
            let sql = if is_back { ALL_NEWER } else { ALL_OLDER };
            read_into(&mut listed, &tx.rows(sql, &params).await?)?;
        }
        Some(applications) => {
            for application in applications {
                params.truncate(10);
                params.push(Value::id(*application));
                let sql = if is_back { NEWER } else { OLDER };
                read_into(&mut listed, &tx.rows(sql, &params).await?)?;
            }
        }
    }
    if is_back {
        listed.sort_unstable_by_key(|listed| listed.place);
        listed.truncate(limit);
        listed.reverse();
    } else {
        listed.sort_unstable_by_key(|listed| Reverse(listed.place));
        listed.truncate(limit);
    }
    Ok(listed)
}

fn read_into(listed: &mut Vec<Listed>, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        listed.push(Listed {
            place: Place {
                created_at: row.time(0)?,
                run: row.id(1)?,
            },
            application: row.id(2)?,
            mode: row.text(3)?.to_owned(),
            brand: row.text(4)?.to_owned(),
            owner: row.text(5)?.to_owned(),
            expires_at: row.time(6)?,
            completed_at: row.maybe(7, Row::time)?,
            ended: row.maybe(8, Row::text)?.map(str::to_owned),
            reached: row.int(9)?,
        });
    }
    Ok(())
}

/// How many runs came at least so far, for each [`Reached`] in order; of the filter's applications,
/// mode, brand and times.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn funnel(tx: &mut Tx<'_>, filter: &Filter) -> Result<[i64; 4], StoreError> {
    const ALL: &str = "SELECT reached, COUNT(*) FROM connect_runs \
                       WHERE created_at >= $1 AND created_at < $2 \
                       AND (CAST($3 AS TEXT) = '' OR mode = $3) \
                       AND (CAST($4 AS TEXT) = '' OR brand = $4) GROUP BY reached";
    const OF: &str = "SELECT reached, COUNT(*) FROM connect_runs \
                      WHERE created_at >= $1 AND created_at < $2 \
                      AND (CAST($3 AS TEXT) = '' OR mode = $3) \
                      AND (CAST($4 AS TEXT) = '' OR brand = $4) \
                      AND application_id = $5 GROUP BY reached";
    let until = filter.until;
    let mut params = vec![
        filter.since.unwrap_or_default().into(),
        until.unwrap_or(Timestamp::from_millis(i64::MAX)).into(),
        filter.mode.as_str().into(),
        filter.brand.as_str().into(),
    ];
    let mut rows = Vec::new();
    match &filter.applications {
        None => rows = tx.rows(ALL, &params).await?,
        Some(applications) => {
            for application in applications {
                params.truncate(4);
                params.push(Value::id(*application));
                rows.append(&mut tx.rows(OF, &params).await?);
            }
        }
    }
    let mut counts = [0; 4];
    for row in &rows {
        let (reached, runs) = (row.int(0)?, row.int(1)?);
        for (count, step) in counts.iter_mut().zip(Reached::ALL) {
            if reached >= i64::from(step as u8) {
                *count += runs;
            }
        }
    }
    Ok(counts)
}
