//! A run through Connect: what the application asked and how far the owner has come.

pub mod event;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::code_challenge::CodeChallenge;
use crate::scope::Scope;
use crate::vehicle::FoundVehicle;
use crate::{ApplicationId, BrandId, Mode, Timestamp, UserId, VehicleId, Vin};

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Access to cars of an account.
    #[default]
    Access,
    /// A new sign-in for a vehicle that is connected (contract connect-oauth, A.7).
    Reauthentication(VehicleId),
    /// What the battery of a connected vehicle holds (contract rest-v2, 2.11).
    BatteryCapacity(VehicleId),
}

impl Aim {
    /// The connected vehicle that the run is about.
    #[must_use]
    pub const fn vehicle(self) -> Option<VehicleId> {
        match self {
            Self::Access => None,
            Self::Reauthentication(vehicle) | Self::BatteryCapacity(vehicle) => Some(vehicle),
        }
    }
}

/// What the redirect back carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    /// An authorization code.
    Code,
    /// No code.
    None,
    /// The vehicle that the run is about; never of a run for access.
    VehicleId,
}

/// What the run does to the `external_id` of its connections (contract connect-oauth, A.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExternalId {
    /// Parameter absent: as it was.
    #[default]
    Keep,
    /// The literal `null`: cleared.
    Clear,
    /// Set to this text, 1 to 256 printable characters.
    Set(String),
}

/// Flags with a meaning in Carport; unknown ones are dropped (contract connect-oauth, A.5).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Flags {
    /// `country`: preset, an upper-case code Carport lists.
    pub country: Option<String>,
    /// `color`: accent colour, six hex digits.
    pub color: Option<String>,
    /// `account_sync`: cars added to the account later are granted too.
    pub account_sync: bool,
}

/// A validated authorization request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectRequest {
    /// Who asks.
    pub application: ApplicationId,
    /// What for.
    #[serde(default)]
    pub aim: Aim,
    /// What goes back.
    pub response_type: ResponseType,
    /// Where the browser goes at the end: a registered URI, or none with `response_type=none`.
    pub redirect_uri: Option<String>,
    /// Whether the request itself carried `redirect_uri`, which decides what the exchange expects.
    pub redirect_uri_given: bool,
    /// What is asked for: at least one permission, or none with [`Aim::BatteryCapacity`]. With [`Aim::Reauthentication`] what was granted
    /// for the vehicle when the run began.
    pub scope: Scope,
    /// Echoed on every redirect back.
    pub state: Option<String>,
    /// `approval_prompt=force`: always show the permission page.
    pub force_approval: bool,
    /// Mode of the connections that the run makes.
    pub mode: Mode,
    /// Brand that skips the selector.
    pub make: Option<BrandId>,
    /// Exactly one vehicle can be granted.
    pub single_select: bool,
    /// Only this vehicle is offered.
    pub single_select_vin: Option<Vin>,
    /// Known flags.
    pub flags: Flags,
    /// The developer's own id of the owner, for analytics only.
    pub user: Option<String>,
    /// What happens to the connections' external id.
    pub external_id: ExternalId,
    /// Target of the browser SDK's final message.
    pub app_origin: Option<String>,
    /// `sdk_platform`.
    pub sdk_platform: Option<String>,
    /// `sdk_version`.
    pub sdk_version: Option<String>,
    /// PKCE challenge.
    pub challenge: Option<CodeChallenge>,
}

/// Names who asks for how much; leaves out what may be personal (state, user, VIN).
impl fmt::Debug for ConnectRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectRequest")
            .field("application", &self.application)
            .field("aim", &self.aim)
            .field("mode", &self.mode)
            .field("scope", &self.scope.to_string())
            .finish_non_exhaustive()
    }
}

/// Where an owner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Preamble.
    Start,
    /// Brand selector.
    Brand,
    /// Login.
    Login,
    /// One-time code.
    Mfa,
    /// Vehicles and permissions.
    Grant,
    /// The account is empty.
    NoVehicles,
    /// Brand or vehicle cannot be connected.
    Incompatible,
    /// The connected service is not active.
    Subscription,
    /// Which battery the car has.
    Capacity,
    /// A configuration error that may be told to the application.
    Error,
    /// The run is over.
    Done,
}

impl Step {
    /// Last segment of the page's path, `/connect/{run}/<segment>`.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Brand => "brand",
            Self::Login => "login",
            Self::Mfa => "mfa",
            Self::Grant => "grant",
            Self::NoVehicles => "no-vehicles",
            Self::Incompatible => "incompatible",
            Self::Subscription => "subscription",
            Self::Capacity => "capacity",
            Self::Error => "error",
            Self::Done => "done",
        }
    }
}

/// How far a run has come. Passwords and one-time codes are never part of it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The page the owner should see.
    pub step: Step,
    /// Country chosen or preset, a code Carport lists.
    pub country: String,
    /// Brand chosen or preset.
    pub brand: Option<BrandId>,
    /// Normalised login, once typed; counts as signed in from [`Step::Grant`] on.
    pub login: Option<String>,
    /// Cars of the account, once signed in.
    #[serde(default)]
    pub vehicles: Vec<FoundVehicle>,
    /// Cars of the account that the application does not take.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<FoundVehicle>,
    /// Wrong tries since the form was last open.
    #[serde(default)]
    pub wrong_tries: u32,
    /// The form is closed until then.
    #[serde(default)]
    pub locked_until: Option<Timestamp>,
    /// Message of [`Step::Error`].
    #[serde(default)]
    pub error: Option<RunError>,
}

/// Names the step only: logins and VINs are personal.
impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

/// Why a run ended on the error page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunError {
    /// One sentence for the makers of the application; goes back as `error_message`.
    pub message: String,
    /// Code of RFC 6749, 4.1.2.1, sent beside `configuration_error` as `oauth_error`.
    pub oauth_error: String,
}

/// How a run ended: what its way back is made of, besides the request and the code. Nothing of it
/// is personal: no login, no VIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Fingerprint of the form that ended the run; the same form once more gets the same answer.
    pub form: String,
    /// What was decided.
    pub decision: Decision,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Access.
    Granted {
        /// The owner, as the application sees them.
        user: UserId,
        /// External id the connections had then.
        external_id: Option<String>,
    },
    /// The vehicle is reached through the account that was signed in to.
    Reauthenticated {
        /// External id the connections had then.
        external_id: Option<String>,
    },
    /// The owner told what the battery holds.
    CapacityChosen {
        /// kWh, as it went back.
        capacity: String,
    },
    /// None.
    Failed {
        /// The `error` that went back.
        code: String,
        /// What was wrong with the link.
        error: Option<RunError>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As they lie in the database, also from before there were other aims than access.
    #[test]
    fn spellings_that_are_kept() {
        let spelled = |aim: Aim| serde_json::to_string(&aim).unwrap();
        let vehicle = VehicleId::from_bytes([7; 16]);
        assert_eq!(spelled(Aim::Access), r#""access""#);
        for (aim, name) in [
            (Aim::Reauthentication(vehicle), "reauthentication"),
            (Aim::BatteryCapacity(vehicle), "battery_capacity"),
        ] {
            assert_eq!(spelled(aim), format!(r#"{{"{name}":"{vehicle}"}}"#));
            assert_eq!(aim.vehicle(), Some(vehicle));
        }
        for (kind, name) in [
            (ResponseType::Code, "code"),
            (ResponseType::None, "none"),
            (ResponseType::VehicleId, "vehicle_id"),
        ] {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("{name:?}"));
        }
        let old = r#"{"application":"07070707-0707-0707-0707-070707070707","response_type":"none",
            "redirect_uri":null,"redirect_uri_given":false,"scope":[],"state":null,
            "force_approval":false,"mode":"test","make":null,"single_select":false,
            "single_select_vin":null,"flags":{},"user":null,"external_id":"keep","app_origin":null,
            "sdk_platform":null,"sdk_version":null,"challenge":null}"#;
        let old: ConnectRequest = serde_json::from_str(old).unwrap();
        assert_eq!(
            (old.aim, old.response_type),
            (Aim::Access, ResponseType::None)
        );
    }
}
