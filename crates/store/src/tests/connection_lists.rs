//! Lists of connections: order, pages, filters, and the way of older databases to them.

use carport_model::{AccountId, ApplicationId, BrandId, Mode, Rng as _, UserId, VehicleId};

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, Owner, after, car, new_connection};
use crate::connection_lists::{self, Filter, Listed, Place};
use crate::engine::Value;
use crate::{Store, StoreError, Tx, accounts, connections, users, vehicles};

/// A connection of a new owner to a new vehicle, at a second.
async fn connect(
    database: &Database,
    application: ApplicationId,
    mode: Mode,
    second: u64,
) -> Listed {
    let mut bytes = [0; 4];
    database.rng.fill(&mut bytes);
    let number = u32::from_be_bytes(bytes) % 1_000_000_000;
    let fresh = (
        AccountId::draw(&database.rng),
        UserId::draw(&database.rng),
        VehicleId::draw(&database.rng),
    );
    let place = database
        .write(async move |tx: &mut Tx<'_>| {
            let now = after(second);
            let login = format!("{number}@ladebaer.test");
            let identity = (mode, &BrandId::new("TESLA"), login.as_str());
            let account = accounts::ensure(tx, fresh.0, identity, now).await?;
            let user = users::ensure(tx, fresh.1, application, account, now).await?;
            let car = car(&format!("0SC{number:014}"));
            let vehicle = vehicles::ensure(tx, fresh.2, (application, mode), &car, now).await?;
            connections::put(tx, &new_connection(application, user, vehicle), now).await?;
            Ok(Place {
                connected_at: now,
                user,
                vehicle,
            })
        })
        .await;
    Listed { place, mode }
}

async fn page(
    store: &Store,
    application: ApplicationId,
    filter: Filter,
    after: Option<Place>,
    limit: usize,
) -> Vec<Listed> {
    let page = store
        .scan(async move |tx: &mut Tx<'_>| {
            connection_lists::page(tx, application, filter, after, limit).await
        })
        .await;
    page.map_err(|error: StoreError| error).unwrap()
}

/// All pages of a list, and what its count says.
async fn all(
    database: &Database,
    application: ApplicationId,
    filter: Filter,
    limit: usize,
) -> (Vec<Listed>, i64) {
    let mut all: Vec<Listed> = Vec::new();
    loop {
        let after = all.last().map(|listed| listed.place);
        let page = page(&database.store, application, filter, after, limit).await;
        assert!(page.len() <= limit);
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    let count = database
        .store
        .scan(async move |tx: &mut Tx<'_>| connection_lists::count(tx, application, filter).await)
        .await;
    (all, count.map_err(|error: StoreError| error).unwrap())
}

const EVERYTHING: Filter = Filter {
    user: None,
    vehicle: None,
    mode: None,
};

on_both_engines! {
    async fn the_newest_connection_comes_first(database) {
        let application = database.application().await;
        let mut made = Vec::new();
        for (second, mode) in [(3, Mode::Test), (1, Mode::Live), (2, Mode::Simulated), (4, Mode::Live)] {
            made.push(connect(database, application, mode, second).await);
        }
        // Somebody else's, later than all.
        connect(database, database.application().await, Mode::Test, 9).await;
        for (most, counted) in [(1, 1), (4, 4), (9, 4)] {
            let unit = async move |tx: &mut Tx<'_>| connection_lists::count_to(tx, application, most).await;
            let found: Result<_, StoreError> = database.store.read(unit).await;
            assert_eq!(found.unwrap(), counted, "{most}");
        }
        let expected = [made[3], made[0], made[2], made[1]];
        for limit in 1..6 {
            assert_eq!(all(database, application, EVERYTHING, limit).await, (expected.to_vec(), 4));
        }
    }

    async fn pages_lose_and_repeat_nothing_at_equal_times(database) {
        let application = database.application().await;
        let mut made = Vec::new();
        for number in 0..14 {
            let mode = Mode::ALL[number % 3];
            made.push(connect(database, application, mode, 7).await);
        }
        // One owner with several vehicles, too.
        let owner = made[0];
        let fresh: Vec<VehicleId> = (0..3).map(|_| VehicleId::draw(&database.rng)).collect();
        for (number, vehicle) in fresh.into_iter().enumerate() {
            let (user, mode) = (owner.place.user, owner.mode);
            let place = database
                .write(async move |tx: &mut Tx<'_>| {
                    let car = car(&format!("0SCTESLA00000000{number}"));
                    let vehicle = vehicles::ensure(tx, vehicle, (application, mode), &car, NOW).await?;
                    let new = new_connection(application, user, vehicle);
                    connections::put(tx, &new, after(7)).await?;
                    Ok(Place { connected_at: after(7), user, vehicle })
                })
                .await;
            made.push(Listed { place, mode });
        }
        made.sort_by_key(|listed| std::cmp::Reverse(listed.place));
        for limit in [1, 2, 3, 16, 17, 100] {
            assert_eq!(all(database, application, EVERYTHING, limit).await, (made.clone(), 17), "{limit}");
        }
        let of_user = Filter { user: Some(owner.place.user), ..EVERYTHING };
        let expected: Vec<_> =
            made.iter().copied().filter(|listed| listed.place.user == owner.place.user).collect();
        for limit in [1, 3, 4] {
            assert_eq!(all(database, application, of_user, limit).await, (expected.clone(), 4));
        }
    }

    async fn a_page_goes_on_where_the_last_one_ended(database) {
        let application = database.application().await;
        let mut made = Vec::new();
        for second in 0..4 {
            made.push(connect(database, application, Mode::Test, second).await);
        }
        let first = page(&database.store, application, EVERYTHING, None, 2).await;
        assert_eq!(first, [made[3], made[2]]);
        // What comes in between belongs before the page, and what is there no longer is not missed.
        connect(database, application, Mode::Test, 9).await;
        database.raw("DELETE FROM connections WHERE connected_at = (SELECT MIN(connected_at) + 2000 FROM connections)").await;
        let place = Some(first[1].place);
        let rest = page(&database.store, application, EVERYTHING, place, 9).await;
        assert_eq!(rest, [made[1], made[0]]);
    }

    async fn filters_may_be_combined(database) {
        let application = database.application().await;
        let test = connect(database, application, Mode::Test, 1).await;
        let live = connect(database, application, Mode::Live, 2).await;
        // The same vehicle has a second owner.
        let other = connect(database, application, Mode::Test, 3).await;
        let (user, vehicle) = (other.place.user, test.place.vehicle);
        database
            .write(async move |tx: &mut Tx<'_>| {
                connections::put(tx, &new_connection(application, user, vehicle), after(4)).await
            })
            .await;
        let shared = Listed {
            place: Place { connected_at: after(4), user, vehicle },
            mode: Mode::Test,
        };
        let (user, vehicle, mode) = (Some(user), Some(vehicle), Some(Mode::Test));
        let nobody = Some(UserId::draw(&database.rng));
        let nothing = Some(VehicleId::draw(&database.rng));
        for (filter, expected) in [
            (EVERYTHING, vec![shared, other, live, test]),
            (Filter { mode, ..EVERYTHING }, vec![shared, other, test]),
            (Filter { mode: Some(Mode::Live), ..EVERYTHING }, vec![live]),
            (Filter { mode: Some(Mode::Simulated), ..EVERYTHING }, vec![]),
            (Filter { user, ..EVERYTHING }, vec![shared, other]),
            (Filter { vehicle, ..EVERYTHING }, vec![shared, test]),
            (Filter { user, vehicle, mode }, vec![shared]),
            (Filter { user: Some(live.place.user), vehicle, mode: None }, vec![]),
            (Filter { user, vehicle: None, mode: Some(Mode::Live) }, vec![]),
            (Filter { user: nobody, ..EVERYTHING }, vec![]),
            (Filter { vehicle: nothing, ..EVERYTHING }, vec![]),
        ] {
            let count = i64::try_from(expected.len()).unwrap();
            assert_eq!(all(database, application, filter, 2).await, (expected, count), "{filter:?}");
            // Nobody else's filter finds them.
            let stranger = database.application().await;
            assert_eq!(all(database, stranger, filter, 2).await, (vec![], 0), "{filter:?}");
        }
    }

    // Databases of before the lists know the mode from the vehicle only.
    async fn an_older_database_learns_the_modes(database) {
        let owner: Owner = database.owner().await;
        let live = connect(database, owner.application, Mode::Live, 5).await;
        database
            .raw(
                "DROP TABLE run_steps; DROP TABLE car_counts; \
                 DROP INDEX connections_by_time; DROP INDEX connections_by_external_id; \
                 DROP INDEX vehicles_by_vin; DROP INDEX connect_runs_by_time; \
                 DROP INDEX connect_runs_of_application; \
                 ALTER TABLE connect_runs DROP COLUMN mode; \
                 ALTER TABLE connect_runs DROP COLUMN brand; \
                 ALTER TABLE connect_runs DROP COLUMN owner; \
                 ALTER TABLE connect_runs DROP COLUMN reached; \
                 ALTER TABLE connect_runs DROP COLUMN ended; \
                 DROP INDEX connections_of_application; ALTER TABLE connections DROP COLUMN mode; \
                 CREATE INDEX connections_of_application ON connections (application_id, connected_at); \
                 ALTER TABLE connections RENAME COLUMN account_id TO later_account; \
                 ALTER TABLE applications RENAME COLUMN suspended_at TO later_suspended_at; \
                 DROP TABLE vehicle_calls; DROP TABLE simulation_commands; \
                 DROP TABLE simulations; DROP TABLE scenarios; \
                 DROP TABLE owner_visits; DROP TABLE owner_attempts; \
                 DROP INDEX accounts_by_login; DROP INDEX users_of_account; \
                 DROP INDEX connections_of_account; \
                 ALTER TABLE connections DROP COLUMN location_precision; \
                 DROP TABLE logos; DROP TABLE connect_settings; \
                 DROP TABLE machine_secrets; DROP TABLE machine_credentials; \
                 ALTER TABLE client_secrets DROP COLUMN hint; \
                 DROP INDEX applications_in_order; ALTER TABLE applications DROP COLUMN description; \
                 DROP TABLE recovery_codes; DROP TABLE member_identities; DROP TABLE member_links; \
                 DROP TABLE member_sessions; DROP TABLE members; \
                 DROP INDEX audit_log_by_place; DROP INDEX audit_log_of_application; \
                 DROP INDEX audit_log_of_actor; DROP INDEX audit_log_of_action; \
                 ALTER TABLE audit_log DROP COLUMN tie; \
                 CREATE INDEX audit_log_by_time ON audit_log (at); \
                 DELETE FROM schema_migrations WHERE version >= 4",
            )
            .await;
        let replica = database.replica().await;
        let seeded = Listed {
            place: Place { connected_at: NOW, user: owner.user, vehicle: owner.vehicle },
            mode: Mode::Test,
        };
        let listed = page(&replica, owner.application, EVERYTHING, None, 9).await;
        assert_eq!(listed, [live, seeded]);
    }
}

/// The planner takes the index, and takes the order from it: nothing is sorted or walked.
#[tokio::test]
async fn a_page_is_read_in_the_order_of_the_index() {
    let database = Database::sqlite().await;
    let plan = database
        .read(async |tx: &mut Tx<'_>| {
            let explain = format!("EXPLAIN QUERY PLAN {}", connection_lists::PAGE);
            let rows = tx.rows(explain.leak(), &vec![Value::Null; 6]).await?;
            rows.iter()
                .map(|row| row.text(3).map(str::to_owned))
                .collect::<Result<Vec<_>, _>>()
        })
        .await;
    assert_eq!(
        plan,
        [
            "SEARCH connections USING COVERING INDEX connections_of_application \
          (application_id=? AND mode=? AND (connected_at,user_id,vehicle_id)<(?,?,?))"
        ]
    );
}
