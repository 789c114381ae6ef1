//! The application whose settings are looked at or changed, and how a change went.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use carport_model::ApplicationId;
use carport_oauth::applications::{ConnectChange, SettingError};
use carport_store::Client;

use crate::Dashboard;
use crate::access::Visitor;
use crate::applications::tabs::{self, Head, Subject, Tab};
use crate::applications::trouble::{Wrong, store_failed, unknown};
use crate::previews::Shown;

/// An application with what it has set.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// What stands around its pages.
    pub subject: Subject,
    /// With what it has set.
    pub client: Arc<Client>,
}

impl Side {
    /// That of the application with this id.
    ///
    /// # Errors
    /// The page to answer with when there is none, or none that the visitor sees.
    pub(super) async fn find(
        dashboard: &Dashboard,
        visitor: &Visitor,
        id: &str,
    ) -> Result<Self, Response> {
        let subject = tabs::subject(dashboard, visitor, id).await?;
        let client = dashboard.store.client(subject.id()).await;
        let client = client.map_err(|error| store_failed(&error))?;
        let client = client.ok_or_else(|| unknown().into_response())?;
        Ok(Self { subject, client })
    }

    pub(super) fn id(&self) -> ApplicationId {
        self.subject.id()
    }

    /// What stands around a page.
    pub(super) fn head(&self, visitor: &Visitor, tab: Tab, wrong: &Wrong) -> Head {
        let head = Head::of(visitor, &self.subject, tab);
        head.titled(|title| wrong.title(title))
    }

    /// As owners see it, or would see it after `change`; as it is, when that cannot be.
    pub(super) fn shown(&self, dashboard: &Dashboard, change: &ConnectChange) -> Shown {
        let mut application = self.client.application.clone();
        let mut settings = (*self.client.settings).clone();
        let changed = change.apply(&mut application, &mut settings, &dashboard.brands);
        if changed.is_err() {
            application = self.client.application.clone();
            settings = (*self.client.settings).clone();
        }
        Shown {
            application,
            settings,
            redirect_uri: self.subject.redirect_uris.first().cloned(),
        }
    }

    /// Carries a change out.
    pub(super) async fn change(
        &self,
        dashboard: &Dashboard,
        visitor: &Visitor,
        change: ConnectChange,
    ) -> Result<(), SettingError> {
        let registry = dashboard.applications.acting_as(&visitor.member.actor);
        let brands = Arc::clone(&dashboard.brands);
        registry
            .change_connect_side(self.id(), change, brands)
            .await
    }
}

/// The field that an error is about; everything else is a page of its own.
pub(super) fn at_field(error: SettingError) -> Result<Wrong, Box<Response>> {
    match error {
        SettingError::Refused { field, reason } => Ok(Wrong::at(field, reason)),
        SettingError::Unknown => Err(Box::new(unknown().into_response())),
        SettingError::Store(error) => Err(Box::new(store_failed(&error))),
    }
}
