//! What stands around every page of the Dashboard.

use carport_web::assets::{self, Door, Look};

use crate::access::Access;

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
}

/// Title, side, style and script of a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// What the browser calls the page.
    pub title: String,
    /// Style and icons.
    pub look: Look,
    /// Where the side leads.
    pub places: Vec<Place>,
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

impl Frame {
    /// The frame of a page without a script.
    pub(crate) fn of(title: impl Into<String>, here: Here, access: Access) -> Self {
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
        if access == Access::Everyone {
            for (href, icon, title, here) in [
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
                (
                    "/dashboard/simulator",
                    "simulator",
                    "Simulator",
                    Here::Simulator,
                ),
            ] {
                places.push(place(href, icon, title, Some(here)));
            }
        }
        places.push(place("/docs", "info", "Guide", None));
        places.push(place("/docs/errors", "warning", "Errors", None));
        Self {
            title: title.into(),
            look: Look::of(Door::Dashboard),
            places,
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
