//! Carries requests about the logs out: what was answered, runs through Connect, who changed what, and
//! what was counted of it.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use carport_dashboard::{Bin, Span};
use carport_model::clock::read_duration;
use carport_model::{ApplicationId, RunId, Timestamp};
use carport_store::audit_log::{self, NO_APPLICATION};
use carport_store::request_log::{self, Method};
use carport_store::{Tx, car_counts, run_lists, run_steps};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::told;
use crate::server::Parts;

/// What commands ask of the logs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LogRequest {
    /// Lists requests, the newest first.
    Requests(RequestsWanted),
    /// Lists runs through Connect, the newest first.
    Runs(RunsWanted),
    /// Shows the steps of a run.
    Run {
        /// Which.
        id: String,
    },
    /// Lists the audit log, the newest first.
    Audit {
        /// Which.
        page: LogPage,
        /// Who.
        actor: Option<String>,
        /// What.
        action: Option<String>,
    },
    /// Tells what was counted.
    Overview {
        /// Of this application.
        application: Option<String>,
        /// `day` for its hours, `month` for its days.
        span: String,
    },
}

/// Which requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestsWanted {
    /// Of the list.
    pub page: LogPage,
    /// The one with this id.
    pub id: Option<String>,
    /// About this vehicle.
    pub vehicle: Option<String>,
    /// The lowest and the highest status.
    pub status: Option<(u16, u16)>,
    /// Method.
    pub method: Option<String>,
    /// Part of the route's pattern.
    pub path: Option<String>,
    /// An error's type, code, or both.
    pub error: Option<String>,
    /// How long they took at least: a length of time.
    pub slower_than: Option<String>,
}

/// Which runs; what is empty does not matter.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunsWanted {
    /// Of the list.
    pub page: LogPage,
    /// Mode.
    pub mode: String,
    /// Brand.
    pub brand: String,
    /// Owner.
    pub owner: String,
    /// How it ended.
    pub ending: String,
}

/// A part of a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogPage {
    /// Of this application.
    pub application: Option<String>,
    /// From this time on: a date, an instant, or how long ago.
    pub since: Option<String>,
    /// Before this time.
    pub until: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// Carries a request out.
///
/// # Errors
/// One line that says what to do.
pub(super) async fn carry_out(parts: &Parts, request: &LogRequest) -> Result<Value, String> {
    match request {
        LogRequest::Requests(wanted) => requests(parts, wanted).await,
        LogRequest::Runs(wanted) => runs(parts, wanted).await,
        LogRequest::Run { id } => run(parts, id).await,
        LogRequest::Audit {
            page,
            actor,
            action,
        } => audit(parts, page, (actor, action)).await,
        LogRequest::Overview { application, span } => {
            overview(parts, application.as_deref(), Span::named(span)).await
        }
    }
}

async fn requests(parts: &Parts, wanted: &RequestsWanted) -> Result<Value, String> {
    let log = parts
        .request_log
        .as_ref()
        .ok_or("the request log is off here: log.requests_days is 0")?;
    let slower = wanted.slower_than.as_deref().map(read_duration);
    let slower = slower.transpose().map_err(|error| error.to_string())?;
    let slower = slower.unwrap_or_default().as_micros();
    let method = wanted.method.as_ref();
    let filter = request_log::Filter {
        application: wanted.page.application()?,
        vehicle: id_if_any(wanted.vehicle.as_deref(), "vehicle")?,
        status: wanted.status.map(|(lowest, highest)| lowest..=highest),
        method: method.map(|method| Method::named(&method.to_ascii_uppercase())),
        path: wanted.path.clone(),
        error: wanted.error.clone(),
        request: id_if_any(wanted.id.as_deref(), "request")?,
        took_micros: u32::try_from(slower).unwrap_or(u32::MAX),
        since: wanted.page.since(parts)?,
        until: wanted.page.until(parts)?,
        ..request_log::Filter::default()
    };
    // What was just answered is told, too.
    let flushing = log.clone();
    drop(tokio::task::spawn_blocking(move || flushing.flush()).await);
    let found = log.recent(filter, wanted.page.limit).await.map_err(told)?;
    let view = |entry: &request_log::Recorded| {
        json!({
            "at": entry.at.to_string(),
            "id": entry.request.to_string(),
            "method": entry.method.as_str(),
            "route": entry.route,
            "status": entry.status,
            "errorType": entry.error_type,
            "errorCode": entry.error_code,
            "applicationId": entry.application.map(|id| id.to_string()),
            "vehicleId": entry.vehicle.map(|id| id.to_string()),
            "tookMicros": entry.took_micros,
            "gateMicros": entry.gate_micros,
            "readMicros": entry.read_micros,
        })
    };
    Ok(found.iter().map(view).collect())
}

async fn runs(parts: &Parts, wanted: &RunsWanted) -> Result<Value, String> {
    let filter = run_lists::Filter {
        applications: wanted.page.application()?.map(|id| vec![id]),
        mode: wanted.mode.clone(),
        brand: wanted.brand.to_ascii_uppercase(),
        owner: wanted.owner.clone(),
        ending: wanted.ending.clone(),
        since: wanted.page.since(parts)?,
        until: wanted.page.until(parts)?,
    };
    let (limit, now) = (wanted.page.limit as usize, parts.clock.now());
    let unit = async move |tx: &mut Tx<'_>| {
        run_lists::page(tx, &filter, run_lists::From::Newest, limit, now).await
    };
    let found: Vec<run_lists::Listed> = parts.store.scan(unit).await.map_err(told)?;
    let view = |run: &run_lists::Listed| {
        let ending = run.ended.clone().unwrap_or_else(|| {
            let is_open = run.expires_at > now;
            if is_open { "open" } else { "expired" }.to_owned()
        });
        json!({
            "at": run.place.created_at.to_string(),
            "id": run.place.run.to_string(),
            "applicationId": run.application.to_string(),
            "mode": run.mode,
            "brand": run.brand,
            "owner": run.owner,
            "ending": ending,
            "completedAt": run.completed_at.map(|at| at.to_string()),
        })
    };
    Ok(found.iter().map(view).collect())
}

async fn run(parts: &Parts, id: &str) -> Result<Value, String> {
    let id: RunId = id
        .parse()
        .map_err(|_| "no run has such an id; `carport log runs` lists them".to_owned())?;
    let unit = async move |tx: &mut Tx<'_>| run_steps::of(tx, id).await;
    let steps: Vec<run_steps::RunStep> = parts.store.scan(unit).await.map_err(told)?;
    if steps.is_empty() {
        return Err("no run with this id is kept; `carport log runs` lists them".to_owned());
    }
    let view = |step: &run_steps::RunStep| {
        json!({
            "at": step.at.to_string(),
            "event": step.event.as_str(),
            "detail": step.detail,
        })
    };
    Ok(steps.iter().map(view).collect())
}

async fn audit(
    parts: &Parts,
    page: &LogPage,
    (actor, action): (&Option<String>, &Option<String>),
) -> Result<Value, String> {
    let filter = audit_log::Filter {
        application: page.application()?,
        actor: actor.clone(),
        action: action.clone(),
        from: page.since(parts)?,
        to: page.until(parts)?,
    };
    let limit = i64::from(page.limit);
    let unit = async move |tx: &mut Tx<'_>| audit_log::page(tx, &filter, None, limit).await;
    let found: Vec<(audit_log::Place, audit_log::Entry)> =
        parts.store.scan(unit).await.map_err(told)?;
    let view = |(_, entry): &(audit_log::Place, audit_log::Entry)| {
        let application = entry.application;
        json!({
            "at": entry.at.to_string(),
            "actor": entry.actor,
            "action": entry.action,
            "applicationId": (application != NO_APPLICATION).then(|| application.to_string()),
            "detail": entry.detail,
        })
    };
    Ok(found.iter().map(view).collect())
}

async fn overview(parts: &Parts, of: Option<&str>, span: Span) -> Result<Value, String> {
    let applications = id_if_any(of, "application")?.map(|id| vec![id]);
    let now = parts.clock.now();
    let (of, since) = (applications.clone(), span.since(now));
    let counted = match &parts.request_log {
        Some(log) => log.hours(of, since).await.map_err(told)?,
        None => BTreeMap::new(),
    };
    let unit = async move |tx: &mut Tx<'_>| {
        let connected = car_counts::now(tx, applications.as_deref()).await?;
        let hours = car_counts::hours(tx, applications.as_deref(), since).await?;
        Ok((connected, hours))
    };
    let (connected, cars): (BTreeMap<&str, i64>, _) = parts.store.scan(unit).await.map_err(told)?;
    let view = |bin: &Bin| {
        json!({
            "at": bin.at.to_string(),
            "label": span.label(bin.at),
            "requests": bin.counts.requests,
            "clientErrors": bin.counts.client_errors,
            "serverErrors": bin.counts.server_errors,
            "slowestMicros": bin.counts.slowest_micros,
            "p95Micros": bin.counts.slow_micros(),
            "connections": bin.cars,
        })
    };
    let bins: Vec<Value> = span.bins(now, &counted, &cars).iter().map(view).collect();
    Ok(json!({ "connections": connected, "unit": span.unit(), "counts": bins }))
}

impl LogPage {
    fn application(&self) -> Result<Option<ApplicationId>, String> {
        id_if_any(self.application.as_deref(), "application")
    }

    fn since(&self, parts: &Parts) -> Result<Option<Timestamp>, String> {
        time(self.since.as_deref(), parts.clock.now())
    }

    fn until(&self, parts: &Parts) -> Result<Option<Timestamp>, String> {
        time(self.until.as_deref(), parts.clock.now())
    }
}

/// A date, an instant, or how long ago.
fn time(text: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, String> {
    let Some(text) = text else { return Ok(None) };
    if let Some((first, _)) = Timestamp::read(text) {
        return Ok(Some(first));
    }
    let ago: Duration = read_duration(text).map_err(|_| {
        format!(
            "{text:?} is no time: write 2026-03-01, 2026-03-01T10:00Z, or how long ago, such as 2h or 7d"
        )
    })?;
    Ok(Some(now.minus(ago)))
}

/// An id, where one was given.
pub(super) fn id_if_any<T: FromStr>(text: Option<&str>, what: &str) -> Result<Option<T>, String> {
    text.map(|text| id(text, what)).transpose()
}

/// An id of one of `what`.
pub(super) fn id<T: FromStr>(text: &str, what: &str) -> Result<T, String> {
    text.parse().map_err(|_| {
        format!(
            "{text:?} is no id of a {what}: one looks like 36ab27d0-fd9d-4455-823a-ce30af709ffc"
        )
    })
}
