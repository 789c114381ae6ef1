//! What the owner ticked.

use carport_model::vehicle::FoundVehicle;
use carport_model::{Permission, Permissions};
use carport_store::connect_runs::Run;
use carport_web::Pairs;
use carport_web::words::t;

use crate::frame::Note;

/// Ticked cars, counted from one, and permissions.
pub(super) struct Choice {
    cars: Vec<usize>,
    permissions: Vec<Permission>,
}

/// What keeps a choice from being a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Car,
    OneCar,
    Permission,
}

impl Missing {
    pub(super) fn note(self) -> Note {
        let (what, then) = match self {
            Self::Car => (
                t("No car is chosen."),
                t("Tick at least one car, or choose “Don’t allow”."),
            ),
            Self::OneCar => (t("More than one car is chosen."), t("Choose one car.")),
            Self::Permission => (
                t("Nothing is chosen."),
                t("Tick at least one item, or choose “Don’t allow”."),
            ),
        };
        Note::new(what, then)
    }
}

impl Choice {
    /// What the page shows first: all of it, and with single select the first car.
    pub(super) fn everything(run: &Run) -> Self {
        let cars = run.progress.vehicles.len();
        let cars = if run.request.single_select {
            cars.min(1)
        } else {
            cars
        };
        Self {
            cars: (1..=cars).collect(),
            permissions: Permission::ALL.to_vec(),
        }
    }

    /// What was sent. The only car of an account is not asked about, so it counts as chosen.
    pub(super) fn read(form: &Pairs, run: &Run) -> Self {
        let count = run.progress.vehicles.len();
        let mut cars: Vec<usize> = form
            .all("vehicle")
            .filter_map(|value| value.parse().ok())
            .filter(|value| (1..=count).contains(value))
            .collect();
        cars.sort_unstable();
        cars.dedup();
        if count == 1 {
            cars = vec![1];
        }
        let permissions = form.all("permission").filter_map(|name| name.parse().ok());
        Self {
            cars,
            permissions: permissions.collect(),
        }
    }

    pub(super) fn has_car(&self, value: usize) -> bool {
        self.cars.contains(&value)
    }

    pub(super) fn has_permission(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// The cars and permissions to grant. Needed permissions are added: browsers do not send a
    /// locked box.
    pub(super) fn settled(&self, run: &Run) -> Result<(Vec<FoundVehicle>, Permissions), Missing> {
        let granted = run.request.scope.granted(&self.permissions);
        if self.cars.is_empty() {
            return Err(Missing::Car);
        }
        if run.request.single_select && self.cars.len() > 1 {
            return Err(Missing::OneCar);
        }
        if granted.is_empty() {
            return Err(Missing::Permission);
        }
        let cars = run.progress.vehicles.iter().zip(1..);
        let cars = cars.filter(|(_, value)| self.has_car(*value));
        Ok((cars.map(|(car, _)| car.clone()).collect(), granted))
    }
}
