//! Which signals a command that changes the course of a car speaks through. A value that was set by
//! hand would hide the change, so it is taken back.

use carport_model::Signal;
use carport_model::signal::charge::{
    AMPERAGE, AMPERAGE_REQUESTED, CHARGE_LIMIT, DETAILED_CHARGING_STATUS, IS_CHARGING,
};
use carport_model::signal::closure::IS_LOCKED;
use carport_model::simulation::Effect;

/// The signals in which `effect` shows.
pub(crate) const fn of(effect: Effect) -> &'static [Signal] {
    match effect {
        Effect::Lock | Effect::Unlock => &[IS_LOCKED],
        Effect::StartCharge | Effect::StopCharge => &[IS_CHARGING, DETAILED_CHARGING_STATUS],
        Effect::ChargeLimit(_) => &[CHARGE_LIMIT],
        Effect::Amperage(_) => &[AMPERAGE, AMPERAGE_REQUESTED],
    }
}
