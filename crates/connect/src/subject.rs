//! The connected vehicle that a run is about, when its link named one.

use carport_connector::AccountKey;
use carport_model::{Account, ApplicationId, BrandId, Permission, Permissions, Vehicle, VehicleId};
use carport_store::connections::{self, VehicleConnection};
use carport_store::{StoreError, Tx, vehicles};

/// A vehicle and its connections to the application, at least one.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub vehicle: Vehicle,
    connections: Vec<VehicleConnection>,
}

impl Subject {
    /// The vehicle, while it is connected to this application.
    pub(crate) async fn find(
        tx: &mut Tx<'_>,
        application: ApplicationId,
        vehicle: VehicleId,
    ) -> Result<Option<Self>, StoreError> {
        let found = vehicles::by_id(tx, vehicle).await?;
        let Some(vehicle) = found.filter(|vehicle| vehicle.application == application) else {
            return Ok(None);
        };
        let connections = connections::of_vehicle(tx, vehicle.id).await?;
        Ok((!connections.is_empty()).then_some(Self {
            vehicle,
            connections,
        }))
    }

    /// The brand at which its owner has an account; that of the longest connected one.
    pub(crate) fn brand(&self) -> &BrandId {
        self.connections
            .first()
            .map_or(&self.vehicle.car.make, |connection| {
                &connection.reached_by.brand
            })
    }

    /// Everything that the application was granted for it, by whomever.
    pub(crate) fn granted(&self) -> Permissions {
        permissions(self.connections.iter())
    }

    /// What the owner of an account has allowed the application for it.
    pub(crate) fn allowed_by(&self, account: &AccountKey) -> Permissions {
        permissions(self.through(account))
    }

    /// Whether it is connected through an account.
    pub(crate) fn is_connected_through(&self, account: &AccountKey) -> bool {
        self.through(account).next().is_some()
    }

    fn through(&self, account: &AccountKey) -> impl Iterator<Item = &VehicleConnection> {
        let is = move |known: &Account| {
            known.mode == account.mode
                && known.brand == account.brand
                && known.login == account.login
        };
        let connections = self.connections.iter();
        connections.filter(move |connection| is(&connection.own) || is(&connection.reached_by))
    }
}

fn permissions<'a>(connections: impl Iterator<Item = &'a VehicleConnection>) -> Permissions {
    connections
        .flat_map(|connection| connection.permissions.as_slice())
        .copied()
        .collect::<Vec<Permission>>()
        .into()
}
