//! What an operator limits: how fast an application may ask, how fast a vehicle is asked, and what
//! a plan has room for. Everything is off unless it is configured. Source: contract rest-v2, 5.3
//! and 6; numbers and exactness: docs/limits.md.
//!
//! Rates are kept in the memory of each process. Start reading in [`usage`].

mod bucket;
mod feature;
mod fleet;
mod tally;
mod usage;

use std::hash::Hash;

use carport_model::Mode;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, UnitWeighter};

pub use bucket::Rate;
pub use feature::{Feature, ParseFeatureError};
pub(crate) use tally::Count;
pub use usage::Usage;

/// What is limited. The default is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// Modes whose requests and vehicles count; those of other modes are free. What a plan leaves
    /// out is left out in all modes.
    pub modes: Vec<Mode>,
    /// Requests of an application: 429 `RATE_LIMIT`/`SMARTCAR_API`.
    pub application: Option<Rate>,
    /// Requests for a vehicle: 429 `RATE_LIMIT`/`VEHICLE`.
    pub vehicle: Option<Rate>,
    /// What an application's plan has room for.
    pub plan: Plan,
}

/// What the plan of every application has room for. The default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Connected vehicles of an application; those that came later are refused with 430
    /// `BILLING`/`VEHICLE_LIMIT`.
    pub vehicles: Option<u64>,
    /// Requests for a vehicle in a calendar month (UTC): 430 `BILLING`/`VEHICLE_REQUEST_LIMIT`.
    pub vehicle_requests: Option<u64>,
    /// What it leaves out: 430 `BILLING`/`INVALID_PLAN`.
    pub without: Vec<Feature>,
}

/// A cache that takes memory for what is in it, not for what may come.
fn cache<K: Hash + Eq, V: Clone>(most: usize) -> Cache<K, V> {
    Cache::with(
        most.min(1_000),
        most as u64,
        UnitWeighter,
        DefaultHashBuilder::default(),
        DefaultLifecycle::default(),
    )
}
