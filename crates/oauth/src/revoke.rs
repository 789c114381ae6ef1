//! Ending tokens on request (RFC 7009).

use carport_model::Application;
use carport_store::{StoreError, Tx, audit_log, grant_families, token_pairs};

use crate::OAuth;

impl OAuth {
    /// Revokes a token of `client`: a refresh token ends its family with all access tokens, an
    /// access token ends itself. A token that is unknown or another client's changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn revoke(&self, client: &Application, token: &str) -> Result<(), StoreError> {
        let now = self.now();
        let digest = self.mint.digest(token);
        let client = client.id;
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if let Some(pair) = token_pairs::by_refresh_token(tx, &digest).await? {
                    if pair.application == client
                        && grant_families::revoke(tx, pair.family, "revoked by client", now).await?
                    {
                        let entry = audit_log::Entry {
                            at: now,
                            application: client,
                            actor: "client".to_owned(),
                            action: "grant_family.revoked".to_owned(),
                            detail: format!("on request; family {}", pair.family),
                        };
                        audit_log::append(tx, &entry).await?;
                    }
                } else if let Some(grant) = token_pairs::access(tx, &digest).await?
                    && grant.application == client
                {
                    token_pairs::revoke_access(tx, &digest, now).await?;
                }
                Ok(())
            })
            .await
    }
}
