//! What stands around every page of the Dashboard.

use carport_web::assets::{self, Door, Look};
use carport_web::words::{Text, say, t};

use crate::access::Visitor;

/// A page of the Dashboard that the side names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Here {
    /// The first page.
    Home,
    /// Connected cars.
    Vehicles,
    /// Runs through Connect.
    Runs,
    /// The request log.
    Logs,
    /// Applications and what belongs to them.
    Applications,
    /// The playground.
    Playground,
    /// The simulator and what belongs to it.
    Simulator,
    /// The members.
    Team,
    /// Who did what.
    Audit,
    /// What a member changes about themselves.
    Account,
}

/// Where the side leads, in its order: address, icon, title, page.
const PLACES: [(&str, &str, Text, Option<Here>); 12] = [
    ("/dashboard", "home", t("Your Carport"), Some(Here::Home)),
    (
        "/dashboard/try",
        "play",
        t("Try it"),
        Some(Here::Playground),
    ),
    (
        "/dashboard/applications",
        "application",
        t("Applications"),
        Some(Here::Applications),
    ),
    (
        "/dashboard/vehicles",
        "vehicle",
        t("Vehicles"),
        Some(Here::Vehicles),
    ),
    (
        "/dashboard/runs",
        "runs",
        t("Connect runs"),
        Some(Here::Runs),
    ),
    ("/dashboard/logs", "log", t("Request log"), Some(Here::Logs)),
    (
        "/dashboard/simulator",
        "simulator",
        t("Simulator"),
        Some(Here::Simulator),
    ),
    ("/dashboard/team", "team", t("Team"), Some(Here::Team)),
    ("/dashboard/audit", "log", t("Audit log"), Some(Here::Audit)),
    (
        "/dashboard/account",
        "settings",
        t("Your account"),
        Some(Here::Account),
    ),
    ("/docs", "info", t("Guide"), None),
    ("/docs/errors", "warning", t("Errors"), None),
];

/// Title, side, style and script of a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// What the browser calls the page.
    pub title: String,
    /// Style and icons.
    pub look: Look,
    /// Where the side leads.
    pub places: Vec<Place>,
    /// Who is signed in.
    pub foot: Option<Foot>,
    /// The script, on pages that have one.
    pub script: Option<&'static str>,
}

/// A line of the side.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Where it leads.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// What it says.
    pub title: Text,
    /// Whether the page is there.
    pub current: bool,
}

/// The foot of the side.
#[derive(Debug, Clone)]
pub(crate) struct Foot {
    /// Who is signed in.
    pub text: String,
    /// A field for the form that signs out; none for who is not signed in.
    pub csrf: Option<String>,
}

/// For whom a page is: a [`Visitor`].
pub(crate) struct Reader {
    /// Whether they see some applications only.
    pub is_limited: bool,
    /// The foot of their side.
    pub foot: Option<Foot>,
}

impl From<&Visitor> for Reader {
    fn from(visitor: &Visitor) -> Self {
        let foot = match &visitor.signed_in {
            Some(signed_in) => Foot {
                text: t("Signed in as {name}, {role}")
                    .with("name", &signed_in.member.name)
                    .with("role", say(signed_in.member.role.as_str()))
                    .plain(),
                csrf: Some(visitor.csrf.clone()),
            },
            None => Foot {
                text: t("Not signed in: this dev server acts for everyone at its machine.").plain(),
                csrf: None,
            },
        };
        Self {
            is_limited: visitor.member.only.is_some(),
            foot: Some(foot),
        }
    }
}

impl Frame {
    /// The frame of a page without a script.
    pub(crate) fn of(title: impl Into<String>, here: Here, reader: impl Into<Reader>) -> Self {
        let reader = reader.into();
        let place = |href, icon, title, place| Place {
            href,
            icon,
            title,
            current: place == Some(here),
        };
        // The simulator does not tell applications apart, so whoever is limited has no use for it.
        let all = PLACES.into_iter();
        let places = all.filter(|(.., to)| !(reader.is_limited && *to == Some(Here::Simulator)));
        let places = places.map(|(href, icon, title, to)| place(href, icon, title, to));
        let places = places.collect();
        Self {
            title: title.into(),
            look: Look::of(Door::Dashboard),
            places,
            foot: reader.foot,
            script: None,
        }
    }

    /// With the script of the Dashboard.
    pub(crate) fn scripted(self) -> Self {
        Self {
            script: Some(assets::script()),
            ..self
        }
    }
}
