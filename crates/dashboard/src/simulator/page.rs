//! `GET /dashboard/simulator`: the cars, the clock, and the car that is looked at.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use carport_model::ApplicationId;
use carport_simulator::control::ControlError;
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::car::{CarRow, Stat};
use super::clock::ClockFace;
use super::faults::{self, Panel};
use super::here::{Here, Links};
use super::live::Live;
use super::map::{Drawing, Movement};
use super::plot::{self, Plot};
use super::scene::{self, PER_PAGE, Roll, Scene};
use super::trip::{Button, SpeedButton, StageRow, Trip};
use super::trouble::{Trouble, failed};
use crate::Dashboard;
use crate::access::Visitor;
use crate::frame::{self, Frame};

#[derive(Template)]
#[template(path = "dashboard/simulator/page.html")]
struct SimulatorPage {
    frame: Frame,
    csrf: String,
    here: Links,
    /// Where changes are told.
    events: String,
    toast: Option<Text>,
    trouble: Option<Trouble>,
    lead: String,
    applications: Vec<Tab>,
    map: Option<Drawing>,
    elsewhere: Vec<Elsewhere>,
    clock: ClockFace,
    search: Option<Search>,
    cars: Vec<CarRow>,
    pages: Option<Pages>,
    chosen: Option<ChosenView>,
    faults: Option<Panel>,
}

/// An application whose cars can be shown.
struct Tab {
    href: String,
    name: String,
    current: bool,
}

/// A car of the list that the map does not show.
#[derive(Debug, PartialEq, Eq)]
struct Elsewhere {
    href: String,
    name: String,
    city: String,
}

/// The field to search for a car.
struct Search {
    fields: Vec<(&'static str, String)>,
    query: String,
}

/// Where in the list the page is.
struct Pages {
    before: Option<String>,
    after: Option<String>,
    text: String,
}

/// The car that is looked at.
struct ChosenView {
    name: String,
    what: String,
    credentials: String,
    delete: String,
    course: String,
    jump: String,
    stats: Vec<Stat>,
    plot: Option<PlotView>,
    state: String,
    button: Button,
    speeds: Vec<SpeedButton>,
    stages: Vec<StageRow>,
    /// Whether times are told with their day.
    has_days: bool,
}

struct PlotView {
    label: String,
    energy: String,
    drawing: Plot,
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let toast = pairs.get("did").and_then(super::acts::toast);
    let shown = given(&dashboard, visitor, &Here::read(&pairs), toast, None).await;
    shown.unwrap_or_else(|error| failed(&error))
}

/// The page, with what the last thing that was done came to.
pub(crate) async fn given(
    dashboard: &Dashboard,
    visitor: Visitor,
    here: &Here,
    toast: Option<Text>,
    trouble: Option<Trouble>,
) -> Result<Response, ControlError> {
    let roll = scene::roll(dashboard, here).await?;
    let scene = scene::scene(dashboard, &roll, true).await?;
    let page = SimulatorPage {
        toast,
        trouble,
        ..page(dashboard, &roll, &scene, &visitor)
    };
    let status = page.trouble.as_ref().map(|trouble| trouble.status);
    let mut page = Page::new(page).live().names_itself();
    if let Some(status) = status {
        page = page.status(status);
    }
    Ok(visitor.give(page))
}

fn page(dashboard: &Dashboard, roll: &Roll, scene: &Scene, visitor: &Visitor) -> SimulatorPage {
    let here = &roll.here;
    let vehicle = roll
        .subjects
        .iter()
        .find(|subject| Some(subject.id) == here.car);
    let sight = scene.sight(here);
    let shape = shape(dashboard, scene);
    let drawing = sight.as_ref().map(Drawing::of);
    SimulatorPage {
        frame: Frame::of(t("Simulator"), frame::Here::Simulator, visitor).scripted(),
        csrf: visitor.csrf.clone(),
        here: here.links(),
        events: here.below("/events", &[("seen", &shape)]),
        toast: None,
        trouble: None,
        lead: lead(scene.all),
        applications: tabs(roll),
        elsewhere: elsewhere(scene, here),
        map: drawing,
        clock: scene.clock.face(),
        search: search(roll),
        cars: scene.cars.iter().map(|car| car.row(here)).collect(),
        pages: pages(roll),
        chosen: scene.chosen.as_ref().map(|chosen| view(chosen, here)),
        faults: dashboard.faults.as_ref().map(|faults| {
            let chosen = vehicle.map(|subject| subject.vehicle);
            Panel::of(faults, &roll.subjects, chosen)
        }),
    }
}

fn lead(cars: u64) -> String {
    match cars {
        0 => t("Cars that drive, charge and sleep by a clock that you move.").plain(),
        1 => t("One car on one clock. The same seed gives the same day, to the metre.").plain(),
        cars => t("{n} cars on one clock. The same seed gives the same day, to the metre.")
            .with("n", cars)
            .plain(),
    }
}

/// Tabs of the applications, when there are several.
fn tabs(roll: &Roll) -> Vec<Tab> {
    let owner = roll.owner();
    let tab = |(id, name): &(ApplicationId, String)| Tab {
        href: Here::of(*id).address(),
        name: name.clone(),
        current: owner == Some(*id),
    };
    let applications = roll.applications.iter();
    let tabs: Vec<Tab> = applications.map(tab).collect();
    if tabs.len() > 1 { tabs } else { Vec::new() }
}

/// Cars of the list in other cities than the map's.
fn elsewhere(scene: &Scene, here: &Here) -> Vec<Elsewhere> {
    let Some(chosen) = &scene.chosen else {
        return Vec::new();
    };
    let others = scene.cars.iter().filter(|car| car.city != chosen.car.city);
    others
        .map(|car| Elsewhere {
            href: here.at(car.id).address(),
            name: car.name.clone(),
            city: car.city.clone(),
        })
        .collect()
}

/// The field to search, when there is more than one page of cars.
fn search(roll: &Roll) -> Option<Search> {
    let query = roll.here.query.clone();
    let many = roll.all > u64::try_from(PER_PAGE).unwrap_or(u64::MAX);
    (many || query.is_some()).then(|| Search {
        fields: roll.here.unchosen().fields(),
        query: query.unwrap_or_default(),
    })
}

fn pages(roll: &Roll) -> Option<Pages> {
    let Roll {
        here, listed, page, ..
    } = roll;
    let (listed, page) = (*listed, *page);
    let first = page * PER_PAGE;
    let last = (first + PER_PAGE).min(listed);
    (listed > PER_PAGE).then(|| Pages {
        before: (page > 0).then(|| here.on(page - 1).address()),
        after: (last < listed).then(|| here.on(page + 1).address()),
        text: t("{first} to {last} of {listed}")
            .with("first", first + 1)
            .with("last", last)
            .with("listed", listed)
            .plain(),
    })
}

fn view(chosen: &scene::Chosen, here: &Here) -> ChosenView {
    let (car, trip) = (&chosen.car, &chosen.trip);
    let below = |what: &str| format!("/dashboard/simulator/cars/{}/{what}", car.id);
    let led = |what: &str| here.below(&format!("/cars/{}/{what}", car.id), &[]);
    ChosenView {
        name: car.name.clone(),
        what: t("{what}, trip {trip}")
            .with("what", &chosen.what)
            .with("trip", &trip.name)
            .plain(),
        credentials: led("credentials"),
        delete: led("delete"),
        course: below("course"),
        jump: below("stage"),
        stats: car.stats(),
        plot: drawn(trip),
        state: trip.state(),
        button: trip.button(),
        speeds: trip.speeds(),
        stages: trip.rows(),
        has_days: plot::has_days(trip.length),
    }
}

fn drawn(trip: &Trip) -> Option<PlotView> {
    let energy = trip.energy.plain().to_lowercase();
    (!trip.samples.is_empty()).then(|| PlotView {
        label: t("{energy} and speed over the trip")
            .with("energy", &trip.energy)
            .plain(),
        drawing: trip.plot(),
        energy,
    })
}

/// What the page is built of: when it is another, only loading the page again shows it.
fn shape(dashboard: &Dashboard, scene: &Scene) -> String {
    let mut hasher = DefaultHasher::new();
    scene.all.hash(&mut hasher);
    scene
        .chosen
        .as_ref()
        .map(|chosen| &chosen.life)
        .hash(&mut hasher);
    let faults = dashboard.faults.iter().flat_map(|faults| faults.list());
    faults.for_each(|standing| standing.id.hash(&mut hasher));
    format!("{:x}", hasher.finish())
}

/// What may change of the page, as it is now; `seen` is the shape that the page had.
pub(crate) async fn live(
    dashboard: &Dashboard,
    roll: &Roll,
    seen: Option<&str>,
) -> Result<Live, ControlError> {
    let scene = scene::scene(dashboard, roll, false).await?;
    let here = &roll.here;
    let mut live = Live::default();
    scene.clock.face().note(&mut live);
    for car in &scene.cars {
        car.row(here).note(&mut live);
    }
    if let Some(chosen) = &scene.chosen {
        chosen.trip.note(&mut live);
        for stat in chosen.car.stats() {
            stat.note(&mut live);
        }
    }
    if let Some(sight) = scene.sight(here) {
        Movement::of(&sight).note(&mut live);
    }
    if let Some(faults) = &dashboard.faults {
        for row in faults::rows(faults, &roll.subjects) {
            row.note(&mut live);
        }
    }
    let is_same = seen.is_none_or(|seen| seen == shape(dashboard, &scene));
    live.set_if("changed", "hidden", is_same.then_some(""));
    Ok(live)
}
