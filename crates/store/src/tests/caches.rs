//! What bearer requests remember, and how fast they forget.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, UnitWeighter};

use super::database::Database;
use super::on_both_engines;
use super::seed::{Owner, VIN, after, car, new_connection};
use crate::disconnections::{Ending, disconnect};
use crate::remembered::{EndsWhatLeaves, Remembered};
use crate::{
    Connected, Store, StoreError, Tx, applications, connections, grant_families, token_pairs,
    vehicles,
};

/// How long another process may still believe in a token that has ended (data model).
const PROMISED: Duration = Duration::from_secs(1);

async fn opens(store: &Store, owner: &Owner) -> bool {
    store
        .access_grant(&owner.pair.access)
        .await
        .unwrap()
        .is_some()
}

/// What a read finds: the token, and with it the vehicle.
async fn car_of(store: &Store, owner: &Owner) -> Option<Arc<Remembered>> {
    let token = &owner.pair.access;
    let access = store.access(token).await.unwrap()?;
    store.car_of(token, &access, owner.vehicle).await.unwrap()
}

/// Asks until the answers come from memory; on PostgreSQL that begins with the first look at the
/// change log.
async fn warm(store: &Store, owner: &Owner) {
    while !store.remembers(&owner.pair.access, (owner.user, owner.vehicle)) {
        assert!(opens(store, owner).await);
        assert!(
            store
                .connected(owner.user, owner.vehicle)
                .await
                .unwrap()
                .is_some()
        );
        tokio::task::yield_now().await;
    }
}

/// Waits until a condition holds and tells how long that took.
async fn until(mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < 10 * PROMISED, "it never came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    start.elapsed()
}

on_both_engines! {
    async fn a_warm_token_touches_no_disk(database) {
        let owner = database.owner().await;
        warm(&database.store, &owner).await;
        // Behind the store's back, so that only memory can know.
        database.raw("DELETE FROM token_pairs").await;
        assert!(opens(&database.store, &owner).await);
        let fresh = database.replica().await;
        assert!(!opens(&fresh, &owner).await);
    }

    async fn an_unknown_token_is_not_remembered_as_unknown(database) {
        let owner = database.owner().await;
        let later = database.pair_of(owner.family);
        assert!(database.store.access_grant(&later.access).await.unwrap().is_none());
        let kept = later.clone();
        database.write(async move |tx: &mut Tx<'_>| token_pairs::insert(tx, &kept).await).await;
        assert!(database.store.access_grant(&later.access).await.unwrap().is_some());
    }

    async fn a_revoked_token_is_gone_at_once_where_it_was_revoked(database) {
        let owner = database.owner().await;
        let token = owner.pair.access;
        warm(&database.store, &owner).await;
        database
            .write(async move |tx: &mut Tx<'_>| token_pairs::revoke_access(tx, &token, after(1)).await)
            .await;
        assert!(!opens(&database.store, &owner).await);
    }

    async fn a_revoked_family_is_gone_at_once_where_it_was_revoked(database) {
        let owner = database.owner().await;
        let family = owner.family;
        warm(&database.store, &owner).await;
        database
            .write(async move |tx: &mut Tx<'_>| {
                grant_families::revoke(tx, family, "refresh token reused", after(1)).await
            })
            .await;
        assert!(!opens(&database.store, &owner).await);
    }

    async fn a_change_that_is_rolled_back_is_forgotten_too(database) {
        let owner = database.owner().await;
        let token = owner.pair.access;
        warm(&database.store, &owner).await;
        let undone = database
            .store
            .write(async move |tx: &mut Tx<'_>| {
                token_pairs::revoke_access(tx, &token, after(1)).await?;
                Err::<(), _>(StoreError::Full)
            })
            .await;
        assert!(undone.is_err());
        assert!(opens(&database.store, &owner).await);
    }

    async fn a_new_grant_is_seen_at_once(database) {
        let owner = database.owner().await;
        warm(&database.store, &owner).await;
        let mut new = new_connection(owner.application, owner.user, owner.vehicle);
        new.permissions = "read_fuel".parse().unwrap();
        database.write(async move |tx: &mut Tx<'_>| connections::put(tx, &new, after(1)).await).await;
        let connected = database.store.connected(owner.user, owner.vehicle).await.unwrap().unwrap();
        assert_eq!(connected.permissions.to_string(), "read_fuel");
    }

    async fn a_token_forgets_the_car_it_was_used_for(database) {
        let owner = database.owner().await;
        let permissions = async || {
            warm(&database.store, &owner).await;
            let car = car_of(&database.store, &owner).await;
            car.map(|car| car.permissions.to_string())
        };
        // The second time it comes with the token.
        let granted = permissions().await;
        assert_eq!(permissions().await, granted);
        let mut new = new_connection(owner.application, owner.user, owner.vehicle);
        new.permissions = "read_fuel".parse().unwrap();
        database.write(async move |tx: &mut Tx<'_>| connections::put(tx, &new, after(1)).await).await;
        for _ in 0..2 {
            let car = car_of(&database.store, &owner).await.unwrap();
            assert_eq!(car.permissions.to_string(), "read_fuel");
        }
    }

    async fn a_token_keeps_no_car_that_left_the_cache(database) {
        let owner = database.owner().await;
        let car = database.store.connected(owner.user, owner.vehicle).await.unwrap().unwrap();
        let small = Cache::with(2, 2, UnitWeighter, DefaultHashBuilder::default(), EndsWhatLeaves);
        let cars: Vec<_> = (0..20).map(|_| Arc::new(Remembered::new(Connected::clone(&car)))).collect();
        for (number, car) in cars.iter().enumerate() {
            small.insert(number, Arc::clone(car));
        }
        for (number, car) in cars.iter().enumerate() {
            assert_eq!(car.is_outdated(), small.get(&number).is_none(), "{number}");
        }
        assert!(small.len() <= 2);
    }

    async fn what_a_vehicle_is_changes_for_everyone_connected_to_it(database) {
        let owner = database.owner().await;
        warm(&database.store, &owner).await;
        let mut renamed = car(VIN);
        renamed.year = 2024;
        let (fresh, place) = (owner.vehicle, (owner.application, carport_model::Mode::Test));
        database
            .write(async move |tx: &mut Tx<'_>| {
                vehicles::ensure(tx, fresh, place, &renamed, after(1)).await
            })
            .await;
        let connected = database.store.connected(owner.user, owner.vehicle).await.unwrap().unwrap();
        assert_eq!(connected.vehicle.car.year, 2024);
    }

    // While tokens are asked for from all sides, one is revoked: whoever asks after the answer to
    // the revocation must not be let in, whatever others were reading meanwhile.
    async fn no_answer_outlives_a_revocation_that_came_between(database) {
        let owner = database.owner().await;
        for _ in 0..20 {
            let pair = database.pair_of(owner.family);
            let (token, kept) = (pair.access, pair);
            database.write(async move |tx: &mut Tx<'_>| token_pairs::insert(tx, &kept).await).await;
            let mut askers = tokio::task::JoinSet::new();
            for _ in 0..4 {
                let store = database.store.clone();
                askers.spawn(async move {
                    while store.access_grant(&token).await.unwrap().is_some() {
                        tokio::task::yield_now().await;
                    }
                });
            }
            database
                .write(async move |tx: &mut Tx<'_>| token_pairs::revoke_access(tx, &token, after(1)).await)
                .await;
            assert!(database.store.access_grant(&token).await.unwrap().is_none());
            let all = tokio::time::timeout(10 * PROMISED, askers.join_all()).await;
            assert!(all.is_ok(), "someone is still let in");
            assert!(database.store.access_grant(&token).await.unwrap().is_none());
        }
    }
}

#[tokio::test]
async fn another_replica_forgets_a_revoked_token_within_a_second() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let owner = database.owner().await;
    let replica = database.replica().await;
    warm(&replica, &owner).await;
    let token = owner.pair.access;
    database
        .write(async move |tx: &mut Tx<'_>| token_pairs::revoke_access(tx, &token, after(1)).await)
        .await;
    let took = until(async || !opens(&replica, &owner).await).await;
    assert!(took <= PROMISED, "{took:?}");
    database.remove().await;
}

#[tokio::test]
async fn another_replica_learns_of_a_new_grant_and_of_a_deleted_application() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let owner = database.owner().await;
    let replica = database.replica().await;
    warm(&replica, &owner).await;
    let mut new = new_connection(owner.application, owner.user, owner.vehicle);
    new.permissions = "read_fuel".parse().unwrap();
    database
        .write(async move |tx: &mut Tx<'_>| connections::put(tx, &new, after(1)).await)
        .await;
    let took = until(async || {
        let connected = replica
            .connected(owner.user, owner.vehicle)
            .await
            .unwrap()
            .unwrap();
        connected.permissions.to_string() == "read_fuel"
    })
    .await;
    assert!(took <= PROMISED, "{took:?}");
    warm(&replica, &owner).await;
    let id = owner.application;
    database
        .write(async move |tx: &mut Tx<'_>| applications::delete(tx, id).await)
        .await;
    let took = until(async || !opens(&replica, &owner).await).await;
    assert!(took <= PROMISED, "{took:?}");
    database.remove().await;
}

#[tokio::test]
async fn another_replica_learns_that_the_last_vehicle_went_with_its_tokens() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let owner = database.owner().await;
    let replica = database.replica().await;
    warm(&replica, &owner).await;
    let (application, ending) = (owner.application, Ending::Vehicle(owner.vehicle));
    database
        .write(async move |tx: &mut Tx<'_>| disconnect(tx, application, ending, after(1)).await)
        .await;
    until(async || {
        let connected = replica.connected(owner.user, owner.vehicle).await.unwrap();
        connected.is_none() && car_of(&replica, &owner).await.is_none()
    })
    .await;
    database.remove().await;
}

#[tokio::test]
async fn another_replica_learns_of_a_suspension_within_a_second() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let owner = database.owner().await;
    let replica = database.replica().await;
    let is_suspended = async || {
        let grant = replica.access_grant(&owner.pair.access).await.unwrap();
        grant.unwrap().is_suspended
    };
    for since in [Some(after(1)), None] {
        warm(&replica, &owner).await;
        let id = owner.application;
        let changed = database
            .write(async move |tx: &mut Tx<'_>| applications::suspend(tx, id, since).await)
            .await;
        assert!(changed);
        let took = until(async || is_suspended().await == since.is_some()).await;
        assert!(took <= PROMISED, "{took:?}");
    }
    database.remove().await;
}

#[tokio::test]
async fn a_change_that_a_replica_does_not_understand_makes_it_forget_everything() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let owner = database.owner().await;
    warm(&database.store, &owner).await;
    database.raw("DELETE FROM token_pairs").await;
    assert!(opens(&database.store, &owner).await);
    database
        .raw(
            "INSERT INTO change_log (at, kind, key) VALUES \
             (CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), 'colour', '\\x01')",
        )
        .await;
    let took = until(async || !opens(&database.store, &owner).await).await;
    assert!(took <= PROMISED, "{took:?}");
    database.remove().await;
}
