//! Links about one connected vehicle, which answers of the vehicle API hand out for the application
//! to complete: `/oauth/reauthenticate` and `/battery-capacity`. They are judged in the order of
//! links for access (contract connect-oauth, A.3), and the runs that they open never ask which car.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use carport_model::run::{Aim, ConnectRequest, ResponseType, RunError};
use carport_model::{LinkPurpose, RequestId, VehicleId};
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
    let judged = judge(&services, Kind::Reauthentication, query.as_deref()).await?;
    authorize::opened(&services, judged, (&method, &headers), id).await
}

/// Starts a run for the choice of a battery; `HEAD` answers the same and starts none.
pub(crate) async fn get_battery_capacity(
    State(services): State<Arc<Services>>,
    method: Method,
    headers: HeaderMap,
    id: Option<Extension<RequestId>>,
    RawQuery(query): RawQuery,
) -> Result<Response, ConnectError> {
    let judged = judge(&services, Kind::BatteryCapacity, query.as_deref()).await?;
    authorize::opened(&services, judged, (&method, &headers), id).await
}

/// Which of the links it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Reauthentication,
    BatteryCapacity,
}

/// The query of such a link.
struct Link {
    kind: Kind,
    /// What it shares with links for access.
    common: Parsed,
    /// `vehicle_id`.
    vehicle: Option<String>,
    /// `token`, which only the choice of a battery asks for: it needs no sign-in.
    token: Option<String>,
}

impl Link {
    fn parse(kind: Kind, query: &str) -> Option<Self> {
        let query = Pairs::parse(query).ok()?;
        let mut common = parse::parse(&query);
        Some(Self {
            kind,
            vehicle: parse::single(&query, "vehicle_id", &mut common.conflicts),
            token: parse::single(&query, "token", &mut common.conflicts),
            common,
        })
    }

    /// Check 3. Such a link never falls back to the default URI: it was handed out to be completed.
    /// Only a run that needs nowhere to go back to does without.
    fn redirect_uri(&self, registered: &[String]) -> Result<Option<String>, Refusal> {
        let wants_none = self.common.response_type.as_deref() == Some("none");
        match validate::sent_redirect_uri(&self.common, registered)? {
            Some(uri) => Ok(Some(uri)),
            None if wants_none && self.kind == Kind::Reauthentication => Ok(None),
            None => Err(Refusal::RedirectUriLeftOut),
        }
    }

    /// `vehicle_id` as in the links that the API hands out; to sign in again also `none` (contract
    /// connect-oauth, A.7).
    fn response_type(&self) -> Result<ResponseType, RunError> {
        conflicts(&self.common, "response_type")?;
        let (missing, other) = match self.kind {
            Kind::Reauthentication => (
                "response_type is missing. Send vehicle_id or none.",
                "response_type is neither vehicle_id nor none.",
            ),
            Kind::BatteryCapacity => (
                "response_type is missing. Send vehicle_id.",
                "response_type is not vehicle_id.",
            ),
        };
        match self.common.response_type.as_deref() {
            Some("vehicle_id") => Ok(ResponseType::VehicleId),
            Some("none") if self.kind == Kind::Reauthentication => Ok(ResponseType::None),
            None => Err(invalid(missing)),
            Some(_) => Err(error("unsupported_response_type", other)),
        }
    }

    /// The vehicle that it names.
    fn vehicle(&self) -> Result<VehicleId, RunError> {
        conflicts(&self.common, "vehicle_id")?;
        let sent = self.vehicle.as_deref();
        sent.ok_or_else(|| invalid("vehicle_id is missing."))?
            .parse()
            .map_err(|_| invalid("vehicle_id is not a UUID."))
    }

    /// Whether the link itself shows that it came from the vehicle API.
    fn opens(&self, services: &Services, vehicle: VehicleId) -> Result<(), RunError> {
        if self.kind == Kind::Reauthentication {
            return Ok(());
        }
        conflicts(&self.common, "token")?;
        let token = self.token.as_deref().unwrap_or_default();
        let (purpose, now) = (LinkPurpose::BatteryCapacity, services.now());
        if services.links.opens(token, purpose, vehicle, now) {
            return Ok(());
        }
        Err(invalid(
            "token does not open this vehicle, or has expired. Take a new link from \
             /battery/nominal_capacity and send it as it is, with redirect_uri.",
        ))
    }
}

/// Checks 1 to 3, and then those of the link.
async fn judge(
    services: &Services,
    kind: Kind,
    query: Option<&str>,
) -> Result<Result<Judged, Refusal>, ConnectError> {
    let Some(link) = Link::parse(kind, query.unwrap_or_default()) else {
        return Ok(Err(Refusal::NotUtf8));
    };
    let (application, registered) = match asking(services, &link.common).await? {
        Ok(known) => known,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let redirect_uri = match link.redirect_uri(&registered) {
        Ok(uri) => uri,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut request = validate::unjudged(&link.common, &application, redirect_uri);
    let filled = fill(services, &mut request, &link).await?;
    Ok(Ok(match filled {
        Ok(()) => Judged::Valid(request),
        Err(error) => Judged::Misconfigured(request, error),
    }))
}

/// What follows once there is a way back. Fills `request` as far as it gets.
async fn fill(
    services: &Services,
    request: &mut ConnectRequest,
    link: &Link,
) -> Result<Result<(), RunError>, ConnectError> {
    let named = link.response_type().and_then(|kind| {
        request.response_type = kind;
        let vehicle = link.vehicle()?;
        link.opens(services, vehicle).map(|()| vehicle)
    });
    let vehicle = match named {
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
    request.mode = subject.vehicle.mode;
    if let Err(wrong) = validate::rest(request, &link.common) {
        return Ok(Err(wrong));
    }
    Ok(match link.kind {
        Kind::Reauthentication => signs_in_again(services, request, &subject),
        Kind::BatteryCapacity => chooses_battery(request, &subject),
    })
}

/// The brand of the sign-in, and what an owner is asked who has not allowed it yet.
fn signs_in_again(
    services: &Services,
    request: &mut ConnectRequest,
    subject: &Subject,
) -> Result<(), RunError> {
    let brand = services.catalogue.brands.get(subject.brand());
    let brand = brand.ok_or_else(|| {
        error(
            "server_error",
            "The brand of this vehicle is not in the catalogue of this Carport any more.",
        )
    })?;
    if services.connectors.of(request.mode).is_none() {
        return Err(error(
            "server_error",
            "This Carport has no connection to the cars of this vehicle’s mode any more.",
        ));
    }
    request.make = Some(brand.id.clone());
    request.scope = subject.granted().into();
    request.aim = Aim::Reauthentication(subject.vehicle.id);
    Ok(())
}

fn chooses_battery(request: &mut ConnectRequest, subject: &Subject) -> Result<(), RunError> {
    if subject.vehicle.car.capacities.len() < 2 {
        return Err(invalid(
            "There is nothing to choose for this vehicle. Read /battery/nominal_capacity: its url \
             is null now.",
        ));
    }
    request.aim = Aim::BatteryCapacity(subject.vehicle.id);
    Ok(())
}
