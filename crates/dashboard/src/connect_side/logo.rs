//! `…/appearance/logo`: a logo is taken in or taken away.

use axum::extract::{Path, State};
use axum::response::Response;
use carport_web::logo::Logo;
use carport_web::words::t;

use super::appearance;
use super::side::{Side, at_field};
use crate::Dashboard;
use crate::access::{Editing, Uploading, Visitor};
use crate::applications::tabs::{self, Tab};
use crate::applications::trouble::Wrong;

/// Takes a logo in.
pub(crate) async fn upload(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Uploading { visitor, file }: Uploading,
) -> Response {
    let side = match Side::find(&dashboard, &visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    // Decoding may take a while, and others wait on this thread.
    let read = tokio::task::spawn_blocking(move || Logo::of(&file)).await;
    let logo = match read {
        Ok(Ok(logo)) => logo,
        Ok(Err(refused)) => return refused_file(visitor, &side, refused.to_string()),
        Err(_) => {
            let reason = t("The file cannot be read.").plain();
            return refused_file(visitor, &side, reason);
        }
    };
    let did = if logo.left_out > 0 {
        "logo-in-part"
    } else {
        "logo"
    };
    put(&dashboard, &visitor, &side, (Some(logo), did)).await
}

/// Takes the logo away.
pub(crate) async fn remove(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    match Side::find(&dashboard, &posted.visitor, &id).await {
        Ok(side) => put(&dashboard, &posted.visitor, &side, (None, "logo-removed")).await,
        Err(instead) => instead,
    }
}

async fn put(
    dashboard: &Dashboard,
    visitor: &Visitor,
    side: &Side,
    (logo, did): (Option<Logo>, &str),
) -> Response {
    let registry = dashboard.applications.acting_as(&visitor.member.actor);
    let logo = logo.map(|logo| (logo.name, logo.content));
    match registry.put_logo(side.id(), logo).await.map_err(at_field) {
        Ok(()) | Err(Ok(_)) => tabs::back(side.id(), Tab::Appearance, did),
        Err(Err(instead)) => *instead,
    }
}

fn refused_file(visitor: Visitor, side: &Side, reason: String) -> Response {
    let wrong = Wrong::at("file", reason);
    appearance::given(visitor, side, (wrong, None))
}
