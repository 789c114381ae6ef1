//! Judging an authorization request, in the order of contract connect-oauth, A.3.

use carport_model::application::Application;
use carport_model::code_challenge::CodeChallenge;
use carport_model::run::{Aim, ConnectRequest, ResponseType, RunError, Step};
use carport_model::scope::Scope;
use carport_model::{ApplicationId, BrandId, Brands, Mode, Vin};
use carport_web::words::t;

use super::parse::Parsed;
use crate::{flow, redirect};

/// A request that never leaves its error page: it failed one of the checks 1 to 3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Check 1.
    #[error(
        "{}",
        t(
            "client_id (or application_id) is missing, is not a UUID, or was sent twice with \
             different values."
        )
    )]
    Client,
    /// Check 2; does not tell whether the application exists.
    #[error("{}", t("client_id names no application that can be used here."))]
    Application,
    /// Check 3, when one was sent.
    #[error(
        "{}",
        t(
            "redirect_uri is not one of the registered redirect URIs. They are compared byte for \
             byte."
        )
    )]
    RedirectUri,
    /// Check 3, when none was sent.
    #[error(
        "{}",
        t("redirect_uri is missing, and the application has no registered redirect URI.")
    )]
    NoRedirectUri,
    /// None was sent with a link that names none by itself.
    #[error(
        "{}",
        t("redirect_uri is missing. Append one of the registered redirect URIs to the link.")
    )]
    RedirectUriLeftOut,
    /// The query is not UTF-8.
    #[error("{}", t("the query is not UTF-8 once percent-decoded."))]
    NotUtf8,
}

/// A request that may have a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// It is in order.
    Valid(ConnectRequest),
    /// The run begins and ends at the error page; what could be read goes with it, so that *Exit*
    /// finds its way back.
    Misconfigured(ConnectRequest, RunError),
}

impl Judged {
    /// The page on which its run begins.
    pub(crate) const fn first_page(&self) -> Step {
        match self {
            Self::Valid(request) => flow::first_page(request.aim, false),
            Self::Misconfigured(request, _) => flow::first_page(request.aim, true),
        }
    }
}

/// What the request is held against.
pub struct Against<'a> {
    /// The application of check 2.
    pub application: &'a Application,
    /// Its redirect URIs, the default first.
    pub redirect_uris: &'a [String],
    /// The catalogue.
    pub brands: &'a Brands,
    /// Whether real cars can be reached.
    pub live: bool,
}

/// The longest `state` that is kept and echoed, in bytes. Browsers and servers take addresses of
/// that length, and nobody fills the disk with it.
const STATE: usize = 8 * 1024;

/// Check 1: who asks.
///
/// # Errors
/// [`Refusal::Client`].
pub fn client(parsed: &Parsed) -> Result<ApplicationId, Refusal> {
    let conflict = ["client_id", "application_id"]
        .iter()
        .any(|name| parsed.conflicts.contains(name));
    let ids = [&parsed.client_id, &parsed.application_id];
    let mut ids = ids.into_iter().flatten();
    match (ids.next(), ids.next()) {
        (Some(id), None) if !conflict => id.parse().map_err(|_| Refusal::Client),
        (Some(one), Some(two)) if !conflict && one == two => {
            one.parse().map_err(|_| Refusal::Client)
        }
        _ => Err(Refusal::Client),
    }
}

/// Checks 3 to 12, once the application is known.
///
/// # Errors
/// A [`Refusal`] of check 3.
pub fn validate(parsed: &Parsed, against: &Against<'_>) -> Result<Judged, Refusal> {
    let redirect_uri = redirect_uri(parsed, against.redirect_uris)?;
    let mut request = unjudged(parsed, against.application, redirect_uri);
    Ok(match fill(&mut request, parsed, against) {
        Ok(()) => Judged::Valid(request),
        Err(error) => Judged::Misconfigured(request, error),
    })
}

/// What can be taken over before anything else is looked at.
pub(crate) fn unjudged(
    parsed: &Parsed,
    application: &Application,
    redirect_uri: Option<String>,
) -> ConnectRequest {
    ConnectRequest {
        application: application.id,
        aim: Aim::Access,
        response_type: ResponseType::Code,
        redirect_uri_given: parsed.redirect_uri.is_some(),
        redirect_uri,
        scope: Scope::default(),
        state: parsed.state.clone().filter(|state| state.len() <= STATE),
        force_approval: false,
        mode: Mode::Live,
        make: None,
        single_select: false,
        single_select_vin: None,
        flags: parsed.flags.clone(),
        user: parsed.user.clone(),
        external_id: parsed.external_id.clone(),
        app_origin: parsed.app_origin.clone(),
        sdk_platform: parsed.sdk_platform.clone(),
        sdk_version: parsed.sdk_version.clone(),
        challenge: None,
    }
}

/// Check 3. With `response_type=none` an absent URI means that Connect's own last page ends the
/// run, whatever is registered (contract connect-oauth, B.8 step 8).
fn redirect_uri(parsed: &Parsed, registered: &[String]) -> Result<Option<String>, Refusal> {
    if let Some(sent) = sent_redirect_uri(parsed, registered)? {
        return Ok(Some(sent));
    }
    if parsed.response_type.as_deref() == Some("none") {
        return Ok(None);
    }
    let default = registered.first().ok_or(Refusal::NoRedirectUri)?;
    safe(default).map(Some)
}

/// The registered URI that the request itself names.
pub(crate) fn sent_redirect_uri(
    parsed: &Parsed,
    registered: &[String],
) -> Result<Option<String>, Refusal> {
    if parsed.conflicts.contains(&"redirect_uri") {
        return Err(Refusal::RedirectUri);
    }
    let Some(sent) = &parsed.redirect_uri else {
        return Ok(None);
    };
    let known = registered.iter().find(|uri| *uri == sent);
    safe(known.ok_or(Refusal::RedirectUri)?).map(Some)
}

/// Registration refuses these too; a row that got in otherwise must not run in our pages.
fn safe(uri: &str) -> Result<String, Refusal> {
    if redirect::is_unsafe(uri) {
        return Err(Refusal::RedirectUri);
    }
    Ok(uri.to_owned())
}

/// Checks 4 to 9 and what follows from them. Fills `request` as far as it gets.
fn fill(
    request: &mut ConnectRequest,
    parsed: &Parsed,
    against: &Against<'_>,
) -> Result<(), RunError> {
    conflicts(parsed, "response_type")?;
    request.response_type = match parsed.response_type.as_deref() {
        Some("code") => ResponseType::Code,
        Some("none") => ResponseType::None,
        None => return Err(invalid("response_type is missing. Send code or none.")),
        Some(_) => {
            return Err(error(
                "unsupported_response_type",
                "response_type is neither code nor none.",
            ));
        }
    };
    conflicts(parsed, "mode")?;
    request.mode = match parsed.mode.as_deref() {
        None => Mode::Live,
        Some(mode) => mode
            .parse()
            .map_err(|_| invalid("mode is none of live, simulated and test."))?,
    };
    conflicts(parsed, "scope")?;
    request.scope = scope(parsed, against.application)?;
    choices(request, parsed)?;
    request.challenge = challenge(request.response_type, parsed, against.application)?;
    vehicle(request, parsed, against.brands)?;
    rest(request, parsed)?;
    if request.mode == Mode::Live && !against.live {
        return Err(invalid(
            "This Carport has no connection to real cars yet. Send mode=test for generated cars, \
             or mode=simulated for cars that follow a simulation.",
        ));
    }
    Ok(())
}

/// What no other check looked at: repeats, and a state that was not taken over.
pub(crate) fn rest(request: &ConnectRequest, parsed: &Parsed) -> Result<(), RunError> {
    if let Some(name) = parsed.conflicts.first() {
        conflicts(parsed, name)?;
    }
    if request.state != parsed.state {
        return Err(invalid(&format!("state is longer than {STATE} bytes.")));
    }
    Ok(())
}

/// Check 6.
fn scope(parsed: &Parsed, application: &Application) -> Result<Scope, RunError> {
    let scope = match &parsed.scope {
        Some(text) => text
            .parse::<Scope>()
            .map_err(|unknown| error("invalid_scope", &format!("scope: {unknown}.")))?,
        None => application.default_scope.clone(),
    };
    if scope.is_empty() {
        return Err(error(
            "invalid_scope",
            "scope is missing, and the application has no vehicle access configured. Ask for at \
             least one permission.",
        ));
    }
    Ok(scope)
}

/// Check 7.
fn choices(request: &mut ConnectRequest, parsed: &Parsed) -> Result<(), RunError> {
    conflicts(parsed, "approval_prompt")?;
    request.force_approval = match parsed.approval_prompt.as_deref() {
        None | Some("auto") => false,
        Some("force") => true,
        Some(_) => return Err(invalid("approval_prompt is neither auto nor force.")),
    };
    conflicts(parsed, "single_select")?;
    request.single_select = match parsed.single_select.as_deref() {
        None => false,
        Some(value) if value.eq_ignore_ascii_case("false") => false,
        Some(value) if value.eq_ignore_ascii_case("true") => true,
        Some(_) => return Err(invalid("single_select is neither true nor false.")),
    };
    Ok(())
}

/// PKCE: a Carport addition, so it is checked after the documented rules about the same request
/// (contract connect-oauth, B.7).
fn challenge(
    response_type: ResponseType,
    parsed: &Parsed,
    application: &Application,
) -> Result<Option<CodeChallenge>, RunError> {
    conflicts(parsed, "code_challenge")?;
    conflicts(parsed, "code_challenge_method")?;
    let method = parsed.code_challenge_method.as_deref();
    match &parsed.code_challenge {
        Some(challenge) => CodeChallenge::parse(challenge, method)
            .map(Some)
            .map_err(|wrong| invalid(&format!("{wrong}."))),
        None if method.is_some() => Err(invalid(
            "code_challenge_method was sent without code_challenge.",
        )),
        None if response_type == ResponseType::Code
            && (application.public || application.require_pkce) =>
        {
            Err(invalid(
                "This application must use PKCE. Send code_challenge and code_challenge_method=S256.",
            ))
        }
        None => Ok(None),
    }
}

/// Checks 8 and 9. The VIN takes precedence over `make`, which then is not looked at.
fn vehicle(request: &mut ConnectRequest, parsed: &Parsed, brands: &Brands) -> Result<(), RunError> {
    conflicts(parsed, "single_select_vin")?;
    let Some(vin) = &parsed.single_select_vin else {
        conflicts(parsed, "make")?;
        request.make = parsed
            .make
            .as_deref()
            .map(|make| brand(make, brands))
            .transpose()?;
        return Ok(());
    };
    let vin: Vin = vin
        .parse()
        .map_err(|_| invalid("single_select_vin does not have 17 letters and digits."))?;
    let mode = request.mode;
    let simulated_only = vin.is_simulated() && mode != Mode::Simulated;
    if (mode == Mode::Live && vin.is_mock()) || simulated_only {
        let (kind, send) = if vin.is_simulated() {
            ("simulated", "mode=simulated")
        } else {
            ("test", "mode=test")
        };
        return Err(invalid(&format!(
            "single_select_vin belongs to a {kind} vehicle; mode is {mode}. Send {send}, or the \
             VIN of a vehicle of this mode."
        )));
    }
    // A VIN that tells no brand leads to the brand page, no harm done.
    request.make = vin.brand(brands).map(|brand| brand.id.clone());
    request.single_select_vin = Some(vin);
    request.single_select = true;
    Ok(())
}

fn brand(make: &str, brands: &Brands) -> Result<BrandId, RunError> {
    let found = brands.find(make).map(|brand| brand.id.clone());
    found.ok_or_else(|| invalid("make is not a brand that Carport knows."))
}

/// Repeats with different values are a configuration error (parsing rule 2).
pub(crate) fn conflicts(parsed: &Parsed, name: &str) -> Result<(), RunError> {
    if parsed.conflicts.contains(&name) {
        return Err(invalid(&format!(
            "{name} was sent more than once, with different values."
        )));
    }
    Ok(())
}

pub(crate) fn invalid(message: &str) -> RunError {
    error("invalid_request", message)
}

pub(crate) fn error(code: &str, message: &str) -> RunError {
    let message = message.chars().filter(|letter| !letter.is_control());
    RunError {
        message: message.take(256).collect(),
        oauth_error: code.to_owned(),
    }
}
