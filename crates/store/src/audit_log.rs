//! Who changed or lost what; append-only.

use carport_model::{ApplicationId, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// What entries name that concern no application: the team, its members, their sessions.
pub const NO_APPLICATION: ApplicationId = ApplicationId::from_bytes([0; 16]);

/// One entry. No secret, token, VIN, e-mail or position belongs in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Application it concerns; [`NO_APPLICATION`] for none.
    pub application: ApplicationId,
    /// Who: `client`, `operator`, `owner`, `member` and an id.
    pub actor: String,
    /// What, as `noun.verb`.
    pub action: String,
    /// Ids of what was touched.
    pub detail: String,
}

/// The place of an entry in the log: its instant, then a number that the database drew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When.
    pub at: Timestamp,
    /// Tells entries of one millisecond apart.
    pub tie: i64,
}

/// Which entries are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Of this application; [`NO_APPLICATION`] for those of none.
    pub application: Option<ApplicationId>,
    /// By this actor.
    pub actor: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
}

/// Appends an entry.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn append(tx: &mut Tx<'_>, entry: &Entry) -> Result<(), StoreError> {
    let params = [
        entry.at.into(),
        Value::id(entry.application),
        entry.actor.as_str().into(),
        entry.action.as_str().into(),
        entry.detail.as_str().into(),
    ];
    let sql = tx.dialect().append_audit();
    tx.exec(sql, &params).await.map(drop)
}

/// The newest entries of an application, newest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn newest(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let filter = Filter {
        application: Some(application),
        ..Filter::default()
    };
    let page = page(tx, &filter, None, limit).await?;
    Ok(page.into_iter().map(|(_, entry)| entry).collect())
}

/// A page of the wanted entries, newest first, from behind `after`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<(Place, Entry)>, StoreError> {
    // One statement for each filter that has an index of its own; the rest is looked at in passing.
    const ALL: &str = "SELECT at, tie, application_id, actor, action, detail FROM audit_log \
                       WHERE (at, tie) < ($1, $2) AND at >= $3 \
                       ORDER BY at DESC, tie DESC LIMIT $4";
    const OF_APPLICATION: &str = "SELECT at, tie, application_id, actor, action, detail \
                       FROM audit_log WHERE application_id = $5 AND (at, tie) < ($1, $2) \
                       AND at >= $3 AND ($6 = '' OR actor = $6) AND ($7 = '' OR action = $7) \
                       ORDER BY at DESC, tie DESC LIMIT $4";
    const OF_ACTOR: &str = "SELECT at, tie, application_id, actor, action, detail \
                       FROM audit_log WHERE actor = $5 AND (at, tie) < ($1, $2) \
                       AND at >= $3 AND ($6 = '' OR action = $6) \
                       ORDER BY at DESC, tie DESC LIMIT $4";
    const OF_ACTION: &str = "SELECT at, tie, application_id, actor, action, detail \
                       FROM audit_log WHERE action = $5 AND (at, tie) < ($1, $2) \
                       AND at >= $3 ORDER BY at DESC, tie DESC LIMIT $4";
    let place = start(filter, after);
    let from = filter.from.map_or(i64::MIN, Timestamp::millis);
    let mut params = vec![place.at.into(), place.tie.into(), from.into(), limit.into()];
    let text = |text: &Option<String>| Value::from(text.as_deref().unwrap_or_default());
    let sql = match (filter.application, &filter.actor, &filter.action) {
        (Some(application), actor, action) => {
            params.extend([Value::id(application), text(actor), text(action)]);
            OF_APPLICATION
        }
        (None, Some(actor), action) => {
            params.extend([actor.as_str().into(), text(action)]);
            OF_ACTOR
        }
        (None, None, Some(action)) => {
            params.push(action.as_str().into());
            OF_ACTION
        }
        (None, None, None) => ALL,
    };
    tx.rows(sql, &params).await?.iter().map(read).collect()
}

/// Every actor that the log names, in the order of their names, `limit` at most.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn actors(tx: &mut Tx<'_>, limit: usize) -> Result<Vec<String>, StoreError> {
    const NEXT: &str = "SELECT actor FROM audit_log WHERE actor > $1 ORDER BY actor LIMIT 1";
    steps(tx, NEXT, limit).await
}

/// Every action that the log names, in the order of their names, `limit` at most.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn actions(tx: &mut Tx<'_>, limit: usize) -> Result<Vec<String>, StoreError> {
    const NEXT: &str = "SELECT action FROM audit_log WHERE action > $1 ORDER BY action LIMIT 1";
    steps(tx, NEXT, limit).await
}

/// Steps through an index from one value to the next, which is quick however long the log is.
async fn steps(
    tx: &mut Tx<'_>,
    next: &'static str,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let mut values: Vec<String> = Vec::new();
    while values.len() < limit {
        let last = values.last().map(String::as_str).unwrap_or_default();
        let Some(row) = tx.row(next, &[last.into()]).await? else {
            break;
        };
        values.push(row.text(0)?.to_owned());
    }
    Ok(values)
}

/// Behind which place the page begins: behind `after`, and before the end of the wanted time.
fn start(filter: &Filter, after: Option<Place>) -> Place {
    let end = Place {
        at: filter.to.unwrap_or(Timestamp::from_millis(i64::MAX)),
        tie: i64::MIN,
    };
    after.map_or(end, |after| after.min(end))
}

fn read(row: &Row) -> Result<(Place, Entry), StoreError> {
    let place = Place {
        at: row.time(0)?,
        tie: row.int(1)?,
    };
    let entry = Entry {
        at: place.at,
        application: row.id(2)?,
        actor: row.text(3)?.to_owned(),
        action: row.text(4)?.to_owned(),
        detail: row.text(5)?.to_owned(),
    };
    Ok((place, entry))
}
