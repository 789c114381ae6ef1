//! Lives: what a car has in battery and tank after so many stages.
//!
//! Each stage is one step: what is left at its end follows from what there was at its start. Cycles
//! without commands soon repeat one another, to the bit; from then on any number of them is passed
//! over at once, so that a year of a journey costs no more than a few days of it.

mod stage;

use std::borrow::Cow;
use std::time::Duration;

use carport_model::simulation::{Course, Effect, TimedEffect};

use super::compile::starting_energy;
use super::{Journey, Spot};
use crate::world::individual::Individual;
use crate::world::scenario::Current;

/// Cycles after which a journey that has not come to repeat itself stays as it is. Those that ship
/// take less than a quarter of it.
const MOST_CYCLES: u64 = 1000;
/// Charges that a car remembers: so many cycles at least are lived before a moment.
const REMEMBERED: u64 = 3;

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
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::WORLD;

    #[test]
    fn every_journey_comes_to_repeat_itself() {
        for profile in ["generic-bev", "generic-phev", "generic-hev", "generic-ice"] {
            for (scenario, _) in WORLD.scenarios() {
                for city in ["denver", "oslo", "sydney"] {
                    let journey = WORLD.journey(profile, &scenario, city).unwrap();
                    let car = Individual::new(7, &journey.start);
                    let mut life = Life::new(&journey, &car);
                    let mut seen = Vec::new();
                    while journey.repeats() && !seen.contains(&life.stock) {
                        seen.push(life.stock);
                        journey.cycle(&mut life, &car, (0, &[]), None);
                    }
                    let cycles = u64::try_from(seen.len()).unwrap();
                    assert!(
                        cycles < MOST_CYCLES / 4,
                        "{profile} {scenario} {city}: {cycles}"
                    );
                }
            }
        }
    }
}
