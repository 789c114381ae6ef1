//! What developers look at: steps and lists of runs, lists of vehicles, counts of connections.

use carport_model::run::event::Event;
use carport_model::{Mode, RunId, VehicleId};

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, VIN, after, progress};
use crate::connect_runs;
use crate::run_lists::{self, Filter, From};
use crate::run_steps::{self, RunStep};
use crate::sweep::sweep;
use crate::vehicle_lists::{self, Search};
use crate::{StoreError, Tx, car_counts};

fn step(event: Event, detail: &str) -> RunStep {
    RunStep {
        at: after(7),
        event,
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
    }
}

async fn add(database: &Database, run: RunId, steps: Vec<RunStep>) {
    database
        .write(async move |tx: &mut Tx<'_>| {
            for step in &steps {
                run_steps::add(tx, run, step).await?;
            }
            Ok(())
        })
        .await;
}

async fn runs(database: &Database, filter: Filter, from: From) -> Vec<run_lists::Listed> {
    let unit = async move |tx: &mut Tx<'_>| run_lists::page(tx, &filter, from, 2, after(60)).await;
    database
        .store
        .scan(unit)
        .await
        .map_err(|error: StoreError| error)
        .unwrap()
}

async fn vehicles(database: &Database, filter: vehicle_lists::Filter) -> Vec<VehicleId> {
    let unit = async move |tx: &mut Tx<'_>| {
        vehicle_lists::page(tx, &filter, vehicle_lists::From::Newest, 10, None).await
    };
    let page = database
        .store
        .scan(unit)
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    page.listed
        .iter()
        .map(|listed| listed.place.vehicle)
        .collect()
}

on_both_engines! {
    async fn steps_are_kept_in_order_and_go_with_their_run(database) {
        let application = database.application().await;
        let run = database.run(application).await.id;
        add(database, run, vec![step(Event::BrandChosen, "TESLA"), step(Event::Refused, "")]).await;
        let kept = database.read(async |tx: &mut Tx<'_>| run_steps::of(tx, run).await).await;
        let began = RunStep { at: NOW, event: Event::Started, detail: None };
        let expected = [began, step(Event::BrandChosen, "TESLA"), step(Event::Refused, "")];
        assert_eq!(kept, expected);
        let late = NOW.plus(std::time::Duration::from_hours(24 * 15));
        database.write(async move |tx: &mut Tx<'_>| sweep(tx, late).await.map(drop)).await;
        let left = database.read(async |tx: &mut Tx<'_>| run_steps::of(tx, run).await).await;
        assert_eq!(left, []);
    }

    async fn runs_are_listed_by_how_far_they_came(database) {
        let application = database.application().await;
        let other = database.application().await;
        let open = database.run(application).await.id;
        let denied = database.run(application).await.id;
        let granted = database.run(other).await.id;
        let brand = || step(Event::BrandChosen, "TESLA");
        add(database, denied, vec![brand(), step(Event::SignedIn, "1"), step(Event::Failed, "access_denied")]).await;
        add(database, granted, vec![brand(), step(Event::Allowed, "1")]).await;
        database
            .write(async move |tx: &mut Tx<'_>| {
                connect_runs::complete(tx, denied, &progress(), after(8)).await.map(drop)
            })
            .await;
        let of = |applications: Option<Vec<_>>| Filter { applications, ..Filter::default() };
        let ids = |listed: Vec<run_lists::Listed>| {
            let mut ids: Vec<RunId> = listed.iter().map(|listed| listed.place.run).collect();
            ids.sort_unstable();
            ids
        };
        let mut own = vec![open, denied];
        own.sort_unstable();
        let listed = runs(database, of(Some(vec![application])), From::Newest).await;
        assert_eq!(ids(listed.clone()), own);
        // A page has two of the three, the next one the last, and the way back leads to the two.
        let first = runs(database, of(None), From::Newest).await;
        let last = runs(database, of(None), From::Older(first[1].place)).await;
        assert_eq!((first.len(), last.len()), (2, 1));
        assert_eq!(runs(database, of(None), From::Newer(last[0].place)).await, first);
        let with = |ending: &str, brand: &str, mode: &str| Filter {
            ending: ending.to_owned(),
            brand: brand.to_owned(),
            mode: mode.to_owned(),
            ..Filter::default()
        };
        assert_eq!(ids(runs(database, with("access_denied", "", ""), From::Newest).await), [denied]);
        assert_eq!(ids(runs(database, with("granted", "TESLA", "test"), From::Newest).await), [granted]);
        assert_eq!(runs(database, with("open", "", ""), From::Newest).await.len(), 2);
        assert_eq!(runs(database, with("expired", "", ""), From::Newest).await.len(), 0);
        assert_eq!(runs(database, with("", "", "live"), From::Newest).await.len(), 0);
        let funnel = async |filter: Filter| {
            database.read(async |tx: &mut Tx<'_>| run_lists::funnel(tx, &filter).await).await
        };
        assert_eq!(funnel(of(None)).await, [3, 2, 2, 1]);
        assert_eq!(funnel(of(Some(vec![application]))).await, [2, 1, 1, 0]);
        assert_eq!(funnel(with("", "TESLA", "test")).await, [2, 2, 2, 1]);
        assert_eq!(funnel(of(Some(Vec::new()))).await, [0; 4]);
    }

    async fn vehicles_are_listed_and_searched(database) {
        let owner = database.owner().await;
        let filter = vehicle_lists::Filter::default;
        let search = |search: Search| vehicle_lists::Filter { search: Some(search), ..filter() };
        let only = [owner.vehicle];
        assert_eq!(vehicles(database, filter()).await, only);
        let own = Some(vec![owner.application]);
        assert_eq!(vehicles(database, vehicle_lists::Filter { applications: own, ..filter() }).await, only);
        let none = Some(Vec::new());
        assert_eq!(vehicles(database, vehicle_lists::Filter { applications: none, ..filter() }).await, []);
        assert_eq!(vehicles(database, search(Search::Id(owner.user.into()))).await, only);
        assert_eq!(vehicles(database, search(Search::Id(owner.vehicle.into()))).await, only);
        assert_eq!(vehicles(database, search(Search::Vin(VIN.to_owned()))).await, only);
        for text in ["row 7", "model", "tesla m"] {
            assert_eq!(vehicles(database, search(Search::Text(text.to_owned()))).await, only, "{text}");
        }
        assert_eq!(vehicles(database, search(Search::Text("row".to_owned()))).await, []);
        let mode = Some(Mode::Live);
        assert_eq!(vehicles(database, vehicle_lists::Filter { mode, ..filter() }).await, []);
        let unit = async move |tx: &mut Tx<'_>| vehicle_lists::of_vehicle(tx, owner.vehicle).await;
        let of_one = database.store.scan(unit).await.map_err(|error: StoreError| error).unwrap();
        assert_eq!(of_one.len(), 1);
        let place = of_one[0].place;
        let before = async |from| {
            let unit = async move |tx: &mut Tx<'_>| {
                vehicle_lists::page(tx, &vehicle_lists::Filter::default(), from, 10, None).await
            };
            let page: Result<_, StoreError> = database.store.scan(unit).await;
            page.unwrap().listed.len()
        };
        assert_eq!(before(vehicle_lists::From::Older(place)).await, 0);
        assert_eq!(before(vehicle_lists::From::Newer(place)).await, 0);
    }

    async fn connections_are_counted_by_hour(database) {
        let owner = database.owner().await;
        let own = [owner.application];
        let counted = database.read(async |tx: &mut Tx<'_>| car_counts::of_all(tx).await).await;
        assert_eq!(counted, [(owner.application, 1)]);
        database
            .write(async move |tx: &mut Tx<'_>| {
                car_counts::keep(tx, &counted, NOW).await?;
                car_counts::keep(tx, &[(owner.application, 3)], NOW).await?;
                car_counts::keep(tx, &counted, after(7200)).await
            })
            .await;
        let hours = async |of: Option<&[_]>, since| {
            let hours = database
                .read(async |tx: &mut Tx<'_>| car_counts::hours(tx, of, since).await)
                .await;
            hours.into_values().collect::<Vec<_>>()
        };
        assert_eq!(hours(None, NOW).await, [3, 1]);
        assert_eq!(hours(Some(&own), after(3600)).await, [1]);
        assert_eq!(hours(Some(&[]), NOW).await, [0; 0]);
        let now = database.read(async |tx: &mut Tx<'_>| car_counts::now(tx, None).await).await;
        assert_eq!(now.into_iter().collect::<Vec<_>>(), [("test", 1)]);
        let of_own = database.read(async |tx: &mut Tx<'_>| car_counts::now(tx, Some(&own)).await).await;
        assert_eq!(of_own.len(), 1);
    }
}

/// The planner takes the order of lists from their indexes: nothing is sorted or walked.
#[tokio::test]
async fn lists_are_read_along_an_index() {
    let database = Database::sqlite().await;
    for (sql, index) in [
        (vehicle_lists::ALL_OLDER, "connections_by_time"),
        (vehicle_lists::OLDER, "connections_of_application"),
    ] {
        let explain: &'static str = Box::leak(format!("EXPLAIN QUERY PLAN {sql}").into_boxed_str());
        let plan = database
            .read(async move |tx: &mut Tx<'_>| {
                let null = crate::engine::Value::Null;
                let rows = tx
                    .rows(explain, &vec![null; if sql.contains("$6") { 6 } else { 4 }])
                    .await?;
                rows.iter()
                    .map(|row| row.text(3).map(str::to_owned))
                    .collect::<Result<Vec<_>, _>>()
            })
            .await;
        assert!(plan[0].contains(index), "{plan:?}");
        assert!(
            !plan.iter().any(|line| line.contains("TEMP B-TREE")),
            "{plan:?}"
        );
    }
}
