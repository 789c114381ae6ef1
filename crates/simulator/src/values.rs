//! What a test car says: what it was told, or else a value drawn within the ranges of the signal
//! list.

use carport_connector::Reached;
use carport_model::signal::TestValue;
use carport_model::vehicle::FoundVehicle;
use carport_model::{Rng, SeededRng, Signal, SignalValue, Timestamp};

/// The value of `signal` now; `None` when the car has no such thing.
pub(crate) fn now_of(
    signal: Signal,
    car: Reached<'_>,
    now: Timestamp,
    rng: &dyn Rng,
) -> Option<SignalValue> {
    let found = &car.vehicle.car;
    if !found.capabilities.contains(signal.spec().permission) {
        return None;
    }
    let held = car.held.get(signal).map(|held| held.value.clone());
    held.or_else(|| draw(signal, found, now, rng))
}

/// A value of `signal`, drawn anew; `None` when the car has no such thing.
fn draw(signal: Signal, car: &FoundVehicle, now: Timestamp, rng: &dyn Rng) -> Option<SignalValue> {
    Some(match signal.spec().test {
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
            heading: Some(rng.number(0.0, 360.0)),
        },
        TestValue::Tyres { low, high } => SignalValue::Tyres {
            front_left: rng.number(low, high),
            front_right: rng.number(low, high),
            back_left: rng.number(low, high),
            back_right: rng.number(low, high),
        },
        TestValue::Drawn(draw) => return draw(car, rng),
        TestValue::Made(make) => return make(car, now),
        TestValue::Vin => SignalValue::Text(car.vin.as_str().to_owned()),
    })
}

/// A value that `signal` may have; `None` when the car has no such thing.
pub(crate) fn sample(signal: Signal, car: &FoundVehicle, now: Timestamp) -> Option<SignalValue> {
    let has_it = car.capabilities.contains(signal.spec().permission);
    // Any stream will do: nobody is told the value.
    has_it.then(|| draw(signal, car, now, &SeededRng::new(0, 0)))?
}
