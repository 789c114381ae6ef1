//! Where a car stands between its drives, and how warm it is.

use super::Compiler;
use crate::world::journey::{Act, Deed, LegKind};
use crate::world::physics::relaxed;
use crate::world::weather::outside;

impl Compiler<'_> {
    /// A car stands where its last drive left it, pointing where it pointed then.
    pub(super) fn settle_positions(&mut self) {
        let end = |act: &Act| match &act.deed {
            Deed::Drive(run) => run.line.segments.last().map(|last| (last.to, last.heading)),
            Deed::Stand(_) => None,
        };
        let start = |act: &Act| match &act.deed {
            Deed::Drive(run) => run
                .line
                .segments
                .first()
                .map(|first| (first.from, first.heading)),
            Deed::Stand(_) => None,
        };
        let is_drive =
            |act: Option<&Act>| act.is_some_and(|act| matches!(act.deed, Deed::Drive(_)));
        let drives: Vec<bool> = self.acts.iter().map(|act| is_drive(Some(act))).collect();
        let last = self.acts.iter().rev().find_map(end);
        let mut left = last.filter(|_| self.scenario.repeats);
        left = left.or_else(|| self.acts.iter().find_map(start));
        let count = drives.len();
        for (index, act) in self.acts.iter_mut().enumerate() {
            let before = if index > 0 {
                drives[index - 1]
            } else {
                self.scenario.repeats && drives[count - 1]
            };
            let after = if index + 1 < count {
                drives[index + 1]
            } else {
                self.scenario.repeats && drives[0]
            };
            act.neighbours = (before, after);
            let ends = end(act);
            if let (Deed::Stand(stand), Some((position, heading))) = (&mut act.deed, left) {
                (stand.position, stand.heading) = (position, heading);
            }
            left = ends.or(left);
        }
    }

    /// How warm and charged each leg begins, from the one before it; a journey that repeats goes
    /// through its legs twice, so that it begins as it ends.
    pub(super) fn settle_warmth(&mut self) {
        let rounds = if self.scenario.repeats { 2 } else { 1 };
        let first = self.acts.first().map_or(0.0, |act| act.outside);
        let (mut tyres, mut cabin, mut low_voltage) = (0.0, first, 0.95);
        for _ in 0..rounds {
            for (leg, act) in self.legs.iter().zip(&mut self.acts) {
                (act.tyres, act.cabin, act.low_voltage) = (tyres, cabin, low_voltage);
                let seconds = leg.lasts().as_secs_f64();
                let ends = self.scenario.starts() + leg.end;
                let outside = outside(self.scenario.temperature, ends.as_secs_f64());
                (tyres, cabin, low_voltage) = act.warmth(leg.kind, seconds, outside);
            }
        }
    }
}

impl Act {
    /// How warm tyres (above the air around them) and cabin are, and how full the low-voltage
    /// battery is, so many seconds into a leg, when it is `outside` degrees.
    pub(in crate::world) fn warmth(
        &self,
        kind: LegKind,
        seconds: f64,
        outside: f64,
    ) -> (f64, f64, f64) {
        let is_on = matches!(kind, LegKind::Drive | LegKind::Charge);
        let (tyres, cabin) = if kind == LegKind::Drive {
            (
                relaxed(self.tyres, 18.0, seconds, 900.0),
                relaxed(self.cabin, 21.0, seconds, 240.0),
            )
        } else {
            let above = self.cabin - self.outside;
            (
                relaxed(self.tyres, 0.0, seconds, 2400.0),
                outside + relaxed(above, 0.0, seconds, 2700.0),
            )
        };
        let low_voltage = if is_on {
            relaxed(self.low_voltage, 0.97, seconds, 1800.0)
        } else {
            // Alarm and radio live on it.
            (self.low_voltage - 0.0005 * seconds / 3600.0).max(self.low_voltage.min(0.7))
        };
        (tyres, cabin, low_voltage)
    }
}
