//! Who may control what: an application its own things, with its management token; on a `dev`
//! server also whoever comes without credentials, except through a web page.

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use carport_model::{ApplicationId, error};
use carport_web::origin::{is_loopback, origin_of};
use carport_web::{Learned, credentials};

use super::body::is_json;
use super::{Open, SimulatorApi};
use crate::error::ManagementError;

/// What browsers tell of where a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A caller of the control API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Controller {
    /// An application: its own things only.
    Application(ApplicationId),
    /// Somebody at the machine of a `dev` server: everything. Who names no application means this
    /// one; none only while the server starts.
    Developer(Option<ApplicationId>),
}

impl Controller {
    /// Whether things of this application may be seen and changed.
    #[must_use]
    pub fn may_control(&self, application: ApplicationId) -> bool {
        match *self {
            Self::Application(own) => own == application,
            Self::Developer(_) => true,
        }
    }

    /// The application to which lists are narrowed; `None` when all may be seen.
    #[must_use]
    pub fn sees_only(&self) -> Option<ApplicationId> {
        match *self {
            Self::Application(own) => Some(own),
            Self::Developer(_) => None,
        }
    }

    /// The application for which something is made: the one that was named, or else the caller's
    /// own.
    ///
    /// # Errors
    /// `VALIDATION` of `application` when it is none that the caller may control, or none was named
    /// and there is no usual one.
    pub fn acts_for(&self, named: Option<ApplicationId>) -> Result<ApplicationId, ManagementError> {
        let usual = match *self {
            Self::Application(own) => Some(own),
            Self::Developer(usual) => usual,
        };
        named
            .or(usual)
            .filter(|application| self.may_control(*application))
            .ok_or_else(|| {
                let advice = "Name the application whose management token you send, or none.";
                ManagementError::validation("application", advice)
            })
    }
}

impl FromRequestParts<SimulatorApi> for Controller {
    type Rejection = ManagementError;

    async fn from_request_parts(
        parts: &mut Parts,
        api: &SimulatorApi,
    ) -> Result<Self, ManagementError> {
        if let Some(open) = &api.open
            && !parts.headers.contains_key(AUTHORIZATION)
        {
            return open.admit(parts, &api.public_url);
        }
        let sent = credentials::basic(&parts.headers).ok_or(&error::AUTHENTICATION)?;
        let known = api.store.managed_application(sent.secret.expose()).await?;
        let application = known.ok_or(&error::AUTHENTICATION)?;
        Learned::of(&parts.extensions).note_application(application);
        Ok(Self::Application(application))
    }
}

impl Open {
    /// A page that the developer happens to look at can make the browser send requests here, and
    /// by a name of its own that leads to this machine even read the answers: its requests carry
    /// that name, its origin, or a body in one of the forms that pages may send unasked.
    fn admit(&self, parts: &Parts, public_url: &str) -> Result<Controller, ManagementError> {
        let headers = &parts.headers;
        let host = match parts.uri.authority() {
            Some(authority) => Some(authority.as_str()),
            None => text(headers, &HOST),
        };
        let address = |host: &str| origin_of(&format!("http://{host}"));
        let public = origin_of(public_url);
        let is_public = |host: &str| {
            let https = origin_of(&format!("https://{host}"));
            public.is_some() && (address(host) == public || https == public)
        };
        let host = host.filter(|host| is_loopback(host) || is_public(host));
        let host = host.ok_or_else(|| refused("host", "Call this machine as localhost."))?;
        let is_ours = |origin: &str| {
            let origin = Some(origin.to_owned());
            origin == public || origin == address(host)
        };
        let from_page = || {
            refused(
                "origin",
                "Web pages may not control this server. Call it from a program.",
            )
        };
        if headers.contains_key(ORIGIN) && !text(headers, &ORIGIN).is_some_and(is_ours) {
            return Err(from_page());
        }
        if text(headers, &FETCH_SITE).is_some_and(|site| matches!(site, "cross-site" | "same-site"))
        {
            return Err(from_page());
        }
        if headers.contains_key(CONTENT_TYPE) && !is_json(headers) {
            return Err(refused("content-type", "Send application/json."));
        }
        Ok(Controller::Developer(self.application.get().copied()))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn refused(header: &'static str, advice: &str) -> ManagementError {
    let advice = format!(
        "{advice} Without credentials, this server is controlled from its own machine only; the management token opens it too."
    );
    ManagementError::forbidden(header, advice)
}
