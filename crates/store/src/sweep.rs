//! Drops rows in which nothing can matter any more.

use carport_model::Timestamp;

use crate::engine::Tx;
use crate::{StoreError, owners};

/// Rows dropped by one sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Token pairs whose both tokens have expired.
    pub token_pairs: u64,
    /// Codes that expired a day ago; until then they are kept to recognise a replay.
    pub codes: u64,
    /// Runs that expired a fortnight ago.
    pub runs: u64,
    /// Counts of calls from before the last month; the last one is kept for replicas whose clocks
    /// differ.
    pub calls: u64,
    /// Counts of connections from more than 31 days ago.
    pub counts: u64,
    /// Visits to the owner's page that are over, and counts of attempts of a day ago.
    pub visits: u64,
    /// Sessions of members that are over.
    pub sessions: u64,
    /// Links of members that expired a day ago; until then they are known to have been there.
    pub links: u64,
}

impl Swept {
    /// Whether there may be more to drop: of some kind it took as many rows as one sweep takes.
    #[must_use]
    pub fn has_more(&self) -> bool {
        let full = BATCH.unsigned_abs();
        [
            self.token_pairs,
            self.codes,
            self.runs,
            self.calls,
            self.counts,
            self.visits,
            self.sessions,
            self.links,
        ]
        .iter()
        .any(|rows| *rows >= full)
    }
}

/// How many rows of a kind one sweep takes at most, so that writers wait for it only briefly.
const BATCH: i64 = 1000;

/// Sweeps once.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<Swept, StoreError> {
    const PAIRS: &str = "DELETE FROM token_pairs WHERE access_digest IN \
                         (SELECT access_digest FROM token_pairs \
                         WHERE refresh_expires_at < $1 AND access_expires_at < $1 LIMIT $2)";
    const CODES: &str = "DELETE FROM authorization_codes WHERE digest IN \
                         (SELECT digest FROM authorization_codes WHERE expires_at < $1 LIMIT $2)";
    const RUNS: &str = "DELETE FROM connect_runs WHERE id IN \
                        (SELECT id FROM connect_runs WHERE expires_at < $1 LIMIT $2)";
    const CALLS: &str = "DELETE FROM vehicle_calls WHERE (month, vehicle_id) IN \
                         (SELECT month, vehicle_id FROM vehicle_calls WHERE month < $1 LIMIT $2)";
    const COUNTS: &str = "DELETE FROM car_counts WHERE (application_id, hour) IN \
                          (SELECT application_id, hour FROM car_counts WHERE hour < $1 LIMIT $2)";
    const SESSIONS: &str = "DELETE FROM member_sessions WHERE id IN \
                            (SELECT id FROM member_sessions WHERE expires_at < $1 LIMIT $2)";
    const LINKS: &str = "DELETE FROM member_links WHERE digest IN \
                         (SELECT digest FROM member_links WHERE expires_at < $1 LIMIT $2)";
    let day = std::time::Duration::from_hours(24);
    let swept = Swept {
        token_pairs: tx.exec(PAIRS, &[now.into(), BATCH.into()]).await?,
        codes: tx
            .exec(CODES, &[now.minus(day).into(), BATCH.into()])
            .await?,
        runs: tx
            .exec(RUNS, &[now.minus(14 * day).into(), BATCH.into()])
            .await?,
        calls: tx
            .exec(CALLS, &[now.month().before().number().into(), BATCH.into()])
            .await?,
        counts: tx
            .exec(
                COUNTS,
                &[
                    (now.minus(31 * day).millis().div_euclid(3_600_000)).into(),
                    BATCH.into(),
                ],
            )
            .await?,
        visits: owners::sweep(tx, now, BATCH).await?,
        sessions: tx.exec(SESSIONS, &[now.into(), BATCH.into()]).await?,
        links: tx
            .exec(LINKS, &[now.minus(day).into(), BATCH.into()])
            .await?,
    };
    tx.exec(tx.dialect().sweep_changes(), &[]).await?;
    Ok(swept)
}
