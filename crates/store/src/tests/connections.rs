//! Accounts, users, vehicles and the connections between them.

use carport_model::run::ExternalId;
use carport_model::{AccountId, BrandId, Mode, UserId, VehicleId};

use super::on_both_engines;
use super::seed::{NOW, VIN, after, car, new_connection};
use crate::{Tx, accounts, connections, users, vehicles};

const LOGIN: &str = "someone@ladebaer.test";

on_both_engines! {
    async fn an_account_is_its_mode_brand_and_login(database) {
        let fresh: Vec<AccountId> = (0..5).map(|_| AccountId::draw(&database.rng)).collect();
        let ids = fresh.clone();
        let found = database
            .write(async move |tx: &mut Tx<'_>| {
                let (tesla, kia) = (BrandId::new("TESLA"), BrandId::new("KIA"));
                Ok([
                    accounts::ensure(tx, ids[0], (Mode::Test, &tesla, LOGIN), NOW).await?,
                    accounts::ensure(tx, ids[1], (Mode::Test, &tesla, LOGIN), after(1)).await?,
                    accounts::ensure(tx, ids[2], (Mode::Live, &tesla, LOGIN), NOW).await?,
                    accounts::ensure(tx, ids[3], (Mode::Test, &kia, LOGIN), NOW).await?,
                    accounts::ensure(tx, ids[4], (Mode::Test, &tesla, "b@ladebaer.test"), NOW).await?,
                ])
            })
            .await;
        assert_eq!(found, [fresh[0], fresh[0], fresh[2], fresh[3], fresh[4]]);
    }

    async fn a_user_is_an_account_seen_by_one_application(database) {
        let owner = database.owner().await;
        let other = database.application().await;
        let fresh = [UserId::draw(&database.rng), UserId::draw(&database.rng)];
        let (application, account) = (owner.application, owner.account);
        let found = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([
                    users::ensure(tx, fresh[0], application, account, NOW).await?,
                    users::ensure(tx, fresh[1], other, account, NOW).await?,
                ])
            })
            .await;
        assert_eq!(found, [owner.user, fresh[1]]);
        database
            .read(async |tx: &mut Tx<'_>| {
                let brand = BrandId::new("TESLA");
                let login = (Mode::Test, &brand, "owner@ladebaer.test");
                assert_eq!(users::find(tx, application, login).await?, Some(owner.user));
                assert_eq!(users::find(tx, other, login).await?, Some(fresh[1]));
                let live = (Mode::Live, &brand, "owner@ladebaer.test");
                assert_eq!(users::find(tx, application, live).await?, None);
                Ok(())
            })
            .await;
    }

    async fn a_vehicle_keeps_its_id_and_learns_what_it_is(database) {
        let owner = database.owner().await;
        let (application, fresh) = (owner.application, VehicleId::draw(&database.rng));
        let mut renamed = car(VIN);
        renamed.model = "Model 3 Highland".to_owned();
        let told = renamed.clone();
        let other = database.application().await;
        let found = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([
                    vehicles::ensure(tx, fresh, (application, Mode::Test), &told, NOW).await?,
                    vehicles::ensure(tx, fresh, (other, Mode::Test), &told, NOW).await?,
                ])
            })
            .await;
        assert_eq!(found, [owner.vehicle, fresh]);
        let connected = database
            .read(async |tx: &mut Tx<'_>| connections::find(tx, owner.user, owner.vehicle).await)
            .await
            .unwrap();
        assert_eq!(connected.vehicle.car, renamed);
    }

    async fn a_connection_reads_back_with_vehicle_and_account(database) {
        let owner = database.owner().await;
        database
            .read(async |tx: &mut Tx<'_>| {
                let found = connections::find(tx, owner.user, owner.vehicle).await?.unwrap();
                assert_eq!((found.user, found.vehicle.id), (owner.user, owner.vehicle));
                assert_eq!(found.vehicle.application, owner.application);
                assert_eq!(found.vehicle.mode, Mode::Test);
                assert_eq!(found.vehicle.car, car(VIN));
                assert_eq!(found.account.id, owner.account);
                assert_eq!(found.account.login, "owner@ladebaer.test");
                assert_eq!(found.account.brand, BrandId::new("TESLA"));
                assert_eq!(found.permissions.to_string(), "read_vin read_odometer");
                assert_eq!(found.external_id.as_deref(), Some("row 7"));
                let stranger = UserId::draw(&database.rng);
                assert!(connections::find(tx, stranger, owner.vehicle).await?.is_none());
                Ok(())
            })
            .await;
    }

    async fn a_new_grant_replaces_permissions_and_minds_the_external_id(database) {
        let owner = database.owner().await;
        for (external_id, expected) in [
            (ExternalId::Keep, Some("row 7")),
            (ExternalId::Set("row 8".to_owned()), Some("row 8")),
            (ExternalId::Keep, Some("row 8")),
            (ExternalId::Clear, None),
            (ExternalId::Keep, None),
        ] {
            let mut new = new_connection(owner.application, owner.user, owner.vehicle);
            new.external_id = external_id;
            new.permissions = "read_fuel".parse().unwrap();
            let told = database
                .write(async move |tx: &mut Tx<'_>| connections::put(tx, &new, after(60)).await)
                .await;
            assert_eq!(told.as_deref(), expected);
            let found = database
                .read(async |tx: &mut Tx<'_>| connections::find(tx, owner.user, owner.vehicle).await)
                .await
                .unwrap();
            assert_eq!(found.external_id.as_deref(), expected);
            assert_eq!(found.permissions.to_string(), "read_fuel");
        }
    }

    async fn a_vehicle_is_found_by_its_vin(database) {
        let owner = database.owner().await;
        let (application, other) = (owner.application, database.application().await);
        let [known, unknown] = [VIN, "0SCTESL0000000000"].map(|vin| vin.parse().unwrap());
        database
            .read(async |tx: &mut Tx<'_>| {
                let found = vehicles::find(tx, (application, Mode::Test), &known).await?;
                assert_eq!(found, Some(car(VIN)));
                for (place, vin) in [
                    ((application, Mode::Live), &known),
                    ((other, Mode::Test), &known),
                    ((application, Mode::Test), &unknown),
                ] {
                    assert_eq!(vehicles::find(tx, place, vin).await?, None);
                }
                Ok(())
            })
            .await;
    }

    async fn the_first_vehicle_behind_others(database) {
        let owner = database.owner().await;
        let (application, user, first) = (owner.application, owner.user, owner.vehicle);
        let other = database.owner().await;
        let guest = UserId::draw(&database.rng);
        let fresh: Vec<VehicleId> = (0..3).map(|_| VehicleId::draw(&database.rng)).collect();
        let ids = fresh.clone();
        let account = AccountId::draw(&database.rng);
        database
            .write(async move |tx: &mut Tx<'_>| {
                let cars = [(Mode::Test, "B", 20), (Mode::Test, "C", 10), (Mode::Live, "D", 5)];
                for ((mode, letter, seconds), id) in cars.into_iter().zip(&ids) {
                    let vin = VIN.replace('1', letter);
                    let place = (application, mode);
                    vehicles::ensure(tx, *id, place, &car(&vin), NOW).await?;
                    let new = new_connection(application, user, *id);
                    connections::put(tx, &new, after(seconds)).await?;
                }
                // Somebody else joins the first car, and permissions of the second are renewed:
                // neither moves a vehicle.
                let login = (Mode::Test, &BrandId::new("TESLA"), LOGIN);
                let account = accounts::ensure(tx, account, login, NOW).await?;
                let guest = users::ensure(tx, guest, application, account, NOW).await?;
                let joins = new_connection(application, guest, first);
                connections::put(tx, &joins, after(30)).await?;
                let again = new_connection(application, user, ids[1]);
                connections::put(tx, &again, after(40)).await
            })
            .await;
        let behind = async |modes: &'static [Mode], count: u64| {
            let find = async move |tx: &mut Tx<'_>| {
                connections::first_behind(tx, application, modes, count).await
            };
            database.read(find).await
        };
        let test = &[Mode::Test];
        assert_eq!(behind(test, 0).await, Some((NOW, first)));
        assert_eq!(behind(test, 1).await, Some((after(10), fresh[1])));
        assert_eq!(behind(test, 2).await, Some((after(20), fresh[0])));
        assert_eq!(behind(test, 3).await, None);
        assert_eq!(behind(&[Mode::Test, Mode::Live], 1).await, Some((after(5), fresh[2])));
        assert_eq!(behind(&[Mode::Simulated], 0).await, None);
        assert_eq!(behind(&[], 0).await, None);
        // The guest's connection knows since when the car is connected; another application's
        // cars do not count.
        let joined = database.store.connected(guest, first).await.unwrap().unwrap();
        assert_eq!(joined.since, NOW);
        let theirs = database.store.connected(other.user, other.vehicle).await.unwrap().unwrap();
        assert_eq!(theirs.since, NOW);
    }

    async fn vehicles_come_in_pages_in_the_order_they_were_connected(database) {
        let owner = database.owner().await;
        let (application, user) = (owner.application, owner.user);
        let fresh: Vec<VehicleId> = (0..3).map(|_| VehicleId::draw(&database.rng)).collect();
        let ids = fresh.clone();
        database
            .write(async move |tx: &mut Tx<'_>| {
                for (place, id) in (1..).zip(&ids) {
                    let car = car(&format!("0SCTESLA00000000{place}"));
                    let vehicle =
                        vehicles::ensure(tx, *id, (application, Mode::Test), &car, NOW).await?;
                    let new = new_connection(application, user, vehicle);
                    connections::put(tx, &new, after(place)).await?;
                }
                // Granting again does not move a vehicle to the end.
                let again = new_connection(application, user, owner.vehicle);
                connections::put(tx, &again, after(99)).await
            })
            .await;
        let all = [owner.vehicle, fresh[0], fresh[1], fresh[2]];
        for (limit, offset, expected) in [(10, 0, &all[..]), (2, 1, &all[1..3]), (2, 3, &all[3..]), (5, 9, &[])] {
            let (page, count) = database
                .store
                .scan(async move |tx: &mut Tx<'_>| connections::vehicles_of(tx, user, limit, offset).await)
                .await
                .unwrap();
            assert_eq!((page.as_slice(), count), (expected, 4));
        }
        let granted = database
            .read(async |tx: &mut Tx<'_>| connections::granted_by(tx, user).await)
            .await;
        assert_eq!(granted.len(), 4);
        assert!(granted.iter().any(|(vin, permissions)| {
            vin == VIN && permissions.to_string() == "read_vin read_odometer"
        }));
    }
}
