//! *Back to application*, from any page.

use axum::response::Response;
use carport_model::run::Step;
use carport_web::Pairs;

use crate::error;
use crate::problem::ConnectError;
use crate::redirect::Failure;
use crate::visit::{LastPosted, Visit};

/// Ends the run with the code that belongs to where the owner stood.
pub(crate) async fn leave(
    LastPosted { visit, form }: LastPosted,
) -> Result<Response, ConnectError> {
    visit.once(left(&visit, &form)).await
}

async fn left(visit: &Visit, form: &Pairs) -> Result<Response, ConnectError> {
    let shares = form.get("share") == Some("vehicle");
    let failure = if form.get("reason") == Some(error::OUT_OF_ORDER) {
        Failure::Configuration(error::order_error())
    } else {
        failure(visit, shares)
    };
    let ending = visit.walk.fail(&failure).await?;
    Ok(visit.ends(ending))
}

fn failure(visit: &Visit, shares: bool) -> Failure {
    let progress = &visit.walk.run.progress;
    match progress.step {
        Step::NoVehicles => Failure::NoVehicles,
        Step::Subscription => Failure::InvalidSubscription,
        Step::Incompatible => {
            let car = progress.vehicles.first().filter(|_| shares);
            Failure::VehicleIncompatible(car.cloned().map(Box::new))
        }
        Step::Capacity => Failure::NoCapacity,
        Step::Error => {
            Failure::Configuration(progress.error.clone().unwrap_or_else(error::order_error))
        }
        Step::Start | Step::Brand | Step::Login | Step::Mfa | Step::Grant | Step::Done => {
            Failure::ReturnedToApplication
        }
    }
}
