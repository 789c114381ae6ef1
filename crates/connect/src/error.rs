//! Step 9: the link was wrong, or a page was opened out of its order.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::run::{RunError, Step};

use crate::done;
use crate::frame::Frame;
use crate::spoken;
use crate::visit::Visit;
use carport_web::words::{Text, filters, t};

#[derive(Template)]
#[template(path = "connect/error.html")]
struct ErrorPage {
    frame: Frame,
    heading: Text,
    lead: String,
    advice: String,
    current: Option<&'static str>,
    exits: bool,
    reason: &'static str,
    details: Vec<(Text, String)>,
}

/// Value of the form's `reason` on the page about the order.
pub(crate) const OUT_OF_ORDER: &str = "order";

/// Shows why the link cannot be used.
pub(crate) async fn get_error(visit: Visit) -> Response {
    if let Some(instead) = visit.turned_away(Step::Error) {
        return instead;
    }
    let app = &visit.walk.application.name;
    let error = visit.walk.run.progress.error.clone();
    let heading = t("This link cannot be used");
    let page = ErrorPage {
        heading,
        lead: t("{app} sent you here with a request that does not work.")
            .with("app", app)
            .plain(),
        advice: t(
            "Go back to {app} and start again. If you land here a second time, send the details \
             below to the people who make {app}.",
        )
        .with("app", app)
        .plain(),
        current: None,
        exits: exits(&visit),
        reason: "",
        details: details(&visit, &error.unwrap_or_else(order_error)),
        frame: visit.frame(heading, None),
    };
    Visit::show(StatusCode::BAD_REQUEST, page)
}

/// The page about a page that comes later.
pub(crate) fn out_of_order(visit: &Visit) -> Response {
    let app = &visit.walk.application.name;
    let heading = t("This page comes later");
    let page = ErrorPage {
        heading,
        lead: t("You opened a page before the ones that lead to it were done.").plain(),
        advice: t("Continue where you were, or go back to {app}.")
            .with("app", app)
            .plain(),
        current: Some(visit.walk.run.progress.step.path()),
        exits: exits(visit),
        reason: OUT_OF_ORDER,
        details: details(visit, &order_error()),
        frame: visit.frame(heading, None),
    };
    Visit::show(StatusCode::BAD_REQUEST, page)
}

/// Told to the application when the owner leaves from the page about the order
/// (contract connect-oauth, A.3, row 12).
pub(crate) fn order_error() -> RunError {
    RunError {
        message: "A page beyond the current step was opened.".to_owned(),
        oauth_error: "invalid_request".to_owned(),
    }
}

/// *Exit* needs somebody to tell: an address to go back to (contract connect-oauth, A.3), or the
/// window behind this one.
fn exits(visit: &Visit) -> bool {
    visit.walk.run.request.redirect_uri.is_some() || done::is_heard(visit)
}

fn details(visit: &Visit, error: &RunError) -> Vec<(Text, String)> {
    let mut details = vec![
        (t("Status"), "400, configuration_error".to_owned()),
        (t("Message"), error.message.clone()),
    ];
    if let Some(id) = visit.request_id {
        details.push((t("Request"), id.to_string()));
    }
    details.push((t("Time"), spoken::instant(visit.walk.services.now())));
    details
}
