//! A run without pages: what `carport connect` does for tests.

use std::sync::Arc;

use carport_model::{ApplicationId, ConnectSettings, Mode, Secret};
use carport_store::Tx;

use crate::authorize::parse::Parsed;
use crate::authorize::validate::{Judged, Refusal};
use crate::flow::{self, Ending, Next, Walk};
use crate::login::{Attempt, Trouble};
use crate::problem::ConnectError;
use crate::redirect::Failure;
use crate::{Services, authorize};
use carport_model::run::Step;

/// What an owner would have chosen and typed.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Who asks.
    pub application: ApplicationId,
    /// Brand, as a link may spell it.
    pub brand: String,
    /// E-mail of the account.
    pub user: String,
    /// Its password; accounts of generated cars take any, as when absent.
    pub password: Option<Secret<String>>,
    /// Country of the owner; where the brand is offered when absent.
    pub country: Option<String>,
    /// What is asked for; the application's own vehicle access when absent.
    pub scope: Option<String>,
    /// Test or simulated.
    pub mode: Mode,
    /// A registered URI; the application's default when absent.
    pub redirect_uri: Option<String>,
    /// Echoed on the redirect.
    pub state: Option<String>,
}

/// A run without pages did not reach its redirect.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// Real owners consent on pages.
    #[error("headless consent is for the modes test and simulated only")]
    Live,
    /// The link would be refused.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The link would be wrong.
    #[error("{0}")]
    Misconfigured(String),
    /// The brand is not offered in the country the run is in.
    #[error("{0} is not offered in the country")]
    NotOffered(String),
    /// The account did not accept the sign-in.
    #[error("the account refused the sign-in: login, password, brand and country must all fit")]
    SignIn,
    /// The application has no redirect URI.
    #[error("the application has no redirect URI; add one first")]
    NoRedirect,
    /// The run broke; the log says why.
    #[error("the run could not be finished: {0}")]
    Failed(String),
}

impl From<ConnectError> for ConsentError {
    fn from(error: ConnectError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Walks through Connect and grants everything that is asked for, for every car of the account.
/// The answer is the redirect URL with its code, or with the error that the account provokes.
///
/// # Errors
/// [`ConsentError`] when there is nothing to redirect with.
pub async fn consent(services: &Arc<Services>, asked: &Consent) -> Result<String, ConsentError> {
    if asked.mode == Mode::Live {
        return Err(ConsentError::Live);
    }
    let parsed = Parsed {
        client_id: Some(asked.application.to_string()),
        response_type: Some("code".to_owned()),
        redirect_uri: asked.redirect_uri.clone(),
        scope: asked.scope.clone(),
        state: asked.state.clone(),
        mode: Some(asked.mode.as_str().to_owned()),
        make: Some(asked.brand.clone()),
        approval_prompt: Some("auto".to_owned()),
        ..Parsed::default()
    };
    let request = match authorize::judge(services, &parsed).await?? {
        Judged::Valid(request) => request,
        Judged::Misconfigured(_, error) => return Err(ConsentError::Misconfigured(error.message)),
    };
    let application = request.application;
    let client = services.store.client(application).await;
    let client = client.map_err(ConnectError::from)?;
    let client = client.ok_or(Refusal::Application)?;
    let country = country_of(services, &client.settings, asked);
    let (run, secret) = flow::begin(services, request, None, country)
        .await
        .map_err(ConnectError::from)?;
    let mut walk = Walk {
        services: Arc::clone(services),
        run,
        application: client.application.clone(),
        settings: Arc::clone(&client.settings),
        subject: None,
        secret,
        form: String::new(),
    };
    walk_through(&mut walk, asked).await
}

/// The country that is asked for; else the application's default or the server's, or the first one
/// where the brand is offered: a test asks for a car, not for a place.
fn country_of(services: &Services, settings: &ConnectSettings, asked: &Consent) -> String {
    if let Some(country) = &asked.country {
        return country.clone();
    }
    let brand = services.catalogue.brands.find(&asked.brand);
    let offered = |region| brand.is_none_or(|brand| brand.is_offered_in(region));
    let default = settings.preset_country();
    let default = default.unwrap_or(services.default_country);
    let mut enabled = settings.enabled_countries();
    let first = enabled.find(|country| offered(country.region));
    match first {
        Some(country) if !offered(default.region) || !settings.is_enabled(default) => {
            country.code.to_owned()
        }
        _ => default.code.to_owned(),
    }
}

async fn walk_through(walk: &mut Walk, asked: &Consent) -> Result<String, ConsentError> {
    let default = walk.services.default_country;
    let country = carport_model::country::Country::find(&walk.run.progress.country);
    if walk.choose_country(country.unwrap_or(default)).await? != Step::Login {
        return Err(ConsentError::NotOffered(asked.brand.clone()));
    }
    reload(walk).await?;
    let any = Secret::new("password".to_owned());
    let password = asked.password.as_ref().unwrap_or(&any);
    let mut attempt = walk.sign_in(&asked.user, password).await?;
    reload(walk).await?;
    if attempt == Attempt::Next(Next::Page(Step::Mfa)) {
        attempt = walk.confirm("000000").await?;
        reload(walk).await?;
    }
    let ending = match attempt {
        Attempt::Next(Next::Ended(ending)) => ending,
        Attempt::Next(Next::Page(step)) => settle(walk, step).await?,
        Attempt::Refused(Trouble::Unreachable) => {
            return Err(ConsentError::Failed("the brand did not answer".to_owned()));
        }
        Attempt::Refused(_) => return Err(ConsentError::SignIn),
    };
    match ending {
        Ending::Back(url) => Ok(url),
        Ending::Here(_) => Err(ConsentError::NoRedirect),
    }
}

/// Grants everything, or leaves the way an owner would from a page that offers nothing else.
async fn settle(walk: &Walk, step: Step) -> Result<Ending, ConsentError> {
    let progress = &walk.run.progress;
    let failure = match step {
        Step::NoVehicles => Failure::NoVehicles,
        Step::Subscription => Failure::InvalidSubscription,
        Step::Incompatible => {
            let car = progress.vehicles.first();
            Failure::VehicleIncompatible(car.cloned().map(Box::new))
        }
        _ => {
            let account = progress.brand.clone().zip(progress.login.clone());
            let account = account.ok_or(ConsentError::SignIn)?;
            let granted = walk.run.request.scope.permissions();
            return Ok(walk
                .approve(account, progress.vehicles.clone(), granted)
                .await?);
        }
    };
    Ok(walk.fail(&failure).await?)
}

/// Between two pages a browser would load the run anew.
async fn reload(walk: &mut Walk) -> Result<(), ConsentError> {
    let id = walk.run.id;
    let find = walk.services.store.read(async move |tx: &mut Tx<'_>| {
        Ok::<_, ConnectError>(carport_store::connect_runs::find(tx, id).await?)
    });
    if let Some(run) = find.await? {
        walk.run = run;
    }
    Ok(())
}
