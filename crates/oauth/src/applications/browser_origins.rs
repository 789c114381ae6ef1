//! Origins of browser applications. They are registered as redirect URIs: the redirect page, with
//! the origin that it may pass the answer on to. Source: contract connect-oauth, C, "Redirect URI
//! formats".

use carport_model::ApplicationId;
use carport_store::{StoreError, Tx, redirect_uris};
use carport_web::origin::origin_of;
use url::Url;

use super::{ApplicationError, Applications};
use crate::redirect_uri::{REDIRECT_PAGE, browser_origin};

/// The origins among redirect URIs, in their order and without repeats.
#[must_use]
pub fn browser_origins(uris: &[String]) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    for origin in uris.iter().filter_map(|uri| passed_on_to(uri)) {
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

/// The origin to which a redirect page passes the answer on; none for other addresses.
fn passed_on_to(uri: &str) -> Option<String> {
    let parsed = Url::parse(uri).ok()?;
    let names_one = parsed.query_pairs().any(|(name, _)| name == "app_origin");
    let is_page = parsed.path() == REDIRECT_PAGE && names_one;
    is_page.then(|| browser_origin(uri)).flatten()
}

impl Applications {
    /// Lets pages of an origin use the browser SDK with this server; `false` when they could before.
    /// `public_url` is where browsers reach the redirect page.
    ///
    /// # Errors
    /// [`ApplicationError`] says what to change.
    pub async fn add_browser_origin(
        &self,
        id: ApplicationId,
        public_url: &str,
        origin: &str,
    ) -> Result<bool, ApplicationError> {
        let typed = origin.trim().trim_end_matches('/');
        let is_bare = typed
            .split_once("://")
            .is_some_and(|(_, rest)| !rest.contains(['/', '?', '#', '@']));
        let origin = origin_of(typed).filter(|_| is_bare);
        let origin = origin.unwrap_or_else(|| typed.to_owned());
        let uri = format!("{public_url}{REDIRECT_PAGE}?app_origin={origin}");
        self.add_redirect_uri(id, &uri).await
    }

    /// Ends that, whatever server's redirect page it was registered with; `false` when it was not.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn remove_browser_origin(
        &self,
        id: ApplicationId,
        origin: &str,
    ) -> Result<bool, ApplicationError> {
        let list = async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await;
        let uris: Result<Vec<String>, StoreError> = self.store.read(list).await;
        let uris = uris?;
        let mut removed = false;
        for uri in uris
            .iter()
            .filter(|uri| passed_on_to(uri).as_deref() == Some(origin))
        {
            removed |= self.remove_redirect_uri(id, uri).await?;
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use carport_testkit::TestBed;

    use super::*;
    use crate::sealing::Sealer;

    #[tokio::test]
    async fn origins_come_and_go_as_redirect_uris() {
        let bed = TestBed::new().await;
        let id = bed.application().await.application.id;
        let sealer = Sealer::new(&[7; 32]);
        let registry = Applications::new(bed.store.clone(), bed.clock(), bed.rng(), sealer);
        let here = "https://cars.example.net";
        let uris = async || {
            let list = async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await;
            let listed: Result<Vec<String>, StoreError> = bed.store.read(list).await;
            listed.unwrap()
        };
        let original =
            "https://javascript-sdk.smartcar.com/v2/redirect?app_origin=https://app.example.org";
        assert!(registry.add_redirect_uri(id, original).await.unwrap());
        for (origin, is_new) in [
            ("http://localhost:3000", true),
            (" http://localhost:3000/ ", false),
            ("https://APP.example.org:443", true),
        ] {
            let added = registry.add_browser_origin(id, here, origin).await;
            assert_eq!(added.unwrap(), is_new, "{origin}");
        }
        for wrong in [
            "http://app.example.org",
            "https://app.example.org/x",
            "app",
            "",
            "https://a@b.c",
        ] {
            let refused = registry.add_browser_origin(id, here, wrong).await;
            assert!(
                matches!(refused, Err(ApplicationError::RedirectUri { .. })),
                "{wrong}"
            );
        }
        assert_eq!(
            browser_origins(&uris().await),
            ["https://app.example.org", "http://localhost:3000"]
        );
        let gone = registry
            .remove_browser_origin(id, "https://app.example.org")
            .await;
        assert!(gone.unwrap());
        let again = registry
            .remove_browser_origin(id, "https://app.example.org")
            .await;
        assert!(!again.unwrap());
        assert_eq!(browser_origins(&uris().await), ["http://localhost:3000"]);
        assert_eq!(uris().await.len(), 3, "two are the bed's own");
    }
}
