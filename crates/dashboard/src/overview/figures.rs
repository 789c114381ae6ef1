//! What was counted, in hours or days.

use carport_web::words::{Text, t};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use carport_model::{ApplicationId, Timestamp};
use carport_store::request_log::{Counts, HOUR};
use carport_store::{StoreError, Tx, car_counts};

use super::TRUSTED;
use crate::Dashboard;

const DAY: Duration = Duration::from_hours(24);

/// How far the overview looks back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// 24 hours.
    Day,
    /// 30 days.
    Month,
}

/// An hour or a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    /// Its beginning.
    pub at: Timestamp,
    /// What was counted in it.
    pub counts: Counts,
    /// Connections at its end, where they were counted.
    pub cars: Option<i64>,
}

impl Span {
    pub(super) const ALL: [Self; 2] = [Self::Day, Self::Month];

    /// The one of an address; a day when it names none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        if name == Self::Month.name() {
            Self::Month
        } else {
            Self::Day
        }
    }

    /// Its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    pub(super) const fn title(self) -> Text {
        match self {
            Self::Day => t("24 hours"),
            Self::Month => t("30 days"),
        }
    }

    /// What a bin is, in the reader's language.
    pub(super) const fn unit_text(self) -> Text {
        match self {
            Self::Day => t("Hour (UTC)"),
            Self::Month => t("Day (UTC)"),
        }
    }

    /// What a bin is.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Day => "Hour (UTC)",
            Self::Month => "Day (UTC)",
        }
    }

    const fn bin(self) -> Duration {
        match self {
            Self::Day => HOUR,
            Self::Month => DAY,
        }
    }

    const fn count(self) -> u32 {
        match self {
            Self::Day => 24,
            Self::Month => 30,
        }
    }

    /// The beginning of the bin that holds an instant.
    fn begin(self, at: Timestamp) -> Timestamp {
        let bin = i64::try_from(self.bin().as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(at.millis().div_euclid(bin) * bin)
    }

    /// The beginning of the first bin.
    #[must_use]
    pub fn since(self, now: Timestamp) -> Timestamp {
        self.begin(now).minus(self.bin() * (self.count() - 1))
    }

    /// `14:00` or `2026-11-24`.
    #[must_use]
    pub fn label(self, at: Timestamp) -> String {
        let text = at.to_string();
        let (day, time) = text.split_once('T').unwrap_or_default();
        match self {
            Self::Day => time.get(..5).unwrap_or_default().to_owned(),
            Self::Month => day.to_owned(),
        }
    }

    /// All bins, those without requests too, the oldest first.
    #[must_use]
    pub fn bins(
        self,
        now: Timestamp,
        requests: &BTreeMap<Timestamp, Counts>,
        cars: &BTreeMap<Timestamp, i64>,
    ) -> Vec<Bin> {
        let since = self.since(now);
        let mut bins: Vec<Bin> = (0..self.count())
            .map(|place| {
                let at = since.plus(self.bin() * place);
                let end = at.plus(self.bin());
                // The last hour that was counted.
                let cars = cars.range(at..end).next_back();
                Bin {
                    at,
                    counts: Counts::default(),
                    cars: cars.map(|(_, cars)| *cars),
                }
            })
            .collect();
        for (hour, counts) in requests {
            let begin = self.begin(*hour);
            if let Some(bin) = bins.iter_mut().find(|bin| bin.at == begin) {
                bin.counts.add(counts);
            }
        }
        bins
    }
}

/// Connections by mode.
type Connections = BTreeMap<&'static str, i64>;
/// What was counted of which applications, and when.
type Known = BTreeMap<Option<Vec<ApplicationId>>, (Instant, Connections)>;

/// Counts that took long, remembered for a while: a million connections take a tenth of a second.
#[derive(Debug, Default)]
pub(crate) struct Counted(Mutex<Known>);

/// Sets of applications that are remembered.
const REMEMBERED: usize = 100;
/// What takes longer than this is remembered.
const LONG: Duration = Duration::from_millis(10);

impl Counted {
    /// Connections by mode, of these applications or of all.
    pub(super) async fn connections(
        &self,
        dashboard: &Dashboard,
        of: Option<Vec<ApplicationId>>,
    ) -> Result<Connections, StoreError> {
        let known = |all: &Known| {
            let (at, counts) = all.get(&of)?;
            (at.elapsed() < TRUSTED).then(|| counts.clone())
        };
        let known = known(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(counts) = known {
            return Ok(counts);
        }
        let started = Instant::now();
        let asked = of.clone();
        let unit = async move |tx: &mut Tx<'_>| car_counts::now(tx, asked.as_deref()).await;
        let counts: Connections = dashboard
            .store
            .scan(unit)
            .await
            .map_err(|error: StoreError| error)?;
        if started.elapsed() > LONG {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() >= REMEMBERED {
                all.clear();
            }
            all.insert(of, (Instant::now(), counts.clone()));
        }
        Ok(counts)
    }
}
