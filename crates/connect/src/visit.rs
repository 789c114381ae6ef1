//! Who is visiting: the run of the address, bound to the browser by its cookie.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use carport_model::run::Step;
use carport_model::{Digest, RequestId, RunId, Secret};
use carport_store::{Tx, connect_runs, redirect_uris};
use carport_web::cookie::{self, Cookie};
use carport_web::{Form, Page, Pairs, csrf};

use crate::flow::{self, Ending, Walk};
use crate::frame::Frame;
use crate::problem::ConnectError;
use crate::subject::Subject;
use crate::{Services, authorize, done, error, redirect, repeat};

/// How long a run lives. Source: contract connect-oauth, A.6.
pub(crate) const LIFETIME: Duration = Duration::from_hours(1);

/// Name of the cookie. Behind TLS the prefix keeps others from planting one over plain HTTP
/// (RFC 6265bis, 4.1.3.1); `__Host-` would allow no path.
fn cookie_name(services: &Services) -> &'static str {
    if services.public_url.is_https() {
        "__Secure-carport_run"
    } else {
        "carport_run"
    }
}

/// A page of a run, on this server.
pub(crate) fn address(run: RunId, page: &str) -> String {
    format!("/connect/{run}/{page}")
}

/// The cookie that binds a run. Its path ends in the run's id, so that two tabs do not take each
/// other's run away.
pub(crate) fn cookie(services: &Services, run: RunId, secret: &Secret<String>) -> String {
    Cookie {
        name: cookie_name(services),
        value: secret.expose(),
        path: &format!("/connect/{run}"),
        lives: LIFETIME,
        secure: services.public_url.is_https(),
    }
    .to_string()
}

/// A visit to a run that goes on.
pub(crate) struct Visit {
    /// The run, its application, and what serves them.
    pub walk: Walk,
    /// Id of this request.
    pub request_id: Option<RequestId>,
    /// Origin of the window that opened this one, when the application has registered it.
    pub opener: Option<String>,
}

impl Visit {
    /// The visit of a request; also to a run that is over.
    async fn of(parts: &mut Parts, services: &Arc<Services>) -> Result<Self, ConnectError> {
        let params = RawPathParams::from_request_parts(parts, services).await;
        let params = params.map_err(|_| ConnectError::NoRun)?;
        let id = params
            .iter()
            .find(|(name, _)| *name == "run")
            .and_then(|(_, value)| value.parse::<RunId>().ok())
            .ok_or(ConnectError::NoRun)?;
        let secret =
            cookie::read(&parts.headers, cookie_name(services)).ok_or(ConnectError::NoRun)?;
        let found = services.store.read(async move |tx: &mut Tx<'_>| {
            let Some(run) = connect_runs::find(tx, id).await? else {
                return Ok::<_, ConnectError>(None);
            };
            let asks = run.request.application;
            let uris = redirect_uris::list(tx, asks).await?;
            let subject = match run.request.aim.vehicle() {
                Some(vehicle) => Subject::find(tx, asks, vehicle).await?,
                None => None,
            };
            Ok(Some((run, uris, subject)))
        });
        let (run, uris, subject) = found.await?.ok_or(ConnectError::NoRun)?;
        let client = services.store.client(run.request.application).await?;
        let client = client.filter(|client| client.application.enabled);
        let client = client.ok_or(ConnectError::NoRun)?;
        if !run.cookie.matches(&Digest::of(secret)) {
            return Err(ConnectError::NoRun);
        }
        // One that was taken away since the run began gets no code any more.
        let redirect_uri = run.request.redirect_uri.as_ref();
        if redirect_uri.is_some_and(|uri| !uris.contains(uri)) {
            return Err(ConnectError::NoRun);
        }
        if subject.is_none() && run.request.aim.vehicle().is_some() {
            return Err(ConnectError::Disconnected);
        }
        Ok(Self {
            request_id: parts.extensions.get::<RequestId>().copied(),
            opener: done::opener(&run.request, &uris),
            walk: Walk {
                services: Arc::clone(services),
                run,
                application: client.application.clone(),
                settings: Arc::clone(&client.settings),
                subject,
                secret: Secret::new(secret.to_owned()),
                form: String::new(),
            },
        })
    }

    /// Whether the run goes on.
    fn goes_on(&self) -> Result<(), ConnectError> {
        if self.walk.run.completed_at.is_some() {
            return Err(ConnectError::Over);
        }
        if self.walk.run.expires_at <= self.walk.services.now() {
            return Err(ConnectError::Expired);
        }
        Ok(())
    }

    /// The fields of a form that was posted from one of this visit's own pages.
    async fn form(&self, request: Request) -> Result<Pairs, ConnectError> {
        let Form(form) = Form::from_request(request, &self.walk.services).await?;
        if csrf::is_met(form.get(csrf::FIELD), self.walk.secret.expose()) {
            Ok(form)
        } else {
            Err(ConnectError::ForeignForm)
        }
    }

    /// Answers a form that may end the run. One that has ended it already is answered as it was
    /// the first time, also when both came at once.
    pub(crate) async fn once(
        &self,
        answer: impl Future<Output = Result<Response, ConnectError>>,
    ) -> Result<Response, ConnectError> {
        if self.walk.run.completed_at.is_none() {
            match answer.await {
                Err(ConnectError::Over) => {}
                answered => return answered,
            }
        }
        let ending = self.walk.again().await?;
        Ok(self.ends(ending))
    }

    /// A field for this visit's forms.
    pub(crate) fn csrf(&self) -> String {
        csrf::draw(self.walk.secret.expose(), &self.walk.services.rng)
    }

    /// The page on which the owner can take back what they allow, where they can come in.
    pub(crate) fn owner_page(&self) -> Option<&'static str> {
        let owners = &self.walk.services.owners;
        owners.lets_in(self.walk.run.request.mode).then_some("/me")
    }

    /// What every page of this visit shows around its own content.
    pub(crate) fn frame(&self, title: impl Into<String>, step: Option<Step>) -> Frame {
        Frame::new(self, title, step)
    }

    /// Lets through to a page that the run has reached; otherwise the answer to give instead: the
    /// page that says what comes first, or the way to the current page (contract connect-oauth,
    /// A.3, row 12).
    pub(crate) fn turned_away(&self, asked: Step) -> Option<Response> {
        let progress = &self.walk.run.progress;
        if !flow::leads_to(self.walk.run.request.aim, asked) {
            Some(self.to_page(StatusCode::FOUND, progress.step))
        } else if flow::may_show(progress, asked) {
            None
        } else if flow::is_beyond(progress, asked) {
            Some(error::out_of_order(self))
        } else {
            Some(self.to_page(StatusCode::FOUND, progress.step))
        }
    }

    /// A redirect to a page of this run.
    pub(crate) fn to_page(&self, status: StatusCode, step: Step) -> Response {
        authorize::sent_to(status, &address(self.walk.run.id, step.path()))
    }

    /// A page whose forms may end in a redirect to the application.
    pub(crate) fn show<T: Template>(status: StatusCode, template: T) -> Response {
        Page::new(template).status(status).leaves().into_response()
    }

    /// Sends the browser where the run ended.
    pub(crate) fn ends(&self, ending: Ending) -> Response {
        let url = match ending {
            Ending::Here(answer) => return done::page(self, &answer),
            Ending::Back(url) => url,
        };
        if redirect::is_web(&url) {
            redirect::leave(StatusCode::SEE_OTHER, &url)
        } else if self.walk.run.request.sdk_platform.is_some() {
            // The web views of the mobile SDKs catch a plain redirect (contract, A.9.2).
            redirect::leave(StatusCode::FOUND, &url)
        } else {
            done::way_back(self, &url)
        }
    }
}

impl FromRequestParts<Arc<Services>> for Visit {
    type Rejection = ConnectError;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, ConnectError> {
        let visit = Self::of(parts, services).await?;
        visit.goes_on().map(|()| visit)
    }
}

/// A visit after the end.
pub(crate) struct LastVisit(pub Visit);

impl FromRequestParts<Arc<Services>> for LastVisit {
    type Rejection = ConnectError;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, ConnectError> {
        Visit::of(parts, services).await.map(Self)
    }
}

/// A form posted from one of the visit's own pages; its hidden field was checked.
pub(crate) struct Posted {
    pub visit: Visit,
    pub form: Pairs,
}

impl FromRequest<Arc<Services>> for Posted {
    type Rejection = ConnectError;

    async fn from_request(
        request: Request,
        services: &Arc<Services>,
    ) -> Result<Self, ConnectError> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, services).await?;
        let form = visit.form(Request::from_parts(parts, body)).await?;
        Ok(Self { visit, form })
    }
}

/// A form that may end its run, or ended it a moment ago; its hidden field was checked. Answer it
/// within [`Visit::once`].
pub(crate) struct LastPosted {
    pub visit: Visit,
    pub form: Pairs,
}

impl FromRequest<Arc<Services>> for LastPosted {
    type Rejection = ConnectError;

    async fn from_request(
        request: Request,
        services: &Arc<Services>,
    ) -> Result<Self, ConnectError> {
        let (mut parts, body) = request.into_parts();
        let mut visit = Visit::of(&mut parts, services).await?;
        match visit.goes_on() {
            Ok(()) | Err(ConnectError::Over) => {}
            Err(error) => return Err(error),
        }
        let page = parts.uri.path().to_owned();
        let form = visit.form(Request::from_parts(parts, body)).await?;
        visit.walk.form = repeat::fingerprint(&page, &form);
        Ok(Self { visit, form })
    }
}
