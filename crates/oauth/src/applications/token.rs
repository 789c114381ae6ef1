//! The management token: it signs webhooks and opens the management API, so it can be read again.

use carport_model::token::draw_secret;
use carport_model::{ApplicationId, Digest, Secret};
use carport_store::applications::ManagementToken;
use carport_store::{Tx, applications};

use super::{ApplicationError, Applications, note};

impl Applications {
    /// Makes a new management token; the old one stops working at once.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn rotate_token(
        &self,
        id: ApplicationId,
    ) -> Result<Secret<String>, ApplicationError> {
        let token = draw_secret(&*self.rng);
        let kept = self.keep(id, &token);
        let entry = self.entry(id, "management_token.rotated");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if !applications::replace_management_token(tx, id, &kept).await? {
                    return Err(ApplicationError::Unknown);
                }
                note(tx, &entry, "").await?;
                Ok(())
            })
            .await
            .map(|()| token)
    }

    /// The management token, for somebody who asked to see it; the audit log keeps that they did.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application, and
    /// [`ApplicationError::Sealed`] when the key of the installation is another one.
    pub async fn reveal_token(
        &self,
        id: ApplicationId,
    ) -> Result<Secret<String>, ApplicationError> {
        let entry = self.entry(id, "management_token.shown");
        let sealed = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let sealed = applications::sealed_management_token(tx, id).await?;
                let sealed = sealed.ok_or(ApplicationError::Unknown)?;
                note(tx, &entry, "").await?;
                Ok::<_, ApplicationError>(sealed)
            })
            .await?;
        Ok(self.sealer.open(&sealed, &place(id))?)
    }

    pub(super) fn keep(&self, id: ApplicationId, token: &Secret<String>) -> ManagementToken {
        ManagementToken {
            digest: Digest::of(token.expose()),
            sealed: self.sealer.seal(token, &place(id), &*self.rng),
        }
    }
}

/// Where the sealed token lies.
fn place(id: ApplicationId) -> String {
    format!("applications/{id}/management_token")
}
