//! The way back to the application. Source: contract connect-oauth, A.9.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use carport_model::run::RunError;
use carport_model::vehicle::FoundVehicle;
use carport_web::page;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// Everything but the unreserved characters of RFC 3986: a space is `%20`, and no `=` or `&`
/// stays in a value, since Java's suite splits on them undecoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Why a run ended without a grant. Source: contract connect-oauth, A.9.2.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The owner chose *Don't allow*.
    AccessDenied,
    /// Brand or car cannot be connected; the car only with the owner's consent.
    VehicleIncompatible(Option<Box<FoundVehicle>>),
    /// The car's connected service is not active.
    InvalidSubscription,
    /// The account has no car.
    NoVehicles,
    /// The link was wrong.
    Configuration(RunError),
    /// The owner cannot tell, or does not want to tell, which battery the car has.
    NoCapacity,
    /// The owner went back before granting anything.
    ReturnedToApplication,
}

impl Failure {
    /// The `error` code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::VehicleIncompatible(_) => "vehicle_incompatible",
            Self::InvalidSubscription => "invalid_subscription",
            Self::NoVehicles => "no_vehicles",
            Self::Configuration(_) => "configuration_error",
            Self::NoCapacity => "battery_capacity_no_selection",
            Self::ReturnedToApplication => "user_manually_returned_to_application",
        }
    }

    /// What was wrong with the link.
    #[must_use]
    pub const fn error(&self) -> Option<&RunError> {
        match self {
            Self::Configuration(error) => Some(error),
            _ => None,
        }
    }

    /// The failure that went back with this code, as far as a run that is over still tells: the
    /// car of an incompatible one is gone.
    #[must_use]
    pub fn of(code: &str, error: Option<RunError>) -> Option<Self> {
        let known = [
            Self::AccessDenied,
            Self::VehicleIncompatible(None),
            Self::InvalidSubscription,
            Self::NoVehicles,
            Self::NoCapacity,
            Self::ReturnedToApplication,
        ];
        let configuration = error.map(Self::Configuration);
        let mut all = known.into_iter().chain(configuration);
        all.find(|failure| failure.code() == code)
    }

    /// `error_description`: a short sentence of our own; no client can depend on its words.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        match self {
            Self::AccessDenied => "The owner did not allow access.",
            Self::VehicleIncompatible(_) => "The vehicle cannot be connected.",
            Self::InvalidSubscription => "The connected service of the vehicle is not active.",
            Self::NoVehicles => {
                "The owner's account holds no vehicle, or not the one that was asked for."
            }
            Self::Configuration(_) => "The Connect link cannot be used. See error_message.",
            Self::NoCapacity => "The owner did not choose what the battery holds.",
            Self::ReturnedToApplication => {
                "The owner returned to the application before granting access."
            }
        }
    }
}

/// What goes back: names and values in order, none of them empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer(Vec<(&'static str, String)>);

impl Answer {
    /// A grant. `code` is absent with `response_type=none`.
    #[must_use]
    pub fn granted(
        code: Option<&str>,
        state: Option<&str>,
        user_id: &str,
        external_id: Option<&str>,
    ) -> Self {
        Self::default()
            .with("code", code)
            .with("state", state)
            .with("user_id", Some(user_id))
            .with("external_id", external_id)
    }

    /// A new sign-in for a vehicle, which comes without a code: tokens go on as they are (contract
    /// connect-oauth, A.7).
    #[must_use]
    pub fn reauthenticated(
        vehicle_id: &str,
        state: Option<&str>,
        external_id: Option<&str>,
    ) -> Self {
        Self::default()
            .with("vehicle_id", Some(vehicle_id))
            .with("state", state)
            .with("external_id", external_id)
    }

    /// The owner's choice of a battery, `capacity` in kWh (contract rest-v2, 2.11).
    #[must_use]
    pub fn capacity_chosen(vehicle_id: &str, state: Option<&str>, capacity: &str) -> Self {
        Self::default()
            .with("vehicle_id", Some(vehicle_id))
            .with("selected_capacity", Some(capacity))
            .with("reason", Some("battery_capacity"))
            .with("state", state)
    }

    /// A failure, with the parameters that belong to its kind.
    #[must_use]
    pub fn failed(failure: &Failure, state: Option<&str>) -> Self {
        let answer = Self::default()
            .with("error", Some(failure.code()))
            .with("error_description", Some(failure.description()))
            .with("state", state);
        match failure {
            Failure::VehicleIncompatible(Some(car)) => answer
                .with("vin", Some(car.vin.as_str()))
                .with("make", Some(car.make.as_str()))
                .with("model", Some(&car.model))
                .with("year", Some(&car.year.to_string())),
            Failure::Configuration(error) => answer
                .with("status_code", Some("400"))
                .with("error_message", Some(&error.message))
                .with("oauth_error", Some(&error.oauth_error)),
            _ => answer,
        }
    }

    /// With one more item, unless it is absent or empty.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.push((name, value.to_owned()));
        }
        self
    }

    /// The value of an item.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// `uri` with the items behind its own query; never with a fragment.
    #[must_use]
    pub fn onto(&self, uri: &str) -> String {
        let mut url = uri.split('#').next().unwrap_or_default().to_owned();
        let mut joint = match (url.contains('?'), url.ends_with(['?', '&'])) {
            (false, _) => "?",
            (true, false) => "&",
            (true, true) => "",
        };
        for (name, value) in &self.0 {
            url.push_str(joint);
            url.push_str(name);
            url.push('=');
            url.extend(utf8_percent_encode(value, RESERVED));
            joint = "&";
        }
        url
    }
}

/// Whether a redirect to `uri` could run in our own pages or reach the owner's files.
#[must_use]
pub fn is_unsafe(uri: &str) -> bool {
    const SCHEMES: [&str; 7] = [
        "javascript",
        "data",
        "vbscript",
        "blob",
        "file",
        "about",
        "view-source",
    ];
    // Parsing drops line breaks and trims spaces; what browsers make of the rest is their affair.
    let is_odd = |letter: char| letter.is_control() || letter.is_whitespace();
    uri.contains(is_odd) || Url::parse(uri).map_or(true, |uri| SCHEMES.contains(&uri.scheme()))
}

/// Whether browsers follow a redirect to `url` by themselves: some block those to an
/// application's own scheme unless the owner clicks.
pub(crate) fn is_web(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The redirect itself; 303 after a form post, 302 otherwise, never 307 or 308 (RFC 9700).
pub(crate) fn leave(status: StatusCode, url: &str) -> Response {
    let mut response = status.into_response();
    page::secure(response.headers_mut());
    if let Ok(url) = HeaderValue::try_from(url) {
        response.headers_mut().insert(header::LOCATION, url);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::{BrandId, Level};
    use proptest::prelude::*;

    #[test]
    fn a_grant() {
        let answer = Answer::granted(Some("c0de"), Some("a b+/=="), "u5er", None)
            .with("iss", Some("https://cars.example.net"))
            .with("external_id", Some(""));
        insta::assert_snapshot!(
            answer.onto("https://app.example.org/back?app_origin=https://x.example.org"),
            @"https://app.example.org/back?app_origin=https://x.example.org&code=c0de&state=a%20b%2B%2F%3D%3D&user_id=u5er&iss=https%3A%2F%2Fcars.example.net"
        );
        for uri in [
            "https://x.example.org/a?",
            "https://x.example.org/a#f",
            "https://x.example.org/a",
        ] {
            assert!(
                answer
                    .onto(uri)
                    .starts_with("https://x.example.org/a?code=c0de&state="),
                "{uri}"
            );
        }
    }

    #[test]
    fn failures() {
        let car = FoundVehicle {
            vin: "0SCAUDI012FE3B132".parse().unwrap(),
            make: BrandId::new("AUDI"),
            model: "A3 e-tron".into(),
            year: 2021,
            powertrain: Level::Incompatible.powertrain(),
            capabilities: Level::Incompatible.capabilities(),
            capacities: Vec::new(),
        };
        let error = RunError {
            message: "mode is none of live, simulated and test.".into(),
            oauth_error: "invalid_request".into(),
        };
        let all = [
            Failure::AccessDenied,
            Failure::VehicleIncompatible(None),
            Failure::VehicleIncompatible(Some(Box::new(car))),
            Failure::InvalidSubscription,
            Failure::NoVehicles,
            Failure::Configuration(error),
            Failure::NoCapacity,
            Failure::ReturnedToApplication,
        ];
        for failure in &all {
            let kept = Failure::of(failure.code(), failure.error().cloned()).unwrap();
            let same = matches!(failure, Failure::VehicleIncompatible(_)) || kept == *failure;
            assert!(same && kept.code() == failure.code());
        }
        assert_eq!(Failure::of("granted", None), None);
        let urls = all.map(|failure| Answer::failed(&failure, Some("s")).onto("sc1://back"));
        insta::assert_snapshot!(urls.join("\n"));
    }

    #[test]
    fn schemes() {
        for uri in [
            "javascript:alert(1)",
            "data:text/html,x",
            "no uri",
            " JavaScript:x",
            "java\nscript:x",
            "https://app.example.net/\r\nSet-Cookie: a=b",
            "https://app.example.net/ x",
        ] {
            assert!(is_unsafe(uri), "{uri}");
        }
        assert!(!is_unsafe("sc123://exchange") && !is_unsafe("http://localhost:3000/x"));
        assert!(is_web("http://localhost:3000/x") && !is_web("sc123://exchange"));
    }

    proptest! {
        #[test]
        fn values_come_back_as_they_were(state in "\\PC{1,40}") {
            let url = Answer::granted(None, Some(&state), "u", None).onto("https://x.example/?a=1");
            let (_, query) = url.split_once('?').unwrap();
            let pairs = carport_web::Pairs::parse(query).unwrap();
            prop_assert_eq!(pairs.get("state"), Some(state.as_str()));
            prop_assert!(!url.contains('+') && !url.contains('#'));
        }
    }
}
