//! A new sign-in for a vehicle that is connected: what it takes, and how it ends. docs/adr/0009 tells
//! why. Source: contract connect-oauth, A.7.

use carport_connector::{AccountKey, Connector, Fault};
use carport_model::run::Step;
use carport_model::vehicle::FoundVehicle;
use carport_model::{AccountId, BrandId, Permissions};
use carport_store::Tx;
use carport_store::reauthentications::{self, Reauthenticated, Reauthentication};

use crate::flow::{Ending, Next, Walk};
use crate::login::{Attempt, Trouble};
use crate::problem::ConnectError;
use crate::redirect::Answer;
use crate::subject::Subject;

/// The vehicle, if the account holds it. An account that it is connected through may have been asked
/// for it by its VIN, and holds such a car only when it is asked again.
async fn find(
    connector: &dyn Connector,
    subject: &Subject,
    account: &AccountKey,
) -> Result<Option<FoundVehicle>, Fault> {
    let vin = &subject.vehicle.car.vin;
    let listed = connector.vehicles(account, None).await?;
    let listed = listed.into_iter().find(|car| car.vin == *vin);
    if listed.is_some() || !subject.is_connected_through(account) {
        return Ok(listed);
    }
    let asked = connector.vehicles(account, Some(vin)).await?;
    Ok(asked.into_iter().find(|car| car.vin == *vin))
}

impl Walk {
    /// Ends the run with what the owner allowed on the permission page.
    pub(crate) async fn allow(
        &self,
        account: (BrandId, String),
        cars: Vec<FoundVehicle>,
        permissions: Permissions,
    ) -> Result<Ending, ConnectError> {
        match (&self.subject, cars.as_slice()) {
            (None, _) => self.approve(account, cars, permissions).await,
            (Some(subject), [car]) => {
                self.reauthenticate(subject, account, car.clone(), permissions)
                    .await
            }
            (Some(_), _) => Err(ConnectError::NoRun),
        }
    }

    /// The brand accepted. The run ends here when the account holds the vehicle and its owner has
    /// allowed all that is granted for it; an owner who has not is asked first.
    pub(crate) async fn signed_in_again(
        &self,
        subject: &Subject,
        account: AccountKey,
    ) -> Result<Attempt, ConnectError> {
        let Some(connector) = self.connector() else {
            return Ok(Attempt::Refused(Trouble::Unreachable));
        };
        let car = match find(connector, subject, &account).await {
            Ok(Some(car)) => car,
            Ok(None) => return self.arrive(account, Step::NoVehicles, Vec::new()).await,
            Err(fault) => return self.unreachable(&fault).await,
        };
        let granted = self.run.request.scope.permissions();
        if !granted.is_subset_of(&subject.allowed_by(&account)) {
            return self.arrive(account, Step::Grant, vec![car]).await;
        }
        let account = (account.brand, account.login);
        let ending = self.reauthenticate(subject, account, car, granted).await?;
        Ok(Attempt::Next(Next::Ended(ending)))
    }

    /// Ends the run: from now on the vehicle is reached through this account.
    async fn reauthenticate(
        &self,
        subject: &Subject,
        (brand, login): (BrandId, String),
        car: FoundVehicle,
        permissions: Permissions,
    ) -> Result<Ending, ConnectError> {
        let request = &self.run.request;
        let now = self.services.now();
        let it = Reauthentication {
            run: self.run.id,
            progress: self.over(),
            form: self.form.clone(),
            application: self.application.id,
            mode: request.mode,
            brand,
            login,
            fresh_account: AccountId::draw(&self.services.rng),
            vehicle: subject.vehicle.id,
            car,
            permissions,
            external_id: request.external_id.clone(),
        };
        let unit =
            async move |tx: &mut Tx<'_>| reauthentications::reauthenticate(tx, &it, now).await;
        match self.services.store.write(unit).await? {
            Reauthenticated::RunOver => Err(ConnectError::Over),
            Reauthenticated::NotConnected => Err(ConnectError::Disconnected),
            Reauthenticated::Done { external_id } => {
                Ok(self.ending(self.reauthenticated(external_id.as_deref())))
            }
        }
    }

    /// What goes back after a new sign-in.
    pub(crate) fn reauthenticated(&self, external_id: Option<&str>) -> Answer {
        let request = &self.run.request;
        let vehicle = request.aim.vehicle().map(|vehicle| vehicle.to_string());
        Answer::reauthenticated(
            vehicle.as_deref().unwrap_or_default(),
            request.state.as_deref(),
            external_id,
        )
    }
}
