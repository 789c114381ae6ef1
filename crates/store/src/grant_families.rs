//! Rotation families: all token pairs that descend from one code.

use carport_model::{ApplicationId, FamilyId, Mode, Timestamp, UserId};

use crate::engine::{Tx, Value};
use crate::{StoreError, change_log, token_pairs};

/// Founds a family.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(
    tx: &mut Tx<'_>,
    id: FamilyId,
    application: ApplicationId,
    (user, mode): (UserId, Mode),
    now: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO grant_families (id, application_id, user_id, mode, created_at) \
                       VALUES ($1, $2, $3, $4, $5)";
    let params = [
        Value::text(&id),
        Value::text(&application),
        Value::text(&user),
        mode.as_str().into(),
        now.into(),
    ];
    tx.exec(SQL, &params).await.map(drop)
}

/// Revokes a family and every token in it, once: `false` when it was revoked before.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn revoke(
    tx: &mut Tx<'_>,
    id: FamilyId,
    because: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE grant_families SET revoked_at = $2, revoked_because = $3 \
                       WHERE id = $1 AND revoked_at IS NULL";
    if let Some(lock) = tx.dialect().lock_family() {
        tx.rows(lock, &[Value::text(&id)]).await?;
    }
    let revoked = tx
        .exec(SQL, &[Value::text(&id), now.into(), because.into()])
        .await?
        == 1;
    if revoked {
        for token in token_pairs::access_tokens_of(tx, id, now).await? {
            change_log::append(tx, change_log::Change::Token(token)).await?;
        }
    }
    Ok(revoked)
}
