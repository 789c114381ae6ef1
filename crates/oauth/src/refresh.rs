//! New tokens for an old refresh token. Source: contract connect-oauth, B.3.

use std::time::Duration;

use carport_model::Application;
use carport_store::{StoreError, Tx, audit_log, grant_families, token_pairs};

use crate::{GrantError, OAuth, TokenSet};

enum Outcome {
    Granted,
    Refused,
}

impl OAuth {
    /// Exchanges a refresh token for a fresh pair of the same family. A used one works again
    /// within the grace; after it, that counts as theft and ends the family (RFC 9700, 2.2.2).
    ///
    /// # Errors
    /// [`GrantError`] says why there are no tokens.
    pub async fn refresh(
        &self,
        client: &Application,
        refresh_token: &str,
    ) -> Result<TokenSet, GrantError> {
        let now = self.now();
        let digest = self.mint.digest(refresh_token);
        let grace = if client.public {
            Duration::ZERO
        } else {
            self.settings.refresh_grace
        };
        let client = client.id;
        // The family is known only inside the unit; until then the pair carries a placeholder.
        let (tokens, pair) = self.draw_pair(carport_model::FamilyId::from_bytes([0; 16]), now);
        let plain = pair.clone();
        let rotated = self
            .store
            .write_alone(async move |tx: &mut Tx<'_>| {
                token_pairs::rotate(tx, &digest, client, &plain).await
            })
            .await?;
        if rotated {
            return Ok(tokens);
        }
        // What was no plain first use is looked at closely.
        let outcome = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let Some(old) = token_pairs::by_refresh_token(tx, &digest).await? else {
                    return Ok(Outcome::Refused);
                };
                if old.application != client || old.revoked || old.expires_at <= now {
                    return Ok(Outcome::Refused);
                }
                // One that was in order and unused was rotated above.
                let Some(used_at) = old.refreshed_at else {
                    return Ok(Outcome::Refused);
                };
                if grace.is_zero() || now.since(used_at) > grace {
                    grant_families::revoke(tx, old.family, "refresh token reused", now).await?;
                    let entry = audit_log::Entry {
                        at: now,
                        application: old.application,
                        actor: "client".to_owned(),
                        action: "grant_family.revoked".to_owned(),
                        detail: format!("refresh token reused; family {}", old.family),
                    };
                    audit_log::append(tx, &entry).await?;
                    return Ok(Outcome::Refused);
                }
                let pair = token_pairs::NewPair {
                    family: old.family,
                    ..pair.clone()
                };
                token_pairs::insert(tx, &pair).await?;
                Ok::<_, StoreError>(Outcome::Granted)
            })
            .await?;
        match outcome {
            Outcome::Granted => Ok(tokens),
            Outcome::Refused => Err(GrantError::RefreshToken),
        }
    }
}
