//! How runs and their steps read.

use carport_model::Timestamp;
use carport_model::country::Country;
use carport_model::run::event::Event;
use carport_store::run_steps::RunStep;

use crate::Dashboard;

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// Class of the badge.
    pub badge: &'static str,
    /// In a word or two.
    pub text: &'static str,
    /// Why, in a sentence.
    pub why: &'static str,
}

/// Endings that a list can be filtered by: value and title.
pub(super) const ENDINGS: [(&str, &str); 11] = [
    ("granted", "Allowed"),
    ("reauthenticated", "Signed in again"),
    ("capacity_chosen", "Battery chosen"),
    ("open", "Going on"),
    ("expired", "Left unfinished"),
    ("access_denied", "Not allowed"),
    ("user_manually_returned_to_application", "Went back"),
    ("vehicle_incompatible", "Not compatible"),
    ("invalid_subscription", "Service not active"),
    ("no_vehicles", "No vehicle"),
    ("configuration_error", "Wrong link"),
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
        Some("granted") => of("", "Allowed", "The owner allowed access."),
        Some("reauthenticated") => of(
            "",
            "Signed in again",
            "The owner signed in again for a connected car.",
        ),
        Some("capacity_chosen") => of(
            "",
            "Battery chosen",
            "The owner told what the battery holds.",
        ),
        Some("access_denied") => of("badge-warn", "Not allowed", "The owner chose Don't allow."),
        Some("user_manually_returned_to_application") => of(
            "badge-warn",
            "Went back",
            "The owner went back to your application before allowing anything.",
        ),
        Some("vehicle_incompatible") => of(
            "badge-warn",
            "Not compatible",
            "The owner's brand or car cannot be connected, or it lacks what the link requires.",
        ),
        Some("invalid_subscription") => of(
            "badge-warn",
            "Service not active",
            "The connected service of the car is not active at its maker.",
        ),
        Some("no_vehicles") => of(
            "badge-warn",
            "No vehicle",
            "The account holds no car, or not the one that the link names.",
        ),
        Some("battery_capacity_no_selection") => of(
            "badge-warn",
            "No battery chosen",
            "The owner did not say which battery the car has.",
        ),
        Some("configuration_error") => of(
            "badge-bad",
            "Wrong link",
            "The Connect link asks for something that it cannot: the message says what.",
        ),
        Some(_) => of("badge-bad", "Failed", "The run ended without a grant."),
        None if completed_at.is_some() => of("", "Over", "It ended before endings were kept."),
        None if expires_at <= now => of(
            "badge-warn",
            "Left unfinished",
            "The owner closed the page or let the hour pass; nothing went back.",
        ),
        None => of("badge-on", "Going on", "The owner is on the way."),
    }
}

/// A step in words.
pub(super) fn step(dashboard: &Dashboard, step: &RunStep) -> String {
    let detail = step.detail.as_deref().unwrap_or_default();
    let cars = match detail {
        "1" => "1 car".to_owned(),
        count => format!("{count} cars"),
    };
    match step.event {
        Event::Started => "Opened the link".to_owned(),
        Event::CountryChosen => {
            let country = Country::find(detail).map_or(detail, |country| country.name);
            format!("Went on from the first page, in {country}")
        }
        Event::BrandChosen => format!("Brand: {}", brand(dashboard, detail)),
        Event::BrandUnknown => "Did not find their brand".to_owned(),
        Event::CodeAsked => "Was sent a one-time code".to_owned(),
        Event::Refused => "E-mail, password or code was not accepted".to_owned(),
        Event::Unreachable => format!("The brand did not answer: {detail}"),
        Event::SignedIn => format!("Signed in; the account told of {cars}"),
        Event::NoVehicles => "The account has no car for this link".to_owned(),
        Event::NotActive => "The connected service is not active".to_owned(),
        Event::Incompatible => "Brand or car cannot be connected".to_owned(),
        Event::Allowed => format!("Allowed access to {cars}"),
        Event::Renewed => "Signed in again".to_owned(),
        Event::CapacityChosen => "Told what the battery holds".to_owned(),
        Event::Failed => format!("Went back with {detail}"),
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
