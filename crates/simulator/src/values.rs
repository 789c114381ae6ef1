//! Draws values within the ranges of the signal list.

use carport_model::signal::TestValue;
use carport_model::{Rng, Signal, SignalValue, Vehicle};

/// A value of `signal`, drawn anew.
pub(crate) fn draw(signal: Signal, vehicle: &Vehicle, rng: &dyn Rng) -> SignalValue {
    match signal.spec().test {
        TestValue::Number { low, high } => SignalValue::Number(rng.number(low, high)),
        TestValue::Flag => SignalValue::Flag(rng.below(2) == 1),
        TestValue::OneOf(words) => {
            let index = rng.below(u32::try_from(words.len()).unwrap_or(u32::MAX));
            SignalValue::Text(words[index as usize].to_owned())
        }
        TestValue::Position {
            latitude,
            longitude,
        } => SignalValue::Position {
            latitude: rng.number(latitude.0, latitude.1),
            longitude: rng.number(longitude.0, longitude.1),
        },
        TestValue::Tyres { low, high } => SignalValue::Tyres {
            front_left: rng.number(low, high),
            front_right: rng.number(low, high),
            back_left: rng.number(low, high),
            back_right: rng.number(low, high),
        },
        TestValue::Vin => SignalValue::Text(vehicle.car.vin.as_str().to_owned()),
    }
}
