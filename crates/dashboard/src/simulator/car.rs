//! A car at an instant, and how it is told: one line of the list, figures, a mark on the map.

use carport_model::SimulationId;
use carport_web::words::{Text, t};

use super::figures;
use super::here::Here;
use super::live::Live;
use super::map::{Position, Seen};

/// A share of the battery or the tank below which it is called low.
const LOW: f64 = 0.15;

/// What a car does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Doing {
    /// It drives.
    Drives,
    /// It takes so many kilowatts.
    Charges(f64),
    /// Its tank is being filled.
    Refuels,
    /// It stands.
    Stands,
    /// It stands at a plug.
    StandsPlugged,
    /// It sleeps: whoever asks is told so.
    Sleeps,
    /// It cannot be reached.
    OutOfReach,
    /// It ran empty on its way.
    Stranded,
}

/// Whether its time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Motion {
    /// Not yet.
    Waiting,
    /// Yes.
    Running,
    /// It was stopped.
    Paused,
    /// Its trip is over.
    Finished,
}

/// A car at an instant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CarNow {
    /// Its id.
    pub id: SimulationId,
    /// What people call it.
    pub name: String,
    /// Name of its city.
    pub city: String,
    /// What it does.
    pub doing: Doing,
    /// Whether its time passes.
    pub motion: Motion,
    /// How full its battery is, if it has a plug.
    pub battery: Option<f64>,
    /// How full its tank is, if it has one.
    pub fuel: Option<f64>,
    /// Kilometres that it goes with what it has.
    pub range: Option<f64>,
    /// Kilometres an hour.
    pub speed: f64,
    /// Kilometres driven since it was made.
    pub odometer: f64,
    /// Whether its doors are locked.
    pub is_locked: bool,
    /// The lowest pressure of its tyres, kPa.
    pub tyre: f64,
    /// Where it is.
    pub position: Position,
    /// Where it looks, degrees from north over east.
    pub heading: f64,
    /// The way of its drive; empty when it does not drive.
    pub way: Vec<Position>,
    /// How much of that lies behind it, as a share.
    pub driven: f64,
}

impl CarNow {
    /// What it does, in a few words.
    pub(crate) fn does(&self) -> String {
        let doing = match self.doing {
            Doing::Drives => t("driving, {speed} km/h")
                .with("speed", figures::whole(self.speed))
                .plain(),
            Doing::Charges(power) => t("charging, {power} kW")
                .with("power", figures::whole(power))
                .plain(),
            Doing::Refuels => t("filling up").plain(),
            Doing::Stands => {
                if self.is_locked {
                    t("parked, locked").plain()
                } else {
                    t("parked, unlocked").plain()
                }
            }
            Doing::StandsPlugged => t("parked, plugged in").plain(),
            Doing::Sleeps => t("asleep").plain(),
            Doing::OutOfReach => t("out of reach").plain(),
            Doing::Stranded => t("stranded, empty").plain(),
        };
        let does = match self.motion {
            Motion::Running => capital(&doing),
            Motion::Waiting => t("Not started").plain(),
            Motion::Paused => t("Paused, {doing}").with("doing", doing).plain(),
            Motion::Finished => t("Finished, {doing}").with("doing", doing).plain(),
        };
        if self.battery.is_some_and(|full| full < LOW) {
            t("{does}, low battery").with("does", does).plain()
        } else if self.battery.is_none() && self.fuel.is_some_and(|full| full < LOW) {
            t("{does}, low fuel").with("does", does).plain()
        } else {
            does
        }
    }

    /// How full it is: the battery, or the tank of a car without a plug.
    pub(crate) fn full(&self) -> String {
        let full = self.battery.or(self.fuel);
        full.map(figures::percent).unwrap_or_default()
    }

    /// How far it goes.
    pub(crate) fn range(&self) -> String {
        let range = self.range;
        range.map_or_else(String::new, |range| {
            t("{n} km").with("n", figures::whole(range)).plain()
        })
    }

    fn doors(&self) -> Text {
        if self.is_locked {
            t("Locked")
        } else {
            t("Unlocked")
        }
    }

    /// Its colour: 1 for the car that is looked at, 2 for one that does something, 3 at rest.
    pub(crate) fn tone(&self, is_chosen: bool) -> u8 {
        let is_busy = matches!(
            self.doing,
            Doing::Drives | Doing::Charges(_) | Doing::Refuels
        );
        match (is_chosen, is_busy && self.motion == Motion::Running) {
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => 3,
        }
    }

    /// Its line of the list.
    pub(crate) fn row(&self, here: &Here) -> CarRow {
        let is_chosen = here.car == Some(self.id);
        CarRow {
            id: self.id.to_string(),
            href: here.at(self.id).address(),
            name: self.name.clone(),
            tone: self.tone(is_chosen),
            full: self.full(),
            does: self.does(),
            range: self.range(),
            current: is_chosen,
        }
    }

    /// Its mark on the map.
    pub(crate) fn seen(&self, here: &Here) -> Seen {
        let detail = match self.doing {
            Doing::Drives => t("{n} km/h").with("n", figures::whole(self.speed)).plain(),
            Doing::Charges(power) => t("{n} kW").with("n", figures::whole(power)).plain(),
            _ => String::new(),
        };
        Seen {
            id: self.id.to_string(),
            name: self.name.clone(),
            detail,
            position: self.position,
            heading: self.heading,
            tone: self.tone(here.car == Some(self.id)),
            way: self.way.clone(),
            driven: self.driven,
        }
    }

    /// Its figures.
    pub(crate) fn stats(&self) -> Vec<Stat> {
        let mut stats = Vec::new();
        let mut stat = |id, title, figure: String, more: &str| {
            let more = more.to_owned();
            stats.push(Stat {
                id,
                title,
                figure,
                more,
            });
        };
        let range = self.range();
        if let Some(full) = self.battery {
            stat("battery", t("Battery"), figures::percent(full), &range);
        }
        if let Some(full) = self.fuel {
            let range = if self.battery.is_none() { &range } else { "" };
            stat("fuel", t("Fuel"), figures::percent(full), range);
        }
        stat(
            "speed",
            t("Speed"),
            figures::whole(self.speed),
            &t("km/h").plain(),
        );
        stat(
            "odometer",
            t("Odometer"),
            figures::whole(self.odometer),
            &t("km").plain(),
        );
        stat("doors", t("Doors"), self.doors().plain(), "");
        stat(
            "tyres",
            t("Tyres"),
            figures::whole(self.tyre),
            &t("kPa, lowest").plain(),
        );
        stats
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CarRow {
    /// Id of the car.
    pub id: String,
    /// Where it leads.
    pub href: String,
    /// What people call it.
    pub name: String,
    /// Its colour.
    pub tone: u8,
    /// How full it is.
    pub full: String,
    /// What it does.
    pub does: String,
    /// How far it goes.
    pub range: String,
    /// Whether it is looked at.
    pub current: bool,
}

impl CarRow {
    /// Notes what may change of it.
    pub(crate) fn note(&self, live: &mut Live) {
        let Self { id, .. } = self;
        live.text(format!("full-{id}"), &self.full);
        live.text(format!("does-{id}"), &self.does);
        live.text(format!("range-{id}"), &self.range);
        live.set(
            format!("dot-{id}"),
            "class",
            format!("dot car-{}", self.tone),
        );
    }
}

/// A figure of the car that is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stat {
    /// Id of its element.
    pub id: &'static str,
    /// What it is.
    pub title: Text,
    /// The figure.
    pub figure: String,
    /// Its unit, or what else belongs to it.
    pub more: String,
}

impl Stat {
    /// Notes what may change of it.
    pub(crate) fn note(&self, live: &mut Live) {
        live.text(self.id, &self.figure);
        live.text(format!("{}-more", self.id), &self.more);
    }
}

pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A battery car that drives to work.
    pub(crate) fn commuter() -> CarNow {
        CarNow {
            id: SimulationId::from_bytes([1; 16]),
            name: "Commuter".to_owned(),
            city: "Denver".to_owned(),
            doing: Doing::Drives,
            motion: Motion::Running,
            battery: Some(0.756),
            fuel: None,
            range: Some(214.2),
            speed: 61.8,
            odometer: 31_408.3,
            is_locked: true,
            tyre: 248.2,
            position: (39.70, -104.925),
            heading: 90.0,
            way: vec![(39.70, -104.95), (39.70, -104.90), (39.60, -104.84)],
            driven: 0.2,
        }
    }

    /// An old car that stands at home with a nearly empty tank.
    pub(crate) fn homebody() -> CarNow {
        CarNow {
            id: SimulationId::from_bytes([3; 16]),
            name: "Homebody".to_owned(),
            doing: Doing::Stands,
            battery: None,
            fuel: Some(0.12),
            range: Some(81.0),
            speed: 0.0,
            position: (39.7001, -104.9503),
            heading: 0.0,
            way: Vec::new(),
            ..commuter()
        }
    }

    #[test]
    fn every_state_has_its_words() {
        let does = |doing, motion| {
            CarNow {
                doing,
                motion,
                ..commuter()
            }
            .does()
        };
        assert_eq!(does(Doing::Drives, Motion::Running), "Driving, 62 km/h");
        assert_eq!(
            does(Doing::Charges(48.2), Motion::Running),
            "Charging, 48 kW"
        );
        assert_eq!(
            does(Doing::StandsPlugged, Motion::Paused),
            "Paused, parked, plugged in"
        );
        assert_eq!(does(Doing::Sleeps, Motion::Running), "Asleep");
        assert_eq!(does(Doing::OutOfReach, Motion::Running), "Out of reach");
        assert_eq!(does(Doing::Stranded, Motion::Running), "Stranded, empty");
        assert_eq!(does(Doing::Refuels, Motion::Running), "Filling up");
        assert_eq!(does(Doing::Stands, Motion::Waiting), "Not started");
        assert_eq!(
            does(Doing::Stands, Motion::Finished),
            "Finished, parked, locked"
        );
        assert_eq!(homebody().does(), "Parked, locked, low fuel");
        let empty = CarNow {
            battery: Some(0.1),
            is_locked: false,
            doing: Doing::Stands,
            ..commuter()
        };
        assert_eq!(empty.does(), "Parked, unlocked, low battery");
    }

    #[test]
    fn colours_tell_what_matters() {
        assert_eq!(commuter().tone(true), 1);
        assert_eq!(commuter().tone(false), 2);
        assert_eq!(homebody().tone(false), 3);
        let paused = CarNow {
            motion: Motion::Paused,
            ..commuter()
        };
        assert_eq!(paused.tone(false), 3);
    }

    #[test]
    fn figures_suit_what_moves_the_car() {
        let titles = |car: CarNow| {
            let stats = car.stats();
            stats
                .iter()
                .map(|stat| format!("{} {} {}", stat.title, stat.figure, stat.more))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            titles(commuter()),
            [
                "Battery 76 % 214 km",
                "Speed 62 km/h",
                "Odometer 31,408 km",
                "Doors Locked ",
                "Tyres 248 kPa, lowest"
            ]
        );
        assert_eq!(titles(homebody())[0], "Fuel 12 % 81 km");
        let hybrid = CarNow {
            fuel: Some(0.5),
            ..commuter()
        };
        assert_eq!(titles(hybrid)[..2], ["Battery 76 % 214 km", "Fuel 50 % "]);
    }
}
