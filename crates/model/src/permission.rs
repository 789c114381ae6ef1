//! The 28 permissions an owner can grant.
//!
//! One table feeds the scope grammar, the gate of the vehicle API and the permission page of
//! Connect. Source: contract rest-v2, 3.1; the words for owners are ours.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::worded;

/// What an application may do with a granted permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// See data.
    See,
    /// Send commands.
    Do,
}

/// Heading under which the permission page lists a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Where the car is and how far it went.
    Journeys,
    /// Battery, charging, fuel.
    Energy,
    /// What the car is and how it is.
    TheCar,
    /// What is locked, open, warm.
    Cabin,
    /// The owner's account at the brand.
    Account,
    /// Things the application can make the car do.
    Commands,
}

impl Group {
    /// The heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Journeys => worded("Journeys"),
            Self::Energy => worded("Energy"),
            Self::TheCar => worded("The car itself"),
            Self::Cabin => worded("Doors and cabin"),
            Self::Account => worded("Your account"),
            Self::Commands => worded("Commands"),
        }
    }
}

/// What an owner reads about a permission.
#[derive(Debug)]
pub struct PermissionSpec {
    /// Wire name, such as `read_odometer`.
    pub name: &'static str,
    /// Read or control.
    pub access: Access,
    /// Heading on the permission page.
    pub group: Group,
    /// Icon of the sprite.
    pub icon: &'static str,
    /// A few words.
    pub title: &'static str,
    /// One sentence; `{app}` stands for the application's name.
    pub hint: &'static str,
}

macro_rules! permissions {
    ($($variant:ident $name:literal $access:ident $group:ident $icon:literal worded($title:literal) worded($hint:literal))*) => {
        /// A permission, by its wire name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the table's title and hint say what each one opens")]
        pub enum Permission { $($variant),* }

        impl Permission {
            /// Every permission, in the order of the permission page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The row of the table.
            #[must_use]
            pub const fn spec(self) -> &'static PermissionSpec {
                match self {
                    $(Self::$variant => &PermissionSpec {
                        name: $name, access: Access::$access, group: Group::$group,
                        icon: $icon, title: $title, hint: $hint,
                    }),*
                }
            }
        }

        impl FromStr for Permission {
            type Err = UnknownPermission;

            fn from_str(text: &str) -> Result<Self, UnknownPermission> {
                match text {
                    $($name => Ok(Self::$variant),)*
                    _ => Err(UnknownPermission(text.to_owned())),
                }
            }
        }
    };
}

permissions! {
    ReadOdometer "read_odometer" See Journeys "odometer" worded("Distance driven") worded("The reading of the odometer.")
    ReadLocation "read_location" See Journeys "location" worded("Location") worded("Where the car is when {app} asks, also when you are not driving.")
    ReadSpeedometer "read_speedometer" See Journeys "odometer" worded("Speed") worded("How fast the car is going when {app} asks.")
    ReadCompass "read_compass" See Journeys "location" worded("Heading") worded("Which way the car is pointing.")
    ReadBattery "read_battery" See Energy "battery" worded("Battery") worded("How full the battery is, how much it holds and how far it will take you.")
    ReadCharge "read_charge" See Energy "charge" worded("Charging") worded("Whether the car is plugged in and charging, and its charge limit.")
    ReadChargeEvents "read_charge_events" See Energy "charge" worded("Charging events") worded("When charging starts and ends.")
    ReadChargeRecords "read_charge_records" See Energy "charge" worded("Charging history") worded("Past charging sessions with their place, energy and cost.")
    ReadChargeLocations "read_charge_locations" See Energy "charge" worded("Charging places") worded("Places where you charge, and the schedule at each.")
    ReadFuel "read_fuel" See Energy "fuel" worded("Fuel") worded("How much fuel is left in the tank and how far it will take you.")
    ReadVehicleInfo "read_vehicle_info" See TheCar "identity" worded("Make, model and year") worded("What kind of car it is.")
    ReadVin "read_vin" See TheCar "identity" worded("Vehicle identification number") worded("The number that tells your car from every other one.")
    ReadExtendedVehicleInfo "read_extended_vehicle_info" See TheCar "identity" worded("Equipment and status") worded("Trim, colour, software, and whether the car is awake.")
    ReadEngineOil "read_engine_oil" See TheCar "service" worded("Engine oil") worded("How much life the oil has left.")
    ReadTires "read_tires" See TheCar "tyres" worded("Tyre pressure") worded("The pressure in each tyre.")
    ReadServiceHistory "read_service_history" See TheCar "service" worded("Service history") worded("Past services and the distance at each.")
    ReadDiagnostics "read_diagnostics" See TheCar "diagnostics" worded("Fault codes") worded("Warnings and fault codes the car reports.")
    ReadAlerts "read_alerts" See TheCar "diagnostics" worded("Alerts") worded("Messages the car shows you.")
    ReadSecurity "read_security" See Cabin "locks" worded("Locks, doors and windows") worded("What is locked and what stands open.")
    ReadClimate "read_climate" See Cabin "climate" worded("Climate control") worded("Whether heating, cooling and defrosting are on.")
    ReadThermometer "read_thermometer" See Cabin "climate" worded("Temperature") worded("How warm it is inside and outside the car.")
    ReadUserProfile "read_user_profile" See Account "team" worded("Your profile") worded("Your name and e-mail in the account of the brand.")
    ControlCharge "control_charge" Do Commands "charge" worded("Start and stop charging") worded("{app} can begin or end charging and set the limit while the car is plugged in.")
    ControlSecurity "control_security" Do Commands "locks" worded("Lock and unlock") worded("{app} can lock and unlock the doors without asking you each time.")
    ControlNavigation "control_navigation" Do Commands "location" worded("Send destinations") worded("{app} can send a destination to the car's navigation.")
    ControlClimate "control_climate" Do Commands "climate" worded("Control the climate") worded("{app} can switch heating, cooling and defrosting on and off.")
    ControlTrunk "control_trunk" Do Commands "trunk" worded("Open the boot") worded("{app} can open the boot and the front trunk.")
    ControlPin "control_pin" Do Commands "locks" worded("Set the driving PIN") worded("{app} can set and clear the PIN that the car asks for.")
}

impl Permission {
    /// Wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.spec().name
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// No permission has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a permission")]
pub struct UnknownPermission(pub String);

/// Permissions without repeats, in the order they were asked for, which `/permissions` keeps.
/// They lie in the value itself: two of them are looked at for each read of a car.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "Vec<Permission>", into = "Vec<Permission>")]
pub struct Permissions {
    list: [Permission; Permission::ALL.len()],
    /// How many of them there are: 28 at most.
    length: u8,
}

impl Permissions {
    /// All 28.
    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether `permission` is among them.
    #[must_use]
    pub fn contains(&self, permission: Permission) -> bool {
        self.as_slice().contains(&permission)
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether every one of them is among `others`.
    #[must_use]
    pub fn is_subset_of(&self, others: &Self) -> bool {
        self.as_slice()
            .iter()
            .all(|permission| others.contains(*permission))
    }

    /// Those that are among `others` too, in the order they have here.
    #[must_use]
    pub fn common_with(&self, others: &Self) -> Self {
        let own = self.as_slice().iter().copied();
        own.filter(|permission| others.contains(*permission))
            .collect()
    }

    /// As a slice, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Permission] {
        &self.list[..usize::from(self.length)]
    }
}

impl Default for Permissions {
    fn default() -> Self {
        Self {
            // Whatever stands behind the end means nothing.
            list: [Permission::ALL[0]; Permission::ALL.len()],
            length: 0,
        }
    }
}

impl PartialEq for Permissions {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Permissions {}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.as_slice()).finish()
    }
}

impl From<Vec<Permission>> for Permissions {
    fn from(permissions: Vec<Permission>) -> Self {
        permissions.into_iter().collect()
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(permissions: Permissions) -> Self {
        permissions.as_slice().to_vec()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut unique = Self::default();
        for permission in permissions {
            // There is room for every one of them once.
            if !unique.contains(permission) {
                unique.list[usize::from(unique.length)] = permission;
                unique.length += 1;
            }
        }
        unique
    }
}

/// Names separated by single spaces: the form of the `scope` member and of the store.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, permission) in self.as_slice().iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            write!(f, "{gap}{permission}")?;
        }
        Ok(())
    }
}

impl FromStr for Permissions {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_eight_that_read_back() {
        assert_eq!(Permission::ALL.len(), 28);
        for permission in Permission::ALL {
            assert_eq!(permission.name().parse(), Ok(*permission));
            let controls = permission.name().starts_with("control_");
            assert_eq!(permission.spec().access == Access::Do, controls);
        }
        assert!("read_everything".parse::<Permission>().is_err());
    }

    #[test]
    fn order_is_kept_and_repeats_are_not() {
        let granted: Permissions = "read_vin read_odometer read_vin".parse().unwrap();
        assert_eq!(granted.to_string(), "read_vin read_odometer");
        assert!(granted.is_subset_of(&Permissions::all()));
        let others: Permissions = "read_fuel read_odometer".parse().unwrap();
        assert_eq!(granted.common_with(&others).to_string(), "read_odometer");
        assert_eq!(granted.common_with(&Permissions::all()), granted);
    }
}
