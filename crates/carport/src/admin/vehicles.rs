//! Carries requests about connected vehicles out.

use carport_model::{BrandId, Mode, Permission, VehicleId};
use carport_store::disconnections::{self, Ending};
use carport_store::vehicle_lists::{self, Filter, From, Listed, Page, Search};
use carport_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ACTOR, logs, told};
use crate::server::Parts;

/// What commands ask of vehicles.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VehicleRequest {
    /// Lists connections, the newest first.
    List {
        /// Of this application.
        application: Option<String>,
        /// In this mode.
        mode: Option<Mode>,
        /// Of this make.
        make: Option<String>,
        /// With this permission.
        permission: Option<Permission>,
        /// What is searched for.
        search: Option<String>,
        /// How many at most.
        limit: u32,
    },
    /// Lists the connections to one.
    Show {
        /// Which.
        id: String,
    },
    /// Ends the connections to one.
    Disconnect {
        /// Which.
        id: String,
    },
}

/// Carries a request out.
///
/// # Errors
/// One line that says what to do.
pub(super) async fn carry_out(parts: &Parts, request: &VehicleRequest) -> Result<Value, String> {
    match request {
        VehicleRequest::List {
            application,
            mode,
            make,
            permission,
            search,
            limit,
        } => {
            let filter = Filter {
                applications: logs::id_if_any(application.as_deref(), "application")?
                    .map(|id| vec![id]),
                mode: *mode,
                make: make.as_deref().map(|make| brand(parts, make)).transpose()?,
                permission: *permission,
                search: search.as_deref().and_then(Search::read),
            };
            let found = list(parts, &filter, *limit as usize).await.map_err(told)?;
            Ok(found.iter().map(view).collect())
        }
        VehicleRequest::Show { id } => {
            let found = connections(parts, logs::id(id, "vehicle")?).await?;
            Ok(found.iter().map(view).collect())
        }
        VehicleRequest::Disconnect { id } => {
            let id = logs::id(id, "vehicle")?;
            let found = connections(parts, id).await?;
            let (application, now) = (found[0].application, parts.clock.now());
            let unit = async move |tx: &mut Tx<'_>| {
                let ending = Ending::Vehicle(id);
                disconnections::disconnect_as(tx, ACTOR, application, ending, now).await
            };
            let ended = parts.store.write(unit).await.map_err(told)?.len();
            Ok(json!({ "ended": ended }))
        }
    }
}

/// As many as are wanted, however far they lie apart.
async fn list(parts: &Parts, filter: &Filter, limit: usize) -> Result<Vec<Listed>, StoreError> {
    let mut found = Vec::new();
    let mut from = From::Newest;
    loop {
        let (filter, left) = (filter.clone(), limit - found.len());
        let unit =
            async move |tx: &mut Tx<'_>| vehicle_lists::page(tx, &filter, from, left, None).await;
        let page: Page = parts.store.scan(unit).await?;
        found.extend(page.listed);
        match page.looked_to {
            Some(place) if found.len() < limit => from = From::Older(place),
            _ => return Ok(found),
        }
    }
}

/// The connections to a vehicle, of which there is one at least; all of one application, as the vehicle.
async fn connections(parts: &Parts, id: VehicleId) -> Result<Vec<Listed>, String> {
    let unit = async move |tx: &mut Tx<'_>| vehicle_lists::of_vehicle(tx, id).await;
    let found: Vec<Listed> = parts.store.scan(unit).await.map_err(told)?;
    if found.is_empty() {
        return Err(
            "nobody is connected to such a vehicle; `carport vehicle list` lists those that are"
                .to_owned(),
        );
    }
    Ok(found)
}

fn brand(parts: &Parts, make: &str) -> Result<BrandId, String> {
    let make = make.to_ascii_uppercase();
    let brand = parts.connect.catalogue.brands.find(&make);
    brand.map(|brand| brand.id.clone()).ok_or_else(|| {
        format!("{make} is no make that Carport knows; one is written as Connect has it, such as CHEVROLET")
    })
}

fn view(listed: &Listed) -> Value {
    let car = &listed.car;
    // A VIN is for those who were granted it, and for nobody's terminal otherwise.
    let is_granted = listed.permissions.contains(Permission::ReadVin);
    let permissions = listed.permissions.as_slice();
    json!({
        "vehicleId": listed.place.vehicle.to_string(),
        "userId": listed.place.user.to_string(),
        "applicationId": listed.application.to_string(),
        "mode": listed.mode.as_str(),
        "make": car.make.as_str(),
        "model": car.model,
        "year": car.year,
        "vin": is_granted.then(|| car.vin.as_str()),
        "externalId": listed.external_id,
        "permissions": permissions.iter().map(|permission| permission.name()).collect::<Vec<_>>(),
        "connectedAt": listed.place.connected_at.to_string(),
    })
}
