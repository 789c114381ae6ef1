//! Vehicles whose owners signed in again.

use carport_model::run::{Decision, ExternalId, Outcome};
use carport_model::{AccountId, BrandId, Mode, Permissions, UserId, VehicleId};

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, Owner, VIN, after, car, new_connection};
use crate::connect_runs::Run;
use crate::connections::VehicleConnection;
use crate::reauthentications::{Reauthenticated, Reauthentication, reauthenticate};
use crate::{Tx, accounts, connect_runs, connections, users, vehicles};

const OWN: &str = "owner@ladebaer.test";
const OTHER: &str = "other@ladebaer.test";

fn signed_in(database: &Database, owner: &Owner, run: &Run, login: &str) -> Reauthentication {
    Reauthentication {
        run: run.id,
        progress: run.progress.clone(),
        form: "sign in".to_owned(),
        application: owner.application,
        mode: Mode::Test,
        brand: BrandId::new("TESLA"),
        login: login.to_owned(),
        fresh_account: AccountId::draw(&database.rng),
        vehicle: owner.vehicle,
        car: car(VIN),
        permissions: Permissions::all(),
        external_id: ExternalId::Keep,
    }
}

async fn carried_out(database: &Database, it: Reauthentication) -> Reauthenticated {
    database
        .write(async move |tx: &mut Tx<'_>| reauthenticate(tx, &it, after(9)).await)
        .await
}

async fn connections_of(database: &Database, vehicle: VehicleId) -> Vec<VehicleConnection> {
    database
        .read(async |tx: &mut Tx<'_>| connections::of_vehicle(tx, vehicle).await)
        .await
}

/// A second owner of the same application, connected to the same vehicle a minute later.
async fn second_user(database: &Database, owner: &Owner, permissions: &str) -> UserId {
    let fresh = (AccountId::draw(&database.rng), UserId::draw(&database.rng));
    let (application, vehicle) = (owner.application, owner.vehicle);
    let permissions: Permissions = permissions.parse().unwrap();
    database
        .write(async move |tx: &mut Tx<'_>| {
            let login = (Mode::Test, &BrandId::new("TESLA"), "second@ladebaer.test");
            let account = accounts::ensure(tx, fresh.0, login, NOW).await?;
            let user = users::ensure(tx, fresh.1, application, account, NOW).await?;
            let mut new = new_connection(application, user, vehicle);
            new.permissions = permissions.clone();
            new.external_id = ExternalId::Keep;
            connections::put(tx, &new, after(60)).await?;
            Ok(user)
        })
        .await
}

on_both_engines! {
    async fn a_vehicle_is_found_with_its_connections(database) {
        let owner = database.owner().await;
        let second = second_user(database, &owner, "read_fuel").await;
        let nobody = VehicleId::draw(&database.rng);
        database
            .read(async |tx: &mut Tx<'_>| {
                let found = vehicles::by_id(tx, owner.vehicle).await?.unwrap();
                assert_eq!((found.id, found.application), (owner.vehicle, owner.application));
                assert_eq!((found.mode, found.car), (Mode::Test, car(VIN)));
                assert_eq!(vehicles::by_id(tx, nobody).await?, None);
                Ok(())
            })
            .await;
        let found = connections_of(database, owner.vehicle).await;
        let users: Vec<UserId> = found.iter().map(|connection| connection.user).collect();
        assert_eq!(users, [owner.user, second]);
        assert_eq!(found[0].own.id, owner.account);
        assert_eq!(found[0].own.login, OWN);
        assert_eq!(found[0].own.brand, BrandId::new("TESLA"));
        assert_eq!(found[0].permissions.to_string(), "read_vin read_odometer");
        assert!(found.iter().all(|connection| connection.own == connection.reached_by));
        assert!(connections_of(database, nobody).await.is_empty());
    }

    async fn the_same_login_changes_nothing_but_the_run(database) {
        let owner = database.owner().await;
        let run = database.run(owner.application).await;
        let before = connections_of(database, owner.vehicle).await;
        let done = carried_out(database, signed_in(database, &owner, &run, OWN)).await;
        let external_id = Some("row 7".to_owned());
        assert_eq!(done, Reauthenticated::Done { external_id: external_id.clone() });
        assert_eq!(connections_of(database, owner.vehicle).await, before);
        let id = run.id;
        let run = database.read(async |tx: &mut Tx<'_>| connect_runs::find(tx, id).await).await;
        let run = run.unwrap();
        assert_eq!(run.completed_at, Some(after(9)));
        let decision = Decision::Reauthenticated { external_id };
        assert_eq!(run.outcome, Some(Outcome { form: "sign in".to_owned(), decision }));
    }

    async fn another_login_reaches_the_vehicle_and_the_user_stays(database) {
        let owner = database.owner().await;
        let run = database.run(owner.application).await;
        // A warm cache must learn of it.
        let cached = database.store.connected(owner.user, owner.vehicle).await.unwrap().unwrap();
        assert_eq!(cached.account.login, OWN);
        let mut it = signed_in(database, &owner, &run, OTHER);
        it.car.year = 2024;
        it.external_id = ExternalId::Set("row 9".to_owned());
        let fresh = it.fresh_account;
        let done = carried_out(database, it).await;
        assert_eq!(done, Reauthenticated::Done { external_id: Some("row 9".to_owned()) });
        let seen = database.store.connected(owner.user, owner.vehicle).await.unwrap().unwrap();
        assert_eq!((seen.account.id, seen.account.login.as_str()), (fresh, OTHER));
        assert_eq!(seen.external_id.as_deref(), Some("row 9"));
        assert_eq!((seen.permissions.clone(), seen.vehicle.car.year), (cached.permissions.clone(), 2024));
        let found = connections_of(database, owner.vehicle).await;
        assert_eq!((found[0].own.login.as_str(), found[0].reached_by.login.as_str()), (OWN, OTHER));
        let listed = database
            .store
            .scan(async move |tx: &mut Tx<'_>| connections::vehicles_of(tx, owner.user, 10, 0).await)
            .await;
        assert_eq!(listed.unwrap(), (vec![owner.vehicle], 1));

        // A grant of the user's own puts the user's own account back.
        let new = new_connection(owner.application, owner.user, owner.vehicle);
        database.write(async move |tx: &mut Tx<'_>| connections::put(tx, &new, after(20)).await).await;
        let seen = database.store.connected(owner.user, owner.vehicle).await.unwrap().unwrap();
        assert_eq!(seen.account.login, OWN);
    }

    async fn once_per_run_and_only_of_what_is_allowed(database) {
        let owner = database.owner().await;
        let second = second_user(database, &owner, "read_fuel").await;
        let run = database.run(owner.application).await;
        let mut it = signed_in(database, &owner, &run, OTHER);
        it.permissions = "read_battery".parse().unwrap();
        assert_eq!(carried_out(database, it.clone()).await, Reauthenticated::NotConnected);
        it.permissions = "read_odometer read_location".parse().unwrap();
        it.external_id = ExternalId::Clear;
        let done = carried_out(database, it.clone()).await;
        assert_eq!(done, Reauthenticated::Done { external_id: None });
        let found = connections_of(database, owner.vehicle).await;
        assert_eq!(found[0].permissions.to_string(), "read_odometer");
        assert_eq!(found[0].reached_by.login, OTHER);
        assert_eq!((found[1].user, found[1].permissions.to_string()), (second, "read_fuel".to_owned()));
        assert_eq!(found[1].reached_by, found[1].own);
        it.login = "third@ladebaer.test".to_owned();
        assert_eq!(carried_out(database, it).await, Reauthenticated::RunOver);
        assert_eq!(connections_of(database, owner.vehicle).await, found);

        let run = database.run(owner.application).await;
        let mut stranger = signed_in(database, &owner, &run, OTHER);
        stranger.vehicle = VehicleId::draw(&database.rng);
        assert_eq!(carried_out(database, stranger).await, Reauthenticated::NotConnected);
        let id = run.id;
        let run = database.read(async |tx: &mut Tx<'_>| connect_runs::find(tx, id).await).await;
        assert_eq!(run.unwrap().completed_at, None);
    }
}
