//! What happens with each answered request: it is counted, and left to the request log.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use carport_model::Clock;
use carport_store::RequestLog;
use carport_store::request_log::{Entry, Method, RouteName};
use carport_web::layers::{Answered, Recorder};
use carport_web::paths::is_api;
use prometheus_client::metrics::counter::Counter;

use super::health::{Labels, Metrics};

/// Routes that are remembered with what is known of them; a few times as many as there are.
const ROUTES: usize = 256;
/// Pairs of method and status that are remembered of a route.
const SERIES: usize = 32;

/// Where answers that no route gave are counted.
const NO_ROUTE: &str = "none";

/// Counts and logs.
pub(super) struct Ledger {
    metrics: Arc<Metrics>,
    log: Option<RequestLog>,
    clock: Arc<dyn Clock>,
    routes: Table<Route>,
}

impl Ledger {
    pub(super) fn new(
        metrics: Arc<Metrics>,
        log: Option<RequestLog>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            metrics,
            log,
            clock,
            routes: Table::new(ROUTES),
        }
    }

    fn route(&self, pattern: &str) -> Route {
        Route {
            pattern: pattern.into(),
            name: self.log.as_ref().map(|log| log.route(pattern)),
            series: Table::new(SERIES),
        }
    }

    fn count(&self, route: &Route, method: Method, status: u16) {
        let answers = || {
            let labels = Labels::of(&route.pattern, method, status);
            self.metrics.answers(&labels)
        };
        let known = route.series.find(
            usize::from(status),
            |series| (series.method, series.status) == (method, status),
            || Series {
                method,
                status,
                answers: answers(),
            },
        );
        if let Some(series) = known {
            series.answers.inc();
        } else {
            answers().inc();
        }
    }
}

impl Recorder for Ledger {
    fn record(&self, answered: &Answered<'_>) {
        let pattern = answered.route.unwrap_or(NO_ROUTE);
        let method = Method::named(answered.method.as_str());
        let status = answered.status.as_u16();
        let known = self.routes.find(
            hash(pattern),
            |route| *route.pattern == *pattern,
            || self.route(pattern),
        );
        let made;
        let route = if let Some(route) = known {
            route
        } else {
            made = self.route(pattern);
            &made
        };
        self.count(route, method, status);
        self.metrics.observe(answered.took);
        let (Some(log), Some(name)) = (&self.log, route.name) else {
            return;
        };
        if is_api(pattern, answered.method) {
            let stages = answered.learned.stages();
            log.push(Entry {
                at: answered
                    .id
                    .time()
                    .unwrap_or_else(|| self.clock.now().minus(answered.took)),
                took_micros: micros(answered.took),
                gate_micros: stages.gate.map(micros),
                read_micros: stages.read.map(micros),
                method,
                route: name,
                status,
                request: answered.id,
                application: answered.learned.application(),
                vehicle: answered.learned.vehicle(),
                error: answered.learned.error(),
            });
        }
    }
}

/// A route and the numbers of its answers.
struct Route {
    pattern: Box<str>,
    name: Option<RouteName>,
    series: Table<Series>,
}

/// Answers of one method and status.
struct Series {
    method: Method,
    status: u16,
    answers: Counter,
}

/// A table that only grows and is read without a lock.
struct Table<T>(Box<[OnceLock<T>]>);

impl<T> Table<T> {
    fn new(size: usize) -> Self {
        Self((0..size).map(|_| OnceLock::new()).collect())
    }

    /// The entry that `is` knows, looked for from `start` on, or a new one; `None` when the table
    /// is full of others.
    fn find(&self, start: usize, is: impl Fn(&T) -> bool, make: impl Fn() -> T) -> Option<&T> {
        let size = self.0.len();
        (0..size)
            .map(|step| self.0[(start.wrapping_add(step)) % size].get_or_init(&make))
            .find(|entry| is(entry))
    }
}

fn micros(duration: Duration) -> u32 {
    u32::try_from(duration.as_micros()).unwrap_or(u32::MAX)
}

fn hash(text: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    // Only the low bits are used.
    #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
    let hash = hasher.finish() as usize;
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_finds_makes_and_fills_up() {
        let table = Table::new(3);
        let find = |value: usize| table.find(2, |known| *known == value, || value).copied();
        assert_eq!([7, 8, 7, 9].map(find), [7, 8, 7, 9].map(Some));
        assert_eq!(find(10), None);
        assert_eq!(find(9), Some(9));
    }
}
