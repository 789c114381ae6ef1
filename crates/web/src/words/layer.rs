//! The language of a request, from its headers.

use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use tokio::task::futures::TaskLocalFuture;
use tower::{Layer, Service};

use super::catalogue::Catalogues;
use super::language::Language;
use super::{accept, choice};

/// Pages that speak the language which their reader likes best among the catalogues. Without
/// any the routes stay as they are, in English.
pub fn spoken<S>(pages: Router<S>, catalogues: &Catalogues) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    if catalogues.0.is_empty() {
        return pages;
    }
    pages.layer(Spoken(catalogues.clone()))
}

impl Catalogues {
    /// The language that the reader with these headers chose, or likes best among them; otherwise
    /// English.
    #[must_use]
    pub fn liked_by(&self, headers: &HeaderMap) -> Language {
        if let Some(chosen) = choice::made(headers, self) {
            return chosen;
        }
        let header = headers.get(ACCEPT_LANGUAGE);
        let header = header.and_then(|header| header.to_str().ok());
        let liked = header.and_then(|header| accept::choose(header, &self.0));
        Language {
            catalogue: liked.cloned(),
            ..self.english()
        }
    }
}

#[derive(Clone)]
struct Spoken(Catalogues);

impl<S> Layer<S> for Spoken {
    type Service = Speaking<S>;

    fn layer(&self, inner: S) -> Speaking<S> {
        Speaking {
            inner,
            catalogues: self.0.clone(),
        }
    }
}

#[derive(Clone)]
struct Speaking<S> {
    inner: S,
    catalogues: Catalogues,
}

impl<S: Service<Request>> Service<Request> for Speaking<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = TaskLocalFuture<Language, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let language = self.catalogues.liked_by(request.headers());
        // Some services begin to answer when they are called, others when they are polled.
        let answer = language.speak(|| self.inner.call(request));
        language.speak_while(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::{Body, to_bytes};
    use axum::response::IntoResponse;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::super::t;
    use super::*;
    use crate::Problem;

    fn catalogues() -> Catalogues {
        let text = "\"There is nothing here\" = 'Här finns inget'\n\"{n} cars\" = 'Bilar: {n}'";
        Catalogues::read(&[("sv.toml".to_owned(), text.to_owned())]).unwrap()
    }

    async fn told(pages: Router, path: &str, accepts: &str) -> String {
        let request = Request::get(path).header(ACCEPT_LANGUAGE, accepts);
        let request = request.body(Body::empty()).unwrap();
        let answer: Result<_, Infallible> = pages.oneshot(request).await;
        let body = to_bytes(answer.unwrap().into_body(), 1 << 20)
            .await
            .unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn readers_get_their_language() {
        let cars = async || t("{n} cars").with("n", 3).plain().into_response();
        let pages = Router::new()
            .route("/cars", get(cars))
            .route("/nothing", get(async || Problem::not_found()));
        let swedish = spoken(pages.clone(), &catalogues());
        assert_eq!(told(swedish.clone(), "/cars", "sv").await, "Bilar: 3");
        assert_eq!(told(swedish.clone(), "/cars", "fr").await, "3 cars");
        assert_eq!(told(pages.clone(), "/cars", "sv").await, "3 cars");
        let none = spoken(pages, &Catalogues::default());
        assert_eq!(told(none, "/cars", "sv").await, "3 cars");
        let page = told(swedish, "/nothing", "sv-SE,sv;q=0.9,en;q=0.8").await;
        assert!(page.contains("<html lang=\"sv\" dir=\"ltr\">"), "{page}");
        assert!(page.contains("<h1>Här finns inget</h1>"), "{page}");
        // Missing keys stay English.
        assert!(page.contains("This address leads nowhere"), "{page}");
    }

    #[test]
    fn a_language_can_be_kept_for_later() {
        let swedish = catalogues().find("sv").unwrap();
        let kept = swedish.speak(Language::current);
        assert_eq!(
            kept.speak(|| t("{n} cars").with("n", 1).plain()),
            "Bilar: 1"
        );
        assert_eq!(t("{n} cars").with("n", 1).plain(), "1 cars");
    }
}
