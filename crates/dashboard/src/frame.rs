//! What stands around every page of the Dashboard.

use carport_web::assets::{self, Door, Look};

use crate::access::{Access, Visitor};

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

/// Pages about applications, in the order of the side: address, icon, title.
const WORK: [(&str, &str, &str, Here); 5] = [
    ("/dashboard/try", "play", "Try it", Here::Playground),
    (
        "/dashboard/applications",
        "application",
        "Applications",
        Here::Applications,
    ),
    ("/dashboard/vehicles", "vehicle", "Vehicles", Here::Vehicles),
    ("/dashboard/runs", "runs", "Connect runs", Here::Runs),
    ("/dashboard/logs", "log", "Request log", Here::Logs),
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
    pub title: &'static str,
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
    /// Whether the pages open for them.
    pub is_in: bool,
    is_limited: bool,
    foot: Option<Foot>,
}

impl From<&Visitor> for Reader {
    fn from(visitor: &Visitor) -> Self {
        let foot = match &visitor.signed_in {
            Some(signed_in) => Foot {
                text: format!(
                    "Signed in as {}, {}",
                    signed_in.member.name, signed_in.member.role
                ),
                csrf: Some(visitor.csrf.clone()),
            },
            None => Foot {
                text: "Not signed in: this dev server acts for everyone at its machine.".to_owned(),
                csrf: None,
            },
        };
        Self {
            is_in: true,
            is_limited: visitor.member.only.is_some(),
            foot: Some(foot),
        }
    }
}

/// A page that does not know its visitor.
impl From<Access> for Reader {
    fn from(access: Access) -> Self {
        Self {
            is_in: access == Access::Everyone,
            is_limited: false,
            foot: None,
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
        let mut places = vec![place(
            "/dashboard",
            "home",
            "Your Carport",
            Some(Here::Home),
        )];
        // Only what exists for this reader.
        if reader.is_in {
            for (href, icon, title, here) in WORK {
                places.push(place(href, icon, title, Some(here)));
            }
        }
        if reader.is_in && !reader.is_limited {
            let simulator = Some(Here::Simulator);
            places.push(place(
                "/dashboard/simulator",
                "simulator",
                "Simulator",
                simulator,
            ));
        }
        if reader.is_in {
            places.extend([
                place("/dashboard/team", "team", "Team", Some(Here::Team)),
                place("/dashboard/audit", "log", "Audit log", Some(Here::Audit)),
                place(
                    "/dashboard/account",
                    "settings",
                    "Your account",
                    Some(Here::Account),
                ),
            ]);
        }
        places.push(place("/docs", "info", "Guide", None));
        places.push(place("/docs/errors", "warning", "Errors", None));
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
