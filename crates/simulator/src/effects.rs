//! What commands set on a car of test mode, where all work that the car has the parts for
//! (contract rest-v2, 8.1).

mod charging;

use carport_connector::Fault;
use carport_model::reading::Opening;
use carport_model::signal::charge::IS_CHARGING_PORT_FLAP_OPEN;
use carport_model::signal::closure::{FRONT_TRUNK, IS_LOCKED, REAR_TRUNK};
use carport_model::signal::hvac::{
    CABIN_TARGET_TEMPERATURE, IS_CABIN_HVAC_ACTIVE, IS_FRONT_DEFROSTER_ACTIVE,
    IS_REAR_DEFROSTER_ACTIVE, IS_STEERING_HEATER_ACTIVE,
};
use carport_model::{Command, Signal, SignalValue, error};

/// Values that a command sets.
type Set = Vec<(Signal, SignalValue)>;

/// What the car says before a command.
type Before<'a> = &'a dyn Fn(Signal) -> Option<SignalValue>;

/// The values that later reads show.
pub(crate) fn of(command: &Command, before: Before<'_>) -> Result<Set, Fault> {
    match command {
        Command::Lock => Ok(vec![flag(IS_LOCKED, true)]),
        Command::Unlock => Ok(vec![flag(IS_LOCKED, false)]),
        Command::StartCharge => Ok(charging::state(true)),
        Command::StopCharge => Ok(charging::state(false)),
        Command::SetChargeLimit(limit) => Ok(charging::limit(*limit, before)),
        Command::SetAmperage(amperes) => Ok(charging::amperage(*amperes)),
        Command::SetChargeWindows(windows) => Ok(charging::windows(windows, before)),
        Command::SetChargeStart(start) => Ok(charging::start(*start, before)),
        Command::SetDeparture(time) => Ok(charging::departure(*time, before)),
        Command::SetChargePlace {
            latitude,
            longitude,
            limit,
            windows,
        } => charging::place((*latitude, *longitude), *limit, windows, before),
        Command::OpenChargePort => switched(IS_CHARGING_PORT_FLAP_OPEN, true, before),
        Command::CloseChargePort => switched(IS_CHARGING_PORT_FLAP_OPEN, false, before),
        Command::StartClimate(target) => Ok([flag(IS_CABIN_HVAC_ACTIVE, true)]
            .into_iter()
            .chain(target.map(cabin))
            .collect()),
        Command::StopClimate => Ok(vec![flag(IS_CABIN_HVAC_ACTIVE, false)]),
        Command::SetCabinTemperature(target) => Ok(vec![cabin(*target)]),
        Command::StartDefroster => Ok(defroster(true)),
        Command::StopDefroster => Ok(defroster(false)),
        Command::StartSteeringHeater => switched(IS_STEERING_HEATER_ACTIVE, true, before),
        Command::StopSteeringHeater => switched(IS_STEERING_HEATER_ACTIVE, false, before),
        Command::OpenFrontTrunk => trunk(FRONT_TRUNK, true, before),
        Command::CloseFrontTrunk => trunk(FRONT_TRUNK, false, before),
        Command::OpenRearTrunk => trunk(REAR_TRUNK, true, before),
        Command::CloseRearTrunk => trunk(REAR_TRUNK, false, before),
        // Nothing shows where a car was told to go, nor its PIN, which is kept nowhere.
        Command::SendDestination { .. } | Command::SetPin(_) | Command::ClearPin => Ok(Vec::new()),
    }
}

fn flag(signal: Signal, value: bool) -> (Signal, SignalValue) {
    (signal, SignalValue::Flag(value))
}

fn cabin(target: f64) -> (Signal, SignalValue) {
    (CABIN_TARGET_TEMPERATURE, SignalValue::Number(target))
}

fn defroster(active: bool) -> Set {
    let windows = [IS_FRONT_DEFROSTER_ACTIVE, IS_REAR_DEFROSTER_ACTIVE];
    windows.map(|signal| flag(signal, active)).to_vec()
}

/// Sets a flag of a part that not every car has.
fn switched(signal: Signal, value: bool, before: Before<'_>) -> Result<Set, Fault> {
    before(signal).ok_or(&error::VEHICLE_NOT_CAPABLE)?;
    Ok(vec![flag(signal, value)])
}

/// Opens or shuts a boot, if the car has it.
fn trunk(signal: Signal, is_open: bool, before: Before<'_>) -> Result<Set, Fault> {
    before(signal).ok_or(&error::VEHICLE_NOT_CAPABLE)?;
    let opening = Opening {
        is_open: Some(is_open),
        is_locked: Some(!is_open),
    };
    Ok(vec![(signal, SignalValue::Opening(opening))])
}
