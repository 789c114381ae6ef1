//! The strip of steps on top of each page.

use super::PAGE;
use super::runs::Run;
use carport_web::words::{Text, t};

/// A step of the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The link is built and opened.
    Connect,
    /// The code came back.
    Code,
    /// It was exchanged.
    Tokens,
    /// The vehicles are known.
    Vehicles,
    /// Anything is called.
    Reading,
}

/// A step as the strip shows it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// What it is called.
    pub title: Text,
    /// Where it is, when it is done or can be done.
    pub href: Option<String>,
    /// Whether it is behind.
    pub past: bool,
    /// Whether it is shown.
    pub current: bool,
}

impl Step {
    const ALL: [(Self, Text); 5] = [
        (Self::Connect, t("Connect")),
        (Self::Code, t("Code")),
        (Self::Tokens, t("Tokens")),
        (Self::Vehicles, t("Vehicles")),
        (Self::Reading, t("A reading")),
    ];

    /// How far a run has come.
    pub(crate) fn of(run: &Run) -> Self {
        if !run.cars.is_empty() {
            Self::Reading
        } else if run.listing.is_some() {
            Self::Vehicles
        } else if run.exchange.is_some() {
            Self::Tokens
        } else {
            Self::Code
        }
    }

    /// Its page in a run.
    pub(crate) fn address(self, run: &Run) -> String {
        let rest = match self {
            Self::Connect => return run.asked.again.clone(),
            Self::Code => "",
            Self::Tokens => "/tokens",
            Self::Vehicles => "/vehicles",
            Self::Reading => "/calls",
        };
        format!("{PAGE}/runs/{}{rest}", run.id)
    }

    /// The strip of a page before there is a run.
    pub(crate) fn at_the_start() -> Vec<Shown> {
        Self::strip(Self::Connect, Self::Connect, |_| None)
    }

    /// The strip of a page of a run.
    pub(crate) fn within(self, run: &Run) -> Vec<Shown> {
        Self::strip(self, Self::of(run), |step| Some(step.address(run)))
    }

    fn strip(here: Self, reached: Self, href: impl Fn(Self) -> Option<String>) -> Vec<Shown> {
        let shown = |(step, title)| Shown {
            title,
            href: href(step).filter(|_| step != here && step <= reached),
            past: step < reached && step != here,
            current: step == here,
        };
        Self::ALL.map(shown).into()
    }
}
