//! Forms that send a file along.

use axum::extract::{FromRef, FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_model::Action;
use carport_web::words::t;
use carport_web::{Problem, csrf};

use super::Visitor;
use crate::Dashboard;

/// The longest body of such a form that is read. Longer than any file that is taken, so that the
/// page can say what is wrong with one that is too large.
pub(crate) const LARGEST: usize = 1024 * 1024;

/// A form with a file, of somebody who may change applications.
#[derive(Debug, Clone)]
pub(crate) struct Uploading {
    /// Who posted it.
    pub visitor: Visitor,
    /// The field called `file`; empty when none was chosen.
    pub file: Vec<u8>,
}

impl<S: Send + Sync> FromRequest<S> for Uploading
where
    Dashboard: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let checked = visitor.browser.check_sender();
        checked.map_err(|problem| problem.into_response())?;
        let allowed = visitor.may(Action::ModifyApplication);
        allowed.map_err(IntoResponse::into_response)?;
        let request = Request::from_parts(parts, body);
        let (token, file) = read(request, state).await.map_err(unreadable)?;
        let checked = visitor.browser.check_token(token.as_deref());
        checked.map_err(|problem| problem.into_response())?;
        Ok(Self { visitor, file })
    }
}

/// What a form could not be read for.
type Unreadable = (StatusCode, String);

async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<(Option<String>, Vec<u8>), Unreadable> {
    let form = Multipart::from_request(request, state).await;
    let mut form = form.map_err(|error| (error.status(), error.body_text()))?;
    let (mut token, mut file) = (None, Vec::new());
    let broken =
        |error: axum::extract::multipart::MultipartError| (error.status(), error.body_text());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some(csrf::FIELD) => token = Some(field.text().await.map_err(broken)?),
            Some("file") => file = field.bytes().await.map_err(broken)?.to_vec(),
            _ => {}
        }
    }
    Ok((token, file))
}

fn unreadable((status, message): Unreadable) -> Response {
    let title = t("This form could not be read");
    let advice = t("Go back and choose a file of at most 256 KiB.");
    let problem = Problem::new(status, title, t("Nothing was changed.")).advice(advice);
    problem.detail(t("Message"), message).into_response()
}
