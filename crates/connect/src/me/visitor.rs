//! Who is at the owner's page. A browser has a cookie of this page alone; whether somebody has
//! entered by it, the store knows.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use carport_model::token::draw_secret;
use carport_model::{Digest, Secret, Timestamp};
use carport_store::Tx;
use carport_store::owners::Identity;
use carport_store::owners::visits::{self, Visit};
use carport_web::cookie::{self, Cookie};
use carport_web::sender::Remote;
use carport_web::{Form, Pairs, csrf};

use super::problem::MeError;
use crate::Services;

/// How long a visit goes on when nothing is done.
pub(crate) const IDLE: Duration = Duration::from_mins(30);
/// How long it goes on at most.
const LONGEST: Duration = Duration::from_hours(12);
/// How much of its time may be over before it is prolonged: not each page is a write.
const SPENT: Duration = Duration::from_mins(1);
/// The longest cookie that is looked at, in bytes: ours have 43.
const COOKIE: usize = 64;

/// A browser, whoever sits at it.
pub(crate) struct Guest {
    pub services: Arc<Services>,
    /// The cookie; of a browser that had none, the one it gets.
    secret: Secret<String>,
    is_fresh: bool,
    /// Where it speaks from, as far as the listener knows.
    pub from: Option<String>,
    /// What the store knows of it.
    pub visit: Option<Visit>,
}

/// Name of the cookie; the prefix is explained in `visit.rs` of Connect.
fn cookie_name(services: &Services) -> &'static str {
    if services.public_url.is_https() {
        "__Secure-carport_me"
    } else {
        "carport_me"
    }
}

impl Guest {
    async fn of(
        headers: &HeaderMap,
        from: Option<String>,
        services: &Arc<Services>,
    ) -> Result<Self, MeError> {
        let sent = cookie::read(headers, cookie_name(services));
        let sent = sent.filter(|sent| (32..=COOKIE).contains(&sent.len()));
        let Some(sent) = sent else {
            return Ok(Self {
                services: Arc::clone(services),
                secret: draw_secret(&services.rng),
                is_fresh: true,
                from,
                visit: None,
            });
        };
        let (cookie, now) = (Digest::of(sent), services.now());
        let find = async move |tx: &mut Tx<'_>| visits::find(tx, &cookie, now).await;
        Ok(Self {
            services: Arc::clone(services),
            secret: Secret::new(sent.to_owned()),
            is_fresh: false,
            from,
            visit: services.store.read(find).await?,
        })
    }

    /// Digest of the cookie.
    pub(crate) fn cookie(&self) -> Digest {
        Digest::of(self.secret.expose())
    }

    /// A digest of something together with the cookie.
    pub(crate) fn digest_of(&self, of: impl FnOnce(&str) -> Digest) -> Digest {
        of(self.secret.expose())
    }

    /// A field for this page's forms.
    pub(crate) fn csrf(&self) -> String {
        csrf::draw(self.secret.expose(), &self.services.rng)
    }

    /// The answer, with the cookie that a browser does not have yet.
    pub(crate) fn give(&self, answer: impl IntoResponse) -> Response {
        if self.is_fresh {
            with_cookie(&self.services, &self.secret, answer)
        } else {
            answer.into_response()
        }
    }

    /// Whom the visit waits for.
    pub(crate) fn waiting(&self) -> Option<&Visit> {
        self.visit
            .as_ref()
            .filter(|visit| visit.entered_at.is_none())
    }

    async fn form(&self, request: Request) -> Result<Pairs, MeError> {
        let Form(form) = Form::from_request(request, &self.services).await?;
        let is_met = !self.is_fresh && csrf::is_met(form.get(csrf::FIELD), self.secret.expose());
        is_met.then_some(form).ok_or(MeError::ForeignForm)
    }
}

fn from(extensions: &Extensions) -> Option<String> {
    let remote = extensions.get::<Remote>();
    remote.map(|remote| remote.subscriber())
}

/// Gives a browser a cookie.
pub(crate) fn with_cookie(
    services: &Services,
    secret: &Secret<String>,
    answer: impl IntoResponse,
) -> Response {
    let mut answer = answer.into_response();
    let cookie = Cookie {
        name: cookie_name(services),
        value: secret.expose(),
        path: "/me",
        lives: LONGEST,
        secure: services.public_url.is_https(),
    };
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

impl FromRequestParts<Arc<Services>> for Guest {
    type Rejection = MeError;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, MeError> {
        Self::of(&parts.headers, from(&parts.extensions), services).await
    }
}

/// Somebody who has entered.
pub(crate) struct Owner {
    pub guest: Guest,
    pub identity: Identity,
    pub now: Timestamp,
}

impl Owner {
    async fn of(guest: Guest) -> Result<Self, MeError> {
        let visit = guest.visit.as_ref().ok_or(MeError::SignedOut)?;
        let entered_at = visit.entered_at.ok_or(MeError::SignedOut)?;
        let now = guest.services.now();
        let until = now.plus(IDLE).min(entered_at.plus(LONGEST));
        if until > visit.expires_at.plus(SPENT) {
            let cookie = guest.cookie();
            let unit = async move |tx: &mut Tx<'_>| visits::prolong(tx, &cookie, until).await;
            guest.services.store.write(unit).await?;
        }
        Ok(Self {
            identity: visit.identity.clone(),
            guest,
            now,
        })
    }

    pub(crate) fn services(&self) -> &Arc<Services> {
        &self.guest.services
    }
}

impl FromRequestParts<Arc<Services>> for Owner {
    type Rejection = MeError;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, MeError> {
        Self::of(Guest::from_request_parts(parts, services).await?).await
    }
}

/// A form that a page of this browser posted.
pub(crate) struct Posted {
    pub guest: Guest,
    pub form: Pairs,
}

impl FromRequest<Arc<Services>> for Posted {
    type Rejection = MeError;

    async fn from_request(request: Request, services: &Arc<Services>) -> Result<Self, MeError> {
        let guest = Guest::of(request.headers(), from(request.extensions()), services).await?;
        let form = guest.form(request).await?;
        Ok(Self { guest, form })
    }
}

/// A form of somebody who has entered.
pub(crate) struct Decided {
    pub owner: Owner,
    pub form: Pairs,
}

impl FromRequest<Arc<Services>> for Decided {
    type Rejection = MeError;

    async fn from_request(request: Request, services: &Arc<Services>) -> Result<Self, MeError> {
        let guest = Guest::of(request.headers(), from(request.extensions()), services).await?;
        // Who was signed out meanwhile is told so, and not that a form is out of date.
        if guest
            .visit
            .as_ref()
            .is_none_or(|visit| visit.entered_at.is_none())
        {
            return Err(MeError::SignedOut);
        }
        let form = guest.form(request).await?;
        let owner = Owner::of(guest).await?;
        Ok(Self { owner, form })
    }
}
