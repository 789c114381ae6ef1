//! Carries requests of commands out.

use std::time::Duration;

use carport_connect::headless::{self, Consent};
use carport_model::{ApplicationId, Secret};
use carport_oauth::applications::{ApplicationError, NewApplication, Registered};
use carport_store::{StoreError, Tx, applications, redirect_uris};
use serde_json::{Value, json};

use super::applications::ApplicationView;
use super::requests::{ReadyLine, Request};
use super::{
    applications as changes, clock, connect_side, faults, logs, owners, simulations, users,
    vehicles, webhooks,
};
use crate::server::Parts;

/// What commands may ask, over the parts of a server or of a data folder without one.
#[derive(Clone)]
pub struct Administration {
    parts: Parts,
    line: Option<ReadyLine>,
}

impl Administration {
    /// Of a running server.
    #[must_use]
    pub fn new(parts: Parts, line: ReadyLine) -> Self {
        Self {
            parts,
            line: Some(line),
        }
    }

    /// Of a data folder without a server.
    #[must_use]
    pub fn on_folder(parts: Parts) -> Self {
        Self { parts, line: None }
    }

    /// Carries a request out.
    ///
    /// # Errors
    /// One line that says what to do.
    #[expect(clippy::too_many_lines, reason = "one line or two for each request")]
    pub async fn carry_out(&self, request: &Request) -> Result<Value, String> {
        let applications = &self.parts.applications;
        match request {
            Request::CreateApplication {
                name,
                redirect_uris,
                public,
            } => self.create(name, redirect_uris, *public).await,
            Request::ListApplications => self.list().await,
            Request::ShowApplication { id } => {
                let id = parsed(id)?;
                let listed = applications.listed(id).await.map_err(told)?;
                Ok(json!(ApplicationView {
                    description: listed.description,
                    ..ApplicationView::of(&listed.application, self.redirect_uris(id).await?)
                }))
            }
            Request::RotateSecret {
                id,
                overlap_seconds,
            } => {
                let overlap = Duration::from_secs(*overlap_seconds);
                let secret = applications.rotate_secret(parsed(id)?, overlap).await;
                secret
                    .map(|rotated| json!({ "clientSecret": rotated.secret.expose() }))
                    .map_err(told)
            }
            Request::RotateToken { id } => {
                let token = applications.rotate_token(parsed(id)?).await;
                token
                    .map(|token| json!({ "managementToken": token.expose() }))
                    .map_err(told)
            }
            Request::AddRedirectUri { id, uri } => {
                let added = applications.add_redirect_uri(parsed(id)?, uri).await;
                added.map(|added| json!({ "added": added })).map_err(told)
            }
            Request::RemoveRedirectUri { id, uri } => {
                let removed = applications.remove_redirect_uri(parsed(id)?, uri).await;
                removed
                    .map(|removed| json!({ "removed": removed }))
                    .map_err(told)
            }
            Request::SuspendApplication { id } => changed(applications.suspend(parsed(id)?).await),
            Request::ResumeApplication { id } => changed(applications.resume(parsed(id)?).await),
            Request::DeleteApplication { id } => {
                let deleted = applications.delete(parsed(id)?).await;
                deleted.map(|()| json!({ "deleted": id })).map_err(told)
            }
            Request::ConnectSide { side } => connect_side::carry_out(&self.parts, side).await,
            Request::Application { id, application } => {
                let done = changes::carry_out(applications, parsed(id)?, application).await;
                done.map_err(told)
            }
            Request::CreateWebhook {
                application,
                name,
                callback_uri,
            } => webhooks::create(&self.parts, application, name, callback_uri).await,
            Request::ListWebhooks { application } => {
                webhooks::list(&self.parts, application.as_deref()).await
            }
            Request::DeleteWebhook { id } => webhooks::delete(&self.parts, id).await,
            Request::Connect {
                application,
                brand,
                user,
                password,
                country,
                scope,
                mode,
            } => {
                let consent = Consent {
                    application: parsed(application)?,
                    brand: brand.clone(),
                    user: user.clone(),
                    password: password.clone().map(Secret::new),
                    country: country.clone(),
                    scope: scope.clone(),
                    mode: *mode,
                    redirect_uri: None,
                    state: None,
                };
                let url = headless::consent(&self.parts.connect, &consent).await;
                url.map(|url| json!({ "redirectUrl": url }))
                    .map_err(|error| error.to_string())
            }
            Request::ConnectSimulation { id, scope } => {
                simulations::connect(&self.parts, id, scope.as_deref()).await
            }
            Request::Simulation { simulation } => {
                simulations::carry_out(&self.parts, self.line.as_ref(), simulation).await
            }
            Request::Fault { fault } => {
                // Rules live in the memory of a server.
                self.running()?;
                faults::carry_out(&self.parts, fault)
            }
            Request::User { user } => users::carry_out(&self.parts, user).await,
            Request::Owner { owner } => owners::carry_out(&self.parts, owner).await,
            Request::Clock { clock } => clock::carry_out(&self.parts, clock).await,
            Request::Log { log } => logs::carry_out(&self.parts, log).await,
            Request::Vehicle { vehicle } => vehicles::carry_out(&self.parts, vehicle).await,
            Request::ReadyLine => self.running().map(|line| json!(line)),
        }
    }

    async fn create(
        &self,
        name: &str,
        redirect_uris: &[String],
        public: bool,
    ) -> Result<Value, String> {
        let new = NewApplication {
            name: name.to_owned(),
            description: None,
            privacy_url: None,
            redirect_uris: redirect_uris.to_vec(),
            public,
        };
        let made = self.parts.applications.register(new).await;
        let made = made.map_err(told)?;
        Ok(json!(view_of_new(&made, redirect_uris.to_vec())))
    }

    /// What the server said when it was ready.
    ///
    /// # Errors
    /// None runs.
    fn running(&self) -> Result<&ReadyLine, String> {
        let line = self.line.as_ref();
        line.ok_or_else(|| "No server runs on this data folder.".to_owned())
    }

    async fn list(&self) -> Result<Value, String> {
        let found = self
            .parts
            .store
            .scan(async |tx: &mut Tx<'_>| {
                let mut views = Vec::new();
                for application in applications::list(tx).await? {
                    let uris = redirect_uris::list(tx, application.id).await?;
                    views.push(ApplicationView::of(&application, uris));
                }
                Ok::<_, StoreError>(views)
            })
            .await;
        found
            .map(|views| json!(views))
            .map_err(|error| error.to_string())
    }

    async fn redirect_uris(&self, id: ApplicationId) -> Result<Vec<String>, String> {
        let store = &self.parts.store;
        let found = store.read(async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await);
        found.await.map_err(|error: StoreError| error.to_string())
    }
}

/// A new application with its secrets.
#[must_use]
pub fn view_of_new(made: &Registered, redirect_uris: Vec<String>) -> ApplicationView {
    ApplicationView {
        client_secret: made
            .client_secret
            .as_ref()
            .map(|secret| secret.expose().clone()),
        management_token: Some(made.management_token.expose().clone()),
        ..ApplicationView::of(&made.application, redirect_uris)
    }
}

fn parsed(id: &str) -> Result<ApplicationId, String> {
    id.parse()
        .map_err(|_| ApplicationError::Unknown.to_string())
}

fn changed(outcome: Result<bool, ApplicationError>) -> Result<Value, String> {
    outcome
        .map(|changed| json!({ "changed": changed }))
        .map_err(told)
}

#[expect(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn told(error: ApplicationError) -> String {
    error.to_string()
}
