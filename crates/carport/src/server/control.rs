//! What developers steer a server with: time that can be moved, faults on demand, a journal of
//! requests. Which of it there is depends on the kind of server and its settings.

use std::sync::Arc;

use carport_management_api::simulator::{Cars, Journal, Open, SimulatorApi, Switch};
use carport_model::clock::MovableClock;
use carport_model::{Clock, Faults, SystemClock};
use carport_simulator::time::Time;
use carport_store::Store;
use carport_web::watch::Watch;

use super::routes;
use crate::config::Simulator;

/// The parts of it.
pub(super) struct Control {
    /// Time.
    pub(super) clock: Arc<dyn Clock>,
    /// That clock and its agenda, where it can be moved.
    pub(super) time: Option<Arc<Time>>,
    /// Rules of what goes wrong; without a switch there never are any.
    pub(super) faults: Arc<Faults>,
    /// What makes and shows them.
    pub(super) switch: Option<Switch>,
    /// The journal of requests.
    pub(super) journal: Option<Arc<Journal>>,
    /// What looks at answers for both.
    pub(super) watch: Option<Watch>,
}

impl Control {
    /// That of a `dev` server or another one.
    pub(super) fn of(settings: &Simulator, is_dev: bool) -> Self {
        let (clock, time) = clock_of(is_dev);
        let faults = Arc::new(Faults::default());
        let has_faults = settings.faults.unwrap_or(is_dev);
        let kept = Some(settings.journal_requests).filter(|kept| *kept > 0 && is_dev);
        let journal = kept.map(|kept| Arc::new(Journal::keeping(kept)));
        let watch = (has_faults || journal.is_some()).then(|| Watch {
            faults: faults.clone(),
            clock: clock.clone(),
            is_journaled: journal.is_some(),
        });
        let switch = has_faults.then(|| Switch {
            faults: faults.clone(),
            routes: routes::known,
        });
        Self {
            clock,
            time,
            faults,
            switch,
            journal,
            watch,
        }
    }

    /// The control API over it.
    pub(super) fn api(&self, store: Store, public_url: &str, cars: Cars) -> SimulatorApi {
        let open = self.time.clone().map(Open::with);
        SimulatorApi::new(store, self.clock.clone(), public_url, open, cars)
            .with_faults(self.switch.clone())
            .with_journal(self.journal.clone())
    }
}

/// The machine's clock; on `dev` one over it that can be moved. Where the last run moved it is not
/// kept: a server begins with the machine's time.
fn clock_of(is_dev: bool) -> (Arc<dyn Clock>, Option<Arc<Time>>) {
    if !is_dev {
        return (Arc::new(SystemClock), None);
    }
    let clock = Arc::new(MovableClock::over(Arc::new(SystemClock)));
    let time = Arc::new(Time::of(clock.clone()));
    (clock, Some(time))
}
