//! A drive with a car: what it takes from battery and tank up to any moment.
//!
//! The phases of a drive are cut where the wheels change from pulling to braking, where braking
//! becomes stronger than can be recovered, and where a hybrid's store is empty or full. Within a
//! piece every flow is a polynomial of time, so a read is a binary search and some arithmetic.

mod cut;

use cut::{cut, halves, root, work};

use super::drive::{Line, Motion, Phase};
use super::physics::{Flow, Physics, Regime};

/// A drive of a kind of car, in given weather.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// Where it goes.
    pub(super) line: Line,
    /// Seconds.
    pub(super) lasts: f64,
    /// What it takes until its end.
    pub(super) whole: Taken,
    /// Least that had left the battery at any moment: zero, or less after a descent.
    pub(super) least: f64,
    /// Most that had left the battery at any moment.
    pub(super) most: f64,
    pieces: Vec<Piece>,
    physics: Physics,
}

/// What had been taken by a moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Taken {
    /// Kilowatt-hours out of the battery, if it drove the car.
    pub(super) battery: f64,
    /// Litres out of the tank, if the car drove as a hybrid or has no battery.
    pub(super) fuel: f64,
    /// Kilowatt-hours out of a hybrid's store, negative when it holds more than at the start.
    pub(super) stored: f64,
}

/// A moment of a drive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    /// Metres since the start.
    pub(super) place: f64,
    /// Metres a second.
    pub(super) speed: f64,
    /// Index of the segment.
    pub(super) segment: usize,
    /// What was taken.
    pub(super) taken: Taken,
    /// Kilowatts out of the battery now, if it drives the car.
    pub(super) power: f64,
    /// Kilowatts out of a hybrid's store now, otherwise.
    pub(super) stored: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece {
    phase: Phase,
    /// Newtons at the wheels beside the drag.
    force: f64,
    regime: Regime,
    /// What was taken before it.
    taken: Taken,
    /// Most that had left the battery before its end.
    most: f64,
}

impl Run {
    pub(super) fn new(motion: Motion, physics: Physics) -> Self {
        let mut run = Self {
            lasts: motion.lasts,
            whole: Taken::default(),
            least: 0.0,
            most: 0.0,
            pieces: Vec::with_capacity(motion.phases.len() * 2),
            physics,
            line: motion.line,
        };
        for phase in motion.phases {
            let grade = run.line.segments[phase.segment as usize].grade;
            let force = physics.force(phase.acceleration, grade);
            for (part, regime) in cut(&phase, force, &physics) {
                run.add(part, force, regime);
            }
        }
        run
    }

    /// Adds a piece, in two where the store of a hybrid becomes empty or full.
    fn add(&mut self, phase: Phase, force: f64, regime: Regime) {
        let has_store = self.physics.buffer > 0.0;
        let held = -self.whole.stored;
        let (room, beyond) = match regime {
            Regime::Stored => (held, Regime::Burning),
            Regime::Recovering { .. } => (
                self.physics.buffer - held,
                Regime::Recovering { full: true },
            ),
            Regime::Capped { .. } => (self.physics.buffer - held, Regime::Capped { full: true }),
            Regime::Rest | Regime::Burning => (f64::INFINITY, regime),
        };
        let piece = Piece {
            phase,
            force,
            regime,
            taken: self.whole,
            most: self.most,
        };
        if !has_store {
            let burns = !self.physics.powertrain.has_plug() && regime == Regime::Stored;
            let regime = if burns { Regime::Burning } else { regime };
            return self.push(Piece { regime, ..piece });
        }
        // Less than a joule or so is none.
        if room < 1e-9 {
            return self.push(Piece {
                regime: beyond,
                ..piece
            });
        }
        let moved = |time: f64| (self.taken(&piece, time).stored - self.whole.stored).abs();
        if moved(phase.lasts) <= room {
            return self.push(piece);
        }
        let time = root(0.0, phase.lasts, |time| moved(time) - room);
        let (first, second) = halves(&phase, time);
        if first.lasts > 0.0 {
            self.push(Piece {
                phase: first,
                ..piece
            });
        }
        self.push(Piece {
            phase: second,
            regime: beyond,
            taken: self.whole,
            ..piece
        });
    }

    fn push(&mut self, piece: Piece) {
        self.whole = self.taken(&piece, piece.phase.lasts);
        self.least = self.least.min(self.whole.battery);
        self.most = self.most.max(self.whole.battery);
        self.pieces.push(Piece {
            most: self.most,
            ..piece
        });
    }

    fn flow(&self, piece: &Piece) -> Flow {
        self.physics.flow(piece.regime)
    }

    /// What was taken so many seconds into a piece.
    fn taken(&self, piece: &Piece, time: f64) -> Taken {
        let flow = self.flow(piece);
        let joules = work(&piece.phase, piece.force, self.physics.drag, time);
        Taken {
            battery: piece.taken.battery + flow.battery.of(joules, time),
            fuel: piece.taken.fuel + flow.fuel.of(joules, time),
            stored: piece.taken.stored + flow.stored.of(joules, time),
        }
    }

    /// The drive so many seconds after its start; its end from there on.
    pub(super) fn at(&self, time: f64) -> Moment {
        let piece = &self.pieces[self.find(|piece| piece.phase.starts <= time)];
        let into = (time - piece.phase.starts).clamp(0.0, piece.phase.lasts);
        let speed = piece.phase.speed_at(into);
        let watts = (piece.force + self.physics.drag * speed * speed) * speed;
        Moment {
            place: piece.phase.place + piece.phase.driven(into),
            speed: if time >= self.lasts { 0.0 } else { speed },
            segment: piece.phase.segment as usize,
            taken: self.taken(piece, into),
            power: self.flow(piece).battery.of(watts, 1.0) * 3600.0,
            stored: self.flow(piece).stored.of(watts, 1.0) * 3600.0,
        }
    }

    /// The last piece for which a condition holds that holds for the first ones only.
    fn find(&self, holds: impl Fn(&Piece) -> bool) -> usize {
        self.pieces.partition_point(holds).saturating_sub(1)
    }

    /// The first moment at which so much had left the battery; `None` when it never had.
    pub(super) fn when_battery(&self, taken: f64) -> Option<f64> {
        if taken <= 0.0 {
            return Some(0.0);
        }
        let index = self.pieces.partition_point(|piece| piece.most < taken);
        let piece = self.pieces.get(index)?;
        let into = root(0.0, piece.phase.lasts, |time| {
            self.taken(piece, time).battery - taken
        });
        Some(piece.phase.starts + into)
    }

    /// The first moment at which so much fuel had been burnt; `None` when it never had.
    pub(super) fn when_fuel(&self, taken: f64) -> Option<f64> {
        if taken <= 0.0 {
            return Some(0.0);
        }
        if self.whole.fuel < taken {
            return None;
        }
        let piece = &self.pieces[self.find(|piece| piece.taken.fuel < taken)];
        let into = root(0.0, piece.phase.lasts, |time| {
            self.taken(piece, time).fuel - taken
        });
        Some(piece.phase.starts + into)
    }

    /// Kilowatt-hours in a battery that held `held` at the start and takes at most `full`, after so
    /// many seconds, and when it first came down to `floor`. `thirst` is how much more than its
    /// like the car takes.
    pub(super) fn drained(
        &self,
        (held, full, floor): (f64, f64, f64),
        thirst: f64,
        until: f64,
    ) -> (f64, Option<f64>) {
        if held - thirst * self.least <= full {
            let room = (held - floor) / thirst;
            let empty = (room <= self.most)
                .then(|| self.when_battery(room))
                .flatten();
            let empty = empty.filter(|empty| *empty <= until);
            let taken = if until >= self.lasts {
                self.whole.battery
            } else {
                self.at(until).taken.battery
            };
            return (held - thirst * taken, empty);
        }
        self.drained_from_full((held, full, floor), thirst, until)
    }

    /// The same where braking brings more than the battery takes: piece by piece, what is too much
    /// going into the brakes.
    fn drained_from_full(
        &self,
        (mut held, full, floor): (f64, f64, f64),
        thirst: f64,
        until: f64,
    ) -> (f64, Option<f64>) {
        for piece in self
            .pieces
            .iter()
            .take_while(|piece| piece.phase.starts <= until)
        {
            let after = |time: f64| {
                let taken = self.taken(piece, time).battery - piece.taken.battery;
                (held - thirst * taken).min(full)
            };
            let lasts = piece.phase.lasts.min(until - piece.phase.starts);
            let end = after(lasts);
            if end <= floor {
                let into = root(0.0, lasts, |time| floor - after(time));
                return (end, Some(piece.phase.starts + into));
            }
            held = end;
        }
        (held, None)
    }

    /// Bytes that it takes in memory, about.
    pub(super) fn size(&self) -> usize {
        self.pieces.len() * size_of::<Piece>()
            + self.line.segments.len() * size_of::<super::drive::Segment>()
    }
}

#[cfg(test)]
mod tests;
