//! The trait every source of cars implements. It grows a method when something calls it; the
//! full shape is drawn in the design of live connectors, section 11.

use async_trait::async_trait;
use carport_model::reading::Readings;
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    Account, ApplicationId, Brand, BrandId, Command, Held, Mode, Secret, Signal, SignalValue,
    Vehicle, Vin,
};
use carport_store::Simulated;

use crate::{Fault, SendError};

/// Which account an owner signs in to. Test accounts differ between applications, so that the ids
/// and VINs of generated cars do.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountKey {
    /// Application that asks.
    pub application: ApplicationId,
    /// Mode.
    pub mode: Mode,
    /// Brand.
    pub brand: BrandId,
    /// Normalised login, see [`carport_model::account::normalise_login`].
    pub login: String,
}

/// What an owner typed on the login page.
pub struct LoginInput<'a> {
    /// The account.
    pub account: &'a AccountKey,
    /// Its brand.
    pub brand: &'a Brand,
    /// Country chosen in Connect; a car of another region is not found.
    pub country: &'a str,
    /// The password; used to sign in and forgotten.
    pub password: &'a Secret<String>,
    /// The one car the application asks for, if it named one.
    pub vin: Option<&'a Vin>,
}

/// How a login goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginStep {
    /// The brand sent the owner a one-time code.
    OneTimeCode,
    /// Signed in.
    Done,
}

/// Why a login ended.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LoginRefused {
    /// Wrong e-mail, password, one-time code, brand or country.
    #[error("the brand did not accept the credentials")]
    Credentials,
    /// The connected service of the car is not active.
    #[error("the connected service is not active")]
    Subscription,
    /// The car cannot be connected.
    #[error("the vehicle is not compatible")]
    Incompatible(Box<FoundVehicle>),
    /// The brand did not answer.
    #[error("the brand's service failed")]
    Fault(Fault),
}

/// A source of cars.
#[async_trait]
pub trait Connector: Send + Sync {
    /// Signs an owner in.
    ///
    /// # Errors
    /// [`LoginRefused`] says why it did not work.
    async fn login(&self, input: &LoginInput<'_>) -> Result<LoginStep, LoginRefused>;

    /// Checks the one-time code of a login that asked for one.
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] for a wrong code.
    async fn confirm(&self, account: &AccountKey, code: &str) -> Result<LoginStep, LoginRefused>;

    /// The cars of an account, in a stable order; empty when there are none.
    ///
    /// # Errors
    /// [`Fault`] when the brand does not tell.
    async fn vehicles(
        &self,
        account: &AccountKey,
        vin: Option<&Vin>,
    ) -> Result<Vec<FoundVehicle>, Fault>;

    /// Reads signals of a car in one go. A signal the car does not have is absent.
    ///
    /// # Errors
    /// [`Fault`] when nothing could be read.
    async fn read(&self, car: Reached<'_>, want: &[Signal]) -> Result<Readings, Fault>;

    /// Sends a command that the car is known to be capable of, and tells which values it set, to be
    /// held for cars that do not remember by themselves.
    ///
    /// # Errors
    /// [`SendError::Fault`] when the car or its maker refused, or did not answer;
    /// [`SendError::Store`] when a car that is kept here could not be changed.
    async fn send(
        &self,
        car: Reached<'_>,
        command: &Command,
    ) -> Result<Vec<(Signal, SignalValue)>, SendError>;
}

/// A car and the account that reaches it.
#[derive(Debug, Clone, Copy)]
pub struct Reached<'a> {
    /// The account.
    pub account: &'a Account,
    /// The car.
    pub vehicle: &'a Vehicle,
    /// What commands and choices have set on it.
    pub held: &'a Held,
    /// The simulation it follows, if it is a car that was made in the simulator.
    pub simulation: &'a Simulated,
}
