//! Form bodies.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::query::{NotUtf8, Pairs};
use crate::words::t;

/// The longest form body that is read, in bytes. The longest honest one is a permission page with
/// 999 cars, about 40 KiB.
pub const LIMIT: usize = 64 * 1024;

/// A form as it was posted. A handler that answers in another tongue than HTML takes
/// `Result<Form, FormRejection>`.
#[derive(Debug, Clone, Default)]
pub struct Form(pub Pairs);

/// The body cannot be read as a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormRejection {
    /// Another content type, or none.
    #[error("send the body as application/x-www-form-urlencoded")]
    ContentType,
    /// More than [`LIMIT`] bytes.
    #[error("the body is longer than {LIMIT} bytes")]
    TooLarge,
    /// The connection broke, or the body ended early.
    #[error("the body did not arrive whole")]
    Broken,
    /// Names or values are not UTF-8.
    #[error("the body is not UTF-8 once percent-decoded")]
    NotUtf8,
}

impl From<NotUtf8> for FormRejection {
    fn from(NotUtf8: NotUtf8) -> Self {
        Self::NotUtf8
    }
}

impl FormRejection {
    /// The status that tells it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken | Self::NotUtf8 => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for FormRejection {
    fn into_response(self) -> Response {
        Problem::new(
            self.status(),
            t("This form could not be read"),
            t("Nothing was changed."),
        )
        .advice(t("Go back, load the page again and send it once more."))
        .detail(t("Message"), self.to_string())
        .into_response()
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = FormRejection;

    async fn from_request(request: Request, _state: &S) -> Result<Self, FormRejection> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormRejection::ContentType);
        }
        let announced = request.headers().get(header::CONTENT_LENGTH);
        let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > LIMIT) {
            return Err(FormRejection::TooLarge);
        }
        let body = to_bytes(request.into_body(), LIMIT)
            .await
            .map_err(|error| {
                let source = std::error::Error::source(&error).map(ToString::to_string);
                if source.is_some_and(|text| text.contains("length limit")) {
                    FormRejection::TooLarge
                } else {
                    FormRejection::Broken
                }
            })?;
        let text = std::str::from_utf8(&body).map_err(|_| FormRejection::NotUtf8)?;
        Ok(Self(Pairs::parse(text)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    async fn read(kind: &str, body: impl Into<Body>) -> Result<Form, FormRejection> {
        let request = Request::post("/").header(header::CONTENT_TYPE, kind);
        Form::from_request(request.body(body.into()).unwrap(), &()).await
    }

    #[tokio::test]
    async fn each_mistake_has_its_name() {
        const KIND: &str = "application/x-www-form-urlencoded; charset=utf-8";
        let form = read(KIND, "a=1&a=%C3%A9").await.unwrap();
        assert_eq!(form.0.all("a").collect::<Vec<_>>(), ["1", "é"]);
        let refused = async |kind, body: Vec<u8>| read(kind, body).await.unwrap_err();
        assert_eq!(
            refused("application/json", b"{}".to_vec()).await,
            FormRejection::ContentType
        );
        assert_eq!(
            refused(KIND, b"a=\xff".to_vec()).await,
            FormRejection::NotUtf8
        );
        assert_eq!(
            refused(KIND, b"a=%ff".to_vec()).await,
            FormRejection::NotUtf8
        );
        let long = refused(KIND, vec![b'a'; LIMIT + 1]).await;
        assert_eq!(long.into_response().status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(read(KIND, vec![b'a'; LIMIT]).await.is_ok());
    }
}
