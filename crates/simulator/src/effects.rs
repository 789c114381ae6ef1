//! What commands set on a car of test mode, where they always work (contract rest-v2, 8.1).

use carport_model::signal::charge::{
    CHARGE_LIMIT, DETAILED_CHARGING_STATUS, IS_CHARGING_CABLE_CONNECTED,
};
use carport_model::signal::closure::IS_LOCKED;
use carport_model::{Command, Signal, SignalValue};

/// The values that later reads show. A car that was told to charge, or to stop, is plugged in.
pub(crate) fn of(command: &Command) -> Vec<(Signal, SignalValue)> {
    let charging = |state: &str| {
        vec![
            (IS_CHARGING_CABLE_CONNECTED, SignalValue::Flag(true)),
            (
                DETAILED_CHARGING_STATUS,
                SignalValue::Text(state.to_owned()),
            ),
        ]
    };
    match command {
        Command::Lock => vec![(IS_LOCKED, SignalValue::Flag(true))],
        Command::Unlock => vec![(IS_LOCKED, SignalValue::Flag(false))],
        Command::StartCharge => charging("CHARGING"),
        Command::StopCharge => charging("NOT_CHARGING"),
        Command::SetChargeLimit(limit) => vec![(CHARGE_LIMIT, SignalValue::Number(*limit))],
        // Nothing shows where a car was told to go.
        Command::SendDestination { .. } => Vec::new(),
    }
}
