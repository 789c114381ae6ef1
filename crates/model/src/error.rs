//! The error catalogue of the vehicle API: every type and code an application may meet.
//!
//! One table feeds the error bodies, the documentation page behind every `docURL`, connectors'
//! faults and the test logins that provoke an error on purpose. HTTP statuses belong to the door.
//! Source of types, codes and resolutions: contract rest-v2, 5.3; the sentences are ours.

use std::fmt;

/// `type` of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "`summary` says what each one means")]
pub enum ErrorType {
    Authentication,
    Billing,
    Compatibility,
    ConnectedServicesAccount,
    Permission,
    RateLimit,
    ResourceNotFound,
    Server,
    Upstream,
    Validation,
    VehicleState,
}

impl ErrorType {
    /// All types, in the order of the documentation.
    pub const ALL: &'static [Self] = &[
        Self::Authentication,
        Self::Billing,
        Self::Compatibility,
        Self::ConnectedServicesAccount,
        Self::Permission,
        Self::RateLimit,
        Self::ResourceNotFound,
        Self::Server,
        Self::Upstream,
        Self::Validation,
        Self::VehicleState,
    ];

    /// The wire spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "AUTHENTICATION",
            Self::Billing => "BILLING",
            Self::Compatibility => "COMPATIBILITY",
            Self::ConnectedServicesAccount => "CONNECTED_SERVICES_ACCOUNT",
            Self::Permission => "PERMISSION",
            Self::RateLimit => "RATE_LIMIT",
            Self::ResourceNotFound => "RESOURCE_NOT_FOUND",
            Self::Server => "SERVER",
            Self::Upstream => "UPSTREAM",
            Self::Validation => "VALIDATION",
            Self::VehicleState => "VEHICLE_STATE",
        }
    }

    /// What all errors of this type have in common, for its documentation page.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Authentication => "Carport does not know who is asking.",
            Self::Billing => "The plan of the application does not allow this call.",
            Self::Compatibility => "This car, or Carport for this car, cannot do what was asked.",
            Self::ConnectedServicesAccount => {
                "Something stands in the way at the owner's account with the car brand."
            }
            Self::Permission => "The owner has not allowed this.",
            Self::RateLimit => "Too many calls in too short a time.",
            Self::ResourceNotFound => "There is nothing at this address.",
            Self::Server => "Something failed inside Carport.",
            Self::Upstream => "The car's maker failed to answer properly.",
            Self::Validation => "The request itself is not well formed.",
            Self::VehicleState => {
                "The car could do this, but not in the state it is in. Nothing is wrong with your code or your token."
            }
        }
    }
}

/// What resolves an error, as `resolution.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Send the same request again later.
    RetryLater,
    /// Send the owner through Connect again.
    Reauthenticate,
    /// Ask whoever runs this Carport.
    ContactSupport,
    /// The owner must act; `resolution.url` says where.
    ActionRequired,
    /// A bill is open.
    Finance,
}

impl Resolution {
    /// The wire spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RetryLater => "RETRY_LATER",
            Self::Reauthenticate => "REAUTHENTICATE",
            Self::ContactSupport => "CONTACT_SUPPORT",
            Self::ActionRequired => "ACTION_REQUIRED",
            Self::Finance => "FINANCE",
        }
    }
}

/// One row of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorSpec {
    /// `type`.
    pub kind: ErrorType,
    /// `code`; none for the types that have a single error.
    pub code: Option<&'static str>,
    /// `resolution.type`.
    pub resolution: Option<Resolution>,
    /// `description`: what happened.
    pub description: &'static str,
    /// What a developer can do about it, for the documentation page.
    pub remedy: &'static str,
}

impl ErrorSpec {
    /// The row of a type and code, compared in any letter case; `None` when there is none.
    #[must_use]
    pub fn find(kind: &str, code: &str) -> Option<&'static Self> {
        ERRORS.iter().copied().find(|row| {
            row.kind.as_str().eq_ignore_ascii_case(kind)
                && row
                    .code
                    .is_some_and(|known| known.eq_ignore_ascii_case(code))
        })
    }

    /// The rows of one type.
    pub fn of(kind: ErrorType) -> impl Iterator<Item = &'static Self> {
        ERRORS.iter().copied().filter(move |row| row.kind == kind)
    }
}

/// `TYPE` or `TYPE:CODE`, the form logs use.
impl fmt::Display for ErrorSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        self.code.map_or(Ok(()), |code| write!(f, ":{code}"))
    }
}

macro_rules! errors {
    (@code -) => { None };
    (@code $code:literal) => { Some($code) };
    (@resolution -) => { None };
    (@resolution $resolution:ident) => { Some(Resolution::$resolution) };
    ($($name:ident $kind:ident $code:tt $resolution:tt worded($description:literal) worded($remedy:literal))*) => {
        $(
            #[doc = $description]
            pub static $name: ErrorSpec = ErrorSpec {
                kind: ErrorType::$kind,
                code: errors!(@code $code),
                resolution: errors!(@resolution $resolution),
                description: $description,
                remedy: $remedy,
            };
        )*

        /// The catalogue.
        pub static ERRORS: &[&ErrorSpec] = &[$(&$name),*];
    };
}

errors! {
    AUTHENTICATION Authentication - -
        worded("The credentials of the request are missing, unknown or expired. Send a valid access token or, where the call takes them, client id and client secret.")
        worded("Send the header Authorization: Bearer with an access token of this server. Access tokens live two hours; exchange the refresh token for a new pair. The compatibility calls take Authorization: Basic with client id and client secret instead.")
    VEHICLE_LIMIT Billing "VEHICLE_LIMIT" ContactSupport
        worded("The plan has no room for this vehicle: as many as it allows were connected before it.")
        worded("Disconnect vehicles you no longer need, and the next has room; or ask the operator of this Carport to raise plan.vehicles.")
    INVALID_PLAN Billing "INVALID_PLAN" ContactSupport
        worded("The plan does not include this feature. Leave it out, or ask the operator of this server for it.")
        worded("Ask the operator of this Carport to take it out of plan.without.")
    VEHICLE_REQUEST_LIMIT Billing "VEHICLE_REQUEST_LIMIT" ContactSupport
        worded("The month's calls for this vehicle are used up. The next month (UTC) brings new ones.")
        worded("Wait for the next month, and call less often; or ask the operator of this Carport to raise plan.vehicle_requests.")
    ACCOUNT_SUSPENDED Billing "ACCOUNT_SUSPENDED" Finance
        worded("The account of the application is suspended. Ask the operator of this server why.")
        worded("Settle it with the operator of this Carport, who ends it with carport app resume. Tokens and connections are kept.")
    MAKE_NOT_COMPATIBLE Compatibility "MAKE_NOT_COMPATIBLE" -
        worded("Cars of this make cannot be reached.")
        worded("Tell the owner that their car is not supported. Asking again changes nothing.")
    PLATFORM_NOT_CAPABLE Compatibility "PLATFORM_NOT_CAPABLE" Reauthenticate
        worded("The account the owner signed in with cannot do this; another account of the same maker can.")
        worded("Send the owner through Connect again and have them choose the other service.")
    SMARTCAR_NOT_CAPABLE Compatibility "SMARTCAR_NOT_CAPABLE" -
        worded("The car may be able to do this, but Carport cannot ask it yet.")
        worded("Leave the feature out for this car.")
    VEHICLE_NOT_CAPABLE Compatibility "VEHICLE_NOT_CAPABLE" -
        worded("This car does not have what was asked for.")
        worded("Leave the feature out for this car: it lacks the part, for example a fuel tank.")
    ACCOUNT_ISSUE ConnectedServicesAccount "ACCOUNT_ISSUE" -
        worded("The owner has to do something in the app or portal of the car brand first.")
        worded("Ask the owner to open the brand's app and follow what it asks, such as accepting new terms.")
    AUTHENTICATION_FAILED ConnectedServicesAccount "AUTHENTICATION_FAILED" Reauthenticate
        worded("The brand no longer accepts the owner's sign-in. Send the owner through Connect again.")
        worded("Open the address in resolution.url for the owner, with your redirect_uri added. Tokens stay as they are.")
    NO_VEHICLES ConnectedServicesAccount "NO_VEHICLES" -
        worded("There is no car in the owner's account.")
        worded("Ask the owner to add the car in the brand's app.")
    ACCOUNT_PERMISSION ConnectedServicesAccount "PERMISSION" Reauthenticate
        worded("The owner took back the access on the side of the car brand.")
        worded("Send the owner through Connect again.")
    SUBSCRIPTION ConnectedServicesAccount "SUBSCRIPTION" -
        worded("The brand's connected service for this car is not active or has ended.")
        worded("Ask the owner to activate or renew it in the brand's app.")
    VEHICLE_MISSING ConnectedServicesAccount "VEHICLE_MISSING" -
        worded("The car is no longer in the owner's account.")
        worded("Ask the owner whether the car was sold or removed. If it was, forget it.")
    VIRTUAL_KEY_REQUIRED ConnectedServicesAccount "VIRTUAL_KEY_REQUIRED" ActionRequired
        worded("The application's virtual key has to be added to the car first.")
        worded("Open the address in resolution.url for the owner.")
    PERMISSION Permission - Reauthenticate
        worded("The owner has not granted this, or the vehicle is not connected to this application. Send the owner through Connect to ask for it.")
        worded("Compare the answer of /permissions with what the endpoint needs, and ask for the rest in the scope of a new Connect link.")
    RATE_LIMIT_SMARTCAR_API RateLimit "SMARTCAR_API" RetryLater
        worded("The application sends too many requests. Slow down.")
        worded("Wait, and spread your calls. Each read of a batch is one request.")
    RATE_LIMIT_VEHICLE RateLimit "VEHICLE" RetryLater
        worded("Too many requests for this vehicle. Wait as long as the retry-after header says.")
        worded("Wait as many seconds as the retry-after header says. Ask a car at most once in half an hour.")
    NOT_FOUND_PATH ResourceNotFound "PATH" -
        worded("Nothing is served at this path with this method. Check both.")
        worded("Compare path and method with the API reference.")
    NOT_FOUND_VERSION ResourceNotFound "VERSION" -
        worded("There is no such version of the API. Use v2.0.")
        worded("Start the path with /v2.0.")
    INTERNAL Server "INTERNAL" RetryLater
        worded("Carport failed to answer. Try again in a moment; if it stays, tell its operator the request id.")
        worded("Send the request again. The operator finds the cause in the log under the request id.")
    RECORD_NOT_FOUND Server "RECORD_NOT_FOUND" ContactSupport
        worded("The capacity of this car's battery is not known.")
        worded("Use the nominal capacity endpoint, which lets the owner choose.")
    MULTIPLE_RECORDS_FOUND Server "MULTIPLE_RECORDS_FOUND" ContactSupport
        worded("Several battery capacities are possible for this car; detail lists them.")
        worded("Use the nominal capacity endpoint, which lets the owner choose.")
    INVALID_DATA Upstream "INVALID_DATA" RetryLater
        worded("The maker or the car sent data that cannot be true.")
        worded("Keep the last value you have and ask again later.")
    KNOWN_ISSUE Upstream "KNOWN_ISSUE" RetryLater
        worded("The maker's service has a fault that is being worked on.")
        worded("Keep the last value you have and ask again later.")
    NO_RESPONSE Upstream "NO_RESPONSE" RetryLater
        worded("The maker did not answer in time.")
        worded("Send the request again; if it fails for an hour, look at the maker's status page.")
    UPSTREAM_RATE_LIMIT Upstream "RATE_LIMIT" RetryLater
        worded("The maker refuses more requests for now.")
        worded("Ask this car at most once in half an hour.")
    UNKNOWN_ISSUE Upstream "UNKNOWN_ISSUE" RetryLater
        worded("The maker's service failed and did not say why.")
        worded("Send the request again later.")
    VALIDATION Validation - -
        worded("The request is not well formed. See detail for what to change.")
        worded("Read detail: it names the field and says what is expected.")
    PARAMETER Validation "PARAMETER" -
        worded("The request is well formed, but the car or its maker refuses a value in it.")
        worded("Choose another value; detail names the field.")
    ASLEEP VehicleState "ASLEEP" -
        worded("The car sleeps to save its battery and could not be woken.")
        worded("Show the last value you have, with its time. Ask again after half an hour, or when the owner has used the car.")
    CHARGING_IN_PROGRESS VehicleState "CHARGING_IN_PROGRESS" -
        worded("The car is charging, and this does not go together.")
        worded("Stop charging first, or wait until it is done.")
    CHARGING_PLUG_CONNECTED VehicleState "CHARGING_PLUG_CONNECTED" -
        worded("A charging cable is plugged in, and this does not go together.")
        worded("Ask the owner to unplug the car.")
    CHARGING_PLUG_NOT_CONNECTED VehicleState "CHARGING_PLUG_NOT_CONNECTED" -
        worded("No charging cable is plugged in.")
        worded("Ask the owner to plug in. Check isPluggedIn before you offer the button.")
    CHARGE_FAULT VehicleState "CHARGE_FAULT" -
        worded("The car or the charging station reports a fault.")
        worded("Ask the owner to look at the charging station, or to try another one.")
    DOOR_OPEN VehicleState "DOOR_OPEN" -
        worded("A door is open, so the command was not carried out.")
        worded("Tell the owner which command did not happen and to close the doors. Then let them try again.")
    FULLY_CHARGED VehicleState "FULLY_CHARGED" -
        worded("The battery is full, so charging did not start.")
        worded("Nothing to do; raise the charge limit first if there is one below 100 %.")
    HOOD_OPEN VehicleState "HOOD_OPEN" -
        worded("The hood is open, so the command was not carried out.")
        worded("Ask the owner to close the hood or front trunk, then try again.")
    IGNITION_ON VehicleState "IGNITION_ON" -
        worded("The ignition is on, so the command was not carried out.")
        worded("Wait until the car is switched off.")
    IN_MOTION VehicleState "IN_MOTION" -
        worded("The car is moving, and it takes this command only while parked.")
        worded("Wait for the car to park. Do not repeat the command in a loop.")
    LOW_BATTERY VehicleState "LOW_BATTERY" RetryLater
        worded("The battery is too low for remote services.")
        worded("Ask again after the car has been charged.")
    NOT_CHARGING VehicleState "NOT_CHARGING" -
        worded("The car is not charging.")
        worded("Start charging first, or read the state before you send the command.")
    REMOTE_ACCESS_DISABLED VehicleState "REMOTE_ACCESS_DISABLED" -
        worded("Remote access is switched off in the car.")
        worded("Ask the owner to switch it on in the car's settings.")
    TRUNK_OPEN VehicleState "TRUNK_OPEN" -
        worded("The trunk is open, so the command was not carried out.")
        worded("Ask the owner to close the trunk, then try again.")
    STATE_UNKNOWN VehicleState "UNKNOWN" RetryLater
        worded("The car refused and did not say why.")
        worded("Try again in a few minutes.")
    UNREACHABLE VehicleState "UNREACHABLE" -
        worded("The car has no contact with its maker, for example in an underground garage.")
        worded("Try again in a few minutes, at most three times.")
    VEHICLE_OFFLINE_FOR_SERVICE VehicleState "VEHICLE_OFFLINE_FOR_SERVICE" -
        worded("The car is in service mode.")
        worded("Wait until the workshop is done.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_any_case_and_are_unique() {
        assert_eq!(ErrorSpec::find("vehicle_state", "asleep"), Some(&ASLEEP));
        assert_eq!(ErrorSpec::find("VEHICLE_STATE", "NONSENSE"), None);
        assert_eq!(ERRORS.len(), 48);
        let mut names: Vec<String> = ERRORS.iter().map(ToString::to_string).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), ERRORS.len());
    }
}
