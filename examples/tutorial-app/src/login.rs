//! `/login`: one button that leads to Connect.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use carport_sdk::Mode;

use crate::App;
use crate::page::page;
use crate::session::Visitor;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    connect_url: String,
}

pub(crate) async fn login(State(app): State<Arc<App>>, visitor: Visitor) -> impl IntoResponse {
    // The state comes back with the answer and shows that this browser started the run.
    let (cookie, state) = app.sessions.begin(&visitor);
    let connect_url = app
        .client
        .auth_url(["required:read_vehicle_info"])
        .mode(Mode::Test)
        .state(state)
        .build();
    (cookie, page(StatusCode::OK, &LoginPage { connect_url }))
}
