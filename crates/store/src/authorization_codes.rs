//! Authorization codes, as digests.

use carport_model::code_challenge::CodeChallenge;
use carport_model::{ApplicationId, Digest, FamilyId, Mode, Timestamp, UserId};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// A code and what it is bound to (contract connect-oauth, B.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// Digest of the code.
    pub digest: Digest,
    /// Application it was made for.
    pub application: ApplicationId,
    /// Owner who granted.
    pub user: UserId,
    /// Mode of the grant.
    pub mode: Mode,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// Whether the authorization request named that URI itself.
    pub redirect_uri_given: bool,
    /// PKCE challenge to be answered.
    pub challenge: Option<CodeChallenge>,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// First exchange.
    pub exchanged_at: Option<Timestamp>,
    /// Family that the exchange founded.
    pub family: Option<FamilyId>,
}

/// Adds a code.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn insert(tx: &mut Tx<'_>, code: &AuthorizationCode) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO authorization_codes (digest, application_id, user_id, mode, \
                       redirect_uri, redirect_uri_given, challenge, issued_at, expires_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let params = [
        (&code.digest).into(),
        Value::id(code.application),
        Value::id(code.user),
        code.mode.as_str().into(),
        code.redirect_uri.as_str().into(),
        code.redirect_uri_given.into(),
        Value::optional(code.challenge.as_ref().map(Value::json)),
        code.issued_at.into(),
        code.expires_at.into(),
    ];
    tx.exec(SQL, &params).await.map(drop)
}

/// The code with this digest, used or not.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    digest: &Digest,
) -> Result<Option<AuthorizationCode>, StoreError> {
    const SQL: &str = "SELECT application_id, user_id, mode, redirect_uri, redirect_uri_given, \
                       challenge, issued_at, expires_at, exchanged_at, family_id \
                       FROM authorization_codes WHERE digest = $1";
    let Some(row) = tx.row(SQL, &[digest.into()]).await? else {
        return Ok(None);
    };
    Ok(Some(AuthorizationCode {
        digest: *digest,
        application: row.id(0)?,
        user: row.id(1)?,
        mode: row.parsed(2)?,
        redirect_uri: row.text(3)?.to_owned(),
        redirect_uri_given: row.flag(4)?,
        challenge: row.maybe(5, Row::json)?,
        issued_at: row.time(6)?,
        expires_at: row.time(7)?,
        exchanged_at: row.maybe(8, Row::time)?,
        family: row.maybe(9, Row::id)?,
    }))
}

/// Marks a code as exchanged for a family; `false` for all but one of those who try.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn mark_exchanged(
    tx: &mut Tx<'_>,
    digest: &Digest,
    family: FamilyId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE authorization_codes SET exchanged_at = $2, family_id = $3 \
                       WHERE digest = $1 AND exchanged_at IS NULL";
    Ok(tx
        .exec(SQL, &[digest.into(), now.into(), Value::id(family)])
        .await?
        == 1)
}
