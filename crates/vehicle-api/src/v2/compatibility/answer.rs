//! The rules of an answer: pure, from a question and what is known to the body
//! (docs/quirks.md#test-vins-in-compatibility).

use carport_model::country::Region;
use carport_model::forecast::NotCapable;
use carport_model::vehicle::FoundVehicle;
use carport_model::vin::TestVin;
use carport_model::{Catalogue, ErrorSpec, Forecast, Level, Permissions, Served, error};

use super::{Capability, Compatibility, Question};
use crate::v2::opened::{self, Opened};

/// Answers a question. `known` is the car as the application connected it, if it did; `latest_year`
/// the latest model year on the road.
pub(super) fn answer(
    question: &Question,
    known: Option<&FoundVehicle>,
    catalogue: &Catalogue,
    latest_year: i32,
) -> Compatibility {
    match forecast(question, known, catalogue, latest_year) {
        Forecast::MakeNotCompatible => refused("MAKE_NOT_COMPATIBLE"),
        Forecast::VehicleNotCompatible => refused("VEHICLE_NOT_COMPATIBLE"),
        Forecast::Compatible(served) => Compatibility {
            compatible: true,
            reason: None,
            // Elsewhere only the overall answer is reliable (contract, 4.1).
            capabilities: if question.region == Some(Region::Us) {
                capabilities(question, &served)
            } else {
                Vec::new()
            },
        },
    }
}

fn refused(reason: &'static str) -> Compatibility {
    Compatibility {
        compatible: false,
        reason: Some(reason),
        capabilities: Vec::new(),
    }
}

/// What is known of the car, the surest first.
fn forecast(
    question: &Question,
    known: Option<&FoundVehicle>,
    catalogue: &Catalogue,
    latest_year: i32,
) -> Forecast {
    let vin = &question.vin;
    let brand = vin.brand(&catalogue.brands);
    let make = || brand.map(|brand| brand.id.clone());
    let of_level = |level: Level| exactly(make(), level.capabilities());
    if let Some(level) = question.level {
        return of_level(level);
    }
    match (TestVin::of(vin), known) {
        (Some(TestVin::Incompatible), _) => Forecast::VehicleNotCompatible,
        (Some(TestVin::Failing(failure)), _) if *failure == error::MAKE_NOT_COMPATIBLE => {
            Forecast::MakeNotCompatible
        }
        (_, Some(car)) => exactly(Some(car.make.clone()), car.capabilities.clone()),
        (Some(TestVin::Level(level)), None) => of_level(level),
        // Cars that do not exist are at home everywhere.
        _ if vin.is_mock() => match brand {
            Some(brand) => of_level(brand.test_vehicles[0].level),
            None => Forecast::MakeNotCompatible,
        },
        _ => match question.region {
            Some(region) => catalogue.forecast(vin, region, latest_year),
            None => Forecast::MakeNotCompatible,
        },
    }
}

/// A car of which all is known; one that serves nothing cannot be connected.
fn exactly(make: Option<carport_model::BrandId>, capabilities: Permissions) -> Forecast {
    if capabilities.is_empty() {
        Forecast::VehicleNotCompatible
    } else {
        Forecast::Compatible(Served::exactly(make, capabilities))
    }
}

fn capabilities(question: &Question, served: &Served) -> Vec<Capability> {
    let overruled = overruled(question);
    let mut entries: Vec<Capability> = Vec::new();
    for permission in question.scope.as_slice() {
        let first = entries.len();
        let own = |endpoint: &&Opened| endpoint.is_of(served.make.as_ref());
        let endpoints = opened::by(*permission).endpoints;
        // Where all are of other makes, each of them says that this car has it not.
        let none_is_own = !endpoints.iter().any(|endpoint| own(&endpoint));
        for endpoint in endpoints.iter().filter(|each| none_is_own || own(each)) {
            // Two methods of one path are one endpoint here.
            if entries[first..]
                .iter()
                .any(|entry| entry.endpoint == endpoint.path)
            {
                continue;
            }
            let verdict = match (none_is_own, served.check(*permission)) {
                (true, Ok(())) => Err(NotCapable::Vehicle),
                (_, verdict) => verdict,
            };
            let reason = verdict.err().or_else(|| {
                // What is part of the car's identity is told whatever happens.
                overruled.filter(|_| !matches!(endpoint.path, "/" | "/vin"))
            });
            entries.push(Capability {
                permission: permission.name(),
                endpoint: endpoint.path,
                capable: reason.is_none(),
                reason: reason.map(|reason| code(reason).expect("both have a code")),
            });
        }
    }
    entries
}

/// What a test VIN lets every value of its car answer.
fn overruled(question: &Question) -> Option<NotCapable> {
    let Some(TestVin::Failing(failure)) = TestVin::of(&question.vin) else {
        return None;
    };
    [NotCapable::Vehicle, NotCapable::Platform]
        .into_iter()
        .find(|reason| spec(*reason) == failure)
}

/// The error that reads of the endpoint would answer.
fn spec(reason: NotCapable) -> &'static ErrorSpec {
    match reason {
        NotCapable::Vehicle => &error::VEHICLE_NOT_CAPABLE,
        NotCapable::Platform => &error::SMARTCAR_NOT_CAPABLE,
    }
}

fn code(reason: NotCapable) -> Option<&'static str> {
    spec(reason).code
}
