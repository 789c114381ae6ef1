//! What each permission opens: the one table of permissions and endpoints.
//! Source: contract rest-v2, 3.1; the names are those of its matrix, 4.2.

use carport_model::Permission as P;
use carport_model::{BrandId, Permission};

/// A row: a permission and the endpoints it opens.
#[derive(Debug)]
pub struct Opening {
    /// The permission.
    pub permission: Permission,
    /// What the compatibility matrix calls its endpoints.
    pub name: &'static str,
    /// The endpoints; none where the permission counts outside of v2.0 only.
    pub endpoints: &'static [Opened],
}

/// An endpoint that a permission opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// HTTP method.
    pub method: &'static str,
    /// Path below `/vehicles/{id}`; `/` for the vehicle itself.
    pub path: &'static str,
    /// Id of the only brand whose cars have it; `None` for all.
    pub make: Option<&'static str>,
}

impl Opened {
    /// Whether cars of `make` can have it.
    #[must_use]
    pub fn is_of(&self, make: Option<&BrandId>) -> bool {
        self.make
            .is_none_or(|only| make.is_some_and(|make| make.as_str() == only))
    }
}

const fn get(path: &'static str) -> Opened {
    all("GET", path)
}

const fn post(path: &'static str) -> Opened {
    all("POST", path)
}

const fn all(method: &'static str, path: &'static str) -> Opened {
    Opened {
        method,
        path,
        make: None,
    }
}

const fn of(make: &'static str, method: &'static str, path: &'static str) -> Opened {
    Opened {
        method,
        path,
        make: Some(make),
    }
}

/// The row of a permission.
#[must_use]
pub fn by(permission: Permission) -> &'static Opening {
    OPENINGS
        .iter()
        .find(|opening| opening.permission == permission)
        .expect("a test finds a row for every permission")
}

macro_rules! openings {
    ($($permission:ident $name:literal [$($endpoint:expr),* $(,)?])*) => {
        /// The table, in the order of [`Permission::ALL`].
        pub static OPENINGS: &[Opening] = &[$(Opening {
            permission: P::$permission,
            name: $name,
            endpoints: &[$($endpoint),*],
        }),*];
    };
}

openings! {
    ReadOdometer "Odometer" [get("/odometer")]
    ReadLocation "Location" [get("/location")]
    ReadSpeedometer "Speedometer" [of("TESLA", "GET", "/tesla/speedometer")]
    ReadCompass "Compass" [of("TESLA", "GET", "/tesla/compass")]
    ReadBattery "EV battery" [
        get("/battery"),
        get("/battery/capacity"),
        get("/battery/nominal_capacity"),
        of("TESLA", "GET", "/tesla/battery"),
    ]
    ReadCharge "EV charging status" [
        get("/charge"),
        get("/charge/limit"),
        of("AUDI", "GET", "/audi/charge"),
        of("CADILLAC", "GET", "/cadillac/charge/completion"),
        of("CADILLAC", "GET", "/cadillac/charge/voltmeter"),
        of("CHEVROLET", "GET", "/chevrolet/charge/completion"),
        of("CHEVROLET", "GET", "/chevrolet/charge/voltmeter"),
        of("NISSAN", "GET", "/nissan/charge/schedule"),
        of("TESLA", "GET", "/tesla/charge"),
        of("TESLA", "GET", "/tesla/charge/ammeter"),
        of("TESLA", "GET", "/tesla/charge/completion"),
        of("TESLA", "GET", "/tesla/charge/voltmeter"),
        of("TESLA", "GET", "/tesla/charge/wattmeter"),
        of("TESLA", "GET", "/tesla/charge/schedule"),
    ]
    ReadChargeEvents "EV charging events" []
    ReadChargeRecords "EV charging records" [
        of("BMW", "GET", "/bmw/charge/records"),
        of("MINI", "GET", "/mini/charge/records"),
        of("TESLA", "GET", "/tesla/charge/records"),
        of("TESLA", "GET", "/tesla/charge/records/billing"),
    ]
    ReadChargeLocations "EV charging locations" [
        of("FORD", "GET", "/ford/charge/schedule_by_location"),
        of("LINCOLN", "GET", "/lincoln/charge/schedule_by_location"),
    ]
    ReadFuel "Fuel tank" [get("/fuel")]
    ReadVehicleInfo "Vehicle info" [
        get("/"),
        of("TESLA", "GET", "/tesla/virtual_key"),
        of("TESLA", "GET", "/tesla/migration"),
    ]
    ReadVin "VIN" [get("/vin")]
    ReadExtendedVehicleInfo "Extended vehicle info" [
        of("TESLA", "GET", "/tesla/attributes"),
        of("TESLA", "GET", "/tesla/status"),
    ]
    ReadEngineOil "Engine oil life" [get("/engine/oil")]
    ReadTires "Tire pressure" [get("/tires/pressure")]
    ReadServiceHistory "Service history" [get("/service/history")]
    ReadDiagnostics "Diagnostics" [get("/diagnostics/system_status"), get("/diagnostics/dtcs")]
    ReadAlerts "Alerts" [of("TESLA", "GET", "/tesla/alerts")]
    ReadSecurity "Lock status" [get("/security")]
    ReadClimate "Climate" [
        of("TESLA", "GET", "/tesla/climate/cabin"),
        of("TESLA", "GET", "/tesla/climate/defroster"),
        of("TESLA", "GET", "/tesla/climate/steering_wheel"),
    ]
    ReadThermometer "Thermometer" [
        of("TESLA", "GET", "/tesla/thermometer/interior"),
        of("TESLA", "GET", "/tesla/thermometer/exterior"),
    ]
    ReadUserProfile "User profile" [of("TESLA", "GET", "/tesla/user/info")]
    ControlCharge "EV start & stop charge" [
        post("/charge"),
        post("/charge/limit"),
        of("FORD", "PUT", "/ford/charge/schedule_by_location"),
        of("LINCOLN", "PUT", "/lincoln/charge/schedule_by_location"),
        of("NISSAN", "PUT", "/nissan/charge/schedule"),
        of("TESLA", "POST", "/tesla/charge/ammeter"),
        of("TESLA", "POST", "/tesla/charge/schedule"),
        of("TESLA", "POST", "/tesla/charge/charge_port_door"),
    ]
    ControlSecurity "Lock & unlock" [post("/security")]
    ControlNavigation "Send destination" [post("/navigation/destination")]
    ControlClimate "Climate control" [
        of("TESLA", "POST", "/tesla/climate/cabin"),
        of("TESLA", "POST", "/tesla/climate/defroster"),
        of("TESLA", "POST", "/tesla/climate/steering_wheel"),
    ]
    ControlTrunk "Open & close trunk" [
        of("TESLA", "POST", "/tesla/security/frunk"),
        of("TESLA", "POST", "/tesla/security/trunk"),
    ]
    ControlPin "Driving PIN" [
        of("TESLA", "POST", "/tesla/pin"),
        of("TESLA", "DELETE", "/tesla/pin"),
    ]
}

#[cfg(test)]
mod tests;
