//! Faults on demand of a running server, for commands: the operator sees and changes all rules.

use carport_management_api::simulator::faults::NewFault;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::server::Parts;

/// What commands ask of faults on demand.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultRequest {
    /// Adds a rule.
    Add(Box<NewFault>),
    /// Lists the rules.
    List,
    /// Removes one.
    Remove {
        /// Its id.
        id: String,
    },
    /// Removes all.
    Clear,
}

/// Carries a request about faults out.
///
/// # Errors
/// One line that says what to do.
pub(super) fn carry_out(parts: &Parts, request: &FaultRequest) -> Result<Value, String> {
    let switch = parts.simulator_api.faults().ok_or(
        "faults on demand are off here: start a server with `carport dev`, or set \
         simulator.faults = true for `carport serve`",
    )?;
    match request {
        FaultRequest::Add(new) => {
            let added = switch.add(new, parts.clock.now());
            added
                .map(|view| json!(view))
                .map_err(|refused| refused.to_string())
        }
        FaultRequest::List => Ok(json!(switch.list(None))),
        FaultRequest::Remove { id } => {
            let unknown = || format!("there is no rule {id}; `carport fault list` shows them");
            let id = id.parse().map_err(|()| unknown())?;
            match switch.remove(None, Some(id)) {
                0 => Err(unknown()),
                removed => Ok(json!({ "removed": removed })),
            }
        }
        FaultRequest::Clear => Ok(json!({ "removed": switch.remove(None, None) })),
    }
}
