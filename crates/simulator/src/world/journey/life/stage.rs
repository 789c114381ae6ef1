//! What a stage does to a car: driving, standing, charging, filling up.

use std::time::Duration;

use carport_model::Powertrain;
use carport_model::simulation::TimedEffect;

use super::{Charged, Life, Stock, Stranded, Switch};
use crate::world::charging::Charge;
use crate::world::individual::Individual;
use crate::world::journey::compile::HYBRID_REST;
use crate::world::journey::{Deed, Journey, Stand};
use crate::world::physics::reserve;
use crate::world::profile::Battery;
use crate::world::run::{Run, Taken};
use crate::world::scenario::ChargePoint;

/// A driver fills up before a drive when there is less than this share of the tank.
const FILLS_UP: f64 = 0.15;

impl Journey {
    /// Lives through a stage, or so far into it.
    pub(super) fn stage(
        &self,
        life: &mut Life,
        car: &Individual,
        (cycle, stage): (u64, usize),
        (commands, until): (&[TimedEffect], Duration),
    ) {
        life.lock = None;
        life.on_battery = false;
        let until = until.as_secs_f64();
        match &self.acts[stage].deed {
            _ if life.stock.stranded.is_some() => life.obey_all(commands),
            Deed::Drive(run) => {
                life.unplug();
                life.obey_all(commands);
                if let Some(time) = self.drive(life, car, run, until) {
                    life.stock.stranded = Some(Stranded { cycle, stage, time });
                }
            }
            Deed::Stand(stand) => {
                if stand.plug.is_none() {
                    life.unplug();
                } else if stand.plug.is_some_and(|plug| plug.1.is_some()) {
                    life.stock.switch = Switch::Auto;
                }
                self.stand(life, (cycle, stage, stand), commands, until);
            }
        }
    }

    /// Drives so many seconds; when it ran empty on the way.
    fn drive(&self, life: &mut Life, car: &Individual, run: &Run, until: f64) -> Option<f64> {
        self.fill_up(&mut life.stock, car, run);
        let burns_from = if self.profile.powertrain.has_plug() {
            let empty = self.drive_on_battery(&mut life.stock, car, run, until);
            life.on_battery = empty.is_none();
            empty?
        } else {
            0.0
        };
        if self.profile.engine.is_none() {
            return Some(burns_from);
        }
        self.burn(&mut life.stock, car, run, (burns_from, until))
    }

    /// A driver fills up first when the tank is low, or lower than the drive takes.
    fn fill_up(&self, stock: &mut Stock, car: &Individual, run: &Run) {
        let needs = car.thirst * run.whole.fuel * 1.1;
        if stock.fuel < needs.max(FILLS_UP * self.tank()) {
            stock.fuel = stock.fuel.max(self.tank());
        }
    }

    /// Drives on the battery; when it was down to its reserve.
    fn drive_on_battery(
        &self,
        stock: &mut Stock,
        car: &Individual,
        run: &Run,
        until: f64,
    ) -> Option<f64> {
        let usable = self.usable();
        let floor = reserve(self.profile.powertrain, usable);
        if stock.battery <= floor {
            return Some(0.0);
        }
        let (left, empty) = run.drained((stock.battery, usable, floor), car.thirst, until);
        let left = if empty.is_some() { floor } else { left };
        stock.battery = left.clamp(0.0, usable);
        empty
    }

    /// Drives on the engine, helped by what braking stores; when the tank was empty.
    fn burn(
        &self,
        stock: &mut Stock,
        car: &Individual,
        run: &Run,
        (from, until): (f64, f64),
    ) -> Option<f64> {
        let before = if from > 0.0 {
            run.at(from).taken
        } else {
            Taken::default()
        };
        let lasts = before.fuel + stock.fuel / car.thirst;
        let empty = run.when_fuel(lasts).filter(|time| *time <= until);
        let end = empty.unwrap_or(until);
        let after = if end < run.lasts {
            run.at(end).taken
        } else {
            run.whole
        };
        stock.fuel = (stock.fuel - car.thirst * (after.fuel - before.fuel)).max(0.0);
        let stored = car.thirst * (after.stored - before.stored);
        stock.battery = (stock.battery - stored).clamp(0.0, self.usable());
        empty
    }

    /// Stands so many seconds, charging or not as commands say.
    fn stand(
        &self,
        life: &mut Life,
        (cycle, stage, stand): (u64, usize, &Stand),
        commands: &[TimedEffect],
        until: f64,
    ) {
        let leg = &self.legs[stage];
        let begins = leg.start.as_secs_f64();
        let mut time = 0.0;
        for command in commands {
            let at = self.position_of(command.at).offset.as_secs_f64() - begins;
            let at = at.clamp(time, until);
            self.charge(life, (cycle, stage, stand), (time, at));
            life.obey(command.effect);
            time = at;
        }
        self.charge(life, (cycle, stage, stand), (time, until));
        let share = until / leg.lasts().as_secs_f64();
        let stock = &mut life.stock;
        if let Some(fills) = stand.fills {
            stock.fuel += (fills * self.tank() - stock.fuel).max(0.0) * share;
        }
        if self.profile.powertrain == Powertrain::Hev {
            // What braking left over feeds the electronics of the parked car.
            stock.battery += (HYBRID_REST * self.usable() - stock.battery) * share;
        }
    }

    /// Charges from one moment of a stage to another, if the car does.
    fn charge(
        &self,
        life: &mut Life,
        (cycle, stage, stand): (u64, usize, &Stand),
        (from, until): (f64, f64),
    ) {
        let Some((charge, limit)) = self.charging(&life.stock, stage, stand) else {
            return;
        };
        let held = life.stock.battery;
        if held >= limit || until <= from {
            return;
        }
        let hours = (until - from) / 3600.0;
        life.stock.battery = charge.after(held, hours, limit);
        let begins = self.legs[stage].start.as_secs_f64() + from;
        let session = life.session.get_or_insert(Charged {
            cycle,
            stage,
            begins,
            lasts: 0.0,
            energy: (held, held),
            current: charge.current,
        });
        session.energy.1 = life.stock.battery;
        let lasted = charge.time(held, life.stock.battery).min(hours) * 3600.0;
        let since = self.seconds_between((session.cycle, session.begins), (cycle, begins));
        session.lasts = since + lasted;
    }

    /// Seconds from one moment to another, each a cycle and seconds into it.
    pub(in crate::world) fn seconds_between(&self, from: (u64, f64), to: (u64, f64)) -> f64 {
        let cycles = Duration::from_secs(to.0.saturating_sub(from.0)).as_secs_f64();
        cycles * self.length.as_secs_f64() + to.1 - from.1
    }

    /// How a car charges that stands in a stage, and up to which energy; `None` when it is not
    /// plugged in or was told not to. At its limit it is still charging in this sense.
    pub(in crate::world) fn charging(
        &self,
        stock: &Stock,
        stage: usize,
        stand: &Stand,
    ) -> Option<(Charge, f64)> {
        let (point, own) = stand.plug?;
        let is_on = match stock.switch {
            Switch::Auto => own.is_some(),
            Switch::On => true,
            Switch::Off => false,
        };
        is_on.then(|| self.outlet(stock, stage, (point, own)))
    }

    /// How a car would charge at a point.
    pub(in crate::world) fn outlet(
        &self,
        stock: &Stock,
        stage: usize,
        (point, own): (ChargePoint, Option<f64>),
    ) -> (Charge, f64) {
        let battery = self.profile.battery.unwrap_or(NO_BATTERY);
        let (volts, phases) = self.supply(point.power.min(battery.ac));
        let asked = stock
            .amperes
            .map(|amperes| amperes * volts * f64::from(phases) / 1000.0);
        let celsius = self.acts[stage].outside;
        let charge = Charge::new(&battery, point, celsius, asked);
        (charge, self.limit(stock, own) * battery.usable)
    }

    /// Share of the battery at which charging ends: as a command said, or else the stage.
    pub(in crate::world) fn limit(&self, stock: &Stock, own: Option<f64>) -> f64 {
        stock.limit.or(own).unwrap_or(self.limit)
    }

    /// Volts and phases of an outlet of alternating current that gives so many kilowatts.
    pub(in crate::world) fn supply(&self, kilowatts: f64) -> (f64, u32) {
        match (self.is_metric, kilowatts > 7.4) {
            (true, true) => (230.0, 3),
            (true, false) => (230.0, 1),
            (false, _) => (240.0, 1),
        }
    }
}

/// Stands in where there is no battery, and takes nothing.
const NO_BATTERY: Battery = Battery {
    usable: 0.0,
    ac: 0.0,
    dc: 0.0,
    taper: 0.5,
};
