//! What a token is worth (RFC 7662).

use carport_model::{ApplicationId, Mode, Permissions, Timestamp, UserId};
use carport_store::{StoreError, Tx, connections, token_pairs};

use crate::OAuth;

/// What a working token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introspection {
    /// Everything the owner granted to the application, over all vehicles.
    pub scope: Permissions,
    /// The owner.
    pub user: UserId,
    /// Mode.
    pub mode: Mode,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// An access token, as opposed to a refresh token.
    pub is_access_token: bool,
}

impl OAuth {
    /// Looks at a token of `application`; `None` when it does not work, for whatever reason.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn introspect(
        &self,
        application: ApplicationId,
        token: &str,
    ) -> Result<Option<Introspection>, StoreError> {
        let now = self.now();
        let digest = self.mint.digest(token);
        self.store
            .scan(async move |tx: &mut Tx<'_>| {
                let found = match token_pairs::access(tx, &digest).await? {
                    Some(grant) if grant.application == application => Some(Introspection {
                        scope: Permissions::default(),
                        user: grant.user,
                        mode: grant.mode,
                        issued_at: grant.issued_at,
                        expires_at: grant.expires_at,
                        is_access_token: true,
                    }),
                    Some(_) => None,
                    None => token_pairs::by_refresh_token(tx, &digest)
                        .await?
                        .filter(|grant| grant.application == application)
                        .filter(|grant| !grant.revoked && grant.refreshed_at.is_none())
                        .map(|grant| Introspection {
                            scope: Permissions::default(),
                            user: grant.user,
                            mode: grant.mode,
                            issued_at: grant.issued_at,
                            expires_at: grant.expires_at,
                            is_access_token: false,
                        }),
                };
                let Some(mut found) = found.filter(|found| found.expires_at > now) else {
                    return Ok(None);
                };
                let granted = connections::granted_by(tx, found.user).await?;
                found.scope = granted
                    .iter()
                    .flat_map(|(_, permissions)| permissions.as_slice())
                    .copied()
                    .collect();
                Ok(Some(found))
            })
            .await
    }
}
