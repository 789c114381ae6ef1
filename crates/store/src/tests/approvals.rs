//! Runs through Connect and how they end.

use carport_model::run::{Decision, ExternalId, Outcome, RunError, Step};
use carport_model::{AccountId, BrandId, Mode, RunId, UserId, VehicleId};

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, Owner, VIN, after, car, progress};
use crate::approvals::{self, Approval, Approved, NewCode};
use crate::connect_runs::Run;
use crate::{Tx, authorization_codes, connect_runs, connections};

/// The owner approves two cars, one of which is connected already.
fn approval(database: &Database, owner: &Owner, run: &Run) -> Approval {
    let fresh = || VehicleId::draw(&database.rng);
    Approval {
        run: run.id,
        progress: run.progress.clone(),
        form: "allow".to_owned(),
        application: owner.application,
        mode: Mode::Test,
        brand: BrandId::new("TESLA"),
        login: "owner@ladebaer.test".to_owned(),
        fresh_account: AccountId::draw(&database.rng),
        fresh_user: UserId::draw(&database.rng),
        cars: vec![(fresh(), car("0SCTESLA000000001")), (fresh(), car(VIN))],
        permissions: "read_fuel".parse().unwrap(),
        external_id: ExternalId::Keep,
        code: Some(NewCode {
            digest: database.digest(),
            redirect_uri: "https://ladebaer.test/callback".to_owned(),
            redirect_uri_given: false,
            challenge: None,
            expires_at: after(600),
        }),
    }
}

on_both_engines! {
    async fn runs_read_back_and_are_saved_until_they_end(database) {
        let run = database.run(database.application().await).await;
        let (id, unknown) = (run.id, RunId::draw(&database.rng));
        let mut moved = run.progress.clone();
        moved.step = Step::Login;
        let kept = moved.clone();
        let (found, missing, saved) = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok((
                    connect_runs::find(tx, id).await?,
                    connect_runs::find(tx, unknown).await?,
                    [
                        connect_runs::save(tx, id, &kept).await?,
                        connect_runs::save(tx, unknown, &kept).await?,
                    ],
                ))
            })
            .await;
        assert_eq!(found.as_ref(), Some(&run));
        assert_eq!((missing, saved), (None, [true, false]));
        let (ended, over) = database
            .write(async move |tx: &mut Tx<'_>| {
                let ended = connect_runs::complete(tx, id, &moved, after(5)).await?;
                let again = connect_runs::complete(tx, id, &moved, after(6)).await?;
                let saved = connect_runs::save(tx, id, &moved).await?;
                Ok(([ended, again, saved], connect_runs::find(tx, id).await?.unwrap()))
            })
            .await;
        assert_eq!(ended, [true, false, false]);
        assert_eq!(over.completed_at, Some(after(5)));
        // What is personal goes with the end.
        let cars = over.progress.vehicles.len() + over.progress.blocked.len();
        assert_eq!((over.progress.login, cars), (None, 0));
        assert_eq!((over.progress.step, over.outcome), (Step::Login, None));
        let outcome = Outcome {
            form: "f".to_owned(),
            decision: Decision::Failed {
                code: "configuration_error".to_owned(),
                error: Some(RunError {
                    message: "mode is wrong.".to_owned(),
                    oauth_error: "invalid_request".to_owned(),
                }),
            },
        };
        let kept = outcome.clone();
        let over = database
            .write(async move |tx: &mut Tx<'_>| {
                connect_runs::keep_outcome(tx, id, &kept).await?;
                Ok(connect_runs::find(tx, id).await?.unwrap())
            })
            .await;
        assert_eq!((over.completed_at, over.outcome), (Some(after(5)), Some(outcome)));
    }

    async fn an_approval_is_carried_out_once(database) {
        let owner = database.owner().await;
        let run = database.run(owner.application).await;
        let approval = approval(database, &owner, &run);
        let (new_car, digest) = (approval.cars[0].0, approval.code.as_ref().unwrap().digest);
        let mut again = approval.clone();
        again.form = "allow again".to_owned();
        let approved = database
            .write(async move |tx: &mut Tx<'_>| approvals::approve(tx, &approval, after(9)).await)
            .await;
        let expected = Approved::Granted {
            user: owner.user,
            vehicles: vec![new_car, owner.vehicle],
            external_id: Some("row 7".to_owned()),
        };
        assert_eq!(approved, expected);
        let repeated = database
            .write(async move |tx: &mut Tx<'_>| approvals::approve(tx, &again, after(10)).await)
            .await;
        assert_eq!(repeated, Approved::RunOver);
        database
            .read(async |tx: &mut Tx<'_>| {
                let code = authorization_codes::find(tx, &digest).await?.unwrap();
                assert_eq!((code.application, code.user), (owner.application, owner.user));
                assert_eq!((code.issued_at, code.redirect_uri_given), (after(9), false));
                let (listed, _) = connections::vehicles_of(tx, owner.user, 10, 0).await?;
                assert_eq!(listed, [owner.vehicle, new_car]);
                let found = connections::find(tx, owner.user, owner.vehicle).await?.unwrap();
                assert_eq!(found.permissions.to_string(), "read_fuel");
                let run = connect_runs::find(tx, run.id).await?.unwrap();
                assert_eq!(run.completed_at, Some(after(9)));
                let outcome = Outcome {
                    form: "allow".to_owned(),
                    decision: Decision::Granted {
                        user: owner.user,
                        external_id: Some("row 7".to_owned()),
                    },
                };
                assert_eq!(run.outcome, Some(outcome));
                Ok(())
            })
            .await;
    }

    async fn a_run_without_a_code_leaves_none(database) {
        let application = database.application().await;
        let run = database.run(application).await;
        let fresh = (UserId::draw(&database.rng), VehicleId::draw(&database.rng));
        let approval = Approval {
            run: run.id,
            progress: progress(),
            form: String::new(),
            application,
            mode: Mode::Simulated,
            brand: BrandId::new("KIA"),
            login: "first@ladebaer.test".to_owned(),
            fresh_account: AccountId::draw(&database.rng),
            fresh_user: fresh.0,
            cars: vec![(fresh.1, car(VIN))],
            permissions: "read_fuel".parse().unwrap(),
            external_id: ExternalId::Set("mine".to_owned()),
            code: None,
        };
        let approved = database
            .write(async move |tx: &mut Tx<'_>| approvals::approve(tx, &approval, NOW).await)
            .await;
        let expected = Approved::Granted {
            user: fresh.0,
            vehicles: vec![fresh.1],
            external_id: Some("mine".to_owned()),
        };
        assert_eq!(approved, expected);
    }
}
