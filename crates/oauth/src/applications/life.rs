//! How an application is disabled, suspended and deleted.

use carport_model::{ApplicationId, Timestamp};
use carport_store::{StoreError, Tx, applications, connection_lists, users, webhooks};

use super::{ApplicationError, Applications, hold, note};

/// What goes with an application when it is deleted: users and connections are counted up to
/// [`Effect::MANY`] and one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effect {
    /// Owners who connected a car.
    pub users: i64,
    /// Cars that are connected.
    pub connections: i64,
    /// Its webhooks.
    pub webhooks: i64,
}

impl Effect {
    /// What is counted at most: whoever reads that many does not ask for the rest.
    pub const MANY: i64 = 10_000;
}

impl Applications {
    /// Suspends an application: the vehicle API refuses its calls until [`Applications::resume`].
    /// `false` when it was suspended before.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn suspend(&self, id: ApplicationId) -> Result<bool, ApplicationError> {
        let now = self.now();
        self.set_suspended(id, Some(now), "application.suspended")
            .await
    }

    /// Ends a suspension; `false` when there was none.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn resume(&self, id: ApplicationId) -> Result<bool, ApplicationError> {
        self.set_suspended(id, None, "application.resumed").await
    }

    async fn set_suspended(
        &self,
        id: ApplicationId,
        since: Option<Timestamp>,
        action: &str,
    ) -> Result<bool, ApplicationError> {
        let entry = self.entry(id, action);
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                hold(tx, id).await?;
                let changed = applications::suspend(tx, id, since).await?;
                if changed {
                    note(tx, &entry, "").await?;
                }
                Ok(changed)
            })
            .await
    }

    /// Enables or disables an application: a disabled one is unknown to Connect, to the token
    /// endpoint and to both APIs. `false` when it was so before.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn enable(&self, id: ApplicationId, enabled: bool) -> Result<bool, ApplicationError> {
        let action = if enabled {
            "application.enabled"
        } else {
            "application.disabled"
        };
        let entry = self.entry(id, action);
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                hold(tx, id).await?;
                let changed = applications::enable(tx, id, enabled).await?;
                if changed {
                    note(tx, &entry, "").await?;
                }
                Ok(changed)
            })
            .await
    }

    /// What goes with an application when it is deleted.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn effect_of_deletion(&self, id: ApplicationId) -> Result<Effect, StoreError> {
        self.store
            .read(async move |tx: &mut Tx<'_>| {
                let most = Effect::MANY + 1;
                Ok(Effect {
                    users: users::count(tx, id, most).await?,
                    connections: connection_lists::count_to(tx, id, most).await?,
                    webhooks: webhooks::count(tx, id).await?,
                })
            })
            .await
    }

    /// Deletes an application with everything under it; its tokens stop working at once.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn delete(&self, id: ApplicationId) -> Result<(), ApplicationError> {
        let entry = self.entry(id, "application.deleted");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if !applications::delete(tx, id).await? {
                    return Err(ApplicationError::Unknown);
                }
                note(tx, &entry, "").await?;
                Ok(())
            })
            .await
    }
}
