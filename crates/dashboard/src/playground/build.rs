//! `/dashboard/try`: the controls, and the link to Connect that they build.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use carport_model::code_challenge::CodeChallenge;
use carport_model::{Action, ApplicationId, Mode};
use carport_web::origin::is_loopback;
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::CALLBACK;
use super::controls::{Controls, controls};
use super::known::{Failed, Known, known};
use super::steps::{Shown, Step};
use super::wish::{Link, Wish};
use crate::Dashboard;
use crate::access::Visitor;
use crate::frame::{Frame, Here};

/// Simulated cars whose credentials are listed.
const CARS: usize = 6;
/// Characters of a draft.
const DRAFT: usize = 32;

#[derive(Template)]
#[template(path = "dashboard/try/build.html")]
struct BuildPage {
    frame: Frame,
    csrf: String,
    steps: Vec<Shown>,
    toast: Option<Text>,
    trouble: Option<Trouble>,
    /// The same page under the address that the callback has.
    at_home: Option<String>,
    built: Option<Built>,
    controls: Option<Controls>,
}

/// Something that did not work.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    /// What happened.
    pub what: String,
    /// What to do.
    pub then: String,
}

/// The link and what can be done with it.
struct Built {
    link: String,
    draft: String,
    fields: Vec<(&'static str, String)>,
    name: String,
    callback: String,
    is_own: bool,
    is_registered: bool,
    asks_nothing: bool,
    /// Cars whose credentials work in simulated mode; none in test mode.
    cars: Option<Vec<CarRow>>,
    to_cars: String,
    to_own: String,
}

struct CarRow {
    name: String,
    brand: String,
    country: String,
    username: String,
    password: String,
    href: String,
}

/// What the page says beside its controls.
#[derive(Default)]
pub(super) struct Said {
    /// What was done.
    pub toast: Option<Text>,
    /// What was not.
    pub trouble: Option<Trouble>,
    /// The draft of the page before.
    pub draft: Option<String>,
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if let Err(forbidden) = visitor.may(Action::ModifyApplication) {
        return forbidden.into_response();
    }
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    // The script that keeps the link up to date keeps its draft, so that only what was changed
    // changes.
    let draft = headers.get("carport-draft");
    let draft = draft.and_then(|draft| draft.to_str().ok());
    let said = Said {
        toast: (pairs.get("did") == Some("registered"))
            .then_some(t("Redirect URI registered. It works from now on.")),
        trouble: None,
        draft: draft.filter(|draft| is_draft(draft)).map(str::to_owned),
    };
    let host = headers.get("host").and_then(|host| host.to_str().ok());
    let at_home = at_home(&dashboard, host.unwrap_or_default(), &Wish::read(&pairs));
    page(&dashboard, visitor, &Wish::read(&pairs), said, at_home).await
}

/// The page under the name that the callback has, when it is looked at under another name of this
/// machine: the answer would come to a page without this cookie.
fn at_home(dashboard: &Dashboard, host: &str, wish: &Wish) -> Option<String> {
    let home = dashboard.public_url.host();
    let is_elsewhere = host != home && is_loopback(host) && is_loopback(home);
    is_elsewhere.then(|| dashboard.public_url.join(&wish.address()))
}

/// The page, with what there is to say.
pub(super) async fn page(
    dashboard: &Dashboard,
    visitor: Visitor,
    wish: &Wish,
    said: Said,
    at_home: Option<String>,
) -> Response {
    let made = made(dashboard, &visitor, wish, said, at_home).await;
    match made {
        Ok(made) => {
            let status = match made.trouble {
                Some(_) => StatusCode::BAD_REQUEST,
                None => StatusCode::OK,
            };
            // The form that opens Connect ends in a redirect to it.
            visitor.give(
                Page::new(made)
                    .status(status)
                    .leaves()
                    .names_itself()
                    .live(),
            )
        }
        Err(failed) => failed.into_response(),
    }
}

async fn made(
    dashboard: &Dashboard,
    visitor: &Visitor,
    wish: &Wish,
    said: Said,
    at_home: Option<String>,
) -> Result<BuildPage, Failed> {
    let known = known(dashboard, visitor, wish.application).await?;
    let title = if said.trouble.is_some() {
        t("Error: Try it")
    } else {
        t("Try it")
    };
    let draft = said.draft.unwrap_or_else(|| draw_draft(dashboard));
    let (built, controls) = match &known {
        Some(known) => (
            Some(built(dashboard, known, wish, draft).await?),
            Some(controls(dashboard, known, wish)),
        ),
        None => (None, None),
    };
    Ok(BuildPage {
        frame: Frame::of(title, Here::Playground, visitor).scripted(),
        csrf: visitor.csrf.clone(),
        steps: Step::at_the_start(),
        toast: said.toast,
        trouble: said.trouble,
        at_home,
        built,
        controls,
    })
}

pub(super) fn draw_draft(dashboard: &Dashboard) -> String {
    let mut bytes = [0; DRAFT / 2];
    dashboard.rng.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn is_draft(text: &str) -> bool {
    text.len() == DRAFT && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The state of a link: the one that was typed, or one that nobody can guess.
pub(super) fn state_of(wish: &Wish, draft: &str) -> String {
    let typed = wish.text("state");
    if typed.is_empty() {
        format!("try-{}", draft.get(..16).unwrap_or_default())
    } else {
        typed.to_owned()
    }
}

/// The link below the server's address.
pub(super) fn link_of(dashboard: &Dashboard, known: &Known, wish: &Wish, draft: &str) -> String {
    let own = dashboard.public_url.join(CALLBACK);
    let challenge = wish.uses_pkce(&known.application).then(|| {
        let verifier = dashboard.runs.verifier(draft, &*dashboard.rng);
        CodeChallenge::of(verifier.expose())
    });
    wish.link(&Link {
        application: &known.application,
        redirect_uri: wish.redirect_uri.as_deref().unwrap_or(&own),
        state: &state_of(wish, draft),
        challenge,
    })
}

async fn built(
    dashboard: &Dashboard,
    known: &Known,
    wish: &Wish,
    draft: String,
) -> Result<Built, Failed> {
    let callback = dashboard.public_url.join(CALLBACK);
    let is_own = wish
        .redirect_uri
        .as_ref()
        .is_none_or(|uri| *uri == callback);
    let scope = wish.scope.as_ref();
    let scope = scope.unwrap_or(&known.application.default_scope);
    let path = link_of(dashboard, known, wish, &draft);
    Ok(Built {
        link: dashboard.public_url.join(&path),
        draft,
        fields: wish.fields(),
        name: known.application.name.clone(),
        is_registered: known.uris.contains(&callback),
        callback,
        is_own,
        asks_nothing: scope.is_empty(),
        cars: match wish.mode {
            Mode::Simulated => Some(cars(dashboard, known.application.id, wish).await?),
            Mode::Test | Mode::Live => None,
        },
        to_cars: format!(
            "/dashboard/simulator/new?application={}",
            known.application.id
        ),
        to_own: wish.to_own().address(),
    })
}

async fn cars(
    dashboard: &Dashboard,
    application: ApplicationId,
    wish: &Wish,
) -> Result<Vec<CarRow>, Failed> {
    let (cars, _) = dashboard.simulations.list(application, None, CARS).await?;
    let row = |car: carport_model::Simulation| {
        let brand = dashboard.brands.get(&car.car.make);
        CarRow {
            href: wish.at(car.car.make.as_str(), &car.country).address(),
            brand: brand.map_or_else(|| car.car.make.to_string(), |brand| brand.name.clone()),
            name: car.name,
            country: car.country,
            username: car.username,
            password: car.password,
        }
    };
    Ok(cars.into_iter().map(row).collect())
}
