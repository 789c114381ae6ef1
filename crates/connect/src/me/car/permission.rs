//! Taking one permission back.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::Permission;
use carport_store::Tx;
use carport_store::owners::{ACTOR, Shared, acts};
use carport_web::words::{say, t};

use super::super::application::ConfirmPage;
use super::super::frame::{MeFrame, show};
use super::super::home::address;
use super::super::problem::MeError;
use super::super::visitor::{Decided, Owner};
use super::super::words;
use super::find;

/// User, vehicle and permission of an address.
type Named = (String, String, String);

/// Asks whether it is meant.
pub(crate) async fn get_end(owner: Owner, Path(named): Path<Named>) -> Result<Response, MeError> {
    let (shared, permission) = named_by(&owner, named).await?;
    let (name, what) = (&shared.name, say(permission.spec().title));
    let mut follows = vec![
        t("It holds at once. Everything else that you allowed stays.").plain(),
        t("{app} may not work as before. It can ask you for this again.")
            .with("app", name)
            .plain(),
    ];
    if shared.permissions.as_slice().len() == 1 {
        follows = vec![
            t("It is the last thing that {app} may use: with it the connection of this car ends.")
                .with("app", name)
                .plain(),
        ];
    }
    let car = words::car(owner.services(), &shared);
    let title = t("Take back “{what}”?").with("what", what);
    let page = ConfirmPage {
        frame: MeFrame::of_owner(&owner, title),
        lead: t("{app} will not be able to use this of your {car} any more.")
            .with("app", name)
            .with("car", car)
            .plain(),
        follows,
        action: format!("{}/permissions/{permission}/end", address(&shared)),
        fields: Vec::new(),
        button: t("Take it back").plain(),
        back: address(&shared),
    };
    Ok(show(&owner.guest, StatusCode::OK, page))
}

/// Takes it back.
pub(crate) async fn end(
    Path(named): Path<Named>,
    Decided { owner, .. }: Decided,
) -> Result<Response, MeError> {
    let (shared, permission) = named_by(&owner, named).await?;
    let (identity, now) = (owner.identity.clone(), owner.now);
    let key = (shared.user, shared.vehicle);
    let unit = async move |tx: &mut Tx<'_>| {
        acts::take_back(tx, (&identity, ACTOR), key, permission, now).await
    };
    owner.services().store.write(unit).await?;
    let after = if shared.permissions.as_slice().len() == 1 {
        "/me?done=car".to_owned()
    } else {
        format!("{}?done=permission", address(&shared))
    };
    Ok(Redirect::to(&after).into_response())
}

async fn named_by(
    owner: &Owner,
    (user, vehicle, permission): Named,
) -> Result<(Shared, Permission), MeError> {
    let permission: Permission = permission.parse().map_err(|_| MeError::NotHere)?;
    let shared = find(owner, &(user, vehicle)).await?;
    let is_granted = shared.permissions.contains(permission);
    is_granted
        .then_some((shared, permission))
        .ok_or(MeError::NotHere)
}
