//! `GET /docs`: where to read on.

use askama::Template;
use axum::response::{IntoResponse, Response};
use carport_web::Page;
use carport_web::assets::{Door, Look};

#[derive(Template)]
#[template(path = "docs/front.html")]
struct FrontPage {
    look: Look,
    title: &'static str,
}

/// The front page of the documentation.
pub(crate) async fn docs() -> Response {
    let look = Look::of(Door::Dashboard);
    Page::new(FrontPage {
        look,
        title: "Guide",
    })
    .into_response()
}
