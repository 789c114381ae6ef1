//! What was done to a car in workshops.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which part of a service history to send: the last year unless asked otherwise.
///
/// ```
/// use carport_sdk::ServiceRange;
///
/// let spring = ServiceRange::default().start("2026-03-01".parse()?).end("2026-05-31".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceRange {
    start: Option<Date>,
    end: Option<Date>,
}

impl ServiceRange {
    /// Nothing from before this day.
    ///
    /// ```
    /// let range = carport_sdk::ServiceRange::default().start("2020-01-01".parse()?);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn start(mut self, day: Date) -> Self {
        self.start = Some(day);
        self
    }

    /// Nothing from after this day.
    ///
    /// ```
    /// let range = carport_sdk::ServiceRange::default().end("2026-01-01".parse()?);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn end(mut self, day: Date) -> Self {
        self.end = Some(day);
        self
    }

    pub(crate) fn query(self) -> Vec<(&'static str, String)> {
        let given = [("start_date", self.start), ("end_date", self.end)];
        let pairs = given
            .into_iter()
            .filter_map(|(name, day)| Some((name, day?.to_string())));
        pairs.collect()
    }
}

/// One visit to a workshop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRecord {
    /// The maker's id of it.
    pub service_id: Option<String>,
    /// Distance driven by then, in km or miles.
    pub odometer_distance: f64,
    /// When it was.
    #[serde(default, deserialize_with = "super::lenient_instant")]
    pub service_date: Option<Timestamp>,
    /// What was done. May be empty.
    pub service_tasks: Vec<ServiceTask>,
    /// What else is known, as the maker names it. May be empty.
    pub service_details: Vec<ServiceDetail>,
    /// What it cost.
    pub service_cost: ServiceCost,
}

/// A job done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceTask {
    /// The maker's id of it.
    pub task_id: Option<String>,
    /// For people.
    pub task_description: Option<String>,
}

/// A fact about a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceDetail {
    /// Which, for example `Service Dealer`.
    #[serde(rename = "type")]
    pub type_: String,
    /// The fact.
    pub value: Option<String>,
}

/// A price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCost {
    /// The sum.
    pub total_cost: Option<f64>,
    /// Of this currency, for example `USD`.
    pub currency: Option<String>,
}
