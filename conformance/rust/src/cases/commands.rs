//! Commands, subscriptions, and letting go.

use anyhow::ensure;
use smartcar::response::Action;
use smartcar::vehicle::Vehicle;

use super::expect::{Outcome, answer, everything, refusal, unreadable, vehicles};
use crate::owner::Owner;
use crate::ready::Ready;
use crate::suite::Suite;
use crate::suite::Way::{Failure, Fault, Success};

/// Every command, once done and once refused.
pub async fn run(suite: &mut Suite, ready: &Ready) -> anyhow::Result<()> {
    let willing = Owner {
        brand: "TESLA",
        email: "commands@example.net",
    };
    let open = Owner {
        brand: "TESLA",
        email: "VEHICLE_STATE.DOOR_OPEN@smartcar.com",
    };
    let willing = vehicles(&willing, &everything()).await?.remove(0);
    let open = vehicles(&open, &everything()).await?.remove(0);
    done(
        suite,
        "Vehicle::lock",
        willing.lock().await,
        open.lock().await,
    );
    // The crate posts to `/securiy`; Carport may serve that path too (contract rest-v2, 7.8).
    done(
        suite,
        "Vehicle::unlock",
        willing.unlock().await,
        open.unlock().await,
    );
    done(
        suite,
        "Vehicle::start_charge",
        willing.start_charge().await,
        open.start_charge().await,
    );
    done(
        suite,
        "Vehicle::stop_charge",
        willing.stop_charge().await,
        open.stop_charge().await,
    );
    let limits = (
        willing.set_charge_limit(0.7).await,
        open.set_charge_limit(0.7).await,
    );
    done(suite, "Vehicle::set_charge_limit", limits.0, limits.1);
    subscriptions(suite, ready, &willing).await;
    // With the last car the owner's tokens would end too, so this owner has two.
    let two = Owner {
        brand: "TESLA",
        email: "2-vehicles@smartcar.com",
    };
    let gone = vehicles(&two, &everything()).await?.remove(0);
    suite
        .check("Vehicle::disconnect", Success, async {
            ensure!(
                answer(gone.disconnect().await)?.status == "success",
                "no success"
            );
            refusal(gone.vin().await, "PERMISSION", None)
        })
        .await;
    suite
        .check("Vehicle::disconnect", Failure, async {
            refusal(gone.disconnect().await, "PERMISSION", None)
        })
        .await;
    Ok(())
}

fn done(suite: &mut Suite, name: &'static str, told: Outcome<Action>, refused: Outcome<Action>) {
    let success = answer(told).and_then(|told| {
        ensure!(told.status == "success", "{told:?}");
        ensure!(
            told.message == "Successfully sent request to vehicle",
            "{told:?}"
        );
        Ok(())
    });
    suite.note(name, Success, success);
    suite.note(
        name,
        Failure,
        refusal(refused, "VEHICLE_STATE", Some("DOOR_OPEN")),
    );
}

async fn subscriptions(suite: &mut Suite, ready: &Ready, car: &Vehicle) {
    let webhook = &*ready.webhook_id;
    suite
        .check("Vehicle::subscribe", Success, async {
            let told = answer(car.subscribe(webhook).await)?;
            ensure!(
                (&*told.webhook_id, &told.vehicle_id) == (webhook, &car.id),
                "{told:?}"
            );
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::subscribe", Failure, async {
            refusal(car.subscribe("no-uuid").await, "VALIDATION", None)
        })
        .await;
    // The crate expects the ids again, which no version of the API sends: the call goes through,
    // and its answer cannot be read.
    suite
        .check("Vehicle::unsubscribe", Fault, async {
            unreadable(car.unsubscribe(&ready.management_token, webhook).await)
        })
        .await;
    suite
        .check("Vehicle::unsubscribe", Failure, async {
            refusal(
                car.unsubscribe("wrong", "no-uuid").await,
                "AUTHENTICATION",
                None,
            )
        })
        .await;
}
