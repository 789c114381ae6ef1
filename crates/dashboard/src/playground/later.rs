//! What comes after the first readings: newer tokens, and the end of the access.

use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Redirect, Response};
use carport_web::words::t;

use super::calls::{car, form, keep, read, with_tokens};
use super::runs::Run;
use super::steps::Step;
use super::tokens;
use super::wire::{Proof, Sent};
use crate::Dashboard;
use crate::access::Editing;

/// What ends the access to a vehicle.
const DISCONNECT: &str = "/v2.0/vehicles/{id}/application";

/// Exchanges the refresh token for the next pair.
pub(crate) async fn refresh(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let (run, old) = match with_tokens(&dashboard, &visitor, &id) {
        Ok(both) => both,
        Err(response) => return *response,
    };
    let fields = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", old.refresh.expose().clone()),
    ];
    let sent = tokens::request(&run, run.secret.as_ref(), fields);
    let came = tokens::carry(&dashboard, &sent.hiding(&old.refresh, "$REFRESH_TOKEN")).await;
    if let Some(new) = tokens::tokens(&came) {
        let (browser, now) = (visitor.browser(), dashboard.clock.now());
        let keep = |run: &mut Run| run.tokens = Some(new);
        dashboard.runs.change(run.id, &browser, now, keep);
    }
    let form = form(&dashboard, &run);
    let title = t("Refresh: POST /oauth/token").plain();
    keep(&dashboard, &visitor, &run, title, form, came.record)
}

/// Ends the access to a vehicle.
pub(crate) async fn disconnect(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let (run, tokens) = match with_tokens(&dashboard, &visitor, &id) {
        Ok(both) => both,
        Err(response) => return *response,
    };
    let mut form = form(&dashboard, &run);
    form.vehicle = read(&posted.fields).vehicle;
    let Some(car) = car(&run, &form) else {
        return Redirect::to(&Step::Reading.address(&run)).into_response();
    };
    let path = DISCONNECT.replace("{id}", &car.id);
    let sent = Sent::new(Method::DELETE, path, Proof::Bearer(tokens.access));
    let (api, url) = (&dashboard.own_api, &dashboard.public_url);
    let came = sent.carry(api, url, |_| Vec::new()).await;
    let title = t("Disconnect: {title}").with("title", &car.title).plain();
    keep(&dashboard, &visitor, &run, title, form, came.record)
}
