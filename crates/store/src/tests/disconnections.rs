//! The end of connections and what goes with it.

use std::sync::Arc;

use carport_model::{ApplicationId, FamilyId, Mode, UserId, VehicleId, Webhook, WebhookId};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, Owner, after, car, new_connection};
use crate::connection_lists::Place;
use crate::disconnections::{Ending, disconnect};
use crate::subscriptions::Outcome;
use crate::{
    Tx, audit_log, connections, grant_families, subscriptions, token_pairs, users, vehicles,
    webhooks,
};

/// Another vehicle of the owner, connected at a second.
async fn another(database: &Database, owner: &Owner, second: u64) -> Place {
    let (application, user) = (owner.application, owner.user);
    let fresh = VehicleId::draw(&database.rng);
    database
        .write(async move |tx: &mut Tx<'_>| {
            let car = car(&format!("0SCTESLA{second:09}"));
            let place = (application, Mode::Test);
            let vehicle = vehicles::ensure(tx, fresh, place, &car, NOW).await?;
            let new = new_connection(application, user, vehicle);
            connections::put(tx, &new, after(second)).await?;
            Ok(Place {
                connected_at: after(second),
                user,
                vehicle,
            })
        })
        .await
}

async fn ended(
    database: &Database,
    application: ApplicationId,
    ending: Ending,
    second: u64,
) -> Vec<Place> {
    database
        .write(async move |tx: &mut Tx<'_>| {
            disconnect(tx, application, ending, after(second)).await
        })
        .await
}

fn place(owner: &Owner) -> Place {
    Place {
        connected_at: NOW,
        user: owner.user,
        vehicle: owner.vehicle,
    }
}

async fn opens(database: &Database, owner: &Owner) -> bool {
    let grant = database.store.access_grant(&owner.pair.access).await;
    grant.unwrap().is_some()
}

async fn reaches(database: &Database, user: UserId, vehicle: VehicleId) -> bool {
    let connected = database.store.connected(user, vehicle).await;
    connected.unwrap().is_some()
}

/// Subscribes the owner's vehicle to a new webhook.
async fn subscribe(database: &Database, owner: &Owner) {
    let webhook = Webhook {
        id: WebhookId::draw(&database.rng),
        application: owner.application,
        name: "Ladestände".to_owned(),
        callback_uri: "https://ladebaer.test/webhook".to_owned(),
        created_at: NOW,
    };
    let pair = (owner.user, owner.vehicle);
    let outcome = database
        .write(async move |tx: &mut Tx<'_>| {
            webhooks::insert(tx, &webhook).await?;
            subscriptions::subscribe(tx, webhook.application, webhook.id, pair, NOW).await
        })
        .await;
    assert_eq!(outcome, Outcome::Done);
}

async fn subscribed(database: &Database, owner: &Owner) -> i64 {
    let list = database
        .read(async |tx: &mut Tx<'_>| webhooks::list(tx, owner.application).await)
        .await;
    list.iter().map(|listed| listed.subscriptions).sum()
}

on_both_engines! {
    async fn one_of_two_vehicles_goes_and_the_token_stays(database) {
        let owner = database.owner().await;
        let other = another(database, &owner, 1).await;
        // Warm, so that only the change tells the cache.
        assert!(opens(database, &owner).await);
        assert!(reaches(database, owner.user, owner.vehicle).await);
        subscribe(database, &owner).await;
        let ending = Ending::Of(owner.user, owner.vehicle);
        assert_eq!(ended(database, owner.application, ending, 5).await, [place(&owner)]);
        assert!(!reaches(database, owner.user, owner.vehicle).await);
        assert!(reaches(database, owner.user, other.vehicle).await);
        assert!(opens(database, &owner).await);
        assert_eq!(subscribed(database, &owner).await, 0);
        // Once.
        assert_eq!(ended(database, owner.application, ending, 6).await, []);
        let refresh = owner.pair.refresh;
        let grant = database
            .read(async |tx: &mut Tx<'_>| token_pairs::by_refresh_token(tx, &refresh).await)
            .await;
        assert!(!grant.unwrap().revoked);
    }

    async fn the_last_vehicle_takes_every_token_of_its_owner(database) {
        let owner = database.owner().await;
        let stranger = database.owner().await;
        let second = FamilyId::draw(&database.rng);
        let (pair, old) = (database.pair_of(second), FamilyId::draw(&database.rng));
        let (kept, whose) = (pair.clone(), (owner.user, Mode::Test));
        let application = owner.application;
        database
            .write(async move |tx: &mut Tx<'_>| {
                grant_families::insert(tx, second, application, whose, NOW).await?;
                token_pairs::insert(tx, &kept).await?;
                grant_families::insert(tx, old, application, whose, NOW).await?;
                grant_families::revoke(tx, old, "revoked by client", after(1)).await
            })
            .await;
        assert!(opens(database, &owner).await);
        let whole = Ending::Vehicle(owner.vehicle);
        assert_eq!(ended(database, application, whole, 5).await, [place(&owner)]);
        assert!(!opens(database, &owner).await);
        assert!(database.store.access_grant(&pair.access).await.unwrap().is_none());
        database
            .read(async |tx: &mut Tx<'_>| {
                const SQL: &str = "SELECT revoked_because FROM grant_families WHERE revoked_at = $1";
                for token in [owner.pair.refresh, pair.refresh] {
                    assert!(token_pairs::by_refresh_token(tx, &token).await?.unwrap().revoked);
                }
                let log = audit_log::newest(tx, application, 9).await?;
                let mut actions: Vec<_> = log.iter().map(|entry| entry.action.as_str()).collect();
                actions.sort_unstable();
                let expected = ["connection.deleted", "grant_family.revoked", "grant_family.revoked"];
                assert_eq!(actions, expected);
                let deleted = log.iter().find(|entry| entry.action == expected[0]).unwrap();
                assert_eq!((deleted.at, deleted.actor.as_str()), (after(5), "client"));
                assert_eq!(deleted.detail, format!("user {}, vehicle {}", owner.user, owner.vehicle));
                // What was revoked before keeps its reason.
                let early = tx.rows(SQL, &[after(1).into()]).await?;
                assert_eq!(early[0].text(0)?, "revoked by client");
                Ok(())
            })
            .await;
        assert!(opens(database, &stranger).await);
    }

    async fn a_user_loses_all_vehicles_the_newest_first(database) {
        let owner = database.owner().await;
        let late = another(database, &owner, 9).await;
        let early = another(database, &owner, 3).await;
        let ending = Ending::User(owner.user);
        let expected = [late, early, place(&owner)];
        assert_eq!(ended(database, owner.application, ending, 10).await, expected);
        assert!(!opens(database, &owner).await);
        assert_eq!(ended(database, owner.application, ending, 11).await, []);
    }

    async fn a_vehicle_loses_all_owners_and_some_of_them_their_tokens(database) {
        let owner = database.owner().await;
        another(database, &owner, 1).await;
        // A second owner of the first vehicle, who has no other.
        let login = (Mode::Test, carport_model::BrandId::new("TESLA"), "second@ladebaer.test");
        let fresh = (carport_model::AccountId::draw(&database.rng), UserId::draw(&database.rng));
        let family = FamilyId::draw(&database.rng);
        let pair = database.pair_of(family);
        let (kept, application, vehicle) = (pair.clone(), owner.application, owner.vehicle);
        let second = database
            .write(async move |tx: &mut Tx<'_>| {
                let account =
                    crate::accounts::ensure(tx, fresh.0, (login.0, &login.1, login.2), NOW).await?;
                let user = users::ensure(tx, fresh.1, application, account, NOW).await?;
                let new = new_connection(application, user, vehicle);
                connections::put(tx, &new, after(2)).await?;
                grant_families::insert(tx, family, application, (user, Mode::Test), NOW).await?;
                token_pairs::insert(tx, &kept).await?;
                Ok(Place { connected_at: after(2), user, vehicle })
            })
            .await;
        let ending = Ending::Vehicle(vehicle);
        assert_eq!(ended(database, application, ending, 5).await, [second, place(&owner)]);
        assert!(opens(database, &owner).await);
        assert!(database.store.access_grant(&pair.access).await.unwrap().is_none());
    }

    async fn another_application_ends_nothing(database) {
        let owner = database.owner().await;
        let stranger = database.application().await;
        for ending in [
            Ending::User(owner.user),
            Ending::Vehicle(owner.vehicle),
            Ending::Of(owner.user, owner.vehicle),
        ] {
            assert_eq!(ended(database, stranger, ending, 5).await, []);
        }
        assert!(opens(database, &owner).await);
        assert!(reaches(database, owner.user, owner.vehicle).await);
    }

    async fn a_vehicle_comes_back_under_its_id(database) {
        let owner = database.owner().await;
        let (application, user, vehicle) = (owner.application, owner.user, owner.vehicle);
        ended(database, application, Ending::User(user), 5).await;
        let fresh = VehicleId::draw(&database.rng);
        let again = database
            .write(async move |tx: &mut Tx<'_>| {
                let place = (application, Mode::Test);
                let vehicle = vehicles::ensure(tx, fresh, place, &car(super::seed::VIN), NOW).await?;
                connections::put(tx, &new_connection(application, user, vehicle), after(7)).await?;
                Ok(vehicle)
            })
            .await;
        assert_eq!(again, vehicle);
        assert!(reaches(database, user, vehicle).await);
        // It begins anew; and the tokens of before stay dead.
        let ending = Ending::Vehicle(vehicle);
        assert_eq!(ended(database, application, ending, 8).await[0].connected_at, after(7));
        assert!(!opens(database, &owner).await);
    }

    async fn a_unit_that_fails_ends_nothing(database) {
        let owner = database.owner().await;
        assert!(opens(database, &owner).await);
        subscribe(database, &owner).await;
        let (application, user) = (owner.application, owner.user);
        let undone = database
            .store
            .write(async move |tx: &mut Tx<'_>| {
                disconnect(tx, application, Ending::User(user), after(5)).await?;
                Err::<(), _>(crate::StoreError::Full)
            })
            .await;
        assert!(undone.is_err());
        assert!(opens(database, &owner).await);
        assert!(reaches(database, owner.user, owner.vehicle).await);
        assert_eq!(subscribed(database, &owner).await, 1);
    }

    // Each of many sees that it was not the last, unless the last one sees all the others gone.
    async fn of_many_who_disconnect_at_once_the_last_takes_the_tokens(database) {
        let owner = database.owner().await;
        let mut places = vec![place(&owner)];
        for second in 1..12 {
            places.push(another(database, &owner, second).await);
        }
        let start = Arc::new(Barrier::new(places.len()));
        let mut racers = JoinSet::new();
        for Place { user, vehicle, .. } in places {
            let (store, start) = (database.store.clone(), Arc::clone(&start));
            let application = owner.application;
            racers.spawn(async move {
                start.wait().await;
                let ended = store.write(async move |tx: &mut Tx<'_>| {
                    disconnect(tx, application, Ending::Of(user, vehicle), after(20)).await
                });
                ended.await.unwrap().len()
            });
        }
        assert_eq!(racers.join_all().await, [1; 12]);
        assert!(!opens(database, &owner).await);
    }

    async fn of_many_who_end_the_same_one_does(database) {
        let owner = database.owner().await;
        let start = Arc::new(Barrier::new(12));
        let mut racers = JoinSet::new();
        for number in 0..12 {
            let (store, start) = (database.store.clone(), Arc::clone(&start));
            let (application, user, vehicle) = (owner.application, owner.user, owner.vehicle);
            let ending = match number % 3 {
                0 => Ending::Of(user, vehicle),
                1 => Ending::User(user),
                _ => Ending::Vehicle(vehicle),
            };
            racers.spawn(async move {
                start.wait().await;
                let ended = store.write(async move |tx: &mut Tx<'_>| {
                    disconnect(tx, application, ending, after(20)).await
                });
                ended.await.unwrap().len()
            });
        }
        assert_eq!(racers.join_all().await.into_iter().sum::<usize>(), 1);
    }
}

/// Two end an owner's two vehicles, the second one after the first has deleted its row and before
/// that can be seen: who comes second must wait, or each would think that a vehicle is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_at_once_the_second_waits_for_the_first() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let owner = database.owner().await;
    let other = another(&database, &owner, 1).await;
    let (application, user) = (owner.application, owner.user);
    let (deleted, is_deleted) = std::sync::mpsc::channel();
    let (store, first) = (database.store.clone(), Ending::Of(user, owner.vehicle));
    let first = tokio::spawn(async move {
        let unit = async move |tx: &mut Tx<'_>| {
            let ended = disconnect(tx, application, first, after(2)).await?;
            let _heard = deleted.send(());
            // The commit comes later than anything the second one does without waiting.
            tx.row("SELECT CAST(pg_sleep(0.5) AS TEXT)", &[]).await?;
            Ok::<_, crate::StoreError>(ended.len())
        };
        store.write(unit).await.unwrap()
    });
    tokio::task::spawn_blocking(move || is_deleted.recv())
        .await
        .unwrap()
        .unwrap();
    let second = Ending::Of(user, other.vehicle);
    assert_eq!(ended(&database, application, second, 3).await, [other]);
    assert_eq!(first.await.unwrap(), 1);
    assert!(!opens(&database, &owner).await);
    database.remove().await;
}
