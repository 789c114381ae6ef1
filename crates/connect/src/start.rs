//! Step 1: who asks, what will happen, and in which country the car is.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::country::Country;
use carport_model::permission::Access;
use carport_model::run::Step;

use crate::flow::Walk;
use crate::frame::{BrandView, Frame};
use crate::grant;
use crate::problem::ConnectError;
use crate::subject::Subject;
use crate::visit::{Posted, Visit};
use carport_web::words::filters;

#[derive(Template)]
#[template(path = "connect/start.html")]
pub(crate) struct StartPage {
    frame: Frame,
    lead: String,
    welcome: String,
    plan: Vec<String>,
    countries: Vec<CountryOption>,
}

struct CountryOption {
    code: &'static str,
    name: &'static str,
    selected: bool,
}

/// The address of the run itself leads to its current page.
pub(crate) async fn get_current(visit: Visit) -> Response {
    visit.to_page(StatusCode::FOUND, visit.walk.run.progress.step)
}

/// Shows the preamble.
pub(crate) async fn get_start(visit: Visit) -> Response {
    if let Some(instead) = visit.turned_away(Step::Start) {
        return instead;
    }
    Visit::show(StatusCode::OK, page(&visit))
}

/// The page of a visit.
pub(crate) fn page(visit: &Visit) -> StartPage {
    let walk = &visit.walk;
    let text = match &walk.subject {
        None => connects(walk),
        Some(subject) => signs_in_again(walk, subject),
    };
    StartPage {
        frame: visit.frame(&text.title, Some(Step::Start)),
        lead: text.lead,
        welcome: walk.settings.welcome.clone(),
        plan: text.plan,
        countries: countries(walk),
    }
}

/// What an owner is told about the request.
struct Preamble {
    title: String,
    lead: String,
    plan: Vec<String>,
}

fn connects(walk: &Walk) -> Preamble {
    let app = &walk.application.name;
    let mut plan = vec![
        format!(
            "You sign in with the account you use in the brand’s own app. {app} does not see your \
             password."
        ),
        format!("You see every item {app} asks for, and decide."),
    ];
    if walk.chooses_brand() {
        plan.insert(0, "You choose the brand of your car.".to_owned());
    }
    Preamble {
        title: format!("Connect your car to {app}"),
        lead: format!(
            "{app} would like to {} your car. Nothing is shared until you allow it on the last page.",
            purpose(walk)
        ),
        plan,
    }
}

fn signs_in_again(walk: &Walk, subject: &Subject) -> Preamble {
    let app = &walk.application.name;
    let car = grant::name_of(walk, &subject.vehicle.car);
    let service = walk.services.catalogue.brands.get(subject.brand());
    let service = service.map_or_else(
        || "the brand’s app".to_owned(),
        |brand| BrandView::of(brand).service,
    );
    Preamble {
        title: format!("Sign in again for {app}"),
        lead: format!(
            "{app} asks you to sign in again for your {car}. What it may use stays as it was \
             allowed before."
        ),
        plan: vec![
            format!(
                "You sign in with the account you use in {service}. {app} does not see your password."
            ),
            format!(
                "You go back to {app}. If you use another account than before, you decide first what {app} may use."
            ),
        ],
    }
}

/// Keeps the country and goes on.
pub(crate) async fn choose_country(
    Posted { visit, form }: Posted,
) -> Result<Response, ConnectError> {
    if let Some(instead) = visit.turned_away(Step::Start) {
        return Ok(instead);
    }
    let settings = &visit.walk.settings;
    let chosen = form.get("country").and_then(Country::find);
    let kept = Country::find(&visit.walk.run.progress.country);
    let mut known = chosen.into_iter().chain(kept);
    let enabled = known.find(|country| settings.is_enabled(country));
    let country = enabled.or_else(|| settings.enabled_countries().next());
    let country = country.unwrap_or(visit.walk.services.default_country);
    let step = visit.walk.choose_country(country).await?;
    Ok(visit.to_page(StatusCode::SEE_OTHER, step))
}

fn purpose(walk: &Walk) -> &'static str {
    let asked = walk.run.request.scope.permissions();
    let any = |access| {
        asked
            .as_slice()
            .iter()
            .any(|asked| asked.spec().access == access)
    };
    match (any(Access::See), any(Access::Do)) {
        (true, true) => "read data from, and send commands to,",
        (false, true) => "send commands to",
        (_, false) => "read data from",
    }
}

fn countries(walk: &Walk) -> Vec<CountryOption> {
    let enabled = walk.settings.enabled_countries();
    let options = enabled.map(|country| CountryOption {
        code: country.code,
        name: country.name,
        selected: country.code == walk.run.progress.country,
    });
    options.collect()
}
