//! Consent without pages, for tests: what an owner would have clicked through.

use async_trait::async_trait;
use axum::extract::State;
use axum::response::Response;
use carport_model::{ApplicationId, Mode, SimulationId};
use carport_web::envelope::{ErrorBody, json_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cars::application;
use super::{Controller, Sent, SimulatorApi};
use crate::error::ManagementError;

/// Whoever consents for owners: Connect, which is another door and is handed in.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Grants what is asked for and answers the redirect URL.
    ///
    /// # Errors
    /// What to do, in a sentence.
    async fn consent(&self, asked: &Asked) -> Result<String, String>;
}

/// What an owner would have chosen and typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who asks.
    pub application: ApplicationId,
    /// Brand.
    pub brand: String,
    /// Login and password.
    pub login: (String, Option<String>),
    /// Country, two letters; the server's own when absent.
    pub country: Option<String>,
    /// What is asked for; the application's own scope when absent.
    pub scope: Option<String>,
    /// Test or simulated.
    pub mode: Mode,
    /// Echoed on the redirect.
    pub state: Option<String>,
    /// A registered URI; the application's default when absent.
    pub redirect_uri: Option<String>,
}

/// A consent that is wished for: of the owner of a simulated car, or of any owner of a brand.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NewConsent {
    /// To whom; the caller when absent.
    application: Option<String>,
    /// Id of a simulated car: its owner consents. Brand, login and mode follow from it.
    simulation: Option<String>,
    /// Brand, without a simulated car.
    brand: Option<String>,
    /// Login, without a simulated car; test logins make things happen.
    user: Option<String>,
    /// Password of the login; any will do for a login of no simulated car.
    password: Option<String>,
    /// Country of the owner, without a simulated car; two letters.
    country: Option<String>,
    /// Permissions, separated by spaces; the application's own when absent.
    scope: Option<String>,
    /// `test` or `simulated`, without a simulated car; test when absent.
    mode: Option<String>,
    /// Echoed on the redirect.
    state: Option<String>,
    /// A registered redirect URI; the application's default when absent.
    redirect_uri: Option<String>,
}

/// Where the owner would have been sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Consented {
    /// The redirect, with the code or the error that the account provokes.
    pub redirect_url: String,
    /// The code, to be exchanged at the token endpoint; null when there is none.
    #[schema(required = true)]
    pub code: Option<String>,
}

/// Consents without pages.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 400 for what cannot be asked for; 404 for a simulated car that
/// is not there.
#[utoipa::path(
    post,
    path = "/connect",
    summary = "Consents as an owner would, without pages, and answers the redirect with its code.",
    request_body = NewConsent,
    responses(
        (status = 200, description = "The redirect.", body = Consented),
        (status = 400, description = "It cannot be consented to; detail tells why.", body = ErrorBody),
        (status = 404, description = "There is no such simulated car.", body = ErrorBody),
    ),
)]
pub async fn consent(
    State(api): State<SimulatorApi>,
    caller: Controller,
    Sent(new): Sent<NewConsent>,
) -> Result<Response, ManagementError> {
    let application = caller.acts_for(application(new.application.as_deref())?)?;
    let asked = match new.simulation.as_deref() {
        Some(id) => new.of_car(&api, application, id).await?,
        None => new.of_anybody(application)?,
    };
    let redirect_url = api.cars.consents.consent(&asked).await;
    let redirect_url =
        redirect_url.map_err(|advice| ManagementError::validation("connect", advice))?;
    Ok(json_of(&Consented::at(redirect_url)))
}

impl Consented {
    /// What a redirect says.
    #[must_use]
    pub fn at(redirect_url: String) -> Self {
        let query = redirect_url.split_once('?').map_or("", |(_, query)| query);
        let pairs = carport_web::Pairs::parse(query.split('#').next().unwrap_or_default());
        let code = pairs
            .ok()
            .and_then(|pairs| pairs.get("code").map(str::to_owned));
        Self { redirect_url, code }
    }
}

impl NewConsent {
    async fn of_car(
        &self,
        api: &SimulatorApi,
        application: ApplicationId,
        id: &str,
    ) -> Result<Asked, ManagementError> {
        let others = [
            &self.brand,
            &self.user,
            &self.password,
            &self.country,
            &self.mode,
        ];
        if others.into_iter().any(Option::is_some) {
            let advice = "A simulated car has its own brand, login, country and mode. Send none of them beside simulation.";
            return Err(ManagementError::validation("simulation", advice));
        }
        let unknown = || ManagementError::unknown("simulation", "There is no such simulated car.");
        let id: SimulationId = id.parse().map_err(|_| unknown())?;
        let car = api.cars.simulations.find(application, id).await?;
        Ok(Asked {
            application,
            brand: car.car.make.to_string(),
            login: (car.username, Some(car.password)),
            country: Some(car.country),
            scope: self.scope.clone(),
            mode: Mode::Simulated,
            state: self.state.clone(),
            redirect_uri: self.redirect_uri.clone(),
        })
    }

    fn of_anybody(self, application: ApplicationId) -> Result<Asked, ManagementError> {
        let mode = self.mode.as_deref().map_or(Ok(Mode::Test), str::parse);
        let mode = mode
            .ok()
            .filter(|mode| *mode != Mode::Live)
            .ok_or_else(|| {
                ManagementError::validation(
                    "mode",
                    "Send test or simulated; owners of real cars consent on pages.",
                )
            })?;
        let brand = self.brand.ok_or_else(|| {
            ManagementError::validation(
                "brand",
                "Send brand, or simulation: whose car it is about.",
            )
        })?;
        let user = self.user.unwrap_or_else(|| "owner@example.net".to_owned());
        Ok(Asked {
            application,
            brand,
            login: (user, self.password),
            country: self.country,
            scope: self.scope,
            mode,
            state: self.state,
            redirect_uri: self.redirect_uri,
        })
    }
}
