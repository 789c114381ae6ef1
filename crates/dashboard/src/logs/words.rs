//! How an entry reads.

use carport_model::{ErrorSpec, VehicleId};
use carport_store::request_log::Recorded;

/// Status and error of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Class of the badge; empty for an answer that needs no look.
    pub badge: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// `ASLEEP`; empty where none is known.
    pub error: String,
}

impl Answer {
    /// Of an entry.
    pub(crate) fn of(entry: &Recorded) -> Self {
        let badge = match entry.status {
            0..400 => "",
            400..500 => "badge-warn",
            _ => "badge-bad",
        };
        let error = entry.error_code.as_ref().or(entry.error_type.as_ref());
        Self {
            badge,
            status: entry.status,
            error: error.map(ToString::to_string).unwrap_or_default(),
        }
    }
}

/// The row of the catalogue that an entry's error is.
pub(super) fn error(entry: &Recorded) -> Option<&'static ErrorSpec> {
    let kind = entry.error_type.as_deref()?;
    let is =
        |spec: &&&ErrorSpec| spec.kind.as_str() == kind && spec.code == entry.error_code.as_deref();
    carport_model::error::ERRORS.iter().find(is).copied()
}

/// Where an error is documented.
pub(super) fn documentation(error: &ErrorSpec) -> String {
    let kebab = |word: &str| word.to_ascii_lowercase().replace('_', "-");
    let page = kebab(error.kind.as_str());
    match error.code {
        Some(code) => format!("/docs/errors/{page}#{}", kebab(code)),
        None => format!("/docs/errors/{page}"),
    }
}

/// The path of a route as a list shows it: `…` stands for a vehicle.
pub(crate) fn of_route(pattern: &str) -> String {
    match pattern.strip_prefix("/v2.0/vehicles/{id}") {
        Some("") => "…/".to_owned(),
        Some(rest) => format!("…{rest}"),
        None => pattern.to_owned(),
    }
}

/// The path that was called, as far as the log knows it.
pub(super) fn path(pattern: &str, vehicle: Option<VehicleId>) -> String {
    match vehicle {
        Some(vehicle) => pattern.replacen("{id}", &vehicle.to_string(), 1),
        None => pattern.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short_and_whole() {
        assert_eq!(of_route("/v2.0/vehicles/{id}/battery"), "…/battery");
        assert_eq!(of_route("/v2.0/vehicles/{id}"), "…/");
        assert_eq!(of_route("/oauth/token"), "/oauth/token");
        let id = VehicleId::from_bytes([7; 16]);
        assert_eq!(
            path("/v2.0/vehicles/{id}/vin", Some(id)),
            format!("/v2.0/vehicles/{id}/vin")
        );
        assert_eq!(path("/v2.0/vehicles", None), "/v2.0/vehicles");
    }
}
