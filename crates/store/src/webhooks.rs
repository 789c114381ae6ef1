//! Webhooks of applications.

use carport_model::{ApplicationId, Webhook, WebhookId};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// A webhook and how many vehicles are subscribed to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The webhook.
    pub webhook: Webhook,
    /// Subscriptions, 0 or more.
    pub subscriptions: i64,
}

/// Adds a webhook; `false`, and nothing is changed, when the id is taken.
///
/// # Errors
/// [`StoreError`] from the database, also when there is no such application.
pub async fn insert(tx: &mut Tx<'_>, webhook: &Webhook) -> Result<bool, StoreError> {
    const SQL: &str = "INSERT INTO webhooks (id, application_id, name, callback_uri, created_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
    let params = [
        Value::id(webhook.id),
        Value::id(webhook.application),
        webhook.name.as_str().into(),
        webhook.callback_uri.as_str().into(),
        webhook.created_at.into(),
    ];
    Ok(tx.exec(SQL, &params).await? == 1)
}

/// The webhook with this id, whoever it belongs to.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(tx: &mut Tx<'_>, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    const SQL: &str = "SELECT id, application_id, name, callback_uri, created_at \
                       FROM webhooks WHERE id = $1";
    tx.row(SQL, &[Value::id(id)])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// How many webhooks an application has.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn count(tx: &mut Tx<'_>, application: ApplicationId) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM webhooks WHERE application_id = $1";
    tx.row(SQL, &[Value::id(application)])
        .await?
        .map_or(Ok(0), |row| row.int(0))
}

/// The webhooks of an application, oldest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn list(tx: &mut Tx<'_>, application: ApplicationId) -> Result<Vec<Listed>, StoreError> {
    const SQL: &str = "SELECT webhooks.id, webhooks.application_id, webhooks.name, \
                       webhooks.callback_uri, webhooks.created_at, \
                       COUNT(subscriptions.webhook_id) FROM webhooks \
                       LEFT JOIN subscriptions ON subscriptions.webhook_id = webhooks.id \
                       WHERE webhooks.application_id = $1 \
                       GROUP BY webhooks.id ORDER BY webhooks.created_at, webhooks.id";
    let rows = tx.rows(SQL, &[Value::id(application)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                webhook: read(row)?,
                subscriptions: row.int(5)?,
            })
        })
        .collect()
}

/// Deletes a webhook with its subscriptions; `false` when it was not there.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn delete(tx: &mut Tx<'_>, id: WebhookId) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM webhooks WHERE id = $1";
    Ok(tx.exec(SQL, &[Value::id(id)]).await? == 1)
}

fn read(row: &Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: row.id(0)?,
        application: row.id(1)?,
        name: row.text(2)?.to_owned(),
        callback_uri: row.text(3)?.to_owned(),
        created_at: row.time(4)?,
    })
}
