//! One owner's tokens, kept fresh.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{Error, Result};
use crate::token_store::AnyStore;
use crate::{Access, AuthClient, Secret, TokenStore};

/// A token that ends within this time is not handed out: it has to last for the way to the server
/// and for clocks that differ.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// How often, and how far apart in milliseconds, the store is looked at after a refused refresh:
/// another process may have won and be about to save.
const SECOND_LOOKS: [u64; 4] = [0, 50, 200, 800];

/// The tokens of one owner: hands out an access token that works, refreshes it when it runs out or
/// is refused, and stores each new pair at once.
///
/// Use it in place of a token ([`Bearer`](crate::Bearer)). Clones are the same session, and
/// however many tasks use it, one refresh is under way at a time. Several processes may share one
/// store: who finds that another has refreshed takes what it saved.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
/// # support::on_carport(async |carport| {
/// # let (client, code) = (carport.client()?, carport.code("read_odometer").await?);
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("tokens.json");
/// use carport_sdk::{FileTokenStore, Paging, Session};
///
/// let session = Session::new(client.clone(), FileTokenStore::new(file));
/// // Once, when the owner comes back from Connect:
/// session.begin(client.exchange_code(&code).await?).await?;
/// // Ever after, also in later runs of the program:
/// let api = client.api()?;
/// let page = api.get_vehicles(&session, Paging::default()).await?;
/// let odometer = api.vehicle(&page.vehicles[0], &session).odometer().await?;
/// # assert!(odometer.distance >= 0.0);
/// # Ok(()) });
/// ```
#[derive(Clone)]
pub struct Session {
    client: AuthClient,
    store: Arc<dyn AnyStore>,
    state: Arc<Mutex<State>>,
}

/// What the process knows of the tokens.
#[derive(Default)]
struct State {
    access: Option<Access>,
    /// The store does not have them yet.
    unsaved: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// The session whose tokens are in this store, or will be ([`begin`](Self::begin)). Nothing is
    /// loaded or sent yet.
    ///
    /// ```
    /// use carport_sdk::{AuthClient, MemoryTokenStore, Session};
    ///
    /// let client = AuthClient::builder("id", "secret").build()?;
    /// let session = Session::new(client, MemoryTokenStore::default());
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn new(client: AuthClient, store: impl TokenStore) -> Self {
        Self {
            client,
            store: Arc::new(store),
            state: Arc::default(),
        }
    }

    /// Takes over and stores a pair of tokens, in place of what was there.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (client, code) = (carport.client()?, carport.code("read_vin").await?);
    /// # let session = carport_sdk::Session::new(client.clone(), carport_sdk::MemoryTokenStore::default());
    /// session.begin(client.exchange_code(&code).await?).await?;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::TokenStore`]; the session has the tokens all the same.
    pub async fn begin(&self, access: Access) -> Result<()> {
        self.lock().await.take(access).await
    }

    /// An access token that lasts for another minute at least, refreshed first if need be.
    ///
    /// ```no_run
    /// # async fn example(session: carport_sdk::Session) -> carport_sdk::Result<()> {
    /// let token = session.access_token().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoTokens`] before [`begin`](Self::begin), [`Error::TokenStore`],
    /// [`Error::OAuth`] when the refresh token is no longer good (the owner has to go through
    /// Connect again), [`Error::Transport`].
    pub async fn access_token(&self) -> Result<Secret> {
        let mut session = self.lock().await;
        let access = session.known().await?;
        if !access.expires_within(MARGIN) {
            return Ok(access.access_token);
        }
        session.renewed(access).await
    }

    /// Trades the tokens for new ones now, whatever their age.
    ///
    /// ```no_run
    /// # async fn example(session: carport_sdk::Session) -> carport_sdk::Result<()> {
    /// let token = session.refresh().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`access_token`](Self::access_token).
    pub async fn refresh(&self) -> Result<Secret> {
        let mut session = self.lock().await;
        let access = session.known().await?;
        session.renewed(access).await
    }

    /// A token in place of one that the server refused. Of many tasks with the same refused token
    /// the first refreshes and the others take what it got.
    pub(crate) async fn replace(&self, refused: &Secret) -> Result<Secret> {
        let mut session = self.lock().await;
        let access = session.known().await?;
        if access.access_token != *refused {
            return Ok(access.access_token);
        }
        session.renewed(access).await
    }

    async fn lock(&self) -> Locked {
        Locked {
            client: self.client.clone(),
            store: Arc::clone(&self.store),
            state: Arc::clone(&self.state).lock_owned().await,
        }
    }
}

/// The session while one task has it for itself.
struct Locked {
    client: AuthClient,
    store: Arc<dyn AnyStore>,
    state: OwnedMutexGuard<State>,
}

impl Locked {
    /// The tokens as far as this process knows; the first time, from the store.
    async fn known(&mut self) -> Result<Access> {
        if self.state.unsaved {
            self.save().await?;
        }
        if self.state.access.is_none() {
            self.state.access = self.stored().await?;
        }
        self.state.access.clone().ok_or(Error::NoTokens)
    }

    /// A token in place of this pair's. It is a task of its own, so that a caller who gives up
    /// half-way loses no tokens: the old ones are spent once the server has answered.
    async fn renewed(mut self, old: Access) -> Result<Secret> {
        let task = tokio::spawn(async move {
            let new = self.renew(old).await?;
            Ok(new.access_token)
        });
        match task.await {
            Ok(result) => result,
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(stopped) => Err(Error::TokenStore(stopped.into())),
            },
        }
    }

    async fn renew(&mut self, old: Access) -> Result<Access> {
        // Another process may have been here before.
        let old = match self.stored().await? {
            Some(other) if other.refresh_token != old.refresh_token => {
                if !other.expires_within(MARGIN) {
                    self.state.access = Some(other.clone());
                    return Ok(other);
                }
                other
            }
            _ => old,
        };
        match self.client.exchange_refresh_token(&old.refresh_token).await {
            Ok(new) => {
                self.take(new.clone()).await?;
                Ok(new)
            }
            Err(Error::OAuth(refusal)) if refusal.status_code == 400 => {
                let other = self.lost_race(&old).await?;
                other.ok_or(Error::OAuth(refusal))
            }
            Err(other) => Err(other),
        }
    }

    /// What another process saved while this one asked with the same refresh token.
    async fn lost_race(&mut self, tried: &Access) -> Result<Option<Access>> {
        for pause in SECOND_LOOKS {
            tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
            let stored = self.stored().await?;
            if let Some(other) = stored.filter(|other| other.refresh_token != tried.refresh_token) {
                self.state.access = Some(other.clone());
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    /// Keeps a new pair, here before there: should the store fail, the tokens are not lost.
    async fn take(&mut self, access: Access) -> Result<()> {
        self.state.access = Some(access);
        self.state.unsaved = true;
        self.save().await
    }

    async fn save(&mut self) -> Result<()> {
        if let Some(access) = &self.state.access {
            self.store.save(access).await.map_err(Error::TokenStore)?;
        }
        self.state.unsaved = false;
        Ok(())
    }

    async fn stored(&self) -> Result<Option<Access>> {
        self.store.load().await.map_err(Error::TokenStore)
    }
}

#[cfg(test)]
#[path = "session/tests.rs"]
mod tests;
