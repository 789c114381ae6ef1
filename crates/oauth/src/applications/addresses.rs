//! Redirect URIs of an application.

use carport_model::ApplicationId;
use carport_store::{Tx, redirect_uris};

use super::{ApplicationError, Applications, checked, hold, note};
use crate::redirect_uri;

impl Applications {
    /// Adds a redirect URI; `false` when it was there already.
    ///
    /// # Errors
    /// [`ApplicationError`] says what to change.
    pub async fn add_redirect_uri(
        &self,
        id: ApplicationId,
        uri: &str,
    ) -> Result<bool, ApplicationError> {
        checked(uri, id)?;
        let uri = uri.to_owned();
        let entry = self.entry(id, "redirect_uri.added");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                hold(tx, id).await?;
                let known = redirect_uris::list(tx, id).await?;
                if known.contains(&uri) {
                    return Ok(false);
                }
                if known.len() >= redirect_uri::MAX_COUNT {
                    return Err(ApplicationError::TooManyRedirectUris);
                }
                redirect_uris::add(tx, id, &uri).await?;
                note(tx, &entry, &uri).await?;
                Ok(true)
            })
            .await
    }

    /// Removes a redirect URI; `false` when it was not there. When it was the default, the next one
    /// becomes it.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn remove_redirect_uri(
        &self,
        id: ApplicationId,
        uri: &str,
    ) -> Result<bool, ApplicationError> {
        let uri = uri.to_owned();
        let entry = self.entry(id, "redirect_uri.removed");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                hold(tx, id).await?;
                let removed = redirect_uris::remove(tx, id, &uri).await?;
                if removed {
                    note(tx, &entry, &uri).await?;
                }
                Ok(removed)
            })
            .await
    }

    /// Makes a registered redirect URI the default; `false` when it was before.
    ///
    /// # Errors
    /// [`ApplicationError::UnknownRedirectUri`] when it is not registered.
    pub async fn make_default_redirect_uri(
        &self,
        id: ApplicationId,
        uri: &str,
    ) -> Result<bool, ApplicationError> {
        let uri = uri.to_owned();
        let entry = self.entry(id, "redirect_uri.made_default");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                hold(tx, id).await?;
                if redirect_uris::list(tx, id).await?.first() == Some(&uri) {
                    return Ok(false);
                }
                if !redirect_uris::make_default(tx, id, &uri).await? {
                    return Err(ApplicationError::UnknownRedirectUri);
                }
                note(tx, &entry, &uri).await?;
                Ok(true)
            })
            .await
    }
}
