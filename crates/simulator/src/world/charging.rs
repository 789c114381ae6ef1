//! How a battery fills: at constant power, then ever more slowly.
//!
//! Above a share of the battery the square of the power falls in a straight line with the energy,
//! which makes the power itself a straight line in time: no exponentials, the same on every machine.

use super::profile::Battery;
use super::scenario::{ChargePoint, Current};

/// Share of what an outlet gives that reaches the battery, alternating and direct.
const AC_EFFICIENCY: f64 = 0.9;
const DC_EFFICIENCY: f64 = 0.96;
/// Share of the battery from which on alternating current falls.
const AC_TAPER: f64 = 0.96;
/// Share of the full power that is left at the brim.
const AC_END: f64 = 0.15;
const DC_END: f64 = 0.1;

/// How one battery charges at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Charge {
    /// Kind of current that flows.
    pub(super) current: Current,
    /// Kilowatts into the battery until the knee.
    power: f64,
    /// Kilowatt-hours from which on the power falls.
    knee: f64,
    /// Kilowatt-hours at which it would be nothing; more than the battery holds.
    nothing: f64,
    /// Share of what the outlet gives that reaches the battery.
    efficiency: f64,
}

impl Charge {
    /// At a point, at this temperature, with at most so many kilowatts asked for at an outlet of
    /// alternating current.
    pub(super) fn new(
        battery: &Battery,
        point: ChargePoint,
        celsius: f64,
        asked: Option<f64>,
    ) -> Self {
        let usable = battery.usable;
        // A car that takes no direct current uses the outlet beside it.
        if point.current == Current::Dc && battery.dc > 0.0 {
            // Cold cells take less: all from 20 degrees on, half at -13.
            let warm = (0.7 + 0.015 * celsius).clamp(0.4, 1.0);
            let most = battery.dc * warm;
            let (knee, given) = (battery.taper * usable, point.power * DC_EFFICIENCY);
            return Self::tapering(
                Current::Dc,
                most,
                given,
                (knee, usable, DC_END),
                DC_EFFICIENCY,
            );
        }
        let asked = asked.unwrap_or(f64::INFINITY);
        let given = point.power.min(asked) * AC_EFFICIENCY;
        let most = battery.ac * AC_EFFICIENCY;
        let shape = (AC_TAPER * usable, usable, AC_END);
        Self::tapering(Current::Ac, most, given, shape, AC_EFFICIENCY)
    }

    fn tapering(
        current: Current,
        most: f64,
        given: f64,
        (knee, full, end): (f64, f64, f64),
        efficiency: f64,
    ) -> Self {
        let nothing = knee + (full - knee) / (1.0 - end * end);
        let power = given.min(most).max(0.0);
        // A weak outlet is the limit for longer.
        let share = if most > 0.0 { power / most } else { 1.0 };
        Self {
            current,
            power,
            knee: nothing - share * share * (nothing - knee),
            nothing,
            efficiency,
        }
    }

    /// Kilowatts into a battery that holds so much.
    pub(super) fn power(&self, held: f64) -> f64 {
        if held <= self.knee {
            self.power
        } else {
            self.power * self.left(held)
        }
    }

    /// Kilowatts that the outlet gives then.
    pub(super) fn drawn(&self, held: f64) -> f64 {
        self.power(held) / self.efficiency
    }

    /// Share of the full power at an energy above the knee.
    fn left(&self, held: f64) -> f64 {
        ((self.nothing - held) / (self.nothing - self.knee))
            .max(0.0)
            .sqrt()
    }

    /// Hours from one energy to a greater one.
    pub(super) fn time(&self, from: f64, to: f64) -> f64 {
        if self.power <= 0.0 {
            return f64::INFINITY;
        }
        let even = (to.min(self.knee) - from.min(self.knee)) / self.power;
        let fall = self.left(from.max(self.knee)) - self.left(to.max(self.knee));
        even + fall * 2.0 * (self.nothing - self.knee) / self.power
    }

    /// Energy after so many hours, at most `limit`; unchanged where it is above that.
    pub(super) fn after(&self, held: f64, hours: f64, limit: f64) -> f64 {
        if held >= limit || self.power <= 0.0 {
            return held;
        }
        let even = (self.knee - held) / self.power;
        let reached = if hours <= even {
            held + self.power * hours
        } else {
            let start = held.max(self.knee);
            let hours = hours - even.max(0.0);
            let span = self.nothing - self.knee;
            let left = (self.left(start) - self.power * hours / (2.0 * span)).max(0.0);
            self.nothing - left * left * span
        };
        reached.min(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BATTERY: Battery = Battery {
        usable: 74.0,
        ac: 11.0,
        dc: 233.0,
        taper: 0.55,
    };

    fn at(power: f64, current: Current) -> Charge {
        Charge::new(&BATTERY, ChargePoint { power, current }, 20.0, None)
    }

    proptest! {
        #[test]
        fn time_and_energy_agree(
            power in 1.0..400.0_f64, direct: bool, from in 0.0..0.99_f64, to in 0.0..1.0_f64,
        ) {
            let charge = at(power, if direct { Current::Dc } else { Current::Ac });
            let (from, to) = (from.min(to) * 74.0, from.max(to) * 74.0);
            let hours = charge.time(from, to);
            prop_assert!(hours >= 0.0);
            prop_assert!((charge.after(from, hours, 74.0) - to).abs() < 1e-6);
            // In two steps as in one, and never above the limit.
            let half = charge.after(from, hours / 2.0, 74.0);
            prop_assert!((charge.after(half, hours / 2.0, 74.0) - to).abs() < 1e-6);
            prop_assert!(charge.after(from, 100.0, 60.0_f64.max(from)) <= 60.0_f64.max(from));
            // The power is the slope of the energy.
            let step = 1e-4;
            let slope = (charge.after(half, step, 80.0) - half) / step;
            prop_assert!((slope - charge.power(half)).abs() < 0.01 * charge.power(half) + 0.01);
        }
    }

    #[test]
    fn the_weakest_part_decides() {
        assert!((at(7.4, Current::Ac).drawn(10.0) - 7.4).abs() < 1e-9);
        assert!((at(22.0, Current::Ac).drawn(10.0) - 11.0).abs() < 1e-9);
        assert!((at(350.0, Current::Dc).power(10.0) - 233.0).abs() < 1e-9);
        assert!((at(50.0, Current::Dc).drawn(50.0) - 50.0).abs() < 1e-9);
        assert!(at(350.0, Current::Dc).power(60.0) < 160.0);
        let home = ChargePoint {
            power: 7.4,
            current: Current::Ac,
        };
        let slow = Charge::new(&BATTERY, home, 20.0, Some(2.3));
        assert!((slow.drawn(10.0) - 2.3).abs() < 1e-9);
        let cold = ChargePoint {
            power: 350.0,
            current: Current::Dc,
        };
        assert!(Charge::new(&BATTERY, cold, -13.0, None).power(10.0) < 120.0);
    }
}
