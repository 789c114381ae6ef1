//! The rules of a server, and what they do on an occasion.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Room, Rule, RuleId, Struck};
use crate::{ApplicationId, Rng as _, SeededRng, Timestamp, VehicleId};

/// Most rules at a time: each request looks at all of them.
const MOST: usize = 1000;

/// There are as many rules as there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are {MOST} rules already; remove some")]
pub struct TooMany;

/// A request that may go wrong.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// Where it is.
    pub room: Room,
    /// Who sent it, where that is known.
    pub application: Option<ApplicationId>,
    /// What it is about, where that is known.
    pub vehicle: Option<VehicleId>,
    /// Its route, as a pattern.
    pub route: &'a str,
    /// Its method, in capitals.
    pub method: &'a str,
    /// Whether it is a batch as a whole, of which each read is an occasion too.
    pub is_batch: bool,
    /// The server's time.
    pub now: Timestamp,
}

/// A rule, and what has become of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Its name.
    pub id: RuleId,
    /// The rule.
    pub rule: Rule,
    /// Occasions that it was about, in its time.
    pub met: u64,
    /// Those of them with which it went wrong.
    pub struck: u64,
}

/// All rules of a server. They live in memory.
#[derive(Debug, Default)]
pub struct Faults {
    /// Whether there is a rule: all that a server without one pays for.
    is_armed: AtomicBool,
    rules: Mutex<Rules>,
}

#[derive(Debug, Default)]
struct Rules {
    armed: Vec<Armed>,
    last: u64,
}

#[derive(Debug)]
struct Armed {
    standing: Standing,
    rng: SeededRng,
}

impl Faults {
    /// Whether there is any rule.
    #[must_use]
    pub fn is_armed(&self) -> bool {
        self.is_armed.load(Ordering::Relaxed)
    }

    /// Adds a rule; it comes after those that are there.
    ///
    /// # Errors
    /// [`TooMany`].
    pub fn add(&self, rule: Rule) -> Result<Standing, TooMany> {
        let mut rules = self.locked();
        if rules.armed.len() >= MOST {
            return Err(TooMany);
        }
        rules.last += 1;
        let standing = Standing {
            id: RuleId(rules.last),
            met: 0,
            struck: 0,
            rule,
        };
        let seed = standing.rule.seed.unwrap_or(rules.last);
        rules.armed.push(Armed {
            standing: standing.clone(),
            rng: SeededRng::new(seed, 0),
        });
        self.is_armed.store(true, Ordering::Relaxed);
        Ok(standing)
    }

    /// The rules, in the order in which they are asked.
    #[must_use]
    pub fn list(&self) -> Vec<Standing> {
        let rules = self.locked();
        rules
            .armed
            .iter()
            .map(|armed| armed.standing.clone())
            .collect()
    }

    /// Removes the rules that `is_meant` says; those that were.
    pub fn remove(&self, is_meant: impl Fn(&Standing) -> bool) -> Vec<Standing> {
        let mut rules = self.locked();
        let meant = rules
            .armed
            .extract_if(.., |armed| is_meant(&armed.standing));
        let removed = meant.map(|armed| armed.standing).collect();
        self.is_armed
            .store(!rules.armed.is_empty(), Ordering::Relaxed);
        removed
    }

    /// What the rules do on this occasion; `None` when nothing. Of the rules that give an answer
    /// the first one counts and the others are not asked; all others add up.
    pub fn strike(&self, occasion: &Occasion<'_>) -> Option<Struck> {
        if !self.is_armed() {
            return None;
        }
        let mut struck = Struck::default();
        for armed in &mut self.locked().armed {
            let effect = &armed.standing.rule.effect;
            if !effect.fits(occasion.room) || (effect.is_answer() && struck.answer.is_some()) {
                continue;
            }
            if armed.goes_wrong(occasion) {
                let standing = &armed.standing;
                struck.add(standing.id, &standing.rule.effect, &armed.rng);
            }
        }
        (!struck.rules.is_empty()).then_some(struck)
    }

    fn locked(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Armed {
    /// Counts the occasion, and says whether it goes wrong.
    fn goes_wrong(&mut self, occasion: &Occasion<'_>) -> bool {
        let Standing {
            rule, met, struck, ..
        } = &mut self.standing;
        if !rule.is_on(occasion.now) || !rule.matches.is_about(occasion) {
            return false;
        }
        *met += 1;
        if *met <= rule.after || rule.times.is_some_and(|times| *struck >= times) {
            return false;
        }
        // Certainty draws nothing, so that it does not shift what is drawn for the effect.
        if rule.probability < 1.0 && self.rng.number(0.0, 1.0) >= rule.probability {
            return false;
        }
        *struck += 1;
        true
    }
}

#[cfg(test)]
mod tests;
