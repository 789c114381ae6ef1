//! Calls of vehicles in a month.

use std::time::Duration;

use carport_model::VehicleId;

use super::on_both_engines;
use super::seed::NOW;
use crate::vehicle_calls::{self, Calls};
use crate::{StoreError, Tx};

on_both_engines! {
    async fn calls_add_up_by_vehicle_and_month(database) {
        let (one, two) = (VehicleId::draw(&database.rng), VehicleId::draw(&database.rng));
        let (month, next) = (NOW.month(), NOW.plus(Duration::from_hours(24 * 31)).month());
        let calls = |vehicle, month, calls| Calls { vehicle, month, calls };
        let first = [calls(one, month, 3), calls(two, month, 1), calls(one, next, 5)];
        let then = [calls(one, month, 4), calls(one, month, 2)];
        let totals = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([vehicle_calls::add(tx, &first).await?, vehicle_calls::add(tx, &then).await?])
            })
            .await;
        assert_eq!(totals, [vec![3, 1, 5], vec![7, 9]]);
        database
            .read(async |tx: &mut Tx<'_>| {
                assert_eq!(vehicle_calls::of(tx, one, month).await?, 9);
                assert_eq!(vehicle_calls::of(tx, two, month).await?, 1);
                assert_eq!(vehicle_calls::of(tx, one, next).await?, 5);
                assert_eq!(vehicle_calls::of(tx, two, next).await?, 0);
                Ok(())
            })
            .await;
    }

    async fn a_number_that_cannot_be_is_told(database) {
        let (vehicle, month) = (VehicleId::draw(&database.rng), NOW.month());
        let calls = [Calls { vehicle, month, calls: 1 }];
        database.write(async move |tx: &mut Tx<'_>| vehicle_calls::add(tx, &calls).await).await;
        database.raw("UPDATE vehicle_calls SET calls = -1").await;
        let outcome = database
            .store
            .read(async move |tx: &mut Tx<'_>| vehicle_calls::of(tx, vehicle, month).await)
            .await;
        assert!(matches!(outcome, Err(StoreError::Corrupt { .. })), "{outcome:?}");
    }
}
