//! A new sign-in for a vehicle that is connected: how it is reached from then on, and the end of the
//! run, in one unit. docs/adr/0009 tells why.

use carport_model::run::event::Event;
use carport_model::run::{Decision, ExternalId, Outcome, Progress};
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    AccountId, ApplicationId, BrandId, Mode, Permissions, RunId, Timestamp, UserId, VehicleId,
};

use crate::change_log::{self, Change};
use crate::engine::{Tx, Value};
use crate::run_steps::{self, RunStep};
use crate::{StoreError, accounts, connect_runs, connections, vehicles};

/// A sign-in that its owner completed.
#[derive(Clone)]
pub struct Reauthentication {
    /// Run that this ends.
    pub run: RunId,
    /// How far the run came.
    pub progress: Progress,
    /// Fingerprint of the form that completes it.
    pub form: String,
    /// Whose vehicle it is.
    pub application: ApplicationId,
    /// Mode of the vehicle.
    pub mode: Mode,
    /// Brand of the account.
    pub brand: BrandId,
    /// Normalised login of the account.
    pub login: String,
    /// For an account that is new.
    pub fresh_account: AccountId,
    /// The vehicle.
    pub vehicle: VehicleId,
    /// What the connector tells of it now; its VIN is that of the vehicle.
    pub car: FoundVehicle,
    /// What the owner of the account allows for it.
    pub permissions: Permissions,
    /// What happens to the external id of its connections.
    pub external_id: ExternalId,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reauthenticated {
    /// It is on disk.
    Done {
        /// External id the connections have now.
        external_id: Option<String>,
    },
    /// The run had ended before; nothing was done.
    RunOver,
    /// Nothing that the owner allows is granted for the vehicle any more; nothing was done.
    NotConnected,
}

/// Has the connections of a vehicle reach it through an account, once per run. A connection keeps
/// what its user granted as far as the owner of the account allows it too; one that would keep
/// nothing stays as it was.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn reauthenticate(
    tx: &mut Tx<'_>,
    it: &Reauthentication,
    now: Timestamp,
) -> Result<Reauthenticated, StoreError> {
    let mut kept = Vec::new();
    for connection in connections::of_vehicle(tx, it.vehicle).await? {
        let permissions = connection.permissions.common_with(&it.permissions);
        if !permissions.is_empty() {
            kept.push((connection.user, permissions));
        }
    }
    if kept.is_empty() {
        return Ok(Reauthenticated::NotConnected);
    }
    if !connect_runs::complete(tx, it.run, &it.progress, now).await? {
        return Ok(Reauthenticated::RunOver);
    }
    let identity = (it.mode, &it.brand, it.login.as_str());
    let account = accounts::ensure(tx, it.fresh_account, identity, now).await?;
    let place = (it.application, it.mode);
    vehicles::ensure(tx, it.vehicle, place, &it.car, now).await?;
    let mut external_id = None;
    for (user, permissions) in &kept {
        let told = reach(tx, it, *user, permissions, account).await?;
        external_id = external_id.or(told);
    }
    let outcome = Outcome {
        form: it.form.clone(),
        decision: Decision::Reauthenticated {
            external_id: external_id.clone(),
        },
    };
    connect_runs::keep_outcome(tx, it.run, &outcome).await?;
    let renewed = RunStep {
        at: now,
        event: Event::Renewed,
        detail: None,
    };
    run_steps::add(tx, it.run, &renewed).await?;
    Ok(Reauthenticated::Done { external_id })
}

/// Returns the external id the connection has now.
async fn reach(
    tx: &mut Tx<'_>,
    it: &Reauthentication,
    user: UserId,
    permissions: &Permissions,
    account: AccountId,
) -> Result<Option<String>, StoreError> {
    const SQL: &str = "UPDATE connections SET account_id = $3, permissions = $4, \
                       external_id = CASE WHEN CAST($6 AS BIGINT) = 1 THEN external_id \
                       ELSE $5 END WHERE user_id = $1 AND vehicle_id = $2 RETURNING external_id";
    let (external_id, keeps) = connections::written(&it.external_id);
    let params = [
        Value::id(user),
        Value::id(it.vehicle),
        Value::id(account),
        Value::text(permissions),
        external_id,
        keeps,
    ];
    let row = tx.row(SQL, &params).await?;
    change_log::append(tx, Change::Connection(user, it.vehicle)).await?;
    connections::told(row.as_ref())
}
