//! What a view is made from: readings, and what was asked.

use carport_connector::Fault;
use carport_model::reading::{BatteryCapacity, BatteryRange, Opening, Readings};
use carport_model::unit::{Unit, UnitSystem};
use carport_model::{Signal, SignalValue, Timestamp, error};
use carport_store::Connected;
use carport_web::query::Pairs;

use crate::links::Links;

mod charging;

/// The values an endpoint shows, expressed in the units that the caller wants.
pub struct Values<'a> {
    readings: &'a Readings,
    asked: &'a Asked<'a>,
}

/// What a caller asked about: the view needs it beside the readings.
pub struct Asked<'a> {
    /// The car.
    pub car: &'a Connected,
    /// The units to answer in.
    pub units: UnitSystem,
    /// The query of the request.
    pub query: &'a Pairs,
    /// Now.
    pub now: Timestamp,
    /// Makes links that the owner may open.
    pub links: &'a Links,
}

impl<'a> Values<'a> {
    /// Values of `readings` for what was asked.
    #[must_use]
    pub const fn new(readings: &'a Readings, asked: &'a Asked<'a>) -> Self {
        Self { readings, asked }
    }

    /// What was asked.
    #[must_use]
    pub const fn asked(&self) -> &'a Asked<'a> {
        self.asked
    }

    /// A distance in kilometres in the caller's unit.
    #[must_use]
    pub fn distance(&self, kilometres: f64) -> f64 {
        Unit::Kilometres.express(kilometres, self.asked.units)
    }

    /// A signal as it is; `None` when the car does not report it.
    #[must_use]
    pub fn get(&self, signal: Signal) -> Option<&'a SignalValue> {
        self.readings.get(&signal).map(|reading| &reading.value)
    }

    /// A signal that the car must have.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when it does not report it.
    pub fn need(&self, signal: Signal) -> Result<&'a SignalValue, Fault> {
        let reading = self
            .readings
            .get(&signal)
            .ok_or(&error::VEHICLE_NOT_CAPABLE)?;
        Ok(&reading.value)
    }

    /// A number in the caller's unit.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn number(&self, signal: Signal) -> Result<f64, Fault> {
        match self.need(signal)? {
            SignalValue::Number(value) => Ok(signal.spec().unit.express(*value, self.asked.units)),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// What `read` makes of a signal; `None`, null on the wire, when the car does not report it.
    ///
    /// # Errors
    /// `INVALID_DATA` when it reports something else.
    pub fn or_null<T>(
        &self,
        signal: Signal,
        read: impl FnOnce(&Self, Signal) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        if self.readings.contains_key(&signal) {
            read(self, signal).map(Some)
        } else {
            Ok(None)
        }
    }

    /// A word; `None`, null on the wire, when the car does not report it.
    ///
    /// # Errors
    /// `INVALID_DATA` when it reports something else.
    pub fn word_or_null(&self, signal: Signal) -> Result<Option<String>, Fault> {
        let word = self.or_null(signal, Self::text)?;
        Ok(word.map(str::to_owned))
    }

    /// At least one of these signals: a body of nothing but nulls would say that the car has them.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car reports none of them.
    pub fn need_any(&self, signals: &[Signal]) -> Result<(), Fault> {
        let is_there = |signal: &Signal| self.readings.contains_key(signal);
        if signals.iter().any(is_there) {
            Ok(())
        } else {
            Err((&error::VEHICLE_NOT_CAPABLE).into())
        }
    }

    /// When a signal was measured.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn measured_at(&self, signal: Signal) -> Result<Timestamp, Fault> {
        let reading = self.readings.get(&signal);
        Ok(reading.ok_or(&error::VEHICLE_NOT_CAPABLE)?.measured_at)
    }

    /// How many.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn count(&self, signal: Signal) -> Result<u32, Fault> {
        match self.need(signal)? {
            SignalValue::Count(value) => Ok(*value),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// Yes or no.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn flag(&self, signal: Signal) -> Result<bool, Fault> {
        match self.need(signal)? {
            SignalValue::Flag(value) => Ok(*value),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// A word.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn text(&self, signal: Signal) -> Result<&'a str, Fault> {
        match self.need(signal)? {
            SignalValue::Text(value) => Ok(value),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// Several words.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn words(&self, signal: Signal) -> Result<&'a [String], Fault> {
        match self.need(signal)? {
            SignalValue::Words(words) => Ok(words),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// Latitude and longitude.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn position(&self, signal: Signal) -> Result<(f64, f64), Fault> {
        match self.need(signal)? {
            SignalValue::Position {
                latitude,
                longitude,
                ..
            } => Ok((*latitude, *longitude)),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// The four tyres: front left, front right, back left, back right, in the caller's unit.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn tyres(&self, signal: Signal) -> Result<[f64; 4], Fault> {
        match self.need(signal)? {
            SignalValue::Tyres {
                front_left,
                front_right,
                back_left,
                back_right,
            } => Ok([*front_left, *front_right, *back_left, *back_right]
                .map(|value| signal.spec().unit.express(value, self.asked.units))),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// What is known of the battery's capacity.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn capacity(&self, signal: Signal) -> Result<&'a BatteryCapacity, Fault> {
        match self.need(signal)? {
            SignalValue::Capacity(capacity) => Ok(capacity),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }
    /// A lid, flap or roof.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn opening(&self, signal: Signal) -> Result<Opening, Fault> {
        match self.need(signal)? {
            SignalValue::Opening(opening) => Ok(*opening),
            _ => Err((&error::INVALID_DATA).into()),
        }
    }

    /// How far the battery will take the car, in the caller's unit.
    ///
    /// # Errors
    /// `VEHICLE_NOT_CAPABLE` when the car does not report it.
    pub fn range(&self, signal: Signal) -> Result<BatteryRange, Fault> {
        let SignalValue::Range(range) = self.need(signal)? else {
            return Err((&error::INVALID_DATA).into());
        };
        let express = |kilometres| self.distance(kilometres);
        Ok(BatteryRange {
            distance: express(range.distance),
            estimated: range.estimated.map(express),
            ideal: range.ideal.map(express),
            rated: range.rated.map(express),
        })
    }
}
