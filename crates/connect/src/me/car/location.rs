//! How exactly an application may know where a car is.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::Precision;
use carport_store::Tx;
use carport_store::owners::{ACTOR, acts};
use carport_web::Pairs;
use carport_web::words::{Text, t};

use super::super::application::ConfirmPage;
use super::super::frame::{MeFrame, show};
use super::super::home::address;
use super::super::problem::MeError;
use super::super::visitor::{Decided, Owner};
use super::{Ids, find};

/// Title and hint of a precision.
pub(crate) const fn words(precision: Precision) -> (Text, Text) {
    match precision {
        Precision::Exact => (t("Exactly"), t("As the car tells it, to a few metres.")),
        Precision::Kilometre => (
            t("To about 1 km"),
            t("The middle of a square of about 1 km: the part of town, not the street."),
        ),
        Precision::TenKilometres => (
            t("To about 10 km"),
            t("The middle of a square of about 10 km: the town, not the part of it."),
        ),
    }
}

/// What the list says where a position is not told exactly.
pub(crate) const fn note(precision: Precision) -> Option<Text> {
    match precision {
        Precision::Exact => None,
        Precision::Kilometre => Some(t("Location to about 1 km.")),
        Precision::TenKilometres => Some(t("Location to about 10 km.")),
    }
}

/// The question, and what a yes means.
fn asks(precision: Precision, app: &str) -> (String, String) {
    let (title, lead) = match precision {
        Precision::Exact => (
            t("Tell {app} where the car is exactly?").with("app", app),
            t("{app} will see where this car is to a few metres.").with("app", app),
        ),
        Precision::Kilometre => (
            t("Tell {app} where the car is to about 1 km?").with("app", app),
            t("{app} will see where this car is only to about 1 km.").with("app", app),
        ),
        Precision::TenKilometres => (
            t("Tell {app} where the car is to about 10 km?").with("app", app),
            t("{app} will see where this car is only to about 10 km.").with("app", app),
        ),
    };
    (title.plain(), lead.plain())
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
            t("{app} sees again exactly where this car is and where it was charged.")
                .with("app", name)
                .plain(),
            t("It holds at once.").plain(),
        ]
    } else {
        vec![
            t(
                "It holds at once, in every answer that has a place in it: where the car is, where \
                 it charges and where it was charged.",
            )
            .plain(),
            t("Names and addresses of places are left out, and so is whether the car is at home.")
                .plain(),
            t("However often {app} asks, it learns no more than that.")
                .with("app", name)
                .plain(),
            t(
                "Heading and speed stay as they are. What was read before stays with the \
                 application.",
            )
            .plain(),
        ]
    };
    let (title, lead) = asks(precision, name);
    let page = ConfirmPage {
        frame: MeFrame::of_owner(&owner, title),
        lead,
        follows,
        action: format!("{}/location", address(&shared)),
        fields: vec![("precision", precision.to_string())],
        button: t("Change it").plain(),
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
