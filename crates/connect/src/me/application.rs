//! Stopping an application altogether.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::ApplicationId;
use carport_store::Tx;
use carport_store::owners::ACTOR;
use carport_store::owners::acts::{self, Meant};

use super::frame::{MeFrame, show};
use super::home;
use super::problem::MeError;
use super::visitor::{Decided, Owner};
use super::words;
use carport_web::words::{filters, t};

/// A question whose answer ends something, with what follows from it.
#[derive(Template)]
#[template(path = "connect/me/confirm.html")]
pub(crate) struct ConfirmPage {
    pub frame: MeFrame,
    pub lead: String,
    pub follows: Vec<String>,
    pub action: String,
    pub fields: Vec<(&'static str, String)>,
    pub button: String,
    pub back: String,
}

/// Asks whether it is meant.
pub(crate) async fn get_end(owner: Owner, Path(id): Path<String>) -> Result<Response, MeError> {
    let application: ApplicationId = id.parse().map_err(|_| MeError::NotHere)?;
    let mut all = home::shared(&owner).await?;
    all.retain(|shared| shared.application == application);
    let first = all.first().ok_or(MeError::NotHere)?;
    let name = &first.name;
    let mut cars: Vec<String> = all
        .iter()
        .map(|shared| words::car(owner.services(), shared))
        .collect();
    cars.truncate(10);
    let more = all.len() - cars.len();
    let cars = match more {
        0 => cars.join(", "),
        more => t("{cars} and {more} more")
            .with("cars", cars.join(", "))
            .with("more", more)
            .plain(),
    };
    let page = ConfirmPage {
        frame: MeFrame::of_owner(&owner, t("Stop {app}?").with("app", name)),
        lead: t("{app} will not reach any of your cars any more: {cars}.")
            .with("app", name)
            .with("cars", cars)
            .plain(),
        follows: vec![
            t("It holds at once: whatever the application asks from now on is refused.").plain(),
            stays_read(name),
            t("You can connect your car again whenever you like, from the application.").plain(),
        ],
        action: format!("/me/applications/{application}/end"),
        fields: Vec::new(),
        button: t("Stop {app}").with("app", name).plain(),
        back: "/me".to_owned(),
    };
    Ok(show(&owner.guest, StatusCode::OK, page))
}

/// What no act here can take back.
pub(crate) fn stays_read(name: &str) -> String {
    t("What {app} has read already stays with {app}. Ask there to have it deleted.")
        .with("app", name)
        .plain()
}

/// Ends all connections of the application to cars of this owner.
pub(crate) async fn end(
    Path(id): Path<String>,
    Decided { owner, .. }: Decided,
) -> Result<Response, MeError> {
    let application: ApplicationId = id.parse().map_err(|_| MeError::NotHere)?;
    let (identity, now) = (owner.identity.clone(), owner.now);
    let unit = async move |tx: &mut Tx<'_>| {
        acts::revoke(tx, (&identity, ACTOR), Meant::Application(application), now).await
    };
    owner.services().store.write(unit).await?;
    Ok(Redirect::to("/me?done=application").into_response())
}
