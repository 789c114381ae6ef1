//! Rotation families: all token pairs that descend from one code.

use carport_model::{ApplicationId, FamilyId, Mode, Timestamp, UserId};

use crate::StoreError;
use crate::change_log::{self, Change};
use crate::engine::{Tx, Value};

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
        Value::id(id),
        Value::id(application),
        Value::id(user),
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
    let revoked = tx
        .exec(SQL, &[Value::id(id), now.into(), because.into()])
        .await?
        == 1;
    if revoked {
        change_log::append(tx, Change::Family(id)).await?;
    }
    Ok(revoked)
}

/// Revokes every family of a user and tells which ended; those that were revoked before keep
/// their time and reason.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn revoke_all(
    tx: &mut Tx<'_>,
    user: UserId,
    because: &str,
    now: Timestamp,
) -> Result<Vec<FamilyId>, StoreError> {
    const SQL: &str = "UPDATE grant_families SET revoked_at = $2, revoked_because = $3 \
                       WHERE user_id = $1 AND revoked_at IS NULL RETURNING id";
    let rows = tx
        .rows(SQL, &[Value::id(user), now.into(), because.into()])
        .await?;
    let ended: Vec<FamilyId> = rows.iter().map(|row| row.id(0)).collect::<Result<_, _>>()?;
    for id in &ended {
        change_log::append(tx, Change::Family(*id)).await?;
    }
    Ok(ended)
}
