//! Past charges: `charge/records` of BMW, MINI and Tesla, and what Tesla billed.
//! Source: contract rest-v2, 2.25.

use std::time::Duration;

use carport_connector::Fault;
use carport_model::charging::{ChargeCost, ChargeRecord, Place};
use carport_model::signal::charge::CHARGE_RECORDS;
use carport_model::{Permission, error};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;

use crate::openapi::Shape;
use crate::v2::endpoint::{Endpoint, Parameter, body};
use crate::v2::range::{END, PARAMETERS, START, range};
use crate::v2::values::Values;

/// Past charges of a BMW.
pub static BMW: Endpoint = records("/bmw/charge/records", "BMW");
/// Past charges of a MINI.
pub static MINI: Endpoint = records("/mini/charge/records", "MINI");
/// Past charges of a Tesla.
pub static TESLA: Endpoint = records("/tesla/charge/records", "TESLA");

/// What a Tesla's charges cost.
pub static TESLA_BILLING: Endpoint = Endpoint {
    query: &[
        START,
        END,
        Parameter::optional("page", Type::Integer, "Page of 25, from 1."),
    ],
    view: show_billing,
    schema: Shape::of::<Billing>(),
    summary: "What past charges cost, newest first: of the last 30 days, or from startDate to endDate.",
    ..records("/tesla/charge/records/billing", "TESLA")
};

/// Without a range, what was charged within so long.
const MONTH: Duration = Duration::from_hours(30 * 24);

/// Records of one page.
const PAGE: usize = 25;

/// Past charges, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Records {
    /// Those that began in the range.
    #[schema(inline)]
    pub records: Vec<Record>,
}

/// One charge. What the car does not tell is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// When it began, ISO 8601.
    pub charge_start: String,
    /// When it ended; null while it goes on.
    pub charge_end: Option<String>,
    /// Address, or else name, of the place.
    pub location: Option<String>,
    /// Energy that went into the battery, in kWh.
    pub energy: Option<f64>,
    /// Whether the charging station is a public one.
    pub is_public: Option<bool>,
    /// Share of the battery at the start, 0 to 1.
    pub start_percent_remaining: Option<f64>,
    /// Share of the battery at the end, 0 to 1.
    pub end_percent_remaining: Option<f64>,
    /// Kind of current or plug, such as `AC`.
    pub charging_type: Option<String>,
}

/// One page of what was billed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Billing {
    /// Those of the page.
    #[schema(inline)]
    pub records: Vec<Bill>,
    /// Whether there is another page.
    pub has_more_data: bool,
}

/// What one charge cost. What the car does not tell is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bill {
    /// When it began, ISO 8601.
    pub charge_start: String,
    /// When it ended; null while it goes on.
    pub charge_end: Option<String>,
    /// Energy in kWh.
    pub energy_consumed: Option<f64>,
    /// What it cost.
    #[schema(inline)]
    pub cost: Cost,
    /// Address, or else name, of the place.
    pub location: Option<String>,
    /// The maker's number of it.
    pub record_id: Option<String>,
}

/// What it cost. What the maker does not tell is null.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Cost {
    /// ISO 4217.
    pub currency: Option<String>,
    /// For the energy.
    pub energy: Option<f64>,
    /// For anything else.
    pub other: Option<f64>,
}

const fn records(path: &'static str, make: &'static str) -> Endpoint {
    Endpoint {
        path,
        make: Some(make),
        permission: Some(Permission::ReadChargeRecords),
        query: PARAMETERS,
        signals: &[CHARGE_RECORDS],
        view: show_records,
        schema: Shape::of::<Records>(),
        summary: "Past charges, newest first: of the last 30 days, or from startDate to endDate.",
    }
}

fn show_records(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let records = asked_for(values)?.map(|record| Record {
        charge_start: record.start.to_string(),
        charge_end: record.end.map(|end| end.to_string()),
        location: location(record),
        energy: record.energy_added,
        is_public: record.is_public,
        start_percent_remaining: record.start_level,
        end_percent_remaining: record.end_level,
        charging_type: record.charging_type.clone(),
    });
    body(&Records {
        records: records.collect(),
    })
}

fn show_billing(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let skipped = (page(values)? - 1).saturating_mul(PAGE);
    let mut records = asked_for(values)?.skip(skipped);
    let bills = records.by_ref().take(PAGE).map(|record| Bill {
        charge_start: record.start.to_string(),
        charge_end: record.end.map(|end| end.to_string()),
        energy_consumed: record.energy_added,
        cost: record.cost.as_ref().map_or_else(Cost::default, cost),
        location: location(record),
        record_id: record.id.clone(),
    });
    body(&Billing {
        records: bills.collect(),
        has_more_data: records.next().is_some(),
    })
}

/// The records that began in the range of the query.
fn asked_for<'a>(values: &Values<'a>) -> Result<impl Iterator<Item = &'a ChargeRecord>, Fault> {
    let (start, end) = range(values.asked().query, values.asked().now, MONTH);
    let records = values.charge_records(CHARGE_RECORDS)?.iter();
    Ok(records.filter(move |record| start <= record.start && record.start < end))
}

/// Number of the page, 1 or more.
fn page(values: &Values<'_>) -> Result<usize, Fault> {
    let sent = values.asked().query.get("page");
    let number = sent.map_or(Some(1), |text| text.parse().ok());
    number.filter(|page| *page > 0).ok_or_else(|| Fault {
        refused: Some(("page", "Send a whole number, 1 or more.")),
        ..Fault::from(&error::VALIDATION)
    })
}

fn location(record: &ChargeRecord) -> Option<String> {
    let Place { name, address, .. } = record.place.as_ref()?;
    address.as_ref().or(name.as_ref()).cloned()
}

fn cost(cost: &ChargeCost) -> Cost {
    Cost {
        currency: cost.currency.clone(),
        energy: cost.energy,
        other: cost.other,
    }
}
