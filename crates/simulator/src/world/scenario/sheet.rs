//! How a scenario is written.

use std::collections::BTreeMap;
use std::ops::Range;

use carport_model::CatalogueError;
use carport_model::catalogue::File;
use carport_model::time_of_day::TimeOfDay;
use serde::Deserialize;
use toml::Spanned;

use super::row::Row;
use super::{Scenario, Stage, Start, Temperatures, check};
use crate::world::city::{City, MapSheet, Place, ReadTrack, RouteRow};
use crate::world::profile::is_name;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    id: Spanned<Box<str>>,
    name: Spanned<String>,
    about: String,
    starts_at: TimeOfDay,
    #[serde(default)]
    repeats: bool,
    temperature: Spanned<Temperatures>,
    start: Spanned<Start>,
    #[serde(default, rename = "stage")]
    stages: Vec<Spanned<Row>>,
    #[serde(default)]
    places: BTreeMap<Box<str>, Spanned<Place>>,
    #[serde(default)]
    routes: BTreeMap<Box<str>, RouteRow>,
}

/// Most stages of a scenario.
pub(crate) const MOST_STAGES: usize = 1000;

pub(super) fn read<'a>(
    file: &File<'_>,
    cities: impl Iterator<Item = &'a City>,
    track: ReadTrack<'_>,
) -> Result<Scenario, CatalogueError> {
    let sheet: Sheet = file.read()?;
    sheet.check(file)?;
    let rows: Vec<Range<usize>> = sheet.stages.iter().map(Spanned::span).collect();
    let stages = sheet
        .stages
        .iter()
        .map(|row| row.get_ref().stage(file, row.span()));
    let stages = stages.collect::<Result<Vec<Stage>, _>>()?;
    let cities: Vec<&City> = cities.collect();
    let map = MapSheet {
        places: sheet.places,
        routes: sheet.routes,
    };
    let map = map.read(file, cities.first().map(|city| &city.map), track)?;
    let scenario = Scenario {
        id: sheet.id.into_inner().into(),
        name: sheet.name.into_inner(),
        about: sheet.about,
        starts_at: sheet.starts_at,
        repeats: sheet.repeats,
        temperature: sheet.temperature.into_inner(),
        start: sheet.start.into_inner(),
        stages,
        map,
    };
    for city in cities {
        check::livable(&scenario, city, &rows, file)?;
    }
    Ok(scenario)
}

impl Sheet {
    /// What can be told without a city.
    fn check(&self, file: &File<'_>) -> Result<(), CatalogueError> {
        let refused = |at: Range<usize>, problem: &str| Err(file.mistake(at, problem));
        if !is_name(self.id.get_ref()) {
            let problem = "an id is lower case letters, digits and single -";
            return refused(self.id.span(), problem);
        }
        if self.name.get_ref().trim().is_empty() {
            return refused(self.name.span(), "a scenario has a name");
        }
        let Temperatures { low, high } = *self.temperature.get_ref();
        if !(low >= -60.0 && low <= high && high <= 60.0) {
            let problem = "temperatures are -60 to 60 degrees, low not above high";
            return refused(self.temperature.span(), problem);
        }
        let Start {
            charge,
            fuel,
            odometer,
        } = *self.start.get_ref();
        if ![charge, fuel]
            .iter()
            .all(|share| (0.05..=1.0).contains(share))
        {
            return refused(
                self.start.span(),
                "charge and fuel are shares from 0.05 to 1",
            );
        }
        let (least, most) = odometer;
        if !(least >= 0.0 && least <= most && most <= 2_000_000.0) {
            let problem = "odometer is [least, most] in kilometres, 0 to 2000000";
            return refused(self.start.span(), problem);
        }
        if self.stages.is_empty() {
            return refused(self.id.span(), "a scenario has at least one [[stage]]");
        }
        match self.stages.get(MOST_STAGES) {
            None => Ok(()),
            Some(row) => refused(
                row.span(),
                &format!("a scenario has at most {MOST_STAGES} stages"),
            ),
        }
    }
}
