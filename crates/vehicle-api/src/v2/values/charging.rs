//! Values of where, when and how far a car charges.

use carport_connector::Fault;
use carport_model::charging::{ChargeLimits, ChargeRecord, ChargeTimer};
use carport_model::{Signal, SignalValue, error};

use super::Values;

impl<'a> Values<'a> {
    /// Where charging ends.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn charge_limits(&self, signal: Signal) -> Result<&'a ChargeLimits, Fault> {
        match self.need(signal)? {
            SignalValue::ChargeLimits(limits) => Ok(limits),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// The limit that holds now, a share of the battery; `None` when the car tells of none.
    ///
    /// # Errors
    /// `INVALID_DATA` when it reports something else.
    pub fn charge_limit(&self, signal: Signal) -> Result<Option<f64>, Fault> {
        let limits = self.or_null(signal, Self::charge_limits)?;
        Ok(limits.and_then(ChargeLimits::effective))
    }

    /// When the car charges.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn charge_timers(&self, signal: Signal) -> Result<&'a [ChargeTimer], Fault> {
        match self.need(signal)? {
            SignalValue::ChargeTimers(timers) => Ok(timers),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// What was charged.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn charge_records(&self, signal: Signal) -> Result<&'a [ChargeRecord], Fault> {
        match self.need(signal)? {
            SignalValue::ChargeRecords(records) => Ok(records),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }
}
