//! Members as a company's OpenID Connect provider knows them: by issuer and subject.
//! Source: OpenID Connect Core 1.0, section 5.7: nothing else names a person for good.

use carport_model::{Member, MemberId, Timestamp};

use crate::engine::{Tx, Value};
use crate::{StoreError, members};

/// The member whom the provider knows by this subject.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    issuer: &str,
    subject: &str,
) -> Result<Option<Member>, StoreError> {
    const SQL: &str = "SELECT member_id FROM member_identities \
                       WHERE issuer = $1 AND subject = $2";
    match tx.row(SQL, &[issuer.into(), subject.into()]).await? {
        Some(row) => members::find(tx, row.id(0)?).await,
        None => Ok(None),
    }
}

/// Binds a member to a subject; `false`, and nothing is changed, when the member is somebody else
/// at this provider already, or the subject is another member's.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn bind(
    tx: &mut Tx<'_>,
    member: MemberId,
    issuer: &str,
    subject: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "INSERT INTO member_identities (issuer, subject, member_id, bound_at) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let params = [issuer.into(), subject.into(), Value::id(member), now.into()];
    Ok(tx.exec(SQL, &params).await? == 1)
}
