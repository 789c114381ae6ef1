//! `/dashboard/try`: the controls, and the link to Connect that they build.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use carport_model::code_challenge::CodeChallenge;
use carport_model::country::COUNTRIES;
use carport_model::permission::Group;
use carport_model::scope::Scope;
use carport_model::{Action, Application, ApplicationId, Mode, Permission};
use carport_store::{StoreError, Tx, applications, redirect_uris};
use carport_web::origin::is_loopback;
use carport_web::{Page, Pairs, Problem};

use super::CALLBACK;
use super::steps::{Shown, Step};
use super::wish::{Link, Wish, needs_pkce, presets};
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
    toast: Option<&'static str>,
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

/// The controls as they stand.
struct Controls {
    applications: Vec<Choice>,
    uris: Vec<Choice>,
    is_simulated: bool,
    presets: Vec<Preset>,
    groups: Vec<Boxes>,
    wish: Wish,
    makes: Vec<Choice>,
    countries: Vec<Choice>,
    needs_pkce: bool,
    uses_pkce: bool,
}

/// A line of a list.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) text: String,
    pub(super) chosen: bool,
}

struct Preset {
    href: String,
    title: &'static str,
    current: bool,
}

struct Boxes {
    title: &'static str,
    rows: Vec<BoxRow>,
}

struct BoxRow {
    name: &'static str,
    title: &'static str,
    asked: bool,
    needed: bool,
}

impl Choice {
    pub(super) fn of(value: impl Into<String>, text: impl Into<String>, chosen: &str) -> Self {
        let value = value.into();
        Self {
            chosen: value == chosen,
            value,
            text: text.into(),
        }
    }
}

/// What the page says beside its controls.
#[derive(Default)]
pub(super) struct Said {
    /// What was done.
    pub toast: Option<&'static str>,
    /// What was not.
    pub trouble: Option<Trouble>,
    /// The draft of the page before.
    pub draft: Option<String>,
}

/// The application that is meant, among those that the visitor sees.
pub(super) struct Known {
    /// Ids and names of all of them.
    pub names: Vec<(ApplicationId, String)>,
    /// The one.
    pub application: Application,
    /// Its redirect URIs.
    pub uris: Vec<String>,
}

/// Why there is no page.
pub(super) enum Failed {
    /// The visitor sees no application of this id.
    Unknown,
    /// Storage failed.
    Store(StoreError),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => Problem::not_found().into_response(),
            Self::Store(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "storage failed");
                let title = "Storage does not answer";
                let lead = "The playground cannot go on now. Nothing is lost.";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, title, lead)
                    .advice("Send it again in a moment. If it stays, look at the server's log.")
                    .into_response()
            }
        }
    }
}

/// Finds the application that is meant; `None` when there is none at all.
pub(super) async fn known(
    dashboard: &Dashboard,
    visitor: &Visitor,
    wanted: Option<ApplicationId>,
) -> Result<Option<Known>, Failed> {
    let read = async |tx: &mut Tx<'_>| applications::list(tx).await;
    let all: Vec<Application> = dashboard.store.scan(read).await?;
    let mut seen = all.into_iter().filter(|one| visitor.sees(one.id));
    let seen: Vec<Application> = seen.by_ref().collect();
    let names = seen.iter().map(|one| (one.id, one.name.clone())).collect();
    let meant = match wanted {
        Some(id) => {
            let meant = seen.into_iter().find(|one| one.id == id);
            Some(meant.ok_or(Failed::Unknown)?)
        }
        None => seen.into_iter().next(),
    };
    let Some(application) = meant else {
        return Ok(None);
    };
    let id = application.id;
    let read = async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await;
    Ok(Some(Known {
        names,
        uris: dashboard.store.scan(read).await?,
        application,
    }))
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
            .then_some("Redirect URI registered. It works from now on."),
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
        "Error: Try it"
    } else {
        "Try it"
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
        frame: Frame::of(title, Here::Playground, dashboard.access).scripted(),
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

fn controls(dashboard: &Dashboard, known: &Known, wish: &Wish) -> Controls {
    let application = &known.application;
    let chosen = application.id.to_string();
    let own = dashboard.public_url.join(CALLBACK);
    let redirect = wish.redirect_uri.as_deref().unwrap_or_default();
    let others = known.uris.iter().filter(|uri| **uri != own);
    let others =
        others.map(|uri| Choice::of(uri, format!("{uri} (to copy the link only)"), redirect));
    let own = Choice::of("", format!("{own} (this playground)"), redirect);
    let scope = wish.scope.as_ref().unwrap_or(&application.default_scope);
    let brands = dashboard.brands.iter();
    let brands = brands.map(|brand| Choice::of(brand.id.as_str(), &brand.name, wish.text("make")));
    let country = |code, name| Choice::of(code, name, wish.text("country"));
    let mut countries: Vec<Choice> = COUNTRIES
        .iter()
        .map(|one| country(one.code, one.name))
        .collect();
    countries.sort_by(|one, other| one.text.cmp(&other.text));
    let any = |text| Choice::of("", text, "no such choice");
    Controls {
        applications: known
            .names
            .iter()
            .map(|(id, name)| Choice::of(id.to_string(), name, &chosen))
            .collect(),
        uris: std::iter::once(own).chain(others).collect(),
        is_simulated: wish.mode == Mode::Simulated,
        presets: presets()
            .into_iter()
            .map(|(title, scope)| Preset {
                current: is_like(wish.scope.as_ref(), scope.as_ref()),
                href: wish.asking(scope).address(),
                title,
            })
            .collect(),
        groups: groups(scope),
        makes: std::iter::once(any("The owner chooses"))
            .chain(brands)
            .collect(),
        countries: std::iter::once(any("The owner chooses"))
            .chain(countries)
            .collect(),
        needs_pkce: needs_pkce(application),
        uses_pkce: wish.uses_pkce(application),
        wish: wish.clone(),
    }
}

/// Whether two scopes ask for the same, in whatever order.
fn is_like(one: Option<&Scope>, other: Option<&Scope>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return one.is_none() && other.is_none();
    };
    one.items().len() == other.items().len()
        && one.items().iter().all(|item| other.items().contains(item))
}

fn groups(scope: &Scope) -> Vec<Boxes> {
    let mut groups: Vec<(Group, Boxes)> = Vec::new();
    let (asked, needed) = (scope.permissions(), scope.required());
    for permission in Permission::ALL {
        let spec = permission.spec();
        let row = BoxRow {
            name: spec.name,
            title: spec.title,
            asked: asked.contains(*permission),
            needed: needed.contains(*permission),
        };
        match groups.iter_mut().find(|(group, _)| *group == spec.group) {
            Some((_, boxes)) => boxes.rows.push(row),
            None => groups.push((
                spec.group,
                Boxes {
                    title: spec.group.title(),
                    rows: vec![row],
                },
            )),
        }
    }
    groups.into_iter().map(|(_, boxes)| boxes).collect()
}
