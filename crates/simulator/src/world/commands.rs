//! What commands do to simulated cars. Source: contract connect-oauth, E.4.

use carport_model::simulation::{Course, Effect, Motion};
use carport_model::{Command, ErrorSpec, error};

use super::scenario::Reach;
use super::state::CarState;

/// What a command changes in the physics of a car; `None` when it changes held values, or nothing.
#[must_use]
pub fn effect_of(command: &Command) -> Option<Effect> {
    match command {
        Command::Lock => Some(Effect::Lock),
        Command::Unlock => Some(Effect::Unlock),
        Command::StartCharge => Some(Effect::StartCharge),
        Command::StopCharge => Some(Effect::StopCharge),
        Command::SetChargeLimit(limit) => Some(Effect::ChargeLimit(*limit)),
        Command::SetAmperage(amperes) => Some(Effect::Amperage(*amperes)),
        Command::SetChargeWindows(_)
        | Command::SetChargeStart(_)
        | Command::SetDeparture(_)
        | Command::SetChargePlace { .. }
        | Command::OpenChargePort
        | Command::CloseChargePort
        | Command::StartClimate(_)
        | Command::StopClimate
        | Command::SetCabinTemperature(_)
        | Command::StartDefroster
        | Command::StopDefroster
        | Command::StartSteeringHeater
        | Command::StopSteeringHeater
        | Command::OpenFrontTrunk
        | Command::CloseFrontTrunk
        | Command::OpenRearTrunk
        | Command::CloseRearTrunk
        | Command::SetPin(_)
        | Command::ClearPin
        | Command::SendDestination { .. } => None,
    }
}

/// Whether a car that can be read takes reads and commands at all in its state.
///
/// # Errors
/// `ACCOUNT_ISSUE` before the first Play, `ASLEEP` and `UNREACHABLE` in stages of that kind.
pub fn reachable(state: &CarState) -> Result<(), &'static ErrorSpec> {
    if state.motion == Motion::Created {
        return Err(&error::ACCOUNT_ISSUE);
    }
    match state.reach {
        Reach::Awake => Ok(()),
        Reach::Asleep => Err(&error::ASLEEP),
        Reach::Unreachable => Err(&error::UNREACHABLE),
    }
}

/// Whether a command is taken.
///
/// # Errors
/// The row of the error catalogue that it is answered with instead; besides those of E.4,
/// `VEHICLE_NOT_CAPABLE` for a part that the car does not have.
pub fn answer(
    state: &CarState,
    course: &Course,
    command: &Command,
) -> Result<(), &'static ErrorSpec> {
    reachable(state)?;
    if state.motion == Motion::Paused || state.is_finished() {
        return Err(&error::UNREACHABLE);
    }
    match command {
        Command::Lock | Command::Unlock if state.is_driving => Err(&error::IN_MOTION),
        Command::StartCharge | Command::StopCharge | Command::SetChargeLimit(_) => {
            charging(state, course, command)
        }
        Command::Lock
        | Command::Unlock
        | Command::SendDestination { .. }
        | Command::SetPin(_)
        | Command::ClearPin => Ok(()),
        // What belongs to one make is not for the documented behaviour without effects.
        _ if course.is_stateless => Err(&error::SMARTCAR_NOT_CAPABLE),
        Command::SetAmperage(_) if state.plug.is_none() => Err(&error::VEHICLE_NOT_CAPABLE),
        _ => Ok(()),
    }
}

fn charging(
    state: &CarState,
    course: &Course,
    command: &Command,
) -> Result<(), &'static ErrorSpec> {
    let plug = state.plug.as_ref().ok_or(&error::VEHICLE_NOT_CAPABLE)?;
    if !plug.is_plugged {
        return Err(&error::CHARGING_PLUG_NOT_CONNECTED);
    }
    match (command, course.is_stateless) {
        (Command::SetChargeLimit(_), true) if plug.is_charging => Err(&error::SMARTCAR_NOT_CAPABLE),
        (Command::StartCharge, false) if plug.is_charging => Err(&error::CHARGING_IN_PROGRESS),
        (Command::StartCharge, false) if plug.is_full => Err(&error::FULLY_CHARGED),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
