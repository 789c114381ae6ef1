//! Who may control what: an application its own things, with its management token; on a `dev`
//! server also whoever comes without credentials, except through a web page.

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use carport_model::{ApplicationId, error};
use carport_web::sender::Called;
use carport_web::{Learned, credentials};

use super::body::is_json;
use super::{Open, SimulatorApi};
use crate::error::ManagementError;

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
        let called = Called::of(parts, public_url);
        let called = called.ok_or_else(|| refused("host", "Call this machine as localhost."))?;
        if !called.is_sent_by_own(headers) {
            let advice = "Web pages may not control this server. Call it from a program.";
            return Err(refused("origin", advice));
        }
        if headers.contains_key(CONTENT_TYPE) && !is_json(headers) {
            return Err(refused("content-type", "Send application/json."));
        }
        Ok(Controller::Developer(self.application.get().copied()))
    }
}

fn refused(header: &'static str, advice: &str) -> ManagementError {
    let advice = format!(
        "{advice} Without credentials, this server is controlled from its own machine only; the management token opens it too."
    );
    ManagementError::forbidden(header, advice)
}
