//! What the plan of an application has room for.

use std::num::NonZeroU64;

use carport_vehicle_api::limits;

use super::{Config, Opt};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "plan.vehicles",
        default: "",
        doc: "Connected vehicles that an application has room for; calls for those that were connected later are answered 430 BILLING/VEHICLE_LIMIT. When empty, any number. Counts in limits.modes.",
        secret: false,
    },
    Opt {
        key: "plan.vehicle_requests",
        default: "",
        doc: "Calls for one vehicle in a calendar month (UTC); one more is answered 430 BILLING/VEHICLE_REQUEST_LIMIT. When empty, any number. Counts in limits.modes.",
        secret: false,
    },
    Opt {
        key: "plan.without",
        default: "",
        doc: "Features that are left out in every mode, separated by commas: batch, commands, compatibility. Calls are answered 430 BILLING/INVALID_PLAN.",
        secret: false,
    },
];

/// The section, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(pub limits::Plan);

impl Plan {
    /// Reads the section.
    ///
    /// # Errors
    /// Names the option that does not read.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        let number = |key| {
            let number: Option<NonZeroU64> = config.optional(key)?;
            anyhow::Ok(number.map(NonZeroU64::get))
        };
        Ok(Self(limits::Plan {
            vehicles: number("plan.vehicles")?,
            vehicle_requests: number("plan.vehicle_requests")?,
            without: config.list("plan.without")?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use carport_vehicle_api::limits::Feature;

    use super::*;

    fn read(settings: &[(&'static str, &str)]) -> anyhow::Result<limits::Plan> {
        let flags: Vec<_> = settings
            .iter()
            .map(|(key, value)| (*key, (*value).to_owned()))
            .collect();
        Ok(Plan::read(&Config::read(&flags, None).unwrap())?.0)
    }

    #[test]
    fn by_default_there_is_room_for_everything() {
        assert_eq!(read(&[]).unwrap(), limits::Plan::default());
    }

    #[test]
    fn numbers_and_features_are_read_and_mistakes_named() {
        let plan = read(&[
            ("plan.vehicles", "10"),
            ("plan.vehicle_requests", "500"),
            ("plan.without", "batch, compatibility"),
        ]);
        let expected = limits::Plan {
            vehicles: Some(10),
            vehicle_requests: Some(500),
            without: vec![Feature::Batch, Feature::Compatibility],
        };
        assert_eq!(plan.unwrap(), expected);
        for (key, value) in [
            ("plan.vehicles", "0"),
            ("plan.vehicle_requests", "-1"),
            ("plan.without", "bach"),
        ] {
            let error = read(&[(key, value)]).unwrap_err().to_string();
            assert!(error.contains(key) && error.contains(value), "{error}");
        }
    }
}
