//! Growing waits after wrong passwords and codes, in memory and bounded.
//!
//! An address that guesses has to wait. An account that is guessed at from many addresses makes each
//! of them wait after one mistake; but an address that made none is always let try, so nobody can
//! lock a member out whose password is right.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use carport_model::Timestamp;

/// Mistakes that anybody may make.
const FREE: u32 = 5;
/// Mistakes with one account, from wherever, after which each address has one.
const UNDER_ATTACK: u32 = 20;
/// The longest wait.
const LONGEST: Duration = Duration::from_mins(15);
/// How long a mistake is remembered after the last one.
const REMEMBERED: Duration = Duration::from_hours(1);
/// Keys that are remembered; the oldest are forgotten for more.
const KEYS: usize = 10_000;

/// Who made mistakes, or with what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// From a network.
    Address(String),
    /// With an e-mail address, whether somebody has it or not.
    Account(String),
    /// With the second factor of a member.
    Factor(String),
}

#[derive(Debug, Clone, Copy)]
struct Mistakes {
    count: u32,
    last: Timestamp,
    until: Timestamp,
}

/// Remembers mistakes.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<Key, Mistakes>>);

impl Throttle {
    /// How long `key` has to wait yet; `None` when not at all.
    pub(crate) fn wait(&self, key: &Key, now: Timestamp) -> Option<Duration> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = keys.get(key)?.until;
        (until > now).then(|| until.since(now))
    }

    /// Notes a mistake in a sign-in.
    pub(crate) fn failed(&self, address: &str, account: &str, now: Timestamp) {
        let account = Key::Account(account.to_owned());
        let is_attacked = self.count(account, now, 0) > UNDER_ATTACK;
        let least = if is_attacked { FREE + 1 } else { 0 };
        self.count(Key::Address(address.to_owned()), now, least);
    }

    /// Notes a mistake with a second factor. Who gets here knows the password, so here the member
    /// has to wait wherever the codes come from.
    pub(crate) fn failed_factor(&self, member: &str, now: Timestamp) {
        self.count(Key::Factor(member.to_owned()), now, 0);
    }

    /// Forgets the mistakes with what was right at last. Those of an address stay: who has an
    /// account of their own could guess at others for ever.
    pub(crate) fn succeeded(&self, key: &Key) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.remove(key);
    }

    /// Counts a mistake, as at least the `least`-th; tells how many there were.
    fn count(&self, key: Key, now: Timestamp, least: u32) -> u32 {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= KEYS && !keys.contains_key(&key) {
            make_room(&mut keys, now);
        }
        let fresh = Mistakes {
            count: 0,
            last: now,
            until: now,
        };
        let mistakes = keys.entry(key).or_insert(fresh);
        if is_forgotten(mistakes, now) {
            *mistakes = fresh;
        }
        mistakes.count = (mistakes.count + 1).max(least);
        mistakes.last = now;
        mistakes.until = now.plus(wait_after(mistakes.count));
        mistakes.count
    }
}

fn is_forgotten(mistakes: &Mistakes, now: Timestamp) -> bool {
    mistakes.last.plus(REMEMBERED) <= now
}

fn make_room(keys: &mut HashMap<Key, Mistakes>, now: Timestamp) {
    keys.retain(|_, mistakes| !is_forgotten(mistakes, now));
    if keys.len() < KEYS {
        return;
    }
    // A tenth at once, or each further key would look at all of them.
    let mut ages: Vec<Timestamp> = keys.values().map(|mistakes| mistakes.last).collect();
    let (_, oldest, _) = ages.select_nth_unstable(KEYS / 10);
    let oldest = *oldest;
    keys.retain(|_, mistakes| mistakes.last > oldest);
}

/// Two seconds after the first mistake that is not free, twice as long after each further one.
fn wait_after(count: u32) -> Duration {
    match count.checked_sub(FREE) {
        None | Some(0) => Duration::ZERO,
        Some(over) => LONGEST.min(Duration::from_secs(1 << over.min(20))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(1_772_352_930_250).plus(Duration::from_secs(seconds))
    }

    fn address(text: &str) -> Key {
        Key::Address(text.to_owned())
    }

    #[test]
    fn waits_grow_and_end() {
        let throttle = Throttle::default();
        let wait = |seconds| throttle.wait(&address("a"), at(seconds));
        for _ in 0..FREE {
            throttle.failed("a", "ada", at(0));
            assert_eq!(wait(0), None);
        }
        for expected in [2, 4, 8] {
            throttle.failed("a", "ada", at(0));
            assert_eq!(wait(0), Some(Duration::from_secs(expected)));
        }
        assert_eq!(wait(8), None);
        for _ in 0..30 {
            throttle.failed("a", "ada", at(0));
        }
        assert_eq!(wait(0), Some(LONGEST));
        throttle.failed("a", "ada", at(2 * 3600));
        assert_eq!(wait(2 * 3600), None, "an hour of peace forgives");
    }

    #[test]
    fn an_attacked_account_slows_who_errs_and_nobody_else() {
        let throttle = Throttle::default();
        for number in 0..=UNDER_ATTACK {
            throttle.failed(&format!("bot {number}"), "ada", at(0));
        }
        assert!(throttle.wait(&address("fresh bot"), at(0)).is_none());
        throttle.failed("fresh bot", "ada", at(0));
        assert!(throttle.wait(&address("fresh bot"), at(0)).is_some());
        assert!(throttle.wait(&address("ada's home"), at(0)).is_none());
        throttle.failed("bo's home", "bo", at(0));
        assert!(throttle.wait(&address("bo's home"), at(0)).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for number in 0..3 * KEYS as u64 {
            throttle.failed(&number.to_string(), "ada", at(number / 100));
        }
        let keys = throttle.0.lock().unwrap();
        assert!(
            keys.len() <= KEYS && keys.contains_key(&address("29999")),
            "{}",
            keys.len()
        );
    }
}
