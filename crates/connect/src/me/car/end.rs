//! Taking one car away from an application.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_store::Tx;
use carport_store::owners::ACTOR;
use carport_store::owners::acts::{self, Meant};
use carport_web::words::t;

use super::super::application::{ConfirmPage, stays_read};
use super::super::frame::{MeFrame, show};
use super::super::home::address;
use super::super::problem::MeError;
use super::super::visitor::{Decided, Owner};
use super::super::words;
use super::{Ids, find};

/// Asks whether it is meant.
pub(crate) async fn get_end(owner: Owner, Path(ids): Path<Ids>) -> Result<Response, MeError> {
    let shared = find(&owner, &ids).await?;
    let (name, car) = (&shared.name, words::car(owner.services(), &shared));
    let title = t("Take your {car} away from {app}?")
        .with("car", car)
        .with("app", name);
    let page = ConfirmPage {
        frame: MeFrame::of_owner(&owner, title),
        lead: t("{app} will not reach this car any more. Your other cars stay as they are.")
            .with("app", name)
            .plain(),
        follows: vec![
            t("It holds at once: whatever the application asks of this car is refused.").plain(),
            stays_read(name),
            t("You can connect the car again whenever you like, from the application.").plain(),
        ],
        action: format!("{}/end", address(&shared)),
        fields: Vec::new(),
        button: t("Take the car away").plain(),
        back: address(&shared),
    };
    Ok(show(&owner.guest, StatusCode::OK, page))
}

/// Ends the connection.
pub(crate) async fn end(
    Path(ids): Path<Ids>,
    Decided { owner, .. }: Decided,
) -> Result<Response, MeError> {
    let shared = find(&owner, &ids).await?;
    let (identity, now) = (owner.identity.clone(), owner.now);
    let meant = Meant::One(shared.user, shared.vehicle);
    let unit = async move |tx: &mut Tx<'_>| acts::revoke(tx, (&identity, ACTOR), meant, now).await;
    owner.services().store.write(unit).await?;
    Ok(Redirect::to("/me?done=car").into_response())
}
