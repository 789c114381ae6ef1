//! Runs through Connect.

use carport_model::run::event::Event;
use carport_model::run::{ConnectRequest, Outcome, Progress};
use carport_model::{Digest, RunId, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};
use crate::run_steps::{self, RunStep};

/// A run as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Id in the address of its pages.
    pub id: RunId,
    /// Digest of the cookie it is bound to.
    pub cookie: Digest,
    /// What the application asked.
    pub request: ConnectRequest,
    /// How far the owner has come.
    pub progress: Progress,
    /// When it began.
    pub created_at: Timestamp,
    /// When it can no longer be finished.
    pub expires_at: Timestamp,
    /// When it ended; `None` while it goes on.
    pub completed_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// Adds a run, whose first step is that it began.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(tx: &mut Tx<'_>, run: &Run) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO connect_runs (id, application_id, cookie, request, progress, \
                       created_at, expires_at, mode, owner) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let params = [
        Value::id(run.id),
        Value::id(run.request.application),
        (&run.cookie).into(),
        Value::json(&run.request),
        Value::json(&run.progress),
        run.created_at.into(),
        run.expires_at.into(),
        run.request.mode.as_str().into(),
        run.request.user.as_deref().unwrap_or_default().into(),
    ];
    tx.exec(SQL, &params).await?;
    let began = RunStep {
        at: run.created_at,
        event: Event::Started,
        detail: None,
    };
    run_steps::add(tx, run.id, &began).await
}

/// The run with this id.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(tx: &mut Tx<'_>, id: RunId) -> Result<Option<Run>, StoreError> {
    const SQL: &str = "SELECT cookie, request, progress, created_at, expires_at, completed_at, \
                       outcome FROM connect_runs WHERE id = $1";
    let Some(row) = tx.row(SQL, &[Value::id(id)]).await? else {
        return Ok(None);
    };
    Ok(Some(Run {
        id,
        cookie: row.digest(0)?,
        request: row.json(1)?,
        progress: row.json(2)?,
        created_at: row.time(3)?,
        expires_at: row.time(4)?,
        completed_at: row.maybe(5, Row::time)?,
        outcome: row.maybe(6, Row::json)?,
    }))
}

/// Holds a run until the unit ends, so that what is read after this and saved in the same unit
/// loses nothing that others saved; `false` when the run is over. SQLite has one writer anyway,
/// PostgreSQL's units would otherwise read the same and overwrite each other.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn hold(tx: &mut Tx<'_>, id: RunId) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE connect_runs SET progress = progress \
                       WHERE id = $1 AND completed_at IS NULL";
    Ok(tx.exec(SQL, &[Value::id(id)]).await? == 1)
}

/// Keeps how far the owner has come; `false` when the run is over.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn save(tx: &mut Tx<'_>, id: RunId, progress: &Progress) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE connect_runs SET progress = $2 \
                       WHERE id = $1 AND completed_at IS NULL";
    Ok(tx
        .exec(SQL, &[Value::id(id), Value::json(progress)])
        .await?
        == 1)
}

/// Ends a run, once: `false` when it had ended already. The logins and VINs of its progress are
/// dropped with the end; [`keep_outcome`] follows in the same unit.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn complete(
    tx: &mut Tx<'_>,
    id: RunId,
    progress: &Progress,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE connect_runs SET progress = $2, completed_at = $3 \
                       WHERE id = $1 AND completed_at IS NULL";
    let kept = Progress {
        login: None,
        vehicles: Vec::new(),
        blocked: Vec::new(),
        ..progress.clone()
    };
    let params = [Value::id(id), Value::json(&kept), now.into()];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// Keeps how a run ended, by the one that ended it.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn keep_outcome(tx: &mut Tx<'_>, id: RunId, outcome: &Outcome) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE connect_runs SET outcome = $2 WHERE id = $1";
    let params = [Value::id(id), Value::json(outcome)];
    tx.exec(SQL, &params).await.map(drop)
}
