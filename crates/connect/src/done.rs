//! Step 10: the last page, for runs that end here and for applications with a scheme of their own.
//!
//! The one script of Connect lives here. It hands the answer to the window that opened this one,
//! or to the mobile SDK around it. Source: contract connect-oauth, B.8 step 8 and B.9.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_model::run::ConnectRequest;
use carport_oauth::redirect_uri::browser_origin;
use carport_web::Page;
use carport_web::origin::origin_of;
use carport_web::words::{Text, filters, t};
use serde_json::{Map, Value, json};

use crate::frame::Frame;
use crate::redirect::Answer;
use crate::visit::{LastVisit, Visit};

/// Constant, so that the policy allows it by its hash; what it hands over lies in attributes.
const SCRIPT: &str = include_str!("../../../templates/connect/done.js");

#[derive(Template)]
#[template(path = "connect/done.html")]
struct DonePage {
    frame: Frame,
    owner_page: Option<&'static str>,
    heading: Text,
    lead: String,
    hand_over: Option<HandOver>,
}

/// Attributes of the script.
struct HandOver {
    message: String,
    target: Option<String>,
    bridge: Option<String>,
}

#[derive(Template)]
#[template(path = "connect/return.html")]
struct ReturnPage {
    frame: Frame,
    url: String,
}

/// The page at its own address, as a reload finds it; what was handed over is not kept.
pub(crate) async fn get_done(LastVisit(visit): LastVisit) -> Response {
    if visit.walk.run.completed_at.is_none() {
        return visit.to_page(StatusCode::FOUND, visit.walk.run.progress.step);
    }
    let app = &visit.walk.application.name;
    let lead = t("Your decision was passed on to {app}.").with("app", app);
    let page = DonePage {
        frame: visit.frame(t("Done"), None),
        owner_page: visit.owner_page(),
        heading: t("This request is finished"),
        lead: lead.plain(),
        hand_over: None,
    };
    Page::new(page).into_response()
}

/// Ends a run that has no redirect URI.
pub(crate) fn page(visit: &Visit, answer: &Answer) -> Response {
    let app = &visit.walk.application.name;
    let (heading, lead) = match answer.get("error") {
        None => (
            t("You are done"),
            t("{app} may now use what you allowed.").with("app", app),
        ),
        Some(_) => (
            t("Nothing was shared"),
            t("{app} got no access to your car.").with("app", app),
        ),
    };
    let hands_over = is_heard(visit);
    let is_granted = answer.get("error").is_none();
    let page = Page::new(DonePage {
        frame: visit.frame(heading, None),
        owner_page: is_granted.then(|| visit.owner_page()).flatten(),
        heading,
        lead: lead.plain(),
        hand_over: hands_over.then(|| HandOver {
            message: message(answer).to_string(),
            target: visit.opener.clone(),
            bridge: has_bridge(&visit.walk.run.request).then(|| bridge(answer).to_string()),
        }),
    });
    if hands_over {
        page.script(SCRIPT)
    } else {
        page
    }
    .into_response()
}

/// A page that opens an application by its own scheme: some browsers follow such a redirect only
/// after a click (contract connect-oauth, A.9.2).
pub(crate) fn way_back(visit: &Visit, url: &str) -> Response {
    let title = t("Back to {app}").with("app", &visit.walk.application.name);
    let page = ReturnPage {
        frame: visit.frame(title, None),
        url: url.to_owned(),
    };
    Page::new(page).into_response()
}

/// The origin that may hear how a run ends here: `app_origin`, if the application has registered
/// it. Anyone can put an origin into a link, so an unregistered one gets nothing.
pub(crate) fn opener(request: &ConnectRequest, registered: &[String]) -> Option<String> {
    let asked = origin_of(request.app_origin.as_deref()?)?;
    let mut origins = registered.iter().filter_map(|uri| browser_origin(uri));
    origins.any(|origin| origin == asked).then_some(asked)
}

/// Whether somebody hears how a run ends here.
pub(crate) fn is_heard(visit: &Visit) -> bool {
    visit.opener.is_some() || has_bridge(&visit.walk.run.request)
}

/// The message of the browser SDK's redirect page.
fn message(answer: &Answer) -> Value {
    let mut message = Map::new();
    message.insert("name".into(), "SmartcarAuthMessage".into());
    message.insert("isSmartcarHosted".into(), false.into());
    for (member, item) in [
        ("code", "code"),
        ("error", "error"),
        ("errorDescription", "error_description"),
        ("state", "state"),
        ("vin", "vin"),
        ("make", "make"),
        ("model", "model"),
        ("year", "year"),
        ("virtualKeyUrl", "virtual_key_url"),
        ("userId", "user_id"),
    ] {
        message.insert(member.into(), answer.get(item).into());
    }
    if let Some(id) = answer.get("external_id") {
        message.insert("externalId".into(), id.into());
    }
    message.into()
}

/// Whether the page is inside the iOS SDK's web view, which knows the method `complete` since
/// 6.4.0, the version that began to send its number. Android's has no such method and would fail
/// on it.
fn has_bridge(request: &ConnectRequest) -> bool {
    request.sdk_platform.as_deref() == Some("iOS") && request.sdk_version.is_some()
}

/// The call that ends a run inside that web view.
fn bridge(answer: &Answer) -> Value {
    let mut params = Map::new();
    for (member, item) in [
        ("code", "code"),
        ("userId", "user_id"),
        ("externalId", "external_id"),
        ("error", "error"),
        ("errorDescription", "error_description"),
        ("state", "state"),
        ("vin", "vin"),
        ("make", "make"),
        ("virtualKeyUrl", "virtual_key_url"),
    ] {
        if let Some(value) = answer.get(item) {
            params.insert(member.into(), value.into());
        }
    }
    json!({ "jsonrpc": "2.0", "method": "complete", "params": params, "id": "temp" })
}
