//! An owner's approval: user, vehicles, connections, code and the end of the run in one unit.

use carport_model::code_challenge::CodeChallenge;
use carport_model::run::event::Event;
use carport_model::run::{Decision, ExternalId, Outcome, Progress};
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    AccountId, ApplicationId, BrandId, Digest, Mode, Permissions, RunId, Timestamp, UserId,
    VehicleId,
};

use crate::authorization_codes::{self, AuthorizationCode};
use crate::connections::{self, NewConnection};
use crate::engine::Tx;
use crate::run_steps::{self, RunStep};
use crate::{StoreError, accounts, connect_runs, users, vehicles};

/// What an owner approved. Ids are drawn beforehand and used where the thing is new.
#[derive(Clone)]
pub struct Approval {
    /// Run that this ends.
    pub run: RunId,
    /// How far the run came.
    pub progress: Progress,
    /// Fingerprint of the form that approves.
    pub form: String,
    /// Who gets access.
    pub application: ApplicationId,
    /// Mode of the connections.
    pub mode: Mode,
    /// Brand of the account.
    pub brand: BrandId,
    /// Normalised login of the account.
    pub login: String,
    /// For an account that is new.
    pub fresh_account: AccountId,
    /// For a user that is new.
    pub fresh_user: UserId,
    /// Each granted car, with an id for one that is new.
    pub cars: Vec<(VehicleId, FoundVehicle)>,
    /// What is granted for each of them.
    pub permissions: Permissions,
    /// What happens to the external id.
    pub external_id: ExternalId,
    /// The code to be sent, unless the response type is `none`.
    pub code: Option<NewCode>,
}

/// The code of an approval.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// Digest of the code.
    pub digest: Digest,
    /// Where it goes.
    pub redirect_uri: String,
    /// Whether the request named that URI itself.
    pub redirect_uri_given: bool,
    /// PKCE challenge.
    pub challenge: Option<CodeChallenge>,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approved {
    /// It is on disk.
    Granted {
        /// The owner, as the application sees them.
        user: UserId,
        /// The vehicles in the order of [`Approval::cars`].
        vehicles: Vec<VehicleId>,
        /// External id the connections have now.
        external_id: Option<String>,
    },
    /// The run had ended before; nothing was done.
    RunOver,
}

/// Carries an approval out, once per run.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn approve(
    tx: &mut Tx<'_>,
    approval: &Approval,
    now: Timestamp,
) -> Result<Approved, StoreError> {
    if !connect_runs::complete(tx, approval.run, &approval.progress, now).await? {
        return Ok(Approved::RunOver);
    }
    let Approval {
        application, mode, ..
    } = *approval;
    let identity = (mode, &approval.brand, approval.login.as_str());
    let account = accounts::ensure(tx, approval.fresh_account, identity, now).await?;
    let user = users::ensure(tx, approval.fresh_user, application, account, now).await?;
    let mut ids = Vec::with_capacity(approval.cars.len());
    let mut external_id = None;
    for (fresh, car) in &approval.cars {
        let vehicle = vehicles::ensure(tx, *fresh, (application, mode), car, now).await?;
        let connection = NewConnection {
            user,
            vehicle,
            application,
            permissions: approval.permissions.clone(),
            external_id: approval.external_id.clone(),
        };
        external_id = connections::put(tx, &connection, now)
            .await?
            .or(external_id);
        ids.push(vehicle);
    }
    if let Some(code) = &approval.code {
        let code = AuthorizationCode {
            digest: code.digest,
            application,
            user,
            mode,
            redirect_uri: code.redirect_uri.clone(),
            redirect_uri_given: code.redirect_uri_given,
            challenge: code.challenge.clone(),
            issued_at: now,
            expires_at: code.expires_at,
            exchanged_at: None,
            family: None,
        };
        authorization_codes::insert(tx, &code).await?;
    }
    let outcome = Outcome {
        form: approval.form.clone(),
        decision: Decision::Granted {
            user,
            external_id: external_id.clone(),
        },
    };
    connect_runs::keep_outcome(tx, approval.run, &outcome).await?;
    let allowed = RunStep {
        at: now,
        event: Event::Allowed,
        detail: Some(approval.cars.len().to_string()),
    };
    run_steps::add(tx, approval.run, &allowed).await?;
    Ok(Approved::Granted {
        user,
        vehicles: ids,
        external_id,
    })
}
