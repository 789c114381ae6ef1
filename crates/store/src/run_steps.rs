//! The steps of runs through Connect, written in the unit of work of the step itself. No e-mail, no
//! VIN: what the makers of an application may look at.

use carport_model::run::event::Event;
use carport_model::{RunId, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStep {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// Country, brand, number of cars or code of an error, as the event has it.
    pub detail: Option<String>,
}

/// Adds a step to a run that the unit holds, and keeps what runs are searched by.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn add(tx: &mut Tx<'_>, run: RunId, step: &RunStep) -> Result<(), StoreError> {
    const ADD: &str = "INSERT INTO run_steps (run_id, number, at, event, detail) VALUES ($1, \
                       (SELECT COALESCE(MAX(number), 0) + 1 FROM run_steps WHERE run_id = $1), \
                       $2, $3, $4)";
    const KEEP: &str = "UPDATE connect_runs SET \
                        reached = CASE WHEN reached < $2 THEN $2 ELSE reached END, \
                        brand = COALESCE($3, brand), ended = COALESCE($4, ended) WHERE id = $1";
    let detail = Value::optional(step.detail.clone());
    let params = [
        Value::id(run),
        step.at.into(),
        step.event.as_str().into(),
        detail,
    ];
    tx.exec(ADD, &params).await?;
    let brand = step.detail.clone();
    let brand = brand.filter(|_| step.event == Event::BrandChosen);
    let kept = [
        Value::id(run),
        i64::from(step.event.reached() as u8).into(),
        Value::optional(brand),
        Value::optional(ended(step)),
    ];
    tx.exec(KEEP, &kept).await.map(drop)
}

/// How a run ended with this step, if it did.
fn ended(step: &RunStep) -> Option<String> {
    match step.event {
        Event::Allowed => Some("granted".to_owned()),
        Event::Renewed => Some("reauthenticated".to_owned()),
        Event::CapacityChosen => Some("capacity_chosen".to_owned()),
        Event::Failed => step.detail.clone(),
        _ => None,
    }
}

/// The steps of a run in their order.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn of(tx: &mut Tx<'_>, run: RunId) -> Result<Vec<RunStep>, StoreError> {
    const SQL: &str = "SELECT at, event, detail FROM run_steps WHERE run_id = $1 ORDER BY number";
    let rows = tx.rows(SQL, &[Value::id(run)]).await?;
    rows.iter()
        .map(|row| {
            Ok(RunStep {
                at: row.time(0)?,
                event: row.parsed(1)?,
                detail: row.maybe(2, Row::text)?.map(str::to_owned),
            })
        })
        .collect()
}
