//! The clock of a `dev` server: shown, stopped, hurried and moved forward.

use std::fmt;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use carport_model::Timestamp;
use carport_model::clock::{Pace, Shown, read_duration};
use carport_simulator::time::{Change, Time};
use carport_web::envelope::{ErrorBody, json_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Controller, Sent, SimulatorApi};
use crate::error::ManagementError;

/// What the clock shows, and how it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClockView {
    /// What it shows: ISO 8601 in UTC with milliseconds.
    #[schema(format = DateTime)]
    pub now: String,
    /// Whether it stands.
    pub is_frozen: bool,
    /// How fast it runs when it does not stand: 0.1 to 3600 times real time.
    pub speed: f64,
    /// Seconds by which it is ahead of the machine's clock; negative when it is behind.
    pub ahead_seconds: f64,
}

/// Where to set the clock.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetClock {
    /// An instant in ISO 8601, not before what the clock shows.
    #[schema(format = DateTime)]
    to: String,
}

/// How far to move the clock forward.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceClock {
    /// A length of time: `90s`, `2h`, `1h30m`, `7d`, `P1D`, or a number of seconds.
    #[schema(value_type = String, example = "2h")]
    by: Value,
}

/// How fast the clock is to run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockSpeed {
    /// 0.1 to 3600 times real time.
    speed: f64,
}

impl ClockView {
    /// The clock as it is shown to callers.
    #[must_use]
    pub fn of(shown: Shown) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "below 2^53 milliseconds")]
        let ahead_millis = shown.ahead_millis as f64;
        Self {
            now: shown.now.to_string(),
            is_frozen: shown.is_frozen,
            speed: shown.pace.factor(),
            ahead_seconds: ahead_millis / 1000.0,
        }
    }
}

/// What people write of changes of the clock, read.
pub mod reading {
    use super::{Change, Pace, Timestamp, read_duration};

    /// To an instant, or to the beginning of a day in UTC.
    ///
    /// # Errors
    /// What to write instead.
    pub fn set(text: &str) -> Result<Change, String> {
        let read = Timestamp::read(text).map(|(first, _)| Change::Set(first));
        read.ok_or_else(|| "write an instant such as 2026-03-01T08:15:30Z".to_owned())
    }

    /// By a length of time.
    ///
    /// # Errors
    /// What to write instead.
    pub fn advance(text: &str) -> Result<Change, String> {
        let read = read_duration(text).map(Change::Advance);
        read.map_err(|error| error.to_string())
    }

    /// At a factor.
    ///
    /// # Errors
    /// What to write instead.
    pub fn run_at(text: &str) -> Result<Change, String> {
        let read = text.parse::<Pace>().map(Change::RunAt);
        read.map_err(|error| error.to_string())
    }
}

/// Shows the clock.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 403 on a server that is no `dev` server.
#[utoipa::path(
    get,
    path = "/clock",
    summary = "Shows the clock of a dev server.",
    responses(
        (status = 200, description = "The clock.", body = ClockView),
        (status = 403, description = "This is no dev server, or a web page asks.", body = ErrorBody),
    ),
)]
pub async fn show_clock(
    State(api): State<SimulatorApi>,
    _: Controller,
) -> Result<Response, ManagementError> {
    Ok(json_of(&ClockView::of(api.time()?.shown())))
}

/// Makes the clock stand.
///
/// # Errors
/// As [`show_clock`].
#[utoipa::path(
    post,
    path = "/clock/freeze",
    summary = "Makes the clock stand.",
    responses((status = 200, description = "The clock.", body = ClockView)),
)]
pub async fn freeze_clock(
    State(api): State<SimulatorApi>,
    _: Controller,
) -> Result<Response, ManagementError> {
    changed(&api, "clock", Change::Freeze).await
}

/// Lets the clock run on from where it stands.
///
/// # Errors
/// As [`show_clock`].
#[utoipa::path(
    post,
    path = "/clock/resume",
    summary = "Lets the clock run on from where it stands, at its speed.",
    responses((status = 200, description = "The clock.", body = ClockView)),
)]
pub async fn resume_clock(
    State(api): State<SimulatorApi>,
    _: Controller,
) -> Result<Response, ManagementError> {
    changed(&api, "clock", Change::Resume).await
}

/// Moves the clock forward to an instant.
///
/// # Errors
/// As [`show_clock`]; `VALIDATION` of `to` for an instant that does not read or lies before the
/// clock.
#[utoipa::path(
    post,
    path = "/clock/set",
    summary = "Moves the clock forward to an instant, and answers when all that fell due is done.",
    request_body = SetClock,
    responses(
        (status = 200, description = "The clock.", body = ClockView),
        (status = 400, description = "The instant does not read, or lies before what the clock shows.", body = ErrorBody),
    ),
)]
pub async fn set_clock(
    State(api): State<SimulatorApi>,
    _: Controller,
    Sent(sent): Sent<SetClock>,
) -> Result<Response, ManagementError> {
    let change = reading::set(&sent.to).map_err(|advice| wrong("to", advice))?;
    changed(&api, "to", change).await
}

/// Moves the clock forward by a length of time.
///
/// # Errors
/// As [`show_clock`]; `VALIDATION` of `by` for a length that does not read.
#[utoipa::path(
    post,
    path = "/clock/advance",
    summary = "Moves the clock forward, and answers when all that fell due on the way is done.",
    request_body = AdvanceClock,
    responses(
        (status = 200, description = "The clock.", body = ClockView),
        (status = 400, description = "The length of time does not read, or is negative.", body = ErrorBody),
    ),
)]
pub async fn advance_clock(
    State(api): State<SimulatorApi>,
    _: Controller,
    Sent(sent): Sent<AdvanceClock>,
) -> Result<Response, ManagementError> {
    let written = match &sent.by {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let change = reading::advance(&written).map_err(|advice| wrong("by", advice))?;
    changed(&api, "by", change).await
}

/// Makes the clock run at another speed.
///
/// # Errors
/// As [`show_clock`]; `VALIDATION` of `speed` outside 0.1 to 3600.
#[utoipa::path(
    post,
    path = "/clock/speed",
    summary = "Makes the clock run slower or faster from now on; a frozen one once it is resumed.",
    request_body = ClockSpeed,
    responses(
        (status = 200, description = "The clock.", body = ClockView),
        (status = 400, description = "The speed lies outside 0.1 to 3600.", body = ErrorBody),
    ),
)]
pub async fn hurry_clock(
    State(api): State<SimulatorApi>,
    _: Controller,
    Sent(sent): Sent<ClockSpeed>,
) -> Result<Response, ManagementError> {
    let pace = Pace::of(sent.speed).map_err(|error| wrong("speed", error))?;
    changed(&api, "speed", Change::RunAt(pace)).await
}

/// Carries a change out to its end, even when the caller goes away.
async fn changed(
    api: &SimulatorApi,
    field: &'static str,
    change: Change,
) -> Result<Response, ManagementError> {
    let time: Arc<Time> = Arc::clone(api.time()?);
    let moved = tokio::spawn(async move { time.change(change).await }).await;
    let shown = moved.map_err(|_| &carport_model::error::INTERNAL)?;
    let shown = shown.map_err(|refused| wrong(field, refused))?;
    Ok(json_of(&ClockView::of(shown)))
}

/// The reason as a sentence.
fn wrong(field: &'static str, reason: impl fmt::Display) -> ManagementError {
    let mut reason = reason.to_string();
    if let Some(first) = reason.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    ManagementError::validation(field, format!("{reason}."))
}
