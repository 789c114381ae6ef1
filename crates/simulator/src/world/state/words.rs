//! What a car says of itself that no physics decides: constants of the car, picked by its seed.

use std::time::Duration;

use carport_model::SignalValue;
use carport_model::reading::{BatteryCapacity, ServiceRecord};
use carport_model::vehicle::FoundVehicle;

use super::CarState;
use crate::world::individual::OIL_CHANGE;

const COLOURS: [&str; 8] = [
    "White", "Black", "Grey", "Silver", "Blue", "Red", "Green", "Sand",
];
const TRIMS: [&str; 5] = ["Base", "Comfort", "Style", "Sport", "Long Range"];
const WHEELS: [&str; 4] = ["Aero 18", "Aero 19", "Sport 19", "Classic 17"];
const MODES: [&str; 3] = ["Everyday", "Comfort", "Standard"];
const FIRMWARE: [&str; 4] = ["2025.44.3", "2026.2.1", "2026.8.0", "2026.12.4"];
const PACKAGES: [&str; 5] = ["Winter", "Assistance", "Towing", "Sound", "Parking"];
const GARAGES: [&str; 3] = ["Garage North", "Garage at the Bridge", "Garage Centre"];

/// Kilometres that a car is driven a day, before its journey.
const A_DAY: f64 = 40.0;
/// Energy that batteries hold beside what is usable.
const HIDDEN: f64 = 1.06;

impl CarState {
    fn pick(&self, salt: u64, of: &[&'static str]) -> SignalValue {
        SignalValue::Text(self.own.car.pick(salt, of).to_owned())
    }

    pub(super) fn colour(&self) -> SignalValue {
        self.pick(1, &COLOURS)
    }

    pub(super) fn trim(&self) -> SignalValue {
        self.pick(2, &TRIMS)
    }

    pub(super) fn wheels(&self) -> SignalValue {
        self.pick(3, &WHEELS)
    }

    pub(super) fn firmware(&self) -> SignalValue {
        self.pick(4, &FIRMWARE)
    }

    pub(super) fn drive_mode(&self) -> SignalValue {
        SignalValue::DriveMode {
            canonical: "NORMAL".to_owned(),
            maker_name: Some(self.own.car.pick(5, &MODES).to_owned()),
        }
    }

    pub(super) fn packages(&self) -> SignalValue {
        let has = |index: u64| self.own.car.pick(10 + index, &[true, false]);
        let packages = (0..).zip(PACKAGES).filter(|(index, _)| has(*index));
        SignalValue::Words(packages.map(|(_, name)| name.to_owned()).collect())
    }

    /// Whether it has a part that about so many of three cars have.
    pub(super) fn has_extra(&self, salt: u64, of_three: u64) -> bool {
        self.own.car.pick(20 + salt, &[0, 1, 2]) < of_three
    }

    /// How often it was charged to the brim in a row.
    pub(super) fn brimful(&self) -> u32 {
        self.own.car.pick(6, &[0, 0, 1, 2])
    }

    /// What the battery held when it was new.
    pub(super) fn capacity(&self, car: &FoundVehicle) -> SignalValue {
        let nominal = match car.capacities.as_slice() {
            [only] => Some(only.capacity),
            [] => {
                let usable = self.battery.map(|battery| battery.usable);
                usable.map(|usable| (usable * HIDDEN).round())
            }
            _ => None,
        };
        SignalValue::Capacity(BatteryCapacity {
            nominal,
            is_chosen: false,
            candidates: car.capacities.clone(),
        })
    }

    /// Visits to a workshop before the journey began, one every [`OIL_CHANGE`].
    pub(super) fn services(&self) -> SignalValue {
        let own = &self.own;
        let began = self.at.minus(own.elapsed / own.speed.max(1));
        let mut since = own.car.oil;
        let mut records = Vec::new();
        while since < own.car.odometer - 500.0 && records.len() < 3 {
            let odometer = own.car.odometer - since;
            let ago = Duration::from_secs_f64((since / A_DAY * 86_400.0).round());
            records.push(ServiceRecord {
                id: Some(format!("SIM-{odometer:.0}")),
                at: Some(began.minus(ago)),
                odometer: (odometer * 10.0).round() / 10.0,
                tasks: vec![(Some("1".to_owned()), Some("Inspection".to_owned()))],
                details: vec![(
                    "Service Dealer".to_owned(),
                    Some(own.car.pick(7, &GARAGES).to_owned()),
                )],
                cost: None,
                currency: None,
            });
            since += OIL_CHANGE;
        }
        SignalValue::Services(records)
    }

    /// Kind of plug for direct current that the car takes; `None` when it takes none.
    pub(super) fn fast_plug(&self, car: &FoundVehicle) -> Option<&'static str> {
        let battery = self.own.profile.battery?;
        if battery.dc <= 0.0 {
            return None;
        }
        let is_american = matches!(&*self.own.country, "US" | "CA");
        Some(match (car.make.as_str(), is_american) {
            ("TESLA", true) => "NACS",
            ("NISSAN", _) if car.model.eq_ignore_ascii_case("leaf") => "CHADEMO",
            _ => "CCS",
        })
    }

    /// Kind of plug in the port.
    pub(super) fn plug_type(&self, car: &FoundVehicle) -> &'static str {
        let is_direct = self
            .plug
            .is_some_and(|plug| plug.current == Some(crate::world::scenario::Current::Dc));
        let fast = self.fast_plug(car).filter(|_| is_direct);
        fast.unwrap_or(match &*self.own.country {
            "US" | "CA" | "JP" => "J1772",
            _ => "TYPE_2",
        })
    }
}
