//! How runs and their steps read.

use carport_model::Timestamp;
use carport_model::country::Country;
use carport_model::run::event::Event;
use carport_store::run_steps::RunStep;
use carport_web::words::{Text, say, t};

use crate::Dashboard;

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// Class of the badge.
    pub badge: &'static str,
    /// In a word or two.
    pub text: Text,
    /// Why, in a sentence.
    pub why: Text,
}

/// Endings that a list can be filtered by: value and title.
pub(super) const ENDINGS: [(&str, Text); 11] = [
    ("granted", t("Allowed")),
    ("reauthenticated", t("Signed in again")),
    ("capacity_chosen", t("Battery chosen")),
    ("open", t("Going on")),
    ("expired", t("Left unfinished")),
    ("access_denied", t("Not allowed")),
    ("user_manually_returned_to_application", t("Went back")),
    ("vehicle_incompatible", t("Not compatible")),
    ("invalid_subscription", t("Service not active")),
    ("no_vehicles", t("No vehicle")),
    ("configuration_error", t("Wrong link")),
];

/// How a run stands: how it ended, or that it has not.
pub(super) fn standing(
    ended: Option<&str>,
    completed_at: Option<Timestamp>,
    expires_at: Timestamp,
    now: Timestamp,
) -> Standing {
    let of = |badge, text, why| Standing { badge, text, why };
    match ended {
        Some("granted") => of("", t("Allowed"), t("The owner allowed access.")),
        Some("reauthenticated") => of(
            "",
            t("Signed in again"),
            t("The owner signed in again for a connected car."),
        ),
        Some("capacity_chosen") => of(
            "",
            t("Battery chosen"),
            t("The owner told what the battery holds."),
        ),
        Some("access_denied") => of(
            "badge-warn",
            t("Not allowed"),
            t("The owner chose Don't allow."),
        ),
        Some("user_manually_returned_to_application") => of(
            "badge-warn",
            t("Went back"),
            t("The owner went back to your application before allowing anything."),
        ),
        Some("vehicle_incompatible") => of(
            "badge-warn",
            t("Not compatible"),
            t("The owner's brand or car cannot be connected, or it lacks what the link requires."),
        ),
        Some("invalid_subscription") => of(
            "badge-warn",
            t("Service not active"),
            t("The connected service of the car is not active at its maker."),
        ),
        Some("no_vehicles") => of(
            "badge-warn",
            t("No vehicle"),
            t("The account holds no car, or not the one that the link names."),
        ),
        Some("battery_capacity_no_selection") => of(
            "badge-warn",
            t("No battery chosen"),
            t("The owner did not say which battery the car has."),
        ),
        Some("configuration_error") => of(
            "badge-bad",
            t("Wrong link"),
            t("The Connect link asks for something that it cannot: the message says what."),
        ),
        Some(_) => of(
            "badge-bad",
            t("Failed"),
            t("The run ended without a grant."),
        ),
        None if completed_at.is_some() => {
            of("", t("Over"), t("It ended before endings were kept."))
        }
        None if expires_at <= now => of(
            "badge-warn",
            t("Left unfinished"),
            t("The owner closed the page or let the hour pass; nothing went back."),
        ),
        None => of("badge-on", t("Going on"), t("The owner is on the way.")),
    }
}

/// A step in words.
pub(super) fn step(dashboard: &Dashboard, step: &RunStep) -> String {
    let detail = step.detail.as_deref().unwrap_or_default();
    let cars = match detail {
        "1" => t("1 car").plain(),
        count => t("{n} cars").with("n", count).plain(),
    };
    match step.event {
        Event::Started => t("Opened the link").plain(),
        Event::CountryChosen => {
            let country = Country::find(detail);
            let country =
                country.map_or_else(|| detail.to_owned(), |country| say(country.name).plain());
            t("Went on from the first page, in {country}")
                .with("country", country)
                .plain()
        }
        Event::BrandChosen => t("Brand: {brand}")
            .with("brand", brand(dashboard, detail))
            .plain(),
        Event::BrandUnknown => t("Did not find their brand").plain(),
        Event::CodeAsked => t("Was sent a one-time code").plain(),
        Event::Refused => t("E-mail, password or code was not accepted").plain(),
        Event::Unreachable => t("The brand did not answer: {detail}")
            .with("detail", detail)
            .plain(),
        Event::SignedIn => t("Signed in; the account told of {cars}")
            .with("cars", cars)
            .plain(),
        Event::NoVehicles => t("The account has no car for this link").plain(),
        Event::NotActive => t("The connected service is not active").plain(),
        Event::Incompatible => t("Brand or car cannot be connected").plain(),
        Event::Allowed => t("Allowed access to {cars}").with("cars", cars).plain(),
        Event::Renewed => t("Signed in again").plain(),
        Event::CapacityChosen => t("Told what the battery holds").plain(),
        Event::Failed => t("Went back with {detail}").with("detail", detail).plain(),
    }
}

/// Whether a step stood in the way.
pub(super) const fn is_trouble(event: Event) -> bool {
    matches!(
        event,
        Event::BrandUnknown
            | Event::Refused
            | Event::Unreachable
            | Event::NoVehicles
            | Event::NotActive
            | Event::Incompatible
            | Event::Failed
    )
}

/// The name of a brand.
pub(super) fn brand(dashboard: &Dashboard, id: &str) -> String {
    let brand = dashboard.brands.get(&carport_model::BrandId::new(id));
    brand.map_or_else(|| id.to_owned(), |brand| brand.name.clone())
}
