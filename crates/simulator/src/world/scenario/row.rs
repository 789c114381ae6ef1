//! How a stage is written.

use std::ops::Range;
use std::time::Duration;

use carport_model::CatalogueError;
use carport_model::catalogue::File;
use carport_model::time_of_day::TimeOfDay;
use serde::Deserialize;
use toml::Spanned;

use super::{Action, ChargePoint, Current, Pace, Reach, Stage, Stay, duration};
use crate::world::profile::within;

/// A stage as it is written: which keys belong together, `do` decides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    name: Spanned<String>,
    #[serde(rename = "do")]
    verb: Spanned<Verb>,
    at: Option<Spanned<Box<str>>>,
    #[serde(rename = "for")]
    lasts: Option<Spanned<String>>,
    until: Option<Spanned<TimeOfDay>>,
    plugged: Option<Spanned<bool>>,
    route: Option<Spanned<Box<str>>>,
    back: Option<Spanned<bool>>,
    traffic: Option<Spanned<f64>>,
    power: Option<Spanned<f64>>,
    current: Option<Spanned<Current>>,
    limit: Option<Spanned<f64>>,
    to: Option<Spanned<f64>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verb {
    Park,
    Drive,
    Charge,
    Refuel,
    Sleep,
    Unreachable,
}

impl Verb {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Park => "park",
            Self::Drive => "drive",
            Self::Charge => "charge",
            Self::Refuel => "refuel",
            Self::Sleep => "sleep",
            Self::Unreachable => "unreachable",
        }
    }

    /// The keys that a stage of this kind may have, beside `name` and `do`.
    const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Park | Self::Sleep | Self::Unreachable => &["at", "for", "until", "plugged"],
            Self::Drive => &["route", "back", "traffic", "for"],
            Self::Charge => &["at", "for", "until", "power", "current", "limit"],
            Self::Refuel => &["at", "for", "until", "to"],
        }
    }
}
impl Row {
    pub(super) fn stage(&self, file: &File<'_>, at: Range<usize>) -> Result<Stage, CatalogueError> {
        if self.name.get_ref().trim().is_empty() {
            return Err(file.mistake(self.name.span(), "a stage has a name"));
        }
        self.check_keys(file)?;
        let verb = *self.verb.get_ref();
        let action = match verb {
            Verb::Park => self.park(file, &at, Reach::Awake)?,
            Verb::Sleep => self.park(file, &at, Reach::Asleep)?,
            Verb::Unreachable => self.park(file, &at, Reach::Unreachable)?,
            Verb::Drive => self.drive(file, &at)?,
            Verb::Charge => self.charge(file, &at)?,
            Verb::Refuel => Action::Refuel {
                at: self.place(file, &at)?,
                stay: self.stay(file, &at)?,
                to: share(file, "to", self.to.as_ref(), 1.0)?,
            },
        };
        let name = self.name.get_ref().clone();
        Ok(Stage { name, action })
    }

    /// Refuses keys that mean nothing in a stage of this kind.
    fn check_keys(&self, file: &File<'_>) -> Result<(), CatalogueError> {
        let verb = *self.verb.get_ref();
        let given = [
            ("at", self.at.as_ref().map(Spanned::span)),
            ("for", self.lasts.as_ref().map(Spanned::span)),
            ("until", self.until.as_ref().map(Spanned::span)),
            ("plugged", self.plugged.as_ref().map(Spanned::span)),
            ("route", self.route.as_ref().map(Spanned::span)),
            ("back", self.back.as_ref().map(Spanned::span)),
            ("traffic", self.traffic.as_ref().map(Spanned::span)),
            ("power", self.power.as_ref().map(Spanned::span)),
            ("current", self.current.as_ref().map(Spanned::span)),
            ("limit", self.limit.as_ref().map(Spanned::span)),
            ("to", self.to.as_ref().map(Spanned::span)),
        ];
        for (key, span) in given {
            let Some(span) = span.filter(|_| !verb.keys().contains(&key)) else {
                continue;
            };
            let charges = ["plugged", "power", "current", "limit"].contains(&key);
            let problem = if verb == Verb::Drive && charges {
                format!("{key} does not belong to a drive: no car charges while it drives")
            } else {
                format!(
                    "{key} does not belong to a stage that does {}",
                    verb.as_str()
                )
            };
            return Err(file.mistake(span, problem));
        }
        Ok(())
    }

    fn park(
        &self,
        file: &File<'_>,
        at: &Range<usize>,
        reach: Reach,
    ) -> Result<Action, CatalogueError> {
        Ok(Action::Park {
            at: self.place(file, at)?,
            stay: self.stay(file, at)?,
            plugged: self
                .plugged
                .as_ref()
                .is_some_and(|plugged| *plugged.get_ref()),
            reach,
        })
    }

    fn drive(&self, file: &File<'_>, at: &Range<usize>) -> Result<Action, CatalogueError> {
        let needs = || file.mistake(at.clone(), "a drive needs a route");
        let route = self.route.as_ref().ok_or_else(needs)?;
        let pace = match (self.duration(file)?, &self.traffic) {
            (Some(_), Some(traffic)) => {
                let problem = "a drive has either traffic or for";
                return Err(file.mistake(traffic.span(), problem));
            }
            (Some(lasts), None) => Pace::Lasts(lasts),
            (None, Some(traffic)) => {
                within(file, "traffic", traffic, 1.0, 4.0)?;
                Pace::Traffic(*traffic.get_ref())
            }
            (None, None) => Pace::Traffic(1.0),
        };
        Ok(Action::Drive {
            route: route.get_ref().clone(),
            back: self.back.as_ref().is_some_and(|back| *back.get_ref()),
            pace,
        })
    }

    fn charge(&self, file: &File<'_>, at: &Range<usize>) -> Result<Action, CatalogueError> {
        let needs = |what| move || file.mistake(at.clone(), format!("charging needs {what}"));
        let power = self.power.as_ref().ok_or_else(needs("a power, in kW"))?;
        within(file, "power", power, 0.5, 1000.0)?;
        let current = self
            .current
            .as_ref()
            .ok_or_else(needs("a current, AC or DC"))?;
        Ok(Action::Charge {
            at: self.place(file, at)?,
            stay: self.stay(file, at)?,
            point: ChargePoint {
                power: *power.get_ref(),
                current: *current.get_ref(),
            },
            limit: share(file, "limit", self.limit.as_ref(), 1.0)?,
        })
    }

    fn place(&self, file: &File<'_>, at: &Range<usize>) -> Result<Box<str>, CatalogueError> {
        let verb = self.verb.get_ref().as_str();
        let needs = || file.mistake(at.clone(), format!("{verb} needs at, the name of a place"));
        Ok(self.at.as_ref().ok_or_else(needs)?.get_ref().clone())
    }

    fn stay(&self, file: &File<'_>, at: &Range<usize>) -> Result<Stay, CatalogueError> {
        match (self.duration(file)?, &self.until) {
            (Some(lasts), None) => Ok(Stay::Lasts(lasts)),
            (None, Some(until)) => Ok(Stay::Until(*until.get_ref())),
            _ => {
                let verb = self.verb.get_ref().as_str();
                let problem = format!("{verb} needs either for, such as 7h40m, or until");
                Err(file.mistake(at.clone(), problem))
            }
        }
    }

    fn duration(&self, file: &File<'_>) -> Result<Option<Duration>, CatalogueError> {
        let Some(lasts) = &self.lasts else {
            return Ok(None);
        };
        let problem = "a duration is days, hours, minutes and seconds, such as 7h40m";
        let refused = || file.mistake(lasts.span(), problem);
        duration(lasts.get_ref()).map(Some).ok_or_else(refused)
    }
}

/// A share of battery or tank.
fn share(
    file: &File<'_>,
    what: &str,
    share: Option<&Spanned<f64>>,
    default: f64,
) -> Result<f64, CatalogueError> {
    let Some(share) = share else {
        return Ok(default);
    };
    within(file, what, share, 0.1, 1.0)?;
    Ok(*share.get_ref())
}
