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
use carport_web::words::filters;

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
        more => format!("{} and {more} more", cars.join(", ")),
    };
    let page = ConfirmPage {
        frame: MeFrame::of_owner(&owner, &format!("Stop {name}?")),
        lead: format!("{name} will not reach any of your cars any more: {cars}."),
        follows: vec![
            "It holds at once: whatever the application asks from now on is refused.".to_owned(),
            format!(
                "What {name} has read already stays with {name}. Ask there to have it deleted."
            ),
            "You can connect your car again whenever you like, from the application.".to_owned(),
        ],
        action: format!("/me/applications/{application}/end"),
        fields: Vec::new(),
        button: format!("Stop {name}"),
        back: "/me".to_owned(),
    };
    Ok(show(&owner.guest, StatusCode::OK, page))
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
