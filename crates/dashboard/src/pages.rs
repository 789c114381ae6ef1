//! `GET /docs`: where to read on.

use askama::Template;
use axum::response::{IntoResponse, Response};
use carport_web::Page;
use carport_web::assets::{self, Door};

/// Addresses of the style, the icons and the favicon, as the documentation's layout asks for them.
struct Look {
    sheet: &'static str,
    sprite: &'static str,
    favicon: &'static str,
}

#[derive(Template)]
#[template(path = "docs/front.html")]
struct FrontPage {
    look: Look,
    title: &'static str,
}

/// The front page of the documentation.
pub(crate) async fn docs() -> Response {
    let look = Look {
        sheet: assets::sheet(Door::Dashboard),
        sprite: assets::sprite(),
        favicon: assets::favicon(),
    };
    Page::new(FrontPage {
        look,
        title: "Guide",
    })
    .into_response()
}
