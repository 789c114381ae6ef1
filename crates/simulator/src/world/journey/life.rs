//! Lives: what a car has in battery and tank after so many stages.
//!
//! Each stage is one step: what is left at its end follows from what there was at its start. Cycles
//! without commands soon repeat one another, to the bit; from then on any number of them is passed
//! over at once, so that a year of a journey costs no more than a few days of it.

use std::borrow::Cow;
use std::time::Duration;

use carport_model::Powertrain;
use carport_model::simulation::{Course, Effect, TimedEffect};

use super::compile::{HYBRID_REST, starting_energy};
use super::{Deed, Journey, Spot, Stand};
use crate::world::charging::Charge;
use crate::world::individual::Individual;
use crate::world::physics::reserve;
use crate::world::run::Run;
use crate::world::scenario::{ChargePoint, Current};

/// Cycles after which a journey that never comes to repeat itself stays as it is: no known one
/// takes a tenth of it.
const MOST_CYCLES: u64 = 1000;
/// Charges that a car remembers: so many cycles at least are lived before a moment.
const REMEMBERED: u64 = 3;
/// A driver fills up before a drive when there is less than this share of the tank.
const FILLS_UP: f64 = 0.15;

/// What a car has at a moment, and what happened to it of late.
#[derive(Debug, Clone, Copy)]
pub(in crate::world) struct Life {
    pub(in crate::world) stock: Stock,
    /// What the last lock or unlock command of this stage said.
    pub(in crate::world) lock: Option<bool>,
    /// Whether the battery drives the car, in a drive.
    pub(in crate::world) on_battery: bool,
    /// The charge that goes on, or is over while the car is still plugged in.
    pub(in crate::world) session: Option<Charged>,
    /// Charges before, newest first.
    pub(in crate::world) charges: [Option<Charged>; 3],
}

/// What is left of one stage to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::world) struct Stock {
    /// Energy in the battery, kWh.
    pub(in crate::world) battery: f64,
    /// Litres in the tank.
    pub(in crate::world) fuel: f64,
    /// Share at which charging ends, where a command said so.
    pub(in crate::world) limit: Option<f64>,
    /// Most amperes, where a command said so.
    pub(in crate::world) amperes: Option<f64>,
    switch: Switch,
    /// Where the car ran empty.
    pub(in crate::world) stranded: Option<Stranded>,
}

/// Whether the car charges while it is plugged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Switch {
    /// As the stage says.
    Auto,
    On,
    Off,
}

/// Where and when a car ran empty; there it stays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::world) struct Stranded {
    pub(in crate::world) cycle: u64,
    pub(in crate::world) stage: usize,
    /// Seconds into the drive.
    pub(in crate::world) time: f64,
}

/// One charge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::world) struct Charged {
    pub(in crate::world) cycle: u64,
    pub(in crate::world) stage: usize,
    /// Seconds from the start of the cycle to that of the charge.
    pub(in crate::world) begins: f64,
    /// Seconds that it lasted.
    pub(in crate::world) lasts: f64,
    /// Energy in the battery at its start and end, kWh.
    pub(in crate::world) energy: (f64, f64),
    pub(in crate::world) current: Current,
}

/// The commands up to a moment, oldest first. They were given in the order of the server's clock,
/// and a jump back may have put a later one earlier.
fn given(course: &Course, elapsed: Duration) -> Cow<'_, [TimedEffect]> {
    let all = &course.commands;
    if all.is_sorted_by_key(|command| command.at) {
        let count = all.partition_point(|command| command.at <= elapsed);
        return Cow::Borrowed(&all[..count]);
    }
    let before = all.iter().filter(|command| command.at <= elapsed);
    let mut before: Vec<TimedEffect> = before.copied().collect();
    before.sort_by_key(|command| command.at);
    Cow::Owned(before)
}

impl Journey {
    /// What a car has that has been on its journey for so long.
    pub(in crate::world) fn live(
        &self,
        car: &Individual,
        course: &Course,
        (elapsed, spot): (Duration, Spot),
    ) -> Life {
        let commands = given(course, elapsed);
        let mut rest = &*commands;
        let mut life = Life::new(self, car);
        let mut cycle = 0;
        loop {
            let of = |command: &TimedEffect| self.position_of(command.at).cycle;
            let next = rest.first().map_or(spot.cycle, of).min(spot.cycle);
            self.pass(&mut life, car, (cycle, next));
            let (own, later) = rest.split_at(rest.partition_point(|command| of(command) <= next));
            if next == spot.cycle {
                self.cycle(&mut life, car, (next, own), Some(spot));
                return life;
            }
            self.cycle(&mut life, car, (next, own), None);
            (rest, cycle) = (later, next + 1);
        }
    }

    /// Lives from the start of one cycle to the start of another, without commands. Cycles that
    /// repeat are found as Brent finds them: by comparing with an anchor that moves on ever later.
    fn pass(&self, life: &mut Life, car: &Individual, (mut cycle, end): (u64, u64)) {
        let (mut anchor, mut reach, mut since, first) = (life.stock, 1, 0, cycle);
        while cycle < end {
            if life.stock.stranded.is_some() || cycle - first >= MOST_CYCLES {
                return life.shift(end - cycle);
            }
            self.cycle(life, car, (cycle, &[]), None);
            (cycle, since) = (cycle + 1, since + 1);
            if life.stock == anchor {
                let whole = (end - cycle).saturating_sub(REMEMBERED) / since * since;
                life.shift(whole);
                (cycle, reach) = (cycle + whole, u64::MAX);
            }
            if since == reach {
                (anchor, reach, since) = (life.stock, reach * 2, 0);
            }
        }
    }

    /// Lives through a cycle, or up to a spot in it.
    fn cycle(
        &self,
        life: &mut Life,
        car: &Individual,
        (cycle, mut commands): (u64, &[TimedEffect]),
        until: Option<Spot>,
    ) {
        let last = until.map_or(self.legs.len() - 1, |spot| spot.stage);
        for (stage, leg) in self.legs[..=last].iter().enumerate() {
            let ends = until
                .filter(|_| stage == last)
                .map_or(leg.end, |spot| spot.offset);
            let of_stage = commands.partition_point(|command| {
                stage == last || self.position_of(command.at).offset < leg.end
            });
            let (own, later) = commands.split_at(of_stage);
            commands = later;
            self.stage(
                life,
                car,
                (cycle, stage),
                (own, ends.saturating_sub(leg.start)),
            );
        }
    }

    /// Lives through a stage, or so far into it.
    fn stage(
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
        let stock = &mut life.stock;
        if self.profile.engine.is_some() {
            let needs = car.thirst * run.whole.fuel * 1.1;
            if stock.fuel < needs.max(FILLS_UP * self.tank()) {
                stock.fuel = stock.fuel.max(self.tank());
            }
        }
        let (powertrain, usable) = (self.profile.powertrain, self.usable());
        let floor = reserve(powertrain, usable);
        let burns_from = if !powertrain.has_plug() || stock.battery <= floor && floor > 0.0 {
            0.0
        } else {
            let held = (stock.battery, usable, floor);
            let (left, empty) = run.drained(held, car.thirst, until);
            life.on_battery = empty.is_none();
            stock.battery = left.clamp(0.0, usable);
            match empty {
                None => return None,
                Some(time) if powertrain == Powertrain::Bev => {
                    stock.battery = 0.0;
                    return Some(time);
                }
                Some(time) => {
                    stock.battery = floor;
                    time
                }
            }
        };
        let before = if burns_from > 0.0 {
            run.at(burns_from).taken
        } else {
            crate::world::run::Taken::default()
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
        stock.battery = (stock.battery - stored).clamp(0.0, usable);
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
        let share = until / (leg.end - leg.start).as_secs_f64();
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
        (charge, stock.limit.or(own).unwrap_or(1.0) * battery.usable)
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
const NO_BATTERY: crate::world::profile::Battery = crate::world::profile::Battery {
    usable: 0.0,
    ac: 0.0,
    dc: 0.0,
    taper: 0.5,
};

impl Life {
    /// At the start of a journey.
    fn new(journey: &Journey, car: &Individual) -> Self {
        Self {
            stock: Stock {
                battery: starting_energy(&journey.profile, car.charge),
                fuel: car.fuel * journey.tank(),
                limit: None,
                amperes: None,
                switch: Switch::Auto,
                stranded: None,
            },
            lock: None,
            on_battery: false,
            session: None,
            charges: [None; 3],
        }
    }

    fn obey_all(&mut self, commands: &[TimedEffect]) {
        for command in commands {
            self.obey(command.effect);
        }
    }

    fn obey(&mut self, effect: Effect) {
        match effect {
            Effect::Lock => self.lock = Some(true),
            Effect::Unlock => self.lock = Some(false),
            Effect::StartCharge => self.stock.switch = Switch::On,
            Effect::StopCharge => self.stock.switch = Switch::Off,
            Effect::ChargeLimit(limit) => self.stock.limit = Some(limit),
            Effect::Amperage(amperes) => self.stock.amperes = Some(amperes),
        }
    }

    /// Ends the charge; what the switch said held for it alone.
    fn unplug(&mut self) {
        self.stock.switch = Switch::Auto;
        if let Some(session) = self.session.take() {
            self.charges = [Some(session), self.charges[0], self.charges[1]];
        }
    }

    /// So many cycles passed that changed nothing.
    fn shift(&mut self, cycles: u64) {
        for charge in self.charges.iter_mut().chain([&mut self.session]).flatten() {
            charge.cycle += cycles;
        }
    }
}
