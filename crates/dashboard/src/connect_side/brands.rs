//! `…/brands`: brands that are listed, countries that can be chosen, cars that are taken.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_model::country::{COUNTRIES, Region};
use carport_model::{Brand, ConnectSettings, Engine};
use carport_oauth::applications::ConnectChange;
use carport_web::words::{Text, filters, say, t};
use carport_web::{Page, Pairs};

use super::side::{Side, at_field};
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::applications::tabs::{self, Head, Tab};
use crate::applications::trouble::Wrong;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "dashboard/connect_side/brands.html")]
struct BrandsPage {
    frame: Frame,
    head: Head,
    wrong: Wrong,
    brands: Vec<Tick>,
    sold: Vec<Tick>,
    countries: Vec<Tick>,
    presets: Vec<Tick>,
    taken: Vec<Tick>,
    takes_unknown: bool,
}

/// Something to tick or to choose.
struct Tick {
    value: String,
    text: String,
    hint: String,
    checked: bool,
}

/// Shows what is set.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let side = match Side::find(&dashboard, &visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    let wrong = Wrong::default();
    let head = side.head(&visitor, Tab::Brands, &wrong);
    let head = head.toasted(query.as_deref());
    let settings = (*side.client.settings).clone();
    given(&dashboard, visitor, (head, wrong), &settings)
}

/// Saves one of the three forms.
pub(crate) async fn save(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let side = match Side::find(&dashboard, &visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    let (did, change) = change(&posted.fields);
    let wrong = match side.change(&dashboard, &visitor, change.clone()).await {
        Ok(()) => return tabs::back(side.id(), Tab::Brands, did),
        Err(error) => match at_field(error) {
            Ok(wrong) => wrong,
            Err(instead) => return *instead,
        },
    };
    let head = side.head(&visitor, Tab::Brands, &wrong);
    let settings = typed(&side.client.settings, change);
    given(&dashboard, visitor, (head, wrong), &settings)
}

/// What a form asks for: the name of the form, and the change.
fn change(form: &Pairs) -> (&'static str, ConnectChange) {
    let all = |name: &str| Some(form.all(name).map(str::to_owned).collect());
    let engines = |name: &str| {
        Some(
            form.all(name)
                .filter_map(|kind| kind.parse().ok())
                .collect(),
        )
    };
    let change = ConnectChange::default();
    match form.get("part") {
        Some("countries") => (
            "countries",
            ConnectChange {
                countries: all("country"),
                default_country: Some(form.get("default").unwrap_or_default().to_owned()),
                ..change
            },
        ),
        Some("cars") => (
            "cars",
            ConnectChange {
                engines: engines("engine"),
                unknown_engine: Some(form.get("unknown").is_some()),
                ..change
            },
        ),
        _ => (
            "brands",
            ConnectChange {
                brands: all("brand"),
                brand_engines: engines("sold"),
                ..change
            },
        ),
    }
}

/// What was typed, to be shown again: only countries can be refused.
fn typed(settings: &ConnectSettings, change: ConnectChange) -> ConnectSettings {
    let mut settings = settings.clone();
    settings.countries = change.countries.unwrap_or(settings.countries);
    settings.default_country = change.default_country.or(settings.default_country);
    settings
}

fn given(
    dashboard: &Dashboard,
    visitor: Visitor,
    (head, wrong): (Head, Wrong),
    settings: &ConnectSettings,
) -> Response {
    let status = wrong.status();
    let brand = |brand: &Brand| Tick {
        value: brand.id.to_string(),
        text: brand.name.clone(),
        hint: regions(brand),
        checked: settings.brands.contains(&brand.id),
    };
    let page = BrandsPage {
        frame: head.frame.clone(),
        head,
        wrong,
        brands: dashboard.brands.iter().map(brand).collect(),
        sold: engines(&settings.brand_engines),
        countries: countries(|code| settings.countries.iter().any(|kept| kept == code)),
        presets: countries(|code| settings.default_country.as_deref() == Some(code)),
        taken: engines(&settings.engines),
        takes_unknown: settings.unknown_engine,
    };
    visitor.give(Page::new(page).live().names_itself().status(status))
}

fn regions(brand: &Brand) -> String {
    let name = |region: &Region| match region {
        Region::Us => t("US").plain(),
        Region::Ca => t("CA").plain(),
        Region::Europe => t("Europe").plain(),
    };
    let names: Vec<String> = brand.regions.iter().map(name).collect();
    match names.len() {
        0 => t("not yet").plain(),
        3 => t("everywhere").plain(),
        _ => names.join(", "),
    }
}

fn engines(chosen: &[Engine]) -> Vec<Tick> {
    let boxes = Engine::ALL.into_iter().map(|engine| Tick {
        value: engine.to_string(),
        text: title(engine).plain(),
        hint: engine.to_string(),
        checked: chosen.contains(&engine),
    });
    boxes.collect()
}

const fn title(engine: Engine) -> Text {
    match engine {
        Engine::Bev => t("Battery cars"),
        Engine::Phev => t("Plug-in hybrids"),
        Engine::Ice => t("Cars with an engine and no plug, hybrids among them"),
    }
}

fn countries(is_chosen: impl Fn(&str) -> bool) -> Vec<Tick> {
    let boxes = COUNTRIES.iter().map(|country| Tick {
        value: country.code.to_owned(),
        text: say(country.name).plain(),
        hint: String::new(),
        checked: is_chosen(country.code),
    });
    boxes.collect()
}
