//! The clock of a running `dev` server, for commands.

use carport_management_api::simulator::clock::{ClockView, reading};
use carport_simulator::time::Change;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::server::Parts;

/// What commands ask of the clock.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClockRequest {
    /// Shows it.
    Show,
    /// Makes it stand.
    Freeze,
    /// Lets it run on.
    Resume,
    /// Moves it to an instant.
    Set {
        /// ISO 8601.
        to: String,
    },
    /// Moves it forward.
    Advance {
        /// A length of time.
        by: String,
    },
    /// Makes it run at another speed.
    Speed {
        /// 0.1 to 3600.
        factor: String,
    },
}

/// Carries a request about the clock out.
///
/// # Errors
/// One line that says what to do.
pub(super) async fn carry_out(parts: &Parts, request: &ClockRequest) -> Result<Value, String> {
    let time = parts.time.as_ref().ok_or(
        "no dev server runs on this data folder, and the clock of any other is the machine's; \
         start one with `carport dev`",
    )?;
    let change = match request {
        ClockRequest::Show => return Ok(json!(ClockView::of(time.shown()))),
        ClockRequest::Freeze => Change::Freeze,
        ClockRequest::Resume => Change::Resume,
        ClockRequest::Set { to } => reading::set(to)?,
        ClockRequest::Advance { by } => reading::advance(by)?,
        ClockRequest::Speed { factor } => reading::run_at(factor)?,
    };
    let shown = time.change(change).await;
    shown
        .map(|shown| json!(ClockView::of(shown)))
        .map_err(|refused| refused.to_string())
}
