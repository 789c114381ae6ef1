//! Everything that the page shows at an instant, read from the store and computed from the world.

use carport_model::{ApplicationId, Simulation, SimulationId};
use carport_simulator::control::{ControlError, Shown};
use carport_store::{StoreError, Tx, applications, held_values, simulations};

use super::car::CarNow;
use super::clock::ClockNow;
use super::faults::Subject;
use super::here::Here;
use super::map::Sight;
use super::reading::{self, Surroundings};
use super::trip::Trip;
use crate::Dashboard;

/// Cars on a page of the list.
pub(crate) const PER_PAGE: usize = 20;
/// Most cars that an application has.
const MOST: usize = 10_000;

/// Which cars there are, and which of them the page shows.
#[derive(Debug, Clone)]
pub(crate) struct Roll {
    /// What the address says, with the application and the car filled in.
    pub here: Here,
    /// Applications.
    pub applications: Vec<(ApplicationId, String)>,
    /// Page of the list, from 0.
    pub page: usize,
    /// Cars of that page, in its order.
    pub ids: Vec<SimulationId>,
    /// Cars that the list has on all its pages.
    pub listed: usize,
    /// All cars of the application.
    pub all: u64,
    /// Cars that a fault may be about.
    pub subjects: Vec<Subject>,
}

/// What the page shows.
pub(crate) struct Scene {
    /// The clock.
    pub clock: ClockNow,
    /// Cars of the page of the list.
    pub cars: Vec<CarNow>,
    /// The car that is looked at.
    pub chosen: Option<Chosen>,
    /// All cars of the application by now.
    pub all: u64,
}

/// The car that is looked at.
pub(crate) struct Chosen {
    /// How it is.
    pub car: CarNow,
    /// Year, brand and model.
    pub what: String,
    /// What it lives through and where; when it changes, so does the ground of the map.
    pub life: String,
    /// Its trip.
    pub trip: Trip,
    /// What lies around it.
    pub surroundings: Surroundings,
}

/// The applications there are: id and name.
async fn names(dashboard: &Dashboard) -> Result<Vec<(ApplicationId, String)>, StoreError> {
    let applications = dashboard
        .store
        .scan(async |tx: &mut Tx<'_>| applications::list(tx).await)
        .await
        .map_err(|error: StoreError| error)?;
    Ok(applications
        .into_iter()
        .map(|one| (one.id, one.name))
        .collect())
}

/// The application that is meant: the one of the address, or else the first.
fn meant(names: &[(ApplicationId, String)], here: &Here) -> Option<ApplicationId> {
    let is_meant = |(id, _): &&(ApplicationId, String)| here.application == Some(*id);
    let meant = names.iter().find(is_meant).or_else(|| names.first());
    meant.map(|(id, _)| *id)
}

/// Whose cars are looked at; none when there is no application.
pub(crate) async fn owner(
    dashboard: &Dashboard,
    here: &Here,
) -> Result<Option<ApplicationId>, StoreError> {
    Ok(meant(&names(dashboard).await?, here))
}

/// Reads which cars there are.
pub(crate) async fn roll(dashboard: &Dashboard, here: &Here) -> Result<Roll, ControlError> {
    let names = names(dashboard).await?;
    let owner = meant(&names, here);
    let mut here = here.clone();
    here.application = owner.filter(|_| names.len() > 1);
    let Some(owner) = owner else {
        return Ok(Roll::empty(here));
    };
    let (mut cars, all) = dashboard.simulations.list(owner, None, MOST).await?;
    // In the order in which they were made, so that none moves when another is made.
    cars.reverse();
    let matching: Vec<&Simulation> = cars.iter().filter(|car| is_meant(&here, car)).collect();
    here.car = here.car.filter(|id| cars.iter().any(|car| car.id == *id));
    here.car = here.car.or_else(|| matching.first().map(|car| car.id));
    let place = matching.iter().position(|car| here.car == Some(car.id));
    let page = here.page.or_else(|| place.map(|place| place / PER_PAGE));
    let last_page = matching.len().saturating_sub(1) / PER_PAGE;
    let page = page.unwrap_or_default().min(last_page);
    let shown = matching.iter().skip(page * PER_PAGE).take(PER_PAGE);
    let ids = shown.map(|car| car.id).collect();
    let subject = |car: &Simulation| Subject {
        id: car.id,
        vehicle: car.vehicle,
        name: car.name.clone(),
    };
    Ok(Roll {
        listed: matching.len(),
        page,
        ids,
        all,
        subjects: cars.iter().take(200).map(subject).collect(),
        applications: names,
        here,
    })
}

fn is_meant(here: &Here, car: &Simulation) -> bool {
    here.query
        .as_deref()
        .is_none_or(|query| car.name.to_lowercase().contains(&query.to_lowercase()))
}

impl Roll {
    fn empty(here: Here) -> Self {
        Self {
            here,
            applications: Vec::new(),
            page: 0,
            ids: Vec::new(),
            listed: 0,
            all: 0,
            subjects: Vec::new(),
        }
    }

    /// Whose cars these are; none when there is no application.
    pub(crate) fn owner(&self) -> Option<ApplicationId> {
        meant(&self.applications, &self.here)
    }
}

/// Reads how the cars are. Cars that are gone meanwhile are left out; the trip of the car that is
/// looked at is sampled only where `is_drawn`.
pub(crate) async fn scene(
    dashboard: &Dashboard,
    roll: &Roll,
    is_drawn: bool,
) -> Result<Scene, ControlError> {
    let Some(owner) = roll.owner() else {
        return Ok(Scene::without_cars(dashboard));
    };
    let chosen = roll.here.car;
    let mut wanted = roll.ids.clone();
    wanted.extend(chosen.filter(|id| !roll.ids.contains(id)));
    let (found, all) = dashboard
        .store
        .read(async move |tx: &mut Tx<'_>| {
            let mut found = Vec::new();
            for id in &wanted {
                if let Some(car) = simulations::find(tx, owner, *id).await? {
                    let held = held_values::of(tx, car.vehicle).await?;
                    found.push((car, held));
                }
            }
            Ok::<_, StoreError>((found, simulations::count(tx, owner).await?))
        })
        .await?;
    let world = dashboard.simulations.world();
    let mut scene = Scene::without_cars(dashboard);
    scene.all = all;
    for (car, held) in found {
        let shown = match dashboard.simulations.shown(car, held).await {
            Ok(shown) => shown,
            // A car whose scenario is gone cannot be drawn; the others can.
            Err(ControlError::Conflict { .. }) => continue,
            Err(error) => return Err(error),
        };
        let car = reading::car_now(&shown, world);
        if chosen == Some(car.id) {
            scene.chosen = Some(Chosen {
                what: what(dashboard, &shown),
                life: format!(
                    "{} {}",
                    shown.simulation.course.scenario, shown.simulation.course.city
                ),
                trip: reading::trip(&shown, world, is_drawn),
                surroundings: reading::surroundings(&shown, world),
                car: car.clone(),
            });
        }
        if roll.ids.contains(&car.id) {
            scene.cars.push(car);
        }
    }
    Ok(scene)
}

fn what(dashboard: &Dashboard, shown: &Shown) -> String {
    let car = &shown.simulation.car;
    let brand = dashboard.brands.get(&car.make);
    let brand = brand.map_or_else(|| car.make.to_string(), |brand| brand.name.clone());
    format!("{} {brand} {}", car.year, car.model)
}

impl Scene {
    fn without_cars(dashboard: &Dashboard) -> Self {
        Self {
            clock: dashboard.clock_now(),
            cars: Vec::new(),
            chosen: None,
            all: 0,
        }
    }

    /// What there is to see of the city of the car that is looked at.
    pub(crate) fn sight(&self, here: &Here) -> Option<Sight> {
        let chosen = self.chosen.as_ref()?;
        let Surroundings {
            roads,
            places,
            lanes,
        } = &chosen.surroundings;
        let stops = places.iter().map(|(_, position)| *position);
        let neighbours = self
            .cars
            .iter()
            .filter(|car| car.city == chosen.car.city && car.id != chosen.car.id);
        Some(Sight {
            city: chosen.car.city.clone(),
            around: roads.iter().flatten().copied().chain(stops).collect(),
            roads: roads.clone(),
            lanes: lanes.clone(),
            places: places.clone(),
            cars: std::iter::once(&chosen.car)
                .chain(neighbours)
                .map(|car| car.seen(here))
                .collect(),
        })
    }
}

impl Dashboard {
    /// What the clock shows.
    pub(crate) fn clock_now(&self) -> ClockNow {
        match &self.time {
            Some(time) => {
                let shown = time.shown();
                ClockNow {
                    now: shown.now,
                    is_frozen: shown.is_frozen,
                    pace: shown.pace.factor(),
                    is_movable: true,
                }
            }
            None => ClockNow {
                now: self.clock.now(),
                is_frozen: false,
                pace: 1.0,
                is_movable: false,
            },
        }
    }
}
