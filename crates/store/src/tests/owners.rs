//! What owners take back: for all applications at once, and for nobody else.

use std::time::Duration;

use carport_model::{
    AccountId, BrandId, Digest, Mode, Permission, Precision, UserId, VehicleId, Vin,
};

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, Owner, VIN, after, car, new_connection, progress};
use crate::owners::acts::{self, Meant};
use crate::owners::visits::{self, TRIES, Visit};
use crate::owners::{
    self, ACTOR, Erased, Identity, Limit, accounts_of, audited, erase, known_as, shared_by,
};
use crate::{Tx, accounts, audit_log, connect_runs, connections, users, vehicles};

const LOGIN: &str = "owner@ladebaer.test";

fn email() -> Identity {
    Identity::email(" Owner@Ladebaer.test ")
}

fn account(brand: &str) -> Identity {
    Identity::Account {
        mode: Mode::Test,
        brand: BrandId::new(brand),
        login: LOGIN.to_owned(),
    }
}

async fn shared(database: &Database, identity: &Identity) -> Vec<owners::Shared> {
    let identity = identity.clone();
    database
        .read(async move |tx: &mut Tx<'_>| shared_by(tx, &identity).await)
        .await
}

async fn opens(database: &Database, owner: &Owner) -> bool {
    let grant = database.store.access_grant(&owner.pair.access).await;
    grant.unwrap().is_some()
}

/// Another owner of the same vehicle, with one connection.
async fn second(database: &Database, owner: &Owner, login: &'static str) -> UserId {
    let fresh = (AccountId::draw(&database.rng), UserId::draw(&database.rng));
    let (application, vehicle) = (owner.application, owner.vehicle);
    database
        .write(async move |tx: &mut Tx<'_>| {
            let key = (Mode::Test, &BrandId::new("TESLA"), login);
            let account = accounts::ensure(tx, fresh.0, key, NOW).await?;
            let user = users::ensure(tx, fresh.1, application, account, NOW).await?;
            connections::put(tx, &new_connection(application, user, vehicle), after(1)).await?;
            Ok(user)
        })
        .await
}

async fn actions(database: &Database, owner: &Owner) -> Vec<(String, String)> {
    let application = owner.application;
    let log = database
        .read(async move |tx: &mut Tx<'_>| audit_log::newest(tx, application, 20).await)
        .await;
    let mut actions: Vec<_> = log.into_iter().map(|it| (it.action, it.actor)).collect();
    actions.sort();
    actions
}

fn by_owner(actions: &[&str]) -> Vec<(String, String)> {
    let owned = actions
        .iter()
        .map(|it| ((*it).to_owned(), "owner".to_owned()));
    owned.collect()
}

fn visit(identity: Identity) -> Visit {
    Visit {
        identity,
        code: Some(Digest::of("code")),
        tries: 0,
        entered_at: None,
        expires_at: after(600),
    }
}

on_both_engines! {
    async fn an_owner_sees_every_application_and_no_stranger_does(database) {
        let (one, two) = (database.owner().await, database.owner().await);
        // The account is the same, the users are not.
        assert_eq!(one.account, two.account);
        let all = shared(database, &email()).await;
        assert_eq!(all.len(), 2);
        assert_eq!(shared(database, &account("TESLA")).await, all);
        let mut users: Vec<_> = all.iter().map(|it| it.user).collect();
        users.sort_unstable();
        let mut expected = vec![one.user, two.user];
        expected.sort_unstable();
        assert_eq!(users, expected);
        let first = all.iter().find(|it| it.user == one.user).unwrap();
        assert_eq!((first.name.as_str(), first.mode), ("Ladebär", Mode::Test));
        assert_eq!(first.car, car(VIN));
        assert_eq!((first.precision, first.connected_at), (Precision::Exact, NOW));
        for stranger in [account("VOLVO"), Identity::email("other@ladebaer.test")] {
            assert_eq!(shared(database, &stranger).await, []);
        }
        let known = database
            .read(async |tx: &mut Tx<'_>| known_as(tx, &email()).await)
            .await;
        assert_eq!(known.len(), 2);
    }

    async fn an_account_that_reaches_another_users_car_sees_it(database) {
        let owner = database.owner().await;
        let other = second(database, &owner, "second@ladebaer.test").await;
        let account = owner.account;
        let whose = (other, owner.vehicle);
        database
            .write(async move |tx: &mut Tx<'_>| {
                const SQL: &str = "UPDATE connections SET account_id = $1 WHERE user_id = $2";
                let params = [
                    crate::engine::Value::id(account),
                    crate::engine::Value::id(whose.0),
                ];
                tx.exec(SQL, &params).await
            })
            .await;
        let all = shared(database, &email()).await;
        assert_eq!(all.len(), 2);
        assert!(all.iter().any(|it| (it.user, it.vehicle) == whose));
    }

    async fn an_application_loses_the_car_and_its_tokens(database) {
        let (one, two) = (database.owner().await, database.owner().await);
        assert!(opens(database, &one).await && opens(database, &two).await);
        let application = one.application;
        let ended = database
            .write(async move |tx: &mut Tx<'_>| {
                let meant = Meant::Application(application);
                acts::revoke(tx, (&email(), ACTOR), meant, after(5)).await
            })
            .await;
        assert_eq!(ended, 1);
        assert!(!opens(database, &one).await && opens(database, &two).await);
        let reached = database.store.connected(one.user, one.vehicle).await;
        assert!(reached.unwrap().is_none());
        let expected = by_owner(&["connection.deleted", "grant_family.revoked"]);
        assert_eq!(actions(database, &one).await, expected);
        assert_eq!(actions(database, &two).await, []);
    }

    async fn a_stranger_ends_nothing(database) {
        let owner = database.owner().await;
        let (user, vehicle) = (owner.user, owner.vehicle);
        let application = owner.application;
        let ended = database
            .write(async move |tx: &mut Tx<'_>| {
                let stranger = account("VOLVO");
                let one = Meant::One(user, vehicle);
                let key = (user, vehicle);
                let permission = Permission::ReadVin;
                let coarse = Precision::TenKilometres;
                Ok((
                    acts::revoke(tx, (&stranger, ACTOR), one, NOW).await?,
                    acts::revoke(tx, (&stranger, ACTOR), Meant::Application(application), NOW).await?,
                    acts::take_back(tx, (&stranger, ACTOR), key, permission, NOW).await?,
                    acts::set_precision(tx, (&stranger, ACTOR), key, coarse, NOW).await?,
                ))
            })
            .await;
        assert_eq!(ended, (0, 0, false, false));
        assert!(opens(database, &owner).await);
        assert_eq!(actions(database, &owner).await, []);
    }

    async fn a_permission_goes_and_the_last_one_takes_the_connection(database) {
        let owner = database.owner().await;
        let key = (owner.user, owner.vehicle);
        let granted = async || {
            let connected = database.store.connected(key.0, key.1).await.unwrap();
            connected.map(|it| it.permissions.to_string())
        };
        assert_eq!(granted().await.as_deref(), Some("read_vin read_odometer"));
        let take = async |permission| {
            database
                .write(async move |tx: &mut Tx<'_>| {
                    acts::take_back(tx, (&email(), ACTOR), key, permission, after(5)).await
                })
                .await
        };
        assert!(take(Permission::ReadVin).await);
        assert_eq!(granted().await.as_deref(), Some("read_odometer"));
        assert!(!take(Permission::ReadVin).await);
        assert!(opens(database, &owner).await);
        assert!(take(Permission::ReadOdometer).await);
        assert_eq!(granted().await, None);
        assert!(!opens(database, &owner).await);
        let expected = by_owner(&[
            "connection.deleted",
            "grant_family.revoked",
            "permission.revoked",
            "permission.revoked",
        ]);
        assert_eq!(actions(database, &owner).await, expected);
    }

    async fn a_precision_is_known_at_once_and_stays_with_a_new_consent(database) {
        let owner = database.owner().await;
        let key = (owner.user, owner.vehicle);
        let precision = async || {
            let connected = database.store.connected(key.0, key.1).await.unwrap();
            connected.unwrap().precision
        };
        assert_eq!(precision().await, Precision::Exact);
        database
            .write(async move |tx: &mut Tx<'_>| {
                let coarse = Precision::Kilometre;
                assert!(acts::set_precision(tx, (&email(), ACTOR), key, coarse, after(5)).await?);
                Ok(())
            })
            .await;
        assert_eq!(precision().await, Precision::Kilometre);
        let new = new_connection(owner.application, key.0, key.1);
        database
            .write(async move |tx: &mut Tx<'_>| connections::put(tx, &new, after(6)).await)
            .await;
        assert_eq!(precision().await, Precision::Kilometre);
        assert_eq!(shared(database, &email()).await[0].precision, Precision::Kilometre);
        let expected = by_owner(&["location.precision_set"]);
        assert_eq!(actions(database, &owner).await, expected);
    }

    async fn a_copy_is_noted_with_each_application(database) {
        let (one, two) = (database.owner().await, database.owner().await);
        database
            .write(async |tx: &mut Tx<'_>| acts::note_export(tx, (&email(), ACTOR), after(1)).await)
            .await;
        for owner in [one, two] {
            assert_eq!(actions(database, &owner).await, by_owner(&["owner.exported"]));
        }
        let entries = database
            .read(async |tx: &mut Tx<'_>| audited(tx, &email()).await)
            .await;
        assert_eq!(entries.len(), 2);
    }

    async fn what_is_erased_is_gone_and_what_is_anothers_stays(database) {
        let owner = database.owner().await;
        let shared_car = owner.vehicle;
        second(database, &owner, "second@ladebaer.test").await;
        // A car of their own, and one that was disconnected before.
        let (application, user) = (owner.application, owner.user);
        let fresh = [VehicleId::draw(&database.rng), VehicleId::draw(&database.rng)];
        database
            .write(async move |tx: &mut Tx<'_>| {
                for (id, vin) in fresh.iter().zip(["0SCTESLA000000001", "0SCTESLA000000002"]) {
                    let place = (application, Mode::Test);
                    let vehicle = vehicles::ensure(tx, *id, place, &car(vin), NOW).await?;
                    let new = new_connection(application, user, vehicle);
                    connections::put(tx, &new, after(2)).await?;
                }
                let gone = Meant::One(user, fresh[1]);
                acts::revoke(tx, (&email(), ACTOR), gone, after(3)).await
            })
            .await;
        // A run that was left half-way holds the login.
        let run = database.run(application).await;
        assert_eq!(run.progress.login, progress().login);
        let entered = Digest::of("cookie");
        database
            .write(async move |tx: &mut Tx<'_>| {
                visits::insert(tx, &entered, &visit(account("TESLA"))).await
            })
            .await;
        assert!(opens(database, &owner).await);

        let entries = database
            .read(async |tx: &mut Tx<'_>| audited(tx, &account("TESLA")).await)
            .await;
        let Erased { accounts, connections, mut vehicles } = database
            .write(async move |tx: &mut Tx<'_>| {
                erase(tx, (&account("TESLA"), ACTOR), &entries, after(9)).await
            })
            .await;
        vehicles.sort_unstable();
        let mut expected = fresh.to_vec();
        expected.sort_unstable();
        assert_eq!((accounts, connections, vehicles), (1, 2, expected));
        assert!(!opens(database, &owner).await);
        let run = run.id;
        database
            .read(async move |tx: &mut Tx<'_>| {
                assert_eq!(accounts_of(tx, &email()).await?, []);
                assert!(vehicles::by_id(tx, fresh[0]).await?.is_none());
                let place = (application, Mode::Test);
                let vin: Vin = VIN.parse().unwrap();
                assert!(vehicles::find(tx, place, &vin).await?.is_some());
                assert!(connect_runs::find(tx, run).await?.is_none());
                assert!(visits::find(tx, &entered, NOW).await?.is_none());
                Ok(())
            })
            .await;
        let other = shared(database, &Identity::email("second@ladebaer.test")).await;
        assert_eq!(other[0].vehicle, shared_car);
        let log = actions(database, &owner).await;
        assert!(log.contains(&("owner.erased".to_owned(), "owner".to_owned())), "{log:?}");
        // Once is all, and there is nothing left to say.
        let again = database
            .write(async |tx: &mut Tx<'_>| erase(tx, (&email(), ACTOR), &[], after(10)).await)
            .await;
        assert_eq!(again, Erased::default());
    }

    async fn a_visit_waits_enters_once_and_ends(database) {
        let (cookie, fresh) = (Digest::of("cookie"), Digest::of("fresh"));
        database
            .write(async move |tx: &mut Tx<'_>| {
                visits::insert(tx, &cookie, &visit(email())).await?;
                let found = visits::find(tx, &cookie, NOW).await?;
                assert_eq!(found, Some(visit(email())));
                assert!(visits::find(tx, &cookie, after(600)).await?.is_none());
                assert!(visits::find(tx, &fresh, NOW).await?.is_none());
                for left in (0..TRIES).rev() {
                    assert_eq!(visits::take_try(tx, &cookie, NOW).await?, Some(left));
                }
                assert_eq!(visits::take_try(tx, &cookie, NOW).await?, None);
                let until = after(1800);
                let keys = (&cookie, &fresh);
                assert!(!visits::enter(tx, keys, after(600), until).await?);
                assert!(visits::enter(tx, keys, after(5), until).await?);
                assert!(!visits::enter(tx, keys, after(5), until).await?);
                let entered = visits::find(tx, &fresh, after(6)).await?.unwrap();
                assert_eq!((entered.entered_at, entered.code), (Some(after(5)), None));
                assert_eq!(visits::take_try(tx, &fresh, after(6)).await?, None);
                visits::prolong(tx, &fresh, after(3000)).await?;
                assert!(visits::find(tx, &fresh, after(2999)).await?.is_some());
                visits::end(tx, &fresh).await?;
                assert!(visits::find(tx, &fresh, after(6)).await?.is_none());
                Ok(())
            })
            .await;
    }

    async fn attempts_are_counted_for_a_while(database) {
        let limit = Limit { tries: 2, within: Duration::from_mins(1) };
        database
            .write(async move |tx: &mut Tx<'_>| {
                let (one, other) = (Digest::of("one"), Digest::of("other"));
                assert_eq!(owners::take(tx, &one, limit, NOW).await?, None);
                assert_eq!(owners::take(tx, &one, limit, after(1)).await?, None);
                assert_eq!(owners::take(tx, &one, limit, after(2)).await?, Some(after(60)));
                assert_eq!(owners::take(tx, &other, limit, after(2)).await?, None);
                // What was refused counted too; one that is given back does not.
                owners::give_back(tx, &one).await?;
                owners::give_back(tx, &one).await?;
                assert_eq!(owners::take(tx, &one, limit, after(3)).await?, None);
                assert_eq!(owners::take(tx, &one, limit, after(60)).await?, None);
                assert_eq!(owners::take(tx, &one, limit, after(61)).await?, None);
                assert_eq!(owners::take(tx, &one, limit, after(62)).await?, Some(after(120)));
                Ok(())
            })
            .await;
    }

    async fn what_is_over_is_swept(database) {
        let (old, young) = (Digest::of("old"), Digest::of("young"));
        let limit = Limit { tries: 1, within: Duration::from_hours(1) };
        let swept = database
            .write(async move |tx: &mut Tx<'_>| {
                visits::insert(tx, &old, &visit(email())).await?;
                let later = Visit { expires_at: after(9000), ..visit(email()) };
                visits::insert(tx, &young, &later).await?;
                owners::take(tx, &old, limit, NOW).await?;
                crate::sweep::sweep(tx, after(601)).await
            })
            .await;
        assert_eq!(swept.visits, 1);
        let day = 24 * 3600;
        let swept = database
            .write(async move |tx: &mut Tx<'_>| crate::sweep::sweep(tx, after(day + 1)).await)
            .await;
        assert_eq!(swept.visits, 1);
    }
}
