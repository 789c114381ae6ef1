//! Step 1: who asks, what will happen, in which country the car is, and in which language pages are.

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
use carport_web::words::choice::{self, Choice};
use carport_web::words::{Text, filters, say, t};

#[derive(Template)]
#[template(path = "connect/start.html")]
pub(crate) struct StartPage {
    frame: Frame,
    lead: String,
    welcome: String,
    plan: Vec<String>,
    countries: Vec<CountryOption>,
    languages: Vec<Choice>,
}

struct CountryOption {
    code: &'static str,
    name: Text,
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
        frame: visit.frame(text.title, Some(Step::Start)),
        lead: text.lead,
        welcome: walk.settings.welcome.clone(),
        plan: text.plan,
        countries: countries(walk),
        languages: choice::choices(),
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
        t(
            "You sign in with the account you use in the brand’s own app. {app} does not see your \
             password.",
        )
        .with("app", app)
        .plain(),
        t("You see every item {app} asks for, and decide.")
            .with("app", app)
            .plain(),
    ];
    if walk.chooses_brand() {
        plan.insert(0, t("You choose the brand of your car.").plain());
    }
    Preamble {
        title: t("Connect your car to {app}").with("app", app).plain(),
        lead: purpose(walk, app),
        plan,
    }
}

fn signs_in_again(walk: &Walk, subject: &Subject) -> Preamble {
    let app = &walk.application.name;
    let car = grant::name_of(walk, &subject.vehicle.car);
    let signs_in = match walk.services.catalogue.brands.get(subject.brand()) {
        Some(brand) => t(
            "You sign in with the account you use in the {service} app. {app} does not see your \
             password.",
        )
        .with("service", BrandView::of(brand).service)
        .with("app", app)
        .plain(),
        None => t(
            "You sign in with the account you use in the brand’s app. {app} does not see your \
             password.",
        )
        .with("app", app)
        .plain(),
    };
    let goes_back = t(
        "You go back to {app}. If you use another account than before, you decide first what \
         {app} may use.",
    )
    .with("app", app);
    Preamble {
        title: t("Sign in again for {app}").with("app", app).plain(),
        lead: t(
            "{app} asks you to sign in again for your {car}. What it may use stays as it was \
             allowed before.",
        )
        .with("app", app)
        .with("car", car)
        .plain(),
        plan: vec![signs_in, goes_back.plain()],
    }
}

/// Keeps country and language, and goes on.
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
    let is_https = visit.walk.services.public_url.is_https();
    let answer = visit.to_page(StatusCode::SEE_OTHER, step);
    Ok(choice::keep(&form, is_https, answer))
}

fn purpose(walk: &Walk, app: &str) -> String {
    let asked = walk.run.request.scope.permissions();
    let any = |access| {
        asked
            .as_slice()
            .iter()
            .any(|asked| asked.spec().access == access)
    };
    let purpose = match (any(Access::See), any(Access::Do)) {
        (true, true) => t(
            "{app} would like to read data from, and send commands to, your car. Nothing is \
             shared until you allow it on the last page.",
        )
        .with("app", app),
        (false, true) => t(
            "{app} would like to send commands to your car. Nothing is shared until you allow it \
             on the last page.",
        )
        .with("app", app),
        (_, false) => t(
            "{app} would like to read data from your car. Nothing is shared until you allow it on \
             the last page.",
        )
        .with("app", app),
    };
    purpose.plain()
}

fn countries(walk: &Walk) -> Vec<CountryOption> {
    let enabled = walk.settings.enabled_countries();
    let options = enabled.map(|country| CountryOption {
        code: country.code,
        name: say(country.name),
        selected: country.code == walk.run.progress.country,
    });
    options.collect()
}
