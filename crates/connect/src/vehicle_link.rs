//! Links about one connected vehicle, which answers of the vehicle API hand out for the application
//! to complete: `/oauth/reauthenticate`. They are judged in the order of links for access (contract
//! connect-oauth, A.3), and the run that they open never asks which car.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use carport_model::run::{Aim, ConnectRequest, ResponseType, RunError};
use carport_model::{RequestId, VehicleId};
use carport_store::Tx;
use carport_web::Pairs;

use crate::Services;
use crate::authorize::parse::{self, Parsed};
use crate::authorize::validate::{self, Judged, Refusal, conflicts, error, invalid};
use crate::authorize::{self, asking};
use crate::problem::ConnectError;
use crate::subject::Subject;

/// Starts a run for a new sign-in; `HEAD` answers the same and starts none.
pub(crate) async fn get_reauthenticate(
    State(services): State<Arc<Services>>,
    method: Method,
    headers: HeaderMap,
    id: Option<Extension<RequestId>>,
    RawQuery(query): RawQuery,
) -> Result<Response, ConnectError> {
    let judged = match Link::parse(query.as_deref().unwrap_or_default()) {
        Some(link) => judge(&services, &link).await?,
        None => Err(Refusal::NotUtf8),
    };
    authorize::opened(&services, judged, (&method, &headers), id).await
}

/// The query of such a link.
struct Link {
    /// What it shares with links for access.
    common: Parsed,
    /// `vehicle_id`.
    vehicle: Option<String>,
}

impl Link {
    fn parse(query: &str) -> Option<Self> {
        let query = Pairs::parse(query).ok()?;
        let mut common = parse::parse(&query);
        Some(Self {
            vehicle: parse::single(&query, "vehicle_id", &mut common.conflicts),
            common,
        })
    }

    /// The vehicle that it names.
    fn vehicle(&self) -> Result<VehicleId, RunError> {
        conflicts(&self.common, "vehicle_id")?;
        let sent = self.vehicle.as_deref();
        sent.ok_or_else(|| invalid("vehicle_id is missing."))?
            .parse()
            .map_err(|_| invalid("vehicle_id is not a UUID."))
    }
}

/// Checks 1 to 3, and then those of the link.
async fn judge(services: &Services, link: &Link) -> Result<Result<Judged, Refusal>, ConnectError> {
    let (application, registered) = match asking(services, &link.common).await? {
        Ok(known) => known,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let redirect_uri = match redirect_uri(&link.common, &registered) {
        Ok(uri) => uri,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut request = validate::unjudged(&link.common, &application, redirect_uri);
    let filled = fill(services, &mut request, link).await?;
    Ok(Ok(match filled {
        Ok(()) => Judged::Valid(request),
        Err(error) => Judged::Misconfigured(request, error),
    }))
}

/// Check 3. Such a link never falls back to the default: it was handed out to be completed. Only a
/// run that needs nowhere to go back to does without.
fn redirect_uri(parsed: &Parsed, registered: &[String]) -> Result<Option<String>, Refusal> {
    match validate::sent_redirect_uri(parsed, registered)? {
        Some(uri) => Ok(Some(uri)),
        None if parsed.response_type.as_deref() == Some("none") => Ok(None),
        None => Err(Refusal::RedirectUriLeftOut),
    }
}

/// What follows once there is a way back. Fills `request` as far as it gets.
async fn fill(
    services: &Services,
    request: &mut ConnectRequest,
    link: &Link,
) -> Result<Result<(), RunError>, ConnectError> {
    let vehicle = match response_type(&link.common).and_then(|kind| {
        request.response_type = kind;
        link.vehicle()
    }) {
        Ok(vehicle) => vehicle,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let application = request.application;
    let find = services.store.read(async move |tx: &mut Tx<'_>| {
        Ok::<_, ConnectError>(Subject::find(tx, application, vehicle).await?)
    });
    let Some(subject) = find.await? else {
        return Ok(Err(invalid(
            "vehicle_id names no vehicle that is connected to this application. Send the owner to \
             /oauth/authorize to connect it.",
        )));
    };
    Ok(take_over(services, request, link, &subject))
}

/// `vehicle_id` as in the links that the API hands out, or `none` (contract connect-oauth, A.7).
fn response_type(parsed: &Parsed) -> Result<ResponseType, RunError> {
    conflicts(parsed, "response_type")?;
    match parsed.response_type.as_deref() {
        Some("vehicle_id") => Ok(ResponseType::VehicleId),
        Some("none") => Ok(ResponseType::None),
        None => Err(invalid(
            "response_type is missing. Send vehicle_id or none.",
        )),
        Some(_) => Err(error(
            "unsupported_response_type",
            "response_type is neither vehicle_id nor none.",
        )),
    }
}

/// Everything that the vehicle decides: mode, brand, and what an owner is asked who has not allowed
/// it yet.
fn take_over(
    services: &Services,
    request: &mut ConnectRequest,
    link: &Link,
    subject: &Subject,
) -> Result<(), RunError> {
    request.mode = subject.vehicle.mode;
    request.scope = subject.granted().into();
    let brand = services.brands.get(subject.brand());
    let brand = brand.ok_or_else(|| {
        error(
            "server_error",
            "The brand of this vehicle is not in the catalogue of this Carport any more.",
        )
    })?;
    request.make = Some(brand.id.clone());
    validate::rest(request, &link.common)?;
    if services.connectors.of(request.mode).is_none() {
        return Err(error(
            "server_error",
            "This Carport has no connection to the cars of this vehicle’s mode any more.",
        ));
    }
    request.aim = Aim::Reauthentication(subject.vehicle.id);
    Ok(())
}
