//! Whether a scenario can be lived in a city: each stage begins where the one before it ends, and
//! no car is asked to drive faster than it may.

use std::ops::Range;
use std::time::Duration;

use carport_model::CatalogueError;
use carport_model::catalogue::File;

use super::{Action, Pace, Scenario};
use crate::world::city::{City, NEAR, Place, Route};
use crate::world::drive::fastest;
use crate::world::geometry::{Position, distance};

/// Longest scenario.
const LONGEST: Duration = Duration::from_hours(31 * 24);

/// How many times longer than at the limits a drive may take.
const SLOWEST: f64 = 4.0;

impl Scenario {
    /// When it starts, after midnight.
    pub(in crate::world) fn starts(&self) -> Duration {
        let time = self.starts_at;
        Duration::from_secs(u64::from(time.hour() * 60 + time.minute()) * 60)
    }

    /// The limit of the first stage that charges; none is a full battery.
    pub(in crate::world) fn limit(&self) -> f64 {
        let mut limits = self.stages.iter().filter_map(|stage| match stage.action {
            Action::Charge { limit, .. } => Some(limit),
            _ => None,
        });
        limits.next().unwrap_or(1.0)
    }

    /// A place by name: its own, or else the city's.
    #[must_use]
    pub fn place<'a>(&'a self, name: &str, city: &'a City) -> Option<&'a Place> {
        let own = self.map.places.get(name);
        own.or_else(|| city.map.places.get(name))
    }

    /// A route by name: its own, or else the city's.
    #[must_use]
    pub fn route<'a>(&'a self, name: &str, city: &'a City) -> Option<&'a Route> {
        let own = self.map.routes.get(name);
        own.or_else(|| city.map.routes.get(name))
    }
}

/// Checks the stages, whose places in the file `rows` are.
pub(super) fn livable(
    scenario: &Scenario,
    city: &City,
    rows: &[Range<usize>],
    file: &File<'_>,
) -> Result<(), CatalogueError> {
    let mut stands: Option<Position> = None;
    let mut first = None;
    let mut length = Duration::ZERO;
    for (stage, row) in scenario.stages.iter().zip(rows) {
        let refused = |problem: String| file.mistake(row.clone(), problem);
        let (begins, ends, lasts) = {
            let since_midnight = scenario.starts() + length;
            visit(scenario, city, &stage.action, since_midnight).map_err(refused)?
        };
        if let Some(metres) = stands.map(|stands| distance(stands, begins)).filter(is_far) {
            let problem = format!(
                "{:?} begins {:.1} km from where the stage before it ends, in {}: drive there first",
                stage.name,
                metres / 1000.0,
                city.id
            );
            return Err(refused(problem));
        }
        first.get_or_insert(begins);
        stands = Some(ends);
        length = length.saturating_add(lasts);
        if length > LONGEST {
            return Err(refused("a scenario lasts at most 31 days".to_owned()));
        }
    }
    let apart = first.zip(stands).map(|(first, last)| distance(first, last));
    match apart.filter(|metres| scenario.repeats && is_far(metres)) {
        None => Ok(()),
        Some(metres) => {
            let problem = format!(
                "a scenario that repeats ends where it begins; in {} it ends {:.1} km from there",
                city.id,
                metres / 1000.0
            );
            Err(file.mistake(rows.last().cloned().unwrap_or_default(), problem))
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a filter hands in a reference"
)]
fn is_far(metres: &f64) -> bool {
    *metres > NEAR
}

/// Where a stage begins and ends, and how long it lasts.
fn visit(
    scenario: &Scenario,
    city: &City,
    action: &Action,
    since_midnight: Duration,
) -> Result<(Position, Position, Duration), String> {
    let (route, back, pace) = match action {
        Action::Park { at, stay, .. }
        | Action::Charge { at, stay, .. }
        | Action::Refuel { at, stay, .. } => {
            let known = scenario.place(at, city);
            let place = known.ok_or_else(|| format!("there is no place {at} in {}", city.id))?;
            return Ok((place.position, place.position, stay.from(since_midnight)));
        }
        Action::Drive { route, back, pace } => (route, back, pace),
    };
    let known = scenario.route(route, city);
    let line = known.ok_or_else(|| format!("there is no route {route} in {}", city.id))?;
    let fastest = fastest(&line.points, *back);
    let lasts = match pace {
        Pace::Traffic(times) => fastest.mul_f64(*times),
        Pace::Lasts(lasts) if *lasts < fastest => {
            let least = fastest.as_secs().div_ceil(60);
            return Err(format!(
                "nobody drives {:.1} km in {} s: at the limits {route} takes {least} minutes in {}",
                line.length() / 1000.0,
                lasts.as_secs(),
                city.id
            ));
        }
        Pace::Lasts(lasts) if *lasts > fastest.mul_f64(SLOWEST) => {
            return Err(format!(
                "a drive takes at most four times as long as at the limits; park for the rest of {} s",
                lasts.as_secs()
            ));
        }
        Pace::Lasts(lasts) => *lasts,
    };
    let [first, .., last] = &*line.points else {
        return Err(format!("the route {route} has no points"));
    };
    let ends = (first.position(), last.position());
    let (begins, ends) = if *back { (ends.1, ends.0) } else { ends };
    Ok((begins, ends, lasts))
}
