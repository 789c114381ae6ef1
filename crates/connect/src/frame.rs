//! What every page shows around its own content: who asks, how far the owner is, whose server
//! this is.

use std::fmt::Display;

use carport_model::Brand;
use carport_model::country::Country;
use carport_model::run::Step;
use carport_oauth::redirect_uri::{ORIGINAL_REDIRECT_HOST, REDIRECT_PAGE, browser_origin};
use carport_web::PublicUrl;
use carport_web::accent::Accent;
use carport_web::assets::{self, Door};
use carport_web::words::{Text, say, t};
use url::Url;

use crate::flow::Walk;
use crate::logo;
use crate::redirect;
use crate::visit::Visit;

/// Ready strings of `templates/parts/connect.html`.
pub(crate) struct Frame {
    pub title: String,
    pub sheet: &'static str,
    pub sprite: &'static str,
    pub favicon: &'static str,
    pub accent: Option<String>,
    pub app: String,
    pub app_plate: String,
    pub logo: Option<String>,
    pub app_domain: String,
    pub privacy_url: Option<String>,
    pub support: Option<String>,
    pub host: String,
    pub csrf: String,
    pub lane: Vec<Stop>,
    pub lane_label: String,
}

/// A stop of the lane.
pub(crate) struct Stop {
    pub label: Text,
    pub past: bool,
    pub current: bool,
}

/// A sentence of fact and one of action.
pub(crate) struct Note {
    pub what: String,
    pub then: String,
}

impl Note {
    pub(crate) fn new(what: impl Into<String>, then: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            then: then.into(),
        }
    }
}

/// A brand as pages show it.
pub(crate) struct BrandView {
    pub id: String,
    pub plate: String,
    pub name: String,
    /// Name of its app, without the word.
    pub service: String,
}

impl BrandView {
    pub(crate) fn of(brand: &Brand) -> Self {
        let service = match brand.service.as_str() {
            "" => &brand.name,
            service => service,
        };
        Self {
            id: brand.id.to_string(),
            plate: brand.plate.clone(),
            name: brand.name.clone(),
            service: service.to_owned(),
        }
    }
}

impl Frame {
    /// `step` is where the lane stands; pages outside of it have no lane.
    pub(crate) fn new(visit: &Visit, title: impl Into<String>, step: Option<Step>) -> Self {
        let Walk {
            services,
            run,
            application,
            settings,
            ..
        } = &visit.walk;
        let lane = step.map_or_else(Vec::new, |step| lane(&visit.walk, step));
        let place = lane.iter().position(|stop| stop.current).unwrap_or(0) + 1;
        let privacy_url = application.privacy_url.as_ref();
        let privacy_url = privacy_url.filter(|url| redirect::is_web(url));
        let flagged = run.request.flags.color.as_deref().and_then(Accent::parse);
        let own = settings.accent.as_deref().and_then(Accent::parse);
        let accent = flagged.or(own);
        let logo = settings.logo.as_deref();
        Self {
            title: title.into(),
            sheet: assets::sheet(Door::Connect),
            sprite: assets::sprite(),
            favicon: assets::favicon(),
            accent: accent.map(Accent::url),
            app: application.name.clone(),
            app_plate: plate(&application.name),
            logo: logo.map(|name| logo::address(application.id, name)),
            app_domain: domain(visit, privacy_url.map(String::as_str)),
            privacy_url: privacy_url.cloned(),
            support: settings.support.clone(),
            host: services.public_url.host().to_owned(),
            csrf: visit.csrf(),
            lane_label: t("Step {place} of {count}")
                .with("place", place)
                .with("count", lane.len())
                .plain(),
            lane,
        }
    }
}

/// Three stops when the link names a brand that is offered, four otherwise. To sign in again takes
/// two, until it turns out that what to share must be asked.
fn lane(walk: &Walk, step: Step) -> Vec<Stop> {
    let at = match step {
        Step::Start => 0,
        Step::Login | Step::Mfa | Step::NoVehicles | Step::Subscription => 2,
        Step::Grant => 3,
        Step::Incompatible if walk.run.progress.brand.is_some() => 2,
        Step::Brand | Step::Incompatible => 1,
        Step::Capacity | Step::Error | Step::Done => return Vec::new(),
    };
    let chosen = at == 1 || walk.chooses_brand();
    let asked = at == 3 || walk.subject.is_none();
    let labels = [
        t("About this request"),
        t("Your brand"),
        t("Sign in"),
        t("What to share"),
    ];
    let stops = labels.into_iter().enumerate();
    stops
        .filter(|(index, _)| (*index != 1 || chosen) && (*index != 3 || asked))
        .map(|(index, label)| Stop {
            label,
            past: index < at,
            current: index == at,
        })
        .collect()
}

/// Up to two initials: of the first two words, or the first two letters of one word.
pub(crate) fn plate(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    match words.next() {
        Some(second) => first
            .chars()
            .take(1)
            .chain(second.chars().take(1))
            .collect(),
        None => first.chars().take(2).collect(),
    }
}

/// Where the application lives, as far as its addresses tell: the host that gets the answer, or
/// that of its privacy policy. The schemes of mobile applications say nothing to an owner.
fn domain(visit: &Visit, privacy_url: Option<&str>) -> String {
    let redirect_uri = visit.walk.run.request.redirect_uri.as_deref();
    let places = [redirect_uri, visit.opener.as_deref(), privacy_url];
    domain_of(
        &visit.walk.services.public_url,
        places.into_iter().flatten(),
    )
}

/// The host of the first of an application's addresses that has one.
pub(crate) fn domain_of<'a>(
    public_url: &PublicUrl,
    places: impl Iterator<Item = &'a str>,
) -> String {
    // Of a redirect page the owner shall read to whom it passes on. Only of ours: another server
    // keeps what it likes and could name anyone.
    let named = |place: &str| {
        let passed_on = is_redirect_page(place, public_url)
            .then(|| browser_origin(place))
            .flatten();
        let url = passed_on.unwrap_or_else(|| place.to_owned());
        let url = redirect::is_web(&url).then(|| Url::parse(&url).ok())?;
        url?.host_str().map(str::to_owned)
    };
    places.into_iter().find_map(named).unwrap_or_default()
}

/// Whether a redirect URI is the redirect page, here or where the real service has it.
fn is_redirect_page(uri: &str, public_url: &PublicUrl) -> bool {
    let here = public_url.join(REDIRECT_PAGE);
    let original = format!("https://{ORIGINAL_REDIRECT_HOST}{REDIRECT_PAGE}");
    let page = uri.split('?').next().unwrap_or_default();
    page == here || page == original
}

/// The title of a page on which something is wrong.
pub(crate) fn wrong(title: impl Display) -> String {
    t("Error: {title}").with("title", title).plain()
}

/// Name of a country that a run may hold.
pub(crate) fn country_name(code: &str) -> Text {
    Country::find(code).map_or(t("your country"), |country| match country.code {
        "US" => t("the United States"),
        "GB" => t("the United Kingdom"),
        "NL" => t("the Netherlands"),
        _ => say(country.name),
    })
}
