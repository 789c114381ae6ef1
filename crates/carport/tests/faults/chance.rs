//! Chance that can be repeated, and what the environment asks for.

use carport_model::{Rng as _, SeededRng, SystemRng};

/// Draws that repeat with their seed.
pub struct Chance(SeededRng);

impl Chance {
    /// From `CARPORT_FAULT_SEED`, else from the machine; printed, so that a failure can be repeated.
    pub fn of(test: &str) -> Self {
        let seed = number("CARPORT_FAULT_SEED").unwrap_or_else(|| {
            let mut bytes = [0; 4];
            SystemRng.fill(&mut bytes);
            u64::from(u32::from_le_bytes(bytes))
        });
        eprintln!("{test}: CARPORT_FAULT_SEED={seed}");
        Self(SeededRng::new(seed, 0))
    }

    /// A chance of its own for each worker of each round.
    pub fn split(&self) -> Self {
        Self(SeededRng::new(self.draw(), 1))
    }

    fn draw(&self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A number below `end`.
    pub fn below(&self, end: usize) -> usize {
        usize::try_from(self.draw() % u64::try_from(end).unwrap()).unwrap()
    }

    /// One of `items`; `None` of none.
    pub fn one_of(&self, items: usize) -> Option<usize> {
        (items > 0).then(|| self.below(items))
    }
}

/// A number of the environment.
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// How often a fault is repeated: 25 times, or `CARPORT_FAULT_ROUNDS`.
pub fn rounds() -> u64 {
    number("CARPORT_FAULT_ROUNDS").unwrap_or(25)
}

/// Says that a test is left out, past the harness, which keeps what passing tests print.
pub fn skipped(test: &str, why: &str) {
    use std::io::Write as _;
    drop(writeln!(std::io::stderr(), "{test}: skipped, {why}"));
}
