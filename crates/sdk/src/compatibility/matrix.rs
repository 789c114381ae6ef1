//! Which models of a region can be connected.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::given;
use crate::auth_url::{Mode, words};

/// A question about all cars of a region, for
/// [`AuthClient::compatibility_matrix`](crate::AuthClient::compatibility_matrix).
///
/// ```
/// use carport_sdk::{MatrixQuery, Powertrain, Region};
///
/// let query = MatrixQuery::new(Region::Us).make("NISSAN").powertrain(Powertrain::Bev)
///     .scope(["read_battery", "read_charge"]);
/// ```
#[derive(Clone, Debug)]
#[must_use = "hand it to `AuthClient::compatibility_matrix`"]
pub struct MatrixQuery {
    region: Region,
    powertrain: Option<Powertrain>,
    makes: Vec<String>,
    scope: String,
    mode: Option<Mode>,
}

impl MatrixQuery {
    /// All models sold in the region.
    ///
    /// ```
    /// let query = carport_sdk::MatrixQuery::new(carport_sdk::Region::Europe);
    /// ```
    pub fn new(region: Region) -> Self {
        Self {
            region,
            powertrain: None,
            makes: Vec::new(),
            scope: String::new(),
            mode: None,
        }
    }

    /// Only models of this kind.
    ///
    /// ```
    /// # use carport_sdk::{MatrixQuery, Powertrain, Region};
    /// let query = MatrixQuery::new(Region::Us).powertrain(Powertrain::Phev);
    /// ```
    pub fn powertrain(mut self, powertrain: Powertrain) -> Self {
        self.powertrain = Some(powertrain);
        self
    }

    /// Only models of this make; call it again for more makes.
    ///
    /// ```
    /// # use carport_sdk::{MatrixQuery, Region};
    /// let query = MatrixQuery::new(Region::Us).make("NISSAN").make("TESLA");
    /// ```
    pub fn make(mut self, make: impl Into<String>) -> Self {
        self.makes.push(make.into());
        self
    }

    /// Only models that can do what all of these permissions open.
    ///
    /// ```
    /// # use carport_sdk::{MatrixQuery, Region};
    /// let query = MatrixQuery::new(Region::Us).scope(["read_charge", "control_charge"]);
    /// ```
    pub fn scope<I>(mut self, scope: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.scope = words(scope);
        self
    }

    /// Which cars are meant; live ones unless said otherwise.
    ///
    /// ```
    /// # use carport_sdk::{MatrixQuery, Mode, Region};
    /// let query = MatrixQuery::new(Region::Us).mode(Mode::Test);
    /// ```
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let powertrain = self.powertrain.and_then(Powertrain::as_str);
        given([
            ("region", Some(self.region.as_str().to_owned())),
            ("type", powertrain.map(ToOwned::to_owned)),
            ("make", Some(self.makes.join(" "))),
            ("scope", Some(self.scope.clone())),
            ("mode", self.mode.map(|mode| mode.as_str().to_owned())),
        ])
    }
}

/// Where cars are sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Region {
    /// The United States.
    Us,
    /// Canada.
    Ca,
    /// Europe.
    Europe,
}

impl Region {
    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(carport_sdk::Region::Europe.as_str(), "EUROPE");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Ca => "CA",
            Self::Europe => "EUROPE",
        }
    }
}

/// What drives a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Powertrain {
    /// A combustion engine.
    Ice,
    /// Both, without a plug.
    Hev,
    /// Both, with a plug.
    Phev,
    /// A battery.
    Bev,
    /// A word this version of the SDK does not know; in a question it stands for all.
    #[serde(other)]
    Unknown,
}

impl Powertrain {
    /// The word on the wire. `None` for [`Unknown`](Self::Unknown).
    ///
    /// ```
    /// assert_eq!(carport_sdk::Powertrain::Bev.as_str(), Some("BEV"));
    /// ```
    #[must_use]
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Ice => Some("ICE"),
            Self::Hev => Some("HEV"),
            Self::Phev => Some("PHEV"),
            Self::Bev => Some("BEV"),
            Self::Unknown => None,
        }
    }
}

/// Models by make.
///
/// Source: contract rest-v2, 4.2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CompatibilityMatrix {
    /// For example `NISSAN`.
    pub makes: BTreeMap<String, Vec<CompatibleModel>>,
}

/// What the cars of one model can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompatibleModel {
    /// As its maker writes it.
    pub model: String,
    /// First model year.
    pub start_year: u16,
    /// Last model year.
    pub end_year: u16,
    /// What drives it.
    #[serde(rename = "type")]
    pub powertrain: Powertrain,
    /// Endpoints, named for people, for example `EV battery`.
    pub endpoints: Vec<String>,
    /// Permissions that open something, for example `read_battery`.
    pub permissions: Vec<String>,
}
