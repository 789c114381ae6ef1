//! `/exchange`: where Connect sends the browser back to.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use crate::App;
use crate::page::Problem;
use crate::session::Visitor;

/// Either a code, or an error and its description. The state comes with both.
#[derive(Deserialize)]
pub(crate) struct Answer {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

pub(crate) async fn exchange(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(answer): Query<Answer>,
) -> Result<impl IntoResponse, Problem> {
    if !app.sessions.take_state(&visitor, answer.state.as_deref()) {
        let text = "This browser did not start the connection it belongs to, so it was not used.";
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "This answer cannot be used",
            text,
        ));
    }
    let Some(code) = answer.code else {
        let text = match answer.error.as_deref() {
            Some("access_denied") => "You chose not to share it, and nothing was read.".to_owned(),
            _ => answer
                .error_description
                .unwrap_or("Connect did not say why.".to_owned()),
        };
        return Err(Problem::new(
            StatusCode::OK,
            "Your vehicle was not connected",
            text,
        ));
    };
    let access = app.client.exchange_code(&code).await?;
    Ok((
        app.sessions.sign_in(&visitor, access),
        Redirect::to("/vehicle"),
    ))
}
