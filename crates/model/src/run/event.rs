//! What happens in a run through Connect, as it is kept for the makers of the application.

use std::fmt;
use std::str::FromStr;

/// A step of a run, or something that stood in its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The link was opened.
    Started,
    /// The owner left the first page with a country.
    CountryChosen,
    /// The brand is settled: the owner chose it, or the link named it.
    BrandChosen,
    /// The owner's brand is not on the list.
    BrandUnknown,
    /// The brand sent a one-time code.
    CodeAsked,
    /// E-mail and password, or the code, were not accepted.
    Refused,
    /// The brand did not answer.
    Unreachable,
    /// The owner is signed in.
    SignedIn,
    /// The account has no car.
    NoVehicles,
    /// The car's connected service is not active.
    NotActive,
    /// Brand or car cannot be connected.
    Incompatible,
    /// The owner allowed access. Ends the run.
    Allowed,
    /// The owner signed in again for a connected car. Ends the run.
    Renewed,
    /// The owner told what the battery holds. Ends the run.
    CapacityChosen,
    /// The run ended without a grant.
    Failed,
}

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reached {
    /// It began.
    Started = 0,
    /// The brand was chosen.
    Brand = 1,
    /// The owner was signed in.
    SignedIn = 2,
    /// The owner allowed what the run was for.
    Allowed = 3,
}

impl Reached {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Started, Self::Brand, Self::SignedIn, Self::Allowed];
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Started,
        Self::CountryChosen,
        Self::BrandChosen,
        Self::BrandUnknown,
        Self::CodeAsked,
        Self::Refused,
        Self::Unreachable,
        Self::SignedIn,
        Self::NoVehicles,
        Self::NotActive,
        Self::Incompatible,
        Self::Allowed,
        Self::Renewed,
        Self::CapacityChosen,
        Self::Failed,
    ];

    /// The spelling in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::CountryChosen => "country_chosen",
            Self::BrandChosen => "brand_chosen",
            Self::BrandUnknown => "brand_unknown",
            Self::CodeAsked => "code_asked",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::SignedIn => "signed_in",
            Self::NoVehicles => "no_vehicles",
            Self::NotActive => "not_active",
            Self::Incompatible => "incompatible",
            Self::Allowed => "allowed",
            Self::Renewed => "renewed",
            Self::CapacityChosen => "capacity_chosen",
            Self::Failed => "failed",
        }
    }

    /// How far a run has come at least when this happened.
    #[must_use]
    pub const fn reached(self) -> Reached {
        match self {
            Self::BrandChosen | Self::CodeAsked | Self::Refused | Self::Unreachable => {
                Reached::Brand
            }
            Self::SignedIn => Reached::SignedIn,
            Self::Allowed | Self::Renewed | Self::CapacityChosen => Reached::Allowed,
            Self::Started
            | Self::CountryChosen
            | Self::BrandUnknown
            | Self::NoVehicles
            | Self::NotActive
            | Self::Incompatible
            | Self::Failed => Reached::Started,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an event of a run")]
pub struct ParseEventError;

impl FromStr for Event {
    type Err = ParseEventError;

    fn from_str(text: &str) -> Result<Self, ParseEventError> {
        let event = Self::ALL.into_iter().find(|event| event.as_str() == text);
        event.ok_or(ParseEventError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_read_back() {
        for event in Event::ALL {
            assert_eq!(event.as_str().parse(), Ok(event));
        }
        assert_eq!("nonsense".parse::<Event>(), Err(ParseEventError));
    }
}
