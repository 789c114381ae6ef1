//! Which cars can be connected, and what they can do then.

mod matrix;

use serde::{Deserialize, Serialize};

pub use matrix::{CompatibilityMatrix, CompatibleModel, MatrixQuery, Powertrain, Region};

use crate::auth_url::{Mode, words};

/// A question about one car, for [`AuthClient::compatibility`](crate::AuthClient::compatibility).
///
/// ```
/// use carport_sdk::CompatibilityQuery;
///
/// let query = CompatibilityQuery::new("0SCCHEV012A4B6C8D", ["read_odometer", "read_fuel"])
///     .country("DE");
/// ```
#[derive(Clone)]
#[must_use = "hand it to `AuthClient::compatibility`"]
pub struct CompatibilityQuery {
    vin: String,
    scope: String,
    country: Option<String>,
    flags: Vec<String>,
    mode: Option<Mode>,
    level: Option<TestLevel>,
}

impl std::fmt::Debug for CompatibilityQuery {
    /// Without the VIN.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CompatibilityQuery")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl CompatibilityQuery {
    /// Whether the car with this VIN (17 characters) can do what these permissions open.
    ///
    /// ```
    /// let query = carport_sdk::CompatibilityQuery::new("0SCCHEV012A4B6C8D", ["read_odometer"]);
    /// ```
    pub fn new<I>(vin: impl Into<String>, scope: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        Self {
            vin: vin.into(),
            scope: words(scope),
            country: None,
            flags: Vec::new(),
            mode: None,
            level: None,
        }
    }

    /// Where the car is driven: two letters, `US` unless said otherwise. Elsewhere the answer has
    /// no capabilities.
    ///
    /// ```
    /// # use carport_sdk::CompatibilityQuery;
    /// let query = CompatibilityQuery::new("0SCCHEV012A4B6C8D", ["read_fuel"]).country("CA");
    /// ```
    pub fn country(mut self, country: impl Into<String>) -> Self {
        self.country = Some(country.into());
        self
    }

    /// Adds one flag; call it again for more.
    ///
    /// ```
    /// # use carport_sdk::CompatibilityQuery;
    /// let query = CompatibilityQuery::new("0SCCHEV012A4B6C8D", ["read_fuel"]).flag("beta", "true");
    /// ```
    pub fn flag(mut self, name: &str, value: &str) -> Self {
        self.flags.push(format!("{name}:{value}"));
        self
    }

    /// Asks about a made-up car of this kind instead of the real one with the VIN.
    ///
    /// ```
    /// # use carport_sdk::{CompatibilityQuery, TestLevel};
    /// let query = CompatibilityQuery::new("0SCCHEV012A4B6C8D", ["read_fuel"]).test(TestLevel::Bev);
    /// ```
    pub fn test(mut self, level: TestLevel) -> Self {
        self.level = Some(level);
        self.mode(Mode::Test)
    }

    /// Which cars are meant; live ones unless said otherwise.
    ///
    /// ```
    /// # use carport_sdk::{CompatibilityQuery, Mode};
    /// let query = CompatibilityQuery::new("0SCCHEV012A4B6C8D", ["read_fuel"]).mode(Mode::Simulated);
    /// ```
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        given([
            ("vin", Some(self.vin.clone())),
            ("scope", Some(self.scope.clone())),
            ("country", self.country.clone()),
            ("flags", Some(self.flags.join(" "))),
            ("mode", self.mode.map(|mode| mode.as_str().to_owned())),
            (
                "test_mode_compatibility_level",
                self.level.map(|level| level.as_str().to_owned()),
            ),
        ])
    }
}

/// Parameters that have a value.
fn given<const N: usize>(
    pairs: [(&'static str, Option<String>); N],
) -> Vec<(&'static str, String)> {
    let given = pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    given.filter(|(_, value)| !value.is_empty()).collect()
}

/// A kind of made-up car.
///
/// Source: contract rest-v2, 4.1 and 8.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TestLevel {
    /// Can do everything.
    Compatible,
    /// A plug-in hybrid.
    Phev,
    /// An electric car.
    Bev,
    /// A car with a combustion engine.
    Fuel,
    /// A car that can do next to nothing.
    Dinosaur,
    /// A car that cannot be connected.
    Incompatible,
}

impl TestLevel {
    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(carport_sdk::TestLevel::Phev.as_str(), "phev");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Phev => "phev",
            Self::Bev => "bev",
            Self::Fuel => "fuel",
            Self::Dinosaur => "dinosaur",
            Self::Incompatible => "incompatible",
        }
    }
}

/// Whether a car can be connected.
///
/// Source: contract rest-v2, 4.1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compatibility {
    /// Whether it can.
    pub compatible: bool,
    /// Why not: `VEHICLE_NOT_COMPATIBLE` or `MAKE_NOT_COMPATIBLE`. `None` when it can.
    pub reason: Option<String>,
    /// One entry for each endpoint that the permissions open, in their order. Empty outside the US
    /// and for a car that cannot be connected.
    pub capabilities: Vec<Capability>,
}

/// Whether a car serves one endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capability {
    /// The permission that opens it.
    pub permission: String,
    /// Its path, for example `/battery/capacity`.
    pub endpoint: String,
    /// Whether the car serves it.
    pub capable: bool,
    /// Why not: `VEHICLE_NOT_CAPABLE` or `SMARTCAR_NOT_CAPABLE`. `None` when it does.
    pub reason: Option<String>,
}
