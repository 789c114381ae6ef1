//! How many connections applications have, and had at the end of each hour.

use std::collections::BTreeMap;

use carport_model::{ApplicationId, Mode, Timestamp};

use crate::StoreError;
use crate::engine::{Tx, Value};

const HOUR: i64 = 3_600_000;

/// Connections by mode, of these applications or of all. Walks an index, a tenth of a second for a
/// million: for [`scan`].
///
/// [`scan`]: crate::Store::scan
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn now(
    tx: &mut Tx<'_>,
    applications: Option<&[ApplicationId]>,
) -> Result<BTreeMap<&'static str, i64>, StoreError> {
    const ALL: &str = "SELECT mode, COUNT(*) FROM connections GROUP BY mode";
    const OF: &str =
        "SELECT mode, COUNT(*) FROM connections WHERE application_id = $1 GROUP BY mode";
    let mut rows = Vec::new();
    match applications {
        None => rows = tx.rows(ALL, &[]).await?,
        Some(applications) => {
            for application in applications {
                rows.append(&mut tx.rows(OF, &[Value::id(*application)]).await?);
            }
        }
    }
    let mut counts = BTreeMap::new();
    for row in &rows {
        let mode: Mode = row.parsed(0)?;
        *counts.entry(mode.as_str()).or_default() += row.int(1)?;
    }
    Ok(counts)
}

/// Connections of each application, for [`keep`]; for [`scan`].
///
/// [`scan`]: crate::Store::scan
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn of_all(tx: &mut Tx<'_>) -> Result<Vec<(ApplicationId, i64)>, StoreError> {
    const SQL: &str = "SELECT application_id, COUNT(*) FROM connections GROUP BY application_id";
    let rows = tx.rows(SQL, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.int(1)?)))
        .collect()
}

/// Keeps what was counted, as the count of the hour.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn keep(
    tx: &mut Tx<'_>,
    counted: &[(ApplicationId, i64)],
    now: Timestamp,
) -> Result<(), StoreError> {
    // An application may have been deleted since it was counted.
    const SQL: &str = "INSERT INTO car_counts (application_id, hour, connections) \
                       SELECT id, CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM applications WHERE id = $1 \
                       ON CONFLICT (application_id, hour) \
                       DO UPDATE SET connections = excluded.connections";
    let hour = now.millis().div_euclid(HOUR);
    for (application, connections) in counted {
        let params = [Value::id(*application), hour.into(), (*connections).into()];
        tx.exec(SQL, &params).await?;
    }
    Ok(())
}

/// What was kept of each hour since one, by its beginning; hours in which nothing was counted are
/// left out.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn hours(
    tx: &mut Tx<'_>,
    applications: Option<&[ApplicationId]>,
    since: Timestamp,
) -> Result<BTreeMap<Timestamp, i64>, StoreError> {
    const ALL: &str = "SELECT hour, CAST(SUM(connections) AS BIGINT) FROM car_counts \
                       WHERE hour >= $1 GROUP BY hour";
    const OF: &str = "SELECT hour, connections FROM car_counts \
                      WHERE hour >= $1 AND application_id = $2";
    let since = Value::from(since.millis().div_euclid(HOUR));
    let mut rows = Vec::new();
    match applications {
        None => rows = tx.rows(ALL, &[since]).await?,
        Some(applications) => {
            for application in applications {
                let params = [since.clone(), Value::id(*application)];
                rows.append(&mut tx.rows(OF, &params).await?);
            }
        }
    }
    let mut hours = BTreeMap::new();
    for row in &rows {
        let at = Timestamp::from_millis(row.int(0)?.saturating_mul(HOUR));
        *hours.entry(at).or_default() += row.int(1)?;
    }
    Ok(hours)
}
