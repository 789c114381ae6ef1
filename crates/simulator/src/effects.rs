//! What commands set on a car of test mode, where they always work (contract rest-v2, 8.1).

use carport_connector::Fault;
use carport_model::charging::ChargeLimits;
use carport_model::signal::charge::{
    CHARGE_LIMIT, DETAILED_CHARGING_STATUS, IS_CHARGING, IS_CHARGING_CABLE_CONNECTED,
};
use carport_model::signal::closure::IS_LOCKED;
use carport_model::{Command, Signal, SignalValue};

/// The values that later reads show; `now` tells what the car says before the command.
pub(crate) fn of(
    command: &Command,
    now: &dyn Fn(Signal) -> Option<SignalValue>,
) -> Result<Vec<(Signal, SignalValue)>, Fault> {
    Ok(match command {
        Command::Lock => vec![(IS_LOCKED, SignalValue::Flag(true))],
        Command::Unlock => vec![(IS_LOCKED, SignalValue::Flag(false))],
        Command::StartCharge => charging(true),
        Command::StopCharge => charging(false),
        Command::SetChargeLimit(limit) => {
            // The limits of single places stay.
            let mut limits = match now(CHARGE_LIMIT) {
                Some(SignalValue::ChargeLimits(limits)) => limits,
                _ => ChargeLimits::default(),
            };
            limits.set_everywhere(*limit);
            vec![(CHARGE_LIMIT, SignalValue::ChargeLimits(limits))]
        }
        // Nothing shows where a car was told to go.
        Command::SendDestination { .. } => Vec::new(),
    })
}

/// A car that was told to charge, or to stop, is plugged in.
fn charging(is_charging: bool) -> Vec<(Signal, SignalValue)> {
    let state = if is_charging {
        "CHARGING"
    } else {
        "NOT_CHARGING"
    };
    let state = SignalValue::Text(state.to_owned());
    vec![
        (IS_CHARGING_CABLE_CONNECTED, SignalValue::Flag(true)),
        (IS_CHARGING, SignalValue::Flag(is_charging)),
        (DETAILED_CHARGING_STATUS, state),
    ]
}
