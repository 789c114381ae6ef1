//! Battery, tank, tyres and oil at a moment.

use std::time::Duration;

use carport_model::Powertrain;

use super::moment::Scene;
use super::{BatteryState, PlugState, TankState, meters};
use crate::world::individual::{OIL_CHANGE, TYRE_CHECK};
use crate::world::physics::reserve;

/// Kilopascals of the air.
const AIR: f64 = 101.3;

impl Scene<'_> {
    pub(super) fn battery(&self) -> Option<BatteryState> {
        let profile = &self.journey.profile;
        let usable = profile.battery?.usable;
        let energy = self.life.stock.battery;
        let lasting = (energy - reserve(profile.powertrain, usable)).max(0.0);
        let lasting = if profile.powertrain == Powertrain::Hev {
            0.0
        } else {
            lasting
        };
        let (rated, driven) = (self.journey.rated.0, self.journey.usual.0 * self.car.thirst);
        Some(BatteryState {
            charge: energy / usable,
            energy,
            usable,
            range: lasting * 2.0 / (rated + driven),
            range_driven: lasting / driven,
            range_rated: lasting / rated,
            power: self.battery_power(),
            is_heated: self.outside < 0.0 && self.plug().is_some_and(|plug| plug.is_charging),
        })
    }

    /// Kilowatts out of the battery.
    fn battery_power(&self) -> f64 {
        let profile = &self.journey.profile;
        match (self.run, self.stand) {
            (Some((_, moment)), _) if self.is_driving() && self.life.on_battery => {
                moment.power * self.car.thirst
            }
            (Some((_, moment)), _) if self.is_driving() && profile.engine.is_some() => {
                moment.stored * self.car.thirst
            }
            (None, Some(stand)) => {
                let charging = self
                    .journey
                    .charging(&self.life.stock, self.spot.stage, stand);
                let held = self.life.stock.battery;
                let charging = charging.filter(|charging| held < charging.1);
                charging.map_or(0.0, |(charge, _)| -charge.power(held))
            }
            _ => 0.0,
        }
    }

    pub(super) fn plug(&self) -> Option<PlugState> {
        let journey = self.journey;
        journey
            .profile
            .battery
            .filter(|_| journey.profile.powertrain.has_plug())?;
        let stand = self.stand.filter(|_| !self.is_stranded());
        Some(meters::of(journey, &self.life, self.spot.stage, stand))
    }

    pub(super) fn tank(&self) -> Option<TankState> {
        let tank = self.journey.profile.engine?.tank;
        let litres = self.life.stock.fuel;
        let taken = self.journey.usual.1 * self.car.thirst;
        Some(TankState {
            litres,
            level: litres / tank,
            range: litres * 2.0 / (self.journey.rated.1 + taken),
        })
    }

    /// Whoever drives through a mild day in town has the window open.
    pub(super) fn is_window_open(&self) -> bool {
        let slow = self
            .run
            .is_some_and(|(run, _)| run.line.length / run.lasts < 10.0);
        slow && self.is_driving() && (19.0..27.0).contains(&self.act.outside)
    }

    /// Pressure by the gas law, after what leaked since the tyres were filled last.
    pub(super) fn tyres(&self, warm: f64, elapsed: Duration) -> [f64; 4] {
        let cold = self.journey.profile.tyres;
        let days = self.car.filled + elapsed.as_secs_f64() / 86_400.0;
        let days = days - (days / TYRE_CHECK).floor() * TYRE_CHECK;
        let warmth = (self.outside + warm + 273.15) / (20.0 + 273.15);
        let [a, b, c, d] = self.car.leaks.map(|leak| leak * days);
        let pressure = |cold: f64, lost: f64| (cold - lost + AIR) * warmth - AIR;
        [
            pressure(cold.front, a),
            pressure(cold.front, b),
            pressure(cold.rear, c),
            pressure(cold.rear, d),
        ]
    }

    pub(super) fn oil_life(&self, odometer: f64) -> Option<f64> {
        self.journey.profile.engine?;
        let since = self.car.oil + odometer - self.car.odometer;
        Some(1.0 - (since / OIL_CHANGE - (since / OIL_CHANGE).floor()))
    }
}
