//! Carries requests about owners of cars out, at the wish of whoever runs commands on the server's
//! machine: the audit log says so.

use carport_connect::me;
use carport_model::{Permission, Precision, VehicleId};
use carport_store::owners::acts::{self, Meant};
use carport_store::owners::{Identity, Shared, shared_by};
use carport_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ACTOR, told};
use crate::server::Parts;

/// What commands ask of an owner of cars, by their login.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OwnerRequest {
    /// Lists what they share.
    Show {
        /// Whose.
        login: String,
    },
    /// Takes access back.
    Revoke {
        /// Whose.
        login: String,
        /// All cars of an application.
        application: Option<String>,
        /// One car, as its application knows it.
        vehicle: Option<String>,
        /// One permission of that car.
        permission: Option<Permission>,
    },
    /// Sets how exactly an application may know where a car is.
    Location {
        /// Whose.
        login: String,
        /// The car.
        vehicle: String,
        /// `exact`, `1km` or `10km`.
        precision: String,
    },
    /// Everything that is kept of them.
    Export {
        /// Whose.
        login: String,
    },
    /// Erases everything that is kept of them.
    Erase {
        /// Whose.
        login: String,
    },
}

/// Without what it says: a login is somebody's e-mail address.
impl std::fmt::Debug for OwnerRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OwnerRequest(…)")
    }
}

/// A car that an application reaches, as commands show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedView {
    /// The application.
    pub application: Named,
    /// The car, as the application knows it.
    pub vehicle: Named,
    /// `test`, `simulated` or `live`.
    pub mode: String,
    /// What the application may do.
    pub permissions: Vec<String>,
    /// `exact`, `1km` or `10km`.
    pub location: String,
    /// Since when; RFC 3339.
    pub connected_at: String,
}

/// Something with an id and a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

impl SharedView {
    fn of(shared: &Shared) -> Self {
        let car = &shared.car;
        Self {
            application: Named {
                id: shared.application.to_string(),
                name: shared.name.clone(),
            },
            vehicle: Named {
                id: shared.vehicle.to_string(),
                name: format!("{} {} {}", car.make.as_str(), car.model, car.year),
            },
            mode: shared.mode.as_str().to_owned(),
            permissions: shared
                .permissions
                .as_slice()
                .iter()
                .map(|permission| permission.name().to_owned())
                .collect(),
            location: shared.precision.as_str().to_owned(),
            connected_at: shared.connected_at.to_string(),
        }
    }
}

/// Carries a request out.
pub(super) async fn carry_out(parts: &Parts, request: &OwnerRequest) -> Result<Value, String> {
    let services = &parts.connect;
    let now = parts.clock.now();
    match request {
        OwnerRequest::Show { login } => {
            let all = shared(parts, &Identity::email(login)).await?;
            Ok(json!(all.iter().map(SharedView::of).collect::<Vec<_>>()))
        }
        OwnerRequest::Revoke {
            login,
            application,
            vehicle,
            permission,
        } => {
            let identity = Identity::email(login);
            let all = shared(parts, &identity).await?;
            let unit = match (application, vehicle, permission) {
                (_, Some(vehicle), Some(permission)) => {
                    let Shared { user, vehicle, .. } = the_car(&all, vehicle)?;
                    let permission = *permission;
                    let unit = async move |tx: &mut Tx<'_>| {
                        let of = (&identity, ACTOR);
                        acts::take_back(tx, of, (user, vehicle), permission, now).await
                    };
                    parts.store.write(unit).await
                }
                (_, None, Some(_)) => {
                    return Err(
                        "A permission is taken back of one car: name its vehicle.".to_owned()
                    );
                }
                (application, vehicle, None) => {
                    let meant = meant(&all, application.as_deref(), vehicle.as_deref())?;
                    let unit = async move |tx: &mut Tx<'_>| {
                        acts::revoke(tx, (&identity, ACTOR), meant, now).await
                    };
                    parts.store.write(unit).await.map(|ended| ended > 0)
                }
            };
            done(unit)
        }
        OwnerRequest::Location {
            login,
            vehicle,
            precision,
        } => {
            let identity = Identity::email(login);
            let precision: Precision = precision
                .parse()
                .map_err(|error: carport_model::precision::UnknownPrecision| error.to_string())?;
            let all = shared(parts, &identity).await?;
            let Shared { user, vehicle, .. } = the_car(&all, vehicle)?;
            let unit = async move |tx: &mut Tx<'_>| {
                acts::set_precision(tx, (&identity, ACTOR), (user, vehicle), precision, now).await
            };
            done(parts.store.write(unit).await)
        }
        OwnerRequest::Export { login } => {
            let identity = Identity::email(login);
            let file = me::exported(services, (&identity, ACTOR), now).await;
            file.map_err(told)
        }
        OwnerRequest::Erase { login } => {
            let identity = Identity::email(login);
            let erased = me::erased(services, (&identity, ACTOR), now).await;
            let erased = erased.map_err(told)?;
            Ok(json!({
                "accounts": erased.accounts,
                "connections": erased.connections,
                "vehicles": erased.vehicles.len(),
            }))
        }
    }
}

async fn shared(parts: &Parts, identity: &Identity) -> Result<Vec<Shared>, String> {
    let identity = identity.clone();
    let unit = async move |tx: &mut Tx<'_>| shared_by(tx, &identity).await;
    parts.store.scan(unit).await.map_err(told)
}

fn the_car(all: &[Shared], vehicle: &str) -> Result<Shared, String> {
    let id: Option<VehicleId> = vehicle.parse().ok();
    let found = all.iter().find(|shared| Some(shared.vehicle) == id);
    found.cloned().ok_or_else(|| {
        "This owner shares no such car. `carport owner show` lists what they share.".to_owned()
    })
}

fn meant(
    all: &[Shared],
    application: Option<&str>,
    vehicle: Option<&str>,
) -> Result<Meant, String> {
    if let Some(vehicle) = vehicle {
        let Shared { user, vehicle, .. } = the_car(all, vehicle)?;
        return Ok(Meant::One(user, vehicle));
    }
    let id = application.and_then(|id| id.parse().ok());
    let found = all.iter().find(|shared| Some(shared.application) == id);
    let found = found.ok_or_else(|| {
        "This owner shares nothing with such an application. `carport owner show` lists what they share."
            .to_owned()
    })?;
    Ok(Meant::Application(found.application))
}

fn done(unit: Result<bool, StoreError>) -> Result<Value, String> {
    match unit {
        Ok(true) => Ok(json!({ "changed": true })),
        Ok(false) => Err(
            "There was nothing to take back. `carport owner show` lists what they share."
                .to_owned(),
        ),
        Err(error) => Err(told(error)),
    }
}
