//! What an endpoint that commands a vehicle is, and the one handler that serves them all.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use carport_connector::SendError;
use carport_model::unit::UnitSystem;
use carport_model::{Command, Permission, Signal, error};
use carport_web::query::Pairs;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::endpoint::{Parameter, View, capable, json, json_of, query_for, unit_system};
use super::error::V2Error;
use super::fields::Fields;
use super::values::{Asked, Values};
use crate::VehicleApi;
use crate::access::VehicleAccess;
use crate::openapi::Shape;

/// An endpoint that commands a vehicle.
pub struct Order {
    /// `POST` but for a few.
    pub method: Method,
    /// Path below `/vehicles/{id}`.
    pub path: &'static str,
    /// Brand whose cars alone take it; `None` for all.
    pub make: Option<&'static str>,
    /// Permission it needs; a car that cannot do it answers `VEHICLE_NOT_CAPABLE`.
    pub permission: Permission,
    /// What its query may say, for the OpenAPI document.
    pub query: &'static [Parameter],
    /// Reads the command out of what was sent.
    pub command: fn(&Fields) -> Result<Command, V2Error>,
    /// Schema of what is sent, for the OpenAPI document; `None` when there is nothing to send.
    pub schema: Option<Shape>,
    /// What answers it.
    pub reply: Reply,
    /// One sentence for the OpenAPI document.
    pub summary: &'static str,
}

/// What a command that was carried out is answered with.
pub enum Reply {
    /// Two texts that are always the same.
    Done,
    /// The same with a message of its own.
    Message(fn(&Command) -> String),
    /// What the car shows then.
    Shows {
        /// Signals that it reads, in one go.
        signals: &'static [Signal],
        /// Makes the body.
        view: View,
        /// Schema of the body, for the OpenAPI document.
        schema: Shape,
    },
}

/// What is sent to most commands.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Action {
    /// What to do.
    pub action: String,
}

// Suites compare both texts to the letter (contract rest-v2, 2.12).
/// The answer to a command.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// `success`.
    pub status: &'static str,
    /// What was done.
    #[schema(value_type = String)]
    pub message: Cow<'static, str>,
}

impl Done {
    const SENT: Self = Self {
        status: "success",
        message: Cow::Borrowed("Successfully sent request to vehicle"),
    };
}

/// Route of a command.
pub fn order(order: &'static Order) -> MethodRouter<VehicleApi> {
    let method = MethodFilter::try_from(order.method.clone());
    on(
        method.expect("a method that commands use"),
        move |State(api): State<VehicleApi>,
              car: VehicleAccess,
              uri: Uri,
              headers: HeaderMap,
              body: Bytes| async move {
            let command = order.read(&car, &uri, &headers, &body)?;
            carry_out(&api, &car, order, command).await
        },
    )
}

/// A command, and the units of whoever sent it.
type Told = (Command, UnitSystem);

impl Order {
    /// Reads the command out of a request, in the check order of contract rest-v2, 3.3.
    fn read(
        &self,
        car: &VehicleAccess,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Told, V2Error> {
        car.allows(self.permission)?;
        let units = unit_system(headers)?;
        let command = (self.command)(&Fields::read(body, query_for(self.query, uri)?, units)?)?;
        Ok((command, units))
    }
}

/// Carries out a command and answers it.
async fn carry_out(
    api: &VehicleApi,
    car: &VehicleAccess,
    order: &Order,
    (command, units): Told,
) -> Result<Response, V2Error> {
    // A command reads nothing that could be older.
    let _ = car.enter(api)?;
    let fault = |fault| V2Error::fault(fault, car, api);
    capable(&car.0, order.make, Some(order.permission)).map_err(fault)?;
    match api.sender.send(&car.0, &command).await {
        Ok(()) => {}
        Err(SendError::Fault(failed)) => return Err(fault(failed)),
        Err(SendError::Store(failure)) => return Err(failure.into()),
    }
    match &order.reply {
        Reply::Done => Ok(json_of(&Done::SENT)),
        Reply::Message(message) => Ok(json_of(&Done {
            message: message(&command).into(),
            ..Done::SENT
        })),
        Reply::Shows { signals, view, .. } => {
            // As the next read finds it.
            let after = api.store.connected(car.0.user, car.0.vehicle.id).await?;
            let after = after.ok_or(&error::PERMISSION)?;
            let asked = Asked {
                car: &after,
                units,
                query: &Pairs::default(),
                now: api.clock.now(),
                links: &api.links,
            };
            let readings = api.reader.read(&after, signals).await.map_err(fault)?;
            let body = view(&Values::new(&readings, &asked)).map_err(fault)?;
            Ok(json(Box::<str>::from(body).into_string()))
        }
    }
}
