//! What commands and choices have set on a vehicle.

use carport_model::reading::{BatteryCapacity, CapacityChoice};
use carport_model::signal::{closure, odometer, traction_battery};
use carport_model::{SignalValue, VehicleId};

use super::on_both_engines;
use super::seed::{NOW, after};
use crate::{Tx, held_values};

on_both_engines! {
    async fn the_last_value_of_a_signal_is_held(database) {
        let owner = database.owner().await;
        let capacity = SignalValue::Capacity(BatteryCapacity {
            nominal: Some(87.0),
            is_chosen: true,
            candidates: vec![CapacityChoice { capacity: 87.0, description: None }],
        });
        let first = [
            (closure::IS_LOCKED, SignalValue::Flag(true)),
            (traction_battery::NOMINAL_CAPACITY, capacity.clone()),
        ];
        let vehicle = owner.vehicle;
        database
            .write(async move |tx: &mut Tx<'_>| held_values::put(tx, vehicle, &first, NOW).await)
            .await;
        let then = [(closure::IS_LOCKED, SignalValue::Flag(false))];
        database
            .write(async move |tx: &mut Tx<'_>| held_values::put(tx, vehicle, &then, after(1)).await)
            .await;
        let other = VehicleId::draw(&database.rng);
        database
            .read(async |tx: &mut Tx<'_>| {
                let held = held_values::of(tx, vehicle).await?;
                let lock = held.get(closure::IS_LOCKED).unwrap();
                assert_eq!((&lock.value, lock.at), (&SignalValue::Flag(false), after(1)));
                let battery = held.get(traction_battery::NOMINAL_CAPACITY).unwrap();
                assert_eq!((&battery.value, battery.at), (&capacity, NOW));
                assert_eq!(held.get(odometer::TRAVELED_DISTANCE), None);
                assert!(held_values::of(tx, other).await?.is_empty());
                Ok(())
            })
            .await;
    }

    async fn a_cached_connection_learns_what_was_set(database) {
        let owner = database.owner().await;
        let (user, vehicle) = (owner.user, owner.vehicle);
        let before = database.store.connected(user, vehicle).await.unwrap().unwrap();
        assert!(before.held.is_empty());
        let set = [(closure::IS_LOCKED, SignalValue::Flag(true))];
        database
            .write(async move |tx: &mut Tx<'_>| held_values::put(tx, vehicle, &set, NOW).await)
            .await;
        let now = database.store.connected(user, vehicle).await.unwrap().unwrap();
        assert_eq!(now.held.get(closure::IS_LOCKED).unwrap().value, SignalValue::Flag(true));
    }
}
