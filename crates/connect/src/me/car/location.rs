//! How exactly an application may know where a car is.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::Precision;
use carport_store::Tx;
use carport_store::owners::{ACTOR, acts};
use carport_web::Pairs;

use super::super::application::ConfirmPage;
use super::super::frame::{MeFrame, show};
use super::super::home::address;
use super::super::problem::MeError;
use super::super::visitor::{Decided, Owner};
use super::{Ids, find};

/// Title and hint of a precision.
pub(crate) const fn words(precision: Precision) -> (&'static str, &'static str) {
    match precision {
        Precision::Exact => ("Exactly", "As the car tells it, to a few metres."),
        Precision::Kilometre => (
            "To about 1 km",
            "The middle of a square of about 1 km: the part of town, not the street.",
        ),
        Precision::TenKilometres => (
            "To about 10 km",
            "The middle of a square of about 10 km: the town, not the part of it.",
        ),
    }
}

/// What the list says where a position is not told exactly.
pub(crate) const fn note(precision: Precision) -> &'static str {
    match precision {
        Precision::Exact => "",
        Precision::Kilometre => "Location to about 1 km.",
        Precision::TenKilometres => "Location to about 10 km.",
    }
}

/// Asks whether it is meant.
pub(crate) async fn get_location(
    owner: Owner,
    Path(ids): Path<Ids>,
    RawQuery(query): RawQuery,
) -> Result<Response, MeError> {
    let query = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let shared = find(&owner, &ids).await?;
    let Some(precision) = asked(&query) else {
        return Ok(Redirect::to(&address(&shared)).into_response());
    };
    let name = &shared.name;
    let follows = if precision.is_exact() {
        vec![
            format!("{name} sees again exactly where this car is and where it was charged."),
            "It holds at once.".to_owned(),
        ]
    } else {
        vec![
            "It holds at once, in every answer that has a place in it: where the car is, where it \
             charges and where it was charged."
                .to_owned(),
            "Names and addresses of places are left out, and so is whether the car is at home."
                .to_owned(),
            format!("However often {name} asks, it learns no more than that."),
            "Heading and speed stay as they are. What was read before stays with the application."
                .to_owned(),
        ]
    };
    let (title, _) = words(precision);
    let title = title.to_lowercase();
    let page = ConfirmPage {
        frame: MeFrame::of_owner(&owner, &format!("Tell {name} where the car is {title}?")),
        lead: match precision {
            Precision::Exact => format!("{name} will see where this car is to a few metres."),
            _ => format!("{name} will see where this car is only {title}."),
        },
        follows,
        action: format!("{}/location", address(&shared)),
        fields: vec![("precision", precision.to_string())],
        button: "Change it".to_owned(),
        back: address(&shared),
    };
    Ok(show(&owner.guest, StatusCode::OK, page))
}

/// Changes it.
pub(crate) async fn set(
    Path(ids): Path<Ids>,
    Decided { owner, form }: Decided,
) -> Result<Response, MeError> {
    let shared = find(&owner, &ids).await?;
    let precision = asked(&form).ok_or(MeError::NotHere)?;
    let (identity, now) = (owner.identity.clone(), owner.now);
    let key = (shared.user, shared.vehicle);
    let unit = async move |tx: &mut Tx<'_>| {
        acts::set_precision(tx, (&identity, ACTOR), key, precision, now).await
    };
    owner.services().store.write(unit).await?;
    let after = format!("{}?done=location", address(&shared));
    Ok(Redirect::to(&after).into_response())
}

fn asked(fields: &Pairs) -> Option<Precision> {
    fields.get("precision").and_then(|sent| sent.parse().ok())
}
