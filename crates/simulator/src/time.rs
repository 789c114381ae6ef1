//! The time of a `dev` server: a clock that can be moved, and what falls due on the way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use carport_model::Timestamp;
use carport_model::agenda::Due;
use carport_model::clock::{ClockRefused, MovableClock, Pace, Shown};

/// A movable clock and its agenda. One for a server.
pub struct Time {
    clock: Arc<MovableClock>,
    agenda: Mutex<Vec<Arc<dyn Due>>>,
    /// Held by the one move that is under way.
    moving: tokio::sync::Mutex<()>,
}

/// What may be done to the time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Makes the clock stand.
    Freeze,
    /// Lets it run on.
    Resume,
    /// Moves it to an instant.
    Set(Timestamp),
    /// Moves it forward by this much.
    Advance(Duration),
    /// Makes it run at another pace.
    RunAt(Pace),
}

impl Time {
    /// The time of this clock, with nothing on the agenda.
    #[must_use]
    pub fn of(clock: Arc<MovableClock>) -> Self {
        Self {
            clock,
            agenda: Mutex::default(),
            moving: tokio::sync::Mutex::default(),
        }
    }

    /// What the clock shows, and how it runs.
    #[must_use]
    pub fn shown(&self) -> Shown {
        self.clock.shown()
    }

    /// Puts something on the agenda, for good.
    pub fn register(&self, due: Arc<dyn Due>) {
        let mut agenda = self.agenda.lock().unwrap_or_else(PoisonError::into_inner);
        agenda.push(due);
    }

    fn agenda(&self) -> Vec<Arc<dyn Due>> {
        let agenda = self.agenda.lock().unwrap_or_else(PoisonError::into_inner);
        agenda.clone()
    }

    /// Changes the time, and returns when all that fell due by it is done.
    ///
    /// # Errors
    /// [`ClockRefused`]: the clock would run backwards, or too far. Nothing has changed.
    pub async fn change(&self, change: Change) -> Result<Shown, ClockRefused> {
        match change {
            Change::Freeze => self.clock.freeze(),
            Change::Resume => self.clock.resume(),
            Change::RunAt(pace) => self.clock.run_at(pace),
            Change::Set(to) => self.move_to(|_| to).await?,
            Change::Advance(by) => self.move_to(|now| now.plus(by)).await?,
        }
        Ok(self.clock.shown())
    }

    /// The clock stands at each instant at which something falls due until that is done; the rest
    /// of the server goes on and sees that time.
    async fn move_to(&self, to: impl FnOnce(Timestamp) -> Timestamp) -> Result<(), ClockRefused> {
        // One move after the other: each begins where the last one ended.
        let _moving = self.moving.lock().await;
        let hold = self.clock.hold();
        let to = to(hold.now());
        hold.can_move_to(to)?;
        let mut agenda = self.agenda();
        while let Some((at, first)) = first_due(&agenda, to).await {
            let now = at.max(hold.now());
            hold.move_to(now)?;
            let due = &agenda[first];
            tracing::debug!(due = due.name(), at = %now, "the clock comes by");
            due.run_due(now).await;
            if due.next_due(now).await.is_some_and(|next| next <= now) {
                tracing::warn!(due = due.name(), "it fell due and is not done; left out");
                agenda.swap_remove(first);
            }
        }
        hold.move_to(to)
    }
}

/// What falls due first, by `until` at the latest, and when; of several at once the one that was
/// registered first.
async fn first_due(agenda: &[Arc<dyn Due>], until: Timestamp) -> Option<(Timestamp, usize)> {
    let mut first: Option<(Timestamp, usize)> = None;
    for (place, due) in agenda.iter().enumerate() {
        let next = due.next_due(until).await.filter(|at| *at <= until);
        if let Some(at) = next
            && first.is_none_or(|(earliest, _)| at < earliest)
        {
            first = Some((at, place));
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use carport_model::Clock;
    use carport_testkit::FixedClock;

    const START: Timestamp = FixedClock::START;
    const SECOND: Duration = Duration::from_secs(1);

    /// Falls due at these instants, and notes what the clock showed.
    struct Appointments {
        name: &'static str,
        open: Mutex<Vec<Timestamp>>,
        clock: Arc<MovableClock>,
        diary: Arc<Mutex<Vec<(&'static str, Duration)>>>,
        /// Says it is done without being done.
        is_lazy: bool,
    }

    #[async_trait]
    impl Due for Appointments {
        fn name(&self) -> &'static str {
            self.name
        }

        async fn next_due(&self, until: Timestamp) -> Option<Timestamp> {
            let open = self.open.lock().unwrap();
            open.iter().copied().min().filter(|at| *at <= until)
        }

        async fn run_due(&self, now: Timestamp) {
            assert_eq!(self.clock.now(), now);
            tokio::task::yield_now().await;
            assert_eq!(self.clock.now(), now);
            let mut diary = self.diary.lock().unwrap();
            diary.push((self.name, now.since(START)));
            if !self.is_lazy {
                self.open.lock().unwrap().retain(|at| *at > now);
            }
        }
    }

    /// Says `until`, and counts.
    struct Tidying(Mutex<Vec<Timestamp>>);

    #[async_trait]
    impl Due for Tidying {
        fn name(&self) -> &'static str {
            "tidying"
        }

        async fn next_due(&self, until: Timestamp) -> Option<Timestamp> {
            let done = self.0.lock().unwrap();
            let last = done.last().copied().unwrap_or(START);
            (until.since(last) > SECOND).then_some(until)
        }

        async fn run_due(&self, now: Timestamp) {
            self.0.lock().unwrap().push(now);
        }
    }

    type Diary = Arc<Mutex<Vec<(&'static str, Duration)>>>;

    struct Site {
        time: Time,
        clock: Arc<MovableClock>,
        diary: Diary,
    }

    impl Site {
        fn new() -> Self {
            let clock = Arc::new(MovableClock::over(Arc::new(FixedClock::default())));
            Self {
                time: Time::of(clock.clone()),
                clock,
                diary: Diary::default(),
            }
        }

        fn registers(&self, name: &'static str, seconds: &[u32], is_lazy: bool) {
            let open = seconds.iter().map(|after| START.plus(SECOND * *after));
            self.time.register(Arc::new(Appointments {
                name,
                open: Mutex::new(open.collect()),
                clock: self.clock.clone(),
                diary: self.diary.clone(),
                is_lazy,
            }));
        }

        fn diary(&self) -> Vec<(&'static str, u64)> {
            let diary = self.diary.lock().unwrap();
            diary
                .iter()
                .map(|(name, at)| (*name, at.as_secs()))
                .collect()
        }
    }

    #[tokio::test]
    async fn what_falls_due_is_done_in_order_at_its_instant() {
        let site = Site::new();
        site.registers("a", &[10, 30, 500], false);
        site.registers("b", &[20, 30], false);
        let shown = site
            .time
            .change(Change::Advance(SECOND * 100))
            .await
            .unwrap();
        assert_eq!(shown.now, START.plus(SECOND * 100));
        assert_eq!(site.diary(), [("a", 10), ("b", 20), ("a", 30), ("b", 30)]);
        site.time
            .change(Change::Set(START.plus(SECOND * 500)))
            .await
            .unwrap();
        assert_eq!(site.diary().last(), Some(&("a", 500)));
        assert_eq!(site.diary().len(), 5);
    }

    #[tokio::test]
    async fn ten_years_of_tidying_are_one() {
        let site = Site::new();
        let tidying = Arc::new(Tidying(Mutex::default()));
        site.time.register(tidying.clone());
        let years = Duration::from_hours(24 * 3650);
        site.time.change(Change::Advance(years)).await.unwrap();
        assert_eq!(*tidying.0.lock().unwrap(), [START.plus(years)]);
    }

    #[tokio::test]
    async fn what_is_never_done_does_not_hold_the_clock_up() {
        let site = Site::new();
        site.registers("lazy", &[10], true);
        site.registers("b", &[20], false);
        let moved = site
            .time
            .change(Change::Advance(SECOND * 60))
            .await
            .unwrap();
        assert_eq!(moved.now, START.plus(SECOND * 60));
        assert_eq!(site.diary(), [("lazy", 10), ("b", 20)]);
    }

    #[tokio::test]
    async fn nothing_happens_when_a_move_is_refused() {
        let site = Site::new();
        site.registers("a", &[10], false);
        for change in [
            Change::Set(START.minus(SECOND)),
            Change::Advance(Duration::MAX),
        ] {
            assert!(site.time.change(change).await.is_err(), "{change:?}");
        }
        assert_eq!((site.diary(), site.clock.now()), (vec![], START));
    }

    #[tokio::test]
    async fn moves_follow_one_another() {
        let site = Arc::new(Site::new());
        site.registers("a", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false);
        let mut moves = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let site = site.clone();
            moves.spawn(async move { site.time.change(Change::Advance(SECOND)).await });
        }
        for moved in moves.join_all().await {
            moved.unwrap();
        }
        assert_eq!(site.clock.now(), START.plus(SECOND * 10));
        assert_eq!(site.diary().len(), 10);
    }
}
