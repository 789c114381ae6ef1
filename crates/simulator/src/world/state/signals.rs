//! States as signals: what an application reads.
//!
//! Numbers are rounded as a car would show them, which also makes them the same on every machine.

use carport_model::charging::{ChargeLimit, ChargeLimits, ChargeScope, ChargeTimer, Place};
use carport_model::reading::{BatteryRange, Opening, PlacedOpening};
use carport_model::signal::TestValue;
use carport_model::vehicle::FoundVehicle;
use carport_model::{Powertrain, Signal, SignalValue};

use super::CarState;
use crate::world::scenario::{Current, Reach};

/// Up to this temperature outside the windows are defrosted, degrees Celsius.
const FROST: f64 = 3.0;
/// Share of its pressure under which a tyre alarms.
const FLAT: f64 = 0.8;

fn number(value: f64, decimals: usize) -> SignalValue {
    SignalValue::Number(rounded(value, decimals))
}

/// Rounded to at most six decimals. Both factors are whole numbers, so the result is the number
/// nearest to the decimal.
pub(super) fn rounded(value: f64, decimals: usize) -> f64 {
    const FACTORS: [f64; 7] = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];
    let result = (value * FACTORS[decimals]).round() / FACTORS[decimals];
    // No car drives at -0.
    if result == 0.0 { 0.0 } else { result }
}

fn text(value: &str) -> SignalValue {
    SignalValue::Text(value.to_owned())
}

impl CarState {
    /// The value of a signal, in its canonical unit; `None` when the car has no such thing.
    #[must_use]
    pub fn value(&self, signal: Signal, car: &FoundVehicle) -> Option<SignalValue> {
        let spec = signal.spec();
        if !car.powertrain.has_what_it_takes_for(spec.permission) {
            return None;
        }
        let (group, name) = spec.code.split_once('-')?;
        match group {
            "charge" => self.charge(name, car),
            "climate" | "hvac" => self.climate(name),
            "closure" => self.closure(name, car),
            "connectivitysoftware" | "connectivitystatus" => self.connectivity(name),
            "diagnostics" => self.diagnosis(signal, car),
            "internalcombustionengine" => self.engine(name),
            "location" => self.location(name),
            "lowvoltagebattery" => self.low_voltage_battery(name),
            "motion" => Some(number(self.speed, 1)),
            "odometer" => Some(number(self.odometer, 2)),
            "service" if name == "isinservice" => Some(SignalValue::Flag(false)),
            "service" => Some(self.services()),
            "surveillance" => self.surveillance(name),
            "tractionbattery" => self.traction_battery(name, car),
            "transmission" if name == "gearstate" => {
                Some(text(if self.is_driving { "DRIVE" } else { "PARK" }))
            }
            "transmission" => Some(self.drive_mode()),
            "vehicleidentification" => self.identity(name, car),
            "vehicleuseraccount" if name == "role" => Some(text("OWNER")),
            "vehicleuseraccount" => Some(SignalValue::Words(
                ["read", "commands", "charging"].map(str::to_owned).to_vec(),
            )),
            "wheel" if name == "style" => Some(self.wheels()),
            "wheel" => Some(self.pressures()),
            _ => None,
        }
    }

    fn charge(&self, name: &str, car: &FoundVehicle) -> Option<SignalValue> {
        let plug = self.plug.as_ref()?;
        Some(match name {
            "amperage" => number(plug.amperes, 1),
            "amperagemax" => number(plug.most_amperes, 0),
            "amperagerequested" => number(plug.asked_amperes, 0),
            "chargelimits" => SignalValue::ChargeLimits(self.limits(plug.limit)),
            "chargeportstatuscolor" => text(match (plug.is_plugged, plug.is_charging) {
                (_, true) => "GREEN",
                (true, false) => "BLUE",
                (false, false) => "OFF",
            }),
            "chargerate" => number(plug.rate, 1),
            "chargerecords" => SignalValue::ChargeRecords(self.charges.clone()),
            "chargetimers" => SignalValue::ChargeTimers(
                [ChargeScope::Everywhere, ChargeScope::Place(self.home())]
                    .map(ChargeTimer::empty)
                    .to_vec(),
            ),
            "chargerphases" => SignalValue::Count(plug.phases),
            "chargingconnectortype" => text(self.plug_type(car)),
            "detailedchargingstatus" => text(match (plug.is_charging, plug.is_full) {
                (true, _) => "CHARGING",
                (false, true) => "FULLY_CHARGED",
                (false, false) => "NOT_CHARGING",
            }),
            "energyadded" => number(plug.energy_added, 2),
            "fastchargertype" => text(self.fast_plug(car)?),
            "ischarging" => SignalValue::Flag(plug.is_charging),
            "ischargingcableconnected" | "ischargingcablelatched" | "ischargingportflapopen" => {
                SignalValue::Flag(plug.is_plugged)
            }
            "isfastchargerpresent" => SignalValue::Flag(plug.current == Some(Current::Dc)),
            "timetocomplete" => number(plug.minutes_left, 0),
            "voltage" => number(plug.volts, 0),
            "wattage" => number(plug.power * 1000.0, 0),
            _ => return None,
        })
    }

    /// One limit for everywhere and for home.
    fn limits(&self, limit: f64) -> ChargeLimits {
        let limit = rounded(limit, 4);
        let mut limits = ChargeLimits::everywhere(limit);
        let scope = ChargeScope::Place(self.home());
        limits.limits.push(ChargeLimit { scope, limit });
        limits
    }

    fn home(&self) -> Place {
        self.own.home.clone()
    }

    fn climate(&self, name: &str) -> Option<SignalValue> {
        let is_cold = self.is_driving && self.outside < FROST;
        Some(match name {
            "externaltemperature" => number(self.outside, 1),
            "internaltemperature" => number(self.cabin, 1),
            "cabintargettemperature" => SignalValue::Number(21.0),
            "iscabinhvacactive" => SignalValue::Flag(self.is_climate_on),
            "isfrontdefrosteractive" | "isreardefrosteractive" => SignalValue::Flag(is_cold),
            "issteeringheateractive" if self.has_extra(0, 2) => SignalValue::Flag(is_cold),
            _ => return None,
        })
    }

    fn closure(&self, name: &str, car: &FoundVehicle) -> Option<SignalValue> {
        let is_bev = car.powertrain == Powertrain::Bev;
        let lid = SignalValue::Opening(self.lid());
        Some(match name {
            "islocked" => SignalValue::Flag(self.is_locked),
            "doors" => SignalValue::Openings(self.places(self.is_door_open, self.is_locked)),
            "windows" => SignalValue::Openings(self.places(self.is_window_open, true)),
            "sunroof" if self.has_extra(1, 1) => SignalValue::Opening(Opening::SHUT),
            "reartrunk" => lid,
            "fronttrunk" if is_bev => lid,
            "enginecover" if !is_bev => SignalValue::Opening(Opening::SHUT),
            "tailgate" if self.has_extra(2, 1) => lid,
            _ => return None,
        })
    }

    fn lid(&self) -> Opening {
        Opening {
            is_open: Some(false),
            is_locked: Some(self.is_locked),
        }
    }

    /// Doors or windows; only the driver's can be open. A window that is shut is as good as locked.
    fn places(&self, is_driver_open: bool, is_locked: bool) -> Vec<PlacedOpening> {
        // The driver sits on the left, or on the right where one keeps to the left.
        let driver = u8::from(matches!(
            &*self.own.country,
            "GB" | "IE" | "AU" | "JP" | "MT" | "CY"
        ));
        let rows = if self.own.profile.seats > 2 { 2 } else { 1 };
        let place = |(row, column)| {
            let is_open = is_driver_open && (row, column) == (0, driver);
            let opening = Opening {
                is_open: Some(is_open),
                is_locked: Some(is_locked && !is_open),
            };
            PlacedOpening {
                row,
                column,
                opening,
            }
        };
        let all = (0..rows).flat_map(|row| [(row, 0), (row, 1)]);
        all.map(place).collect()
    }

    fn connectivity(&self, name: &str) -> Option<SignalValue> {
        Some(match name {
            "currentfirmwareversion" => self.firmware(),
            "isasleep" => SignalValue::Flag(self.reach == Reach::Asleep),
            "isdigitalkeypaired" => SignalValue::Flag(true),
            "isonline" => SignalValue::Flag(self.reach == Reach::Awake),
            _ => return None,
        })
    }

    fn diagnosis(&self, signal: Signal, car: &FoundVehicle) -> Option<SignalValue> {
        let spec = signal.spec();
        // The signal list knows which cars have which system.
        if let TestValue::Made(has) = spec.test {
            has(car, self.at)?;
        }
        let warning = match spec.code {
            "diagnostics-dtccount" => return Some(SignalValue::Count(0)),
            "diagnostics-dtclist" => return Some(SignalValue::TroubleCodes(Vec::new())),
            "diagnostics-tirepressure" => self.is_tyre_low().then_some("A tyre has lost air"),
            "diagnostics-oillife" => {
                let is_old = self.oil_life.is_some_and(|life| life < 0.05);
                is_old.then_some("The engine oil needs a change")
            }
            _ => None,
        };
        Some(SignalValue::Health {
            alert: warning.is_some(),
            description: warning.map(str::to_owned),
        })
    }

    fn is_tyre_low(&self) -> bool {
        let cold = self.own.profile.tyres;
        let filled = [cold.front, cold.front, cold.rear, cold.rear];
        self.tyres
            .iter()
            .zip(filled)
            .any(|(now, filled)| *now < filled * FLAT)
    }

    fn engine(&self, name: &str) -> Option<SignalValue> {
        let tank = self.tank.as_ref()?;
        Some(match name {
            "amountremaining" => number(tank.litres, 2),
            "fuellevel" => number(tank.level, 4),
            "oillife" => number(self.oil_life?, 4),
            "range" => number(tank.range, 1),
            _ => return None,
        })
    }

    fn location(&self, name: &str) -> Option<SignalValue> {
        Some(match name {
            "isathome" => SignalValue::Flag(self.is_home),
            "preciselocation" => SignalValue::Position {
                latitude: rounded(self.position.0, 6),
                longitude: rounded(self.position.1, 6),
                heading: Some(rounded(self.heading, 1) % 360.0),
            },
            _ => return None,
        })
    }

    fn low_voltage_battery(&self, name: &str) -> Option<SignalValue> {
        Some(match name {
            "stateofcharge" => number(self.low_voltage, 3),
            "status" => text(match self.low_voltage {
                0.6.. => "GOOD",
                0.4.. => "WARN",
                _ => "BAD",
            }),
            _ => return None,
        })
    }

    fn surveillance(&self, name: &str) -> Option<SignalValue> {
        if !self.has_extra(3, 2) {
            return None;
        }
        Some(match name {
            "brand" => text("Guard"),
            "isenabled" => SignalValue::Flag(!self.is_driving && self.is_locked),
            _ => return None,
        })
    }

    fn traction_battery(&self, name: &str, car: &FoundVehicle) -> Option<SignalValue> {
        /// Ideal conditions beside those of the type approval.
        const IDEAL: f64 = 1.12;
        let battery = self.battery.as_ref()?;
        Some(match name {
            "isheateractive" => SignalValue::Flag(battery.is_heated),
            "maxrangechargecounter" => SignalValue::Count(self.brimful()),
            "nominalcapacity" => self.capacity(car),
            "range" => SignalValue::Range(BatteryRange {
                distance: rounded(battery.range, 1),
                estimated: Some(rounded(battery.range_driven, 1)),
                ideal: Some(rounded(battery.range_rated * IDEAL, 1)),
                rated: Some(rounded(battery.range_rated, 1)),
            }),
            "stateofcharge" => number(battery.charge, 4),
            _ => return None,
        })
    }

    fn identity(&self, name: &str, car: &FoundVehicle) -> Option<SignalValue> {
        Some(match name {
            "exteriorcolor" => self.colour(),
            "nickname" => text(&car.model),
            "packages" => self.packages(),
            "trim" => self.trim(),
            "vin" => text(car.vin.as_str()),
            _ => return None,
        })
    }

    fn pressures(&self) -> SignalValue {
        let [front_left, front_right, back_left, back_right] =
            self.tyres.map(|pressure| rounded(pressure, 1));
        SignalValue::Tyres {
            front_left,
            front_right,
            back_left,
            back_right,
        }
    }
}
