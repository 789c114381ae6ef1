//! Coming in by the account of a car: whoever can sign in to it at its brand is its owner.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use carport_connector::{AccountKey, Connector, LoginInput, LoginRefused, LoginStep};
use carport_model::account::normalise_login;
use carport_model::country::Country;
use carport_model::token::draw_secret;
use carport_model::{ApplicationId, Brand, Digest, Mode, Secret};
use carport_store::Tx;
use carport_store::owners::visits::{self, Visit};
use carport_store::owners::{Identity, known_as};

use super::frame::{MeFrame, show};
use super::problem::MeError;
use super::slowing::{self, Attempt};
use super::visitor::{Guest, IDLE, Posted, with_cookie};
use crate::Services;
use crate::frame::{BrandView, Note, wrong};
use crate::login::{self, Asked, Trouble};
use carport_web::words::{Text, filters, t};

/// How long a brand's one-time code is waited for.
const WAITS: std::time::Duration = std::time::Duration::from_mins(10);
/// The longest login and password, as on Connect's own page.
pub(crate) const LONGEST: usize = 254;
const PASSWORD: usize = 1024;

#[derive(Template)]
#[template(path = "connect/me/login.html")]
struct LoginPage {
    frame: MeFrame,
    brand: BrandView,
    mode: &'static str,
    mode_notice: Option<Text>,
    login: String,
    trouble: Option<Note>,
}

/// What an address names: a mode that is open here and a brand.
fn named<'a>(
    services: &'a Services,
    (mode, brand): &(String, String),
) -> Result<(Mode, &'a Brand), MeError> {
    let mode: Mode = mode.parse().map_err(|_| MeError::NotHere)?;
    let brand = services
        .catalogue
        .brands
        .find(brand)
        .ok_or(MeError::NotHere)?;
    let is_open = services.owners.modes.contains(&mode);
    is_open.then_some((mode, brand)).ok_or(MeError::NotHere)
}

/// The form of a brand.
pub(crate) async fn get_login(
    guest: Guest,
    Path(at): Path<(String, String)>,
) -> Result<Response, MeError> {
    let (mode, brand) = named(&guest.services, &at)?;
    Ok(login_page(&guest, (mode, brand), String::new(), None))
}

fn login_page(
    guest: &Guest,
    (mode, brand): (Mode, &Brand),
    login: String,
    trouble: Option<(StatusCode, Note)>,
) -> Response {
    let brand = BrandView::of(brand);
    let title = t("Sign in to {brand}").with("brand", &brand.name).plain();
    let (status, title, trouble) = match trouble {
        Some((status, note)) => (status, wrong(title), Some(note)),
        None => (StatusCode::OK, title, None),
    };
    let page = LoginPage {
        frame: MeFrame::of(guest, title),
        brand,
        mode: mode.as_str(),
        mode_notice: match mode {
            Mode::Live => None,
            Mode::Test => Some(t(
                "Test cars. Use the e-mail that connected the car; any password will do. Do not \
                 type a real one.",
            )),
            Mode::Simulated => Some(t(
                "Simulated cars. Use the e-mail that connected the car. A car made in the \
                 simulator has a password of its own; for others any will do.",
            )),
        },
        login,
        trouble,
    };
    show(guest, status, page)
}

/// Signs in at the brand. The password goes to the connector and is kept nowhere.
pub(crate) async fn sign_in(
    Path(at): Path<(String, String)>,
    Posted { guest, form }: Posted,
) -> Result<Response, MeError> {
    let services = guest.services.clone();
    let (mode, brand) = named(&services, &at)?;
    let mut typed = form.get("username").unwrap_or_default().trim().to_owned();
    let password = Secret::new(form.get("password").unwrap_or_default().to_owned());
    let view = BrandView::of(brand);
    let refused = |typed: String, trouble: Trouble| {
        let note = login::note(trouble, &view, Asked::Password);
        let trouble = Some((login::status(Some(trouble)), note));
        login_page(&guest, (mode, brand), typed, trouble)
    };
    if typed.is_empty() || password.expose().is_empty() {
        return Ok(refused(typed, Trouble::Incomplete));
    }
    let login = normalise_login(&typed);
    if login::is_malformed(&login, LONGEST) || password.expose().len() > PASSWORD {
        typed.clear();
        return Ok(refused(typed, Trouble::Malformed));
    }
    let subject = format!("{mode}\0{}\0{login}", brand.id);
    let attempt = Attempt::Password(&subject);
    if let Some(seconds) = slowing::take(&guest, &attempt).await? {
        return Ok(refused(typed, Trouble::Locked { seconds }));
    }
    let identity = Identity::Account {
        mode,
        brand: brand.id.clone(),
        login,
    };
    let outcome = tried(&services, &identity, brand, &password).await?;
    if outcome != Tried::Refused {
        slowing::give_back(&services, guest.from.as_deref(), &attempt).await?;
    }
    match outcome {
        Tried::Accepted => begin(&services, identity, true).await,
        Tried::OneTimeCode => begin(&services, identity, false).await,
        Tried::Unreachable => Ok(refused(typed, Trouble::Unreachable)),
        Tried::Refused => {
            let note = Note::new(
                t("{brand} did not accept this e-mail and password.").with("brand", &view.name),
                t(
                    "Check what you typed and send it again. If the {service} app lets you in, \
                     choose the brand and the kind of car as when you connected it.",
                )
                .with("service", &view.service),
            );
            let trouble = Some((StatusCode::UNPROCESSABLE_ENTITY, note));
            Ok(login_page(&guest, (mode, brand), typed, trouble))
        }
    }
}

/// What a brand said to a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    Accepted,
    OneTimeCode,
    Refused,
    Unreachable,
}

/// Signs in at the brand. What is accepted may differ between applications where cars do not exist,
/// and this opens what all of them see: so it must do for each.
async fn tried(
    services: &Services,
    identity: &Identity,
    brand: &Brand,
    password: &Secret<String>,
) -> Result<Tried, MeError> {
    let mut outcome = Tried::Accepted;
    for account in keys(services, identity).await? {
        let Some(connector) = services.connectors.of(account.mode) else {
            return Ok(Tried::Unreachable);
        };
        match tried_for(services, &**connector, (&account, brand), password).await {
            Tried::Accepted => {}
            Tried::OneTimeCode => outcome = Tried::OneTimeCode,
            refused => return Ok(refused),
        }
    }
    Ok(outcome)
}

/// Signs in for one application. Nobody is asked for a country here: a simulated car is known in one
/// of each region, and real accounts begin with the country of this server.
async fn tried_for(
    services: &Services,
    connector: &dyn Connector,
    (account, brand): (&AccountKey, &Brand),
    password: &Secret<String>,
) -> Tried {
    let own = services.default_country.code;
    let mut countries = vec![own];
    if account.mode == Mode::Simulated {
        let others = ["US", "CA", "DE"];
        countries.extend(
            others
                .into_iter()
                .filter(|code| Country::find(code).is_some()),
        );
    }
    let mut outcome = Tried::Refused;
    for country in countries {
        let input = LoginInput {
            account,
            brand,
            country,
            password,
            vin: None,
        };
        outcome = match connector.login(&input).await {
            Ok(LoginStep::OneTimeCode) => Tried::OneTimeCode,
            // What is wrong with the car comes after the password was right.
            Ok(LoginStep::Done)
            | Err(LoginRefused::Subscription | LoginRefused::Incompatible(_)) => Tried::Accepted,
            Err(LoginRefused::Credentials) => Tried::Refused,
            Err(LoginRefused::Fault(fault)) => {
                tracing::warn!(error = %fault, "the brand did not answer a sign-in");
                Tried::Unreachable
            }
        };
        if outcome != Tried::Refused {
            return outcome;
        }
    }
    outcome
}

/// The account, as connectors know it for each application that has it; as for none where no
/// application does. Real accounts are the same for all.
pub(crate) async fn keys(
    services: &Services,
    identity: &Identity,
) -> Result<Vec<AccountKey>, MeError> {
    let Identity::Account { mode, brand, login } = identity else {
        return Ok(Vec::new());
    };
    let known = identity.clone();
    let find = async move |tx: &mut Tx<'_>| known_as(tx, &known).await;
    let users = services.store.scan(find).await?;
    let mut applications: Vec<ApplicationId> = users.into_iter().map(|(_, of)| of).collect();
    applications.sort_unstable();
    applications.dedup();
    if applications.is_empty() {
        applications.push(ApplicationId::from_bytes([0; 16]));
    }
    if *mode == Mode::Live {
        applications.truncate(1);
    }
    let key = |application| AccountKey {
        application,
        mode: *mode,
        brand: brand.clone(),
        login: login.clone(),
    };
    Ok(applications.into_iter().map(key).collect())
}

/// Begins a visit: one that has entered, or one that waits for the brand's code.
async fn begin(
    services: &Services,
    identity: Identity,
    has_entered: bool,
) -> Result<Response, MeError> {
    let (secret, now) = (draw_secret(&services.rng), services.now());
    let cookie = Digest::of(secret.expose());
    let visit = Visit {
        identity,
        code: None,
        tries: 0,
        entered_at: has_entered.then_some(now),
        expires_at: now.plus(if has_entered { IDLE } else { WAITS }),
    };
    let unit = async move |tx: &mut Tx<'_>| visits::insert(tx, &cookie, &visit).await;
    services.store.write(unit).await?;
    let next = if has_entered {
        "/me"
    } else {
        "/me/one-time-code"
    };
    Ok(with_cookie(services, &secret, Redirect::to(next)))
}
