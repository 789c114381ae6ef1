//! Step 8: the car could be connected, but its connected service is not active.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::run::Step;

use crate::frame::{BrandView, Frame};
use crate::visit::Visit;
use carport_web::words::{filters, t};

#[derive(Template)]
#[template(path = "connect/subscription.html")]
struct SubscriptionPage {
    frame: Frame,
    advice: String,
    brand: BrandView,
}

/// Says so, and where to renew it.
pub(crate) async fn get_subscription(visit: Visit) -> Response {
    if let Some(instead) = visit.turned_away(Step::Subscription) {
        return instead;
    }
    let Some(brand) = visit.walk.brand().map(BrandView::of) else {
        return visit.to_page(StatusCode::FOUND, Step::Start);
    };
    let app = &visit.walk.application.name;
    let page = SubscriptionPage {
        frame: visit.frame(t("Connected service not active"), Some(Step::Subscription)),
        advice: t(
            "Activate or renew the service in the {service} app. Then go back to {app} and start \
             again.",
        )
        .with("service", &brand.service)
        .with("app", app)
        .plain(),
        brand,
    };
    Visit::show(StatusCode::OK, page)
}
