//! What can be said of a car by its VIN, before its owner connects it.

use std::sync::{Arc, LazyLock};

use crate::country::Region;
use crate::{Brand, BrandId, Brands, CarModel, CarModels, Permission, Permissions, Vin};

/// Brands and their models. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The brands.
    pub brands: Arc<Brands>,
    /// The models. Those that ship with Carport are read when somebody asks for the first time: a
    /// start should not wait for them.
    pub models: Arc<LazyLock<CarModels, Reading>>,
}

/// How models come to be known.
type Reading = Box<dyn FnOnce() -> CarModels + Send>;

/// Whether a car can be connected, and what it then serves. Source: contract rest-v2, 4.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forecast {
    /// No car of its make can, or the make is not known.
    MakeNotCompatible,
    /// Others of its make can.
    VehicleNotCompatible,
    /// It can.
    Compatible(Served),
}

/// What a car serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Make of the car, where it is known.
    pub make: Option<BrandId>,
    car: Permissions,
    /// What some car of the make serves, whatever its model.
    make_at_all: Permissions,
}

/// Why a car does not serve a permission (docs/quirks.md#reasons-of-compatibility).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCapable {
    /// Other cars of its make do: the car has not the part for it, or its model not the service.
    Vehicle,
    /// No car of its make does: nobody has asked this make's service for it yet.
    Platform,
}

impl Served {
    /// A car of which all is known, such as a generated one: whatever it does not serve, it lacks.
    #[must_use]
    pub fn exactly(make: Option<BrandId>, capabilities: Permissions) -> Self {
        Self {
            make,
            car: capabilities,
            make_at_all: Permissions::all(),
        }
    }

    /// Whether the car serves `permission`.
    ///
    /// # Errors
    /// [`NotCapable`] says why it does not.
    pub fn check(&self, permission: Permission) -> Result<(), NotCapable> {
        if self.car.contains(permission) {
            Ok(())
        } else if self.make_at_all.contains(permission) {
            Err(NotCapable::Vehicle)
        } else {
            Err(NotCapable::Platform)
        }
    }
}

impl Catalogue {
    /// The models of `brands` that ship with Carport, or `models` in their place.
    #[must_use]
    pub fn new(brands: Arc<Brands>, models: Option<CarModels>) -> Self {
        let shipped = brands.clone();
        let read: Reading = match models {
            Some(models) => Box::new(|| models),
            None => Box::new(move || CarModels::embedded(&shipped)),
        };
        Self {
            brands,
            models: Arc::new(LazyLock::new(read)),
        }
    }

    /// What ships with Carport.
    #[must_use]
    pub fn embedded() -> Self {
        Self::new(Arc::new(Brands::embedded()), None)
    }

    /// Forecasts a real car that is driven in `region`. `latest` is the latest model year that can
    /// be on the road.
    ///
    /// A VIN tells make and most often model year; the model it tells for a few. A car that can be
    /// of several models is taken to serve what any of them does
    /// (docs/quirks.md#compatibility-is-a-guess).
    #[must_use]
    pub fn forecast(&self, vin: &Vin, region: Region, latest: i32) -> Forecast {
        let Some(brand) = vin.brand(&self.brands) else {
            return Forecast::MakeNotCompatible;
        };
        let sold = |model: &&CarModel| model.regions.contains(&region);
        let of_make: Vec<_> = self.models.of(&brand.id).filter(sold).collect();
        if of_make.is_empty() {
            return Forecast::MakeNotCompatible;
        }
        let year = model_year(vin, brand, region, latest);
        let candidates: Vec<_> = narrowed(vin, &of_make)
            .into_iter()
            .filter(|model| year.is_none_or(|year| model.years.contains(year)))
            .collect();
        if candidates.is_empty() {
            return Forecast::VehicleNotCompatible;
        }
        Forecast::Compatible(Served {
            make: Some(brand.id.clone()),
            car: any(candidates),
            make_at_all: any(self.models.of(&brand.id)),
        })
    }
}

/// The model year, unless the VIN does not tell it. All cars of the United States and Canada have
/// VINs that do.
fn model_year(vin: &Vin, brand: &Brand, region: Region, latest: i32) -> Option<i32> {
    let american = region != Region::Europe || vin.is_north_american();
    (american || brand.year_in_vin)
        .then(|| vin.model_year(american, latest))
        .flatten()
}

/// The models that the VIN tells; all of them when it tells none.
fn narrowed<'a>(vin: &Vin, models: &[&'a CarModel]) -> Vec<&'a CarModel> {
    let told = |model: &&CarModel| model.vin.iter().any(|pattern| pattern.matches(vin));
    let told: Vec<_> = models.iter().copied().filter(told).collect();
    if told.is_empty() {
        models.to_vec()
    } else {
        told
    }
}

fn any<'a>(models: impl IntoIterator<Item = &'a CarModel>) -> Permissions {
    models
        .into_iter()
        .flat_map(|model| model.permissions.as_slice())
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Permission as P;

    fn forecast(vin: &str, region: Region) -> Forecast {
        Catalogue::embedded().forecast(&vin.parse().unwrap(), region, 2027)
    }

    fn served(vin: &str, region: Region) -> Served {
        match forecast(vin, region) {
            Forecast::Compatible(served) => served,
            other => panic!("{vin}: {other:?}"),
        }
    }

    #[test]
    fn a_model_that_the_vin_tells() {
        let model_x = served("5YJXCDE22HF068739", Region::Us);
        assert_eq!(model_x.make, Some(BrandId::new("TESLA")));
        assert_eq!(model_x.check(P::ReadCompass), Ok(()));
        // No Tesla has a tank, so nothing of Carport asks a Tesla for fuel.
        assert_eq!(model_x.check(P::ReadFuel), Err(NotCapable::Platform));
        let leaf = served("1N4AZ1CP0KC300000", Region::Us);
        assert_eq!(leaf.check(P::ReadBattery), Ok(()));
        assert_eq!(leaf.check(P::ReadFuel), Err(NotCapable::Vehicle));
        // Before its make's service.
        assert_eq!(
            forecast("1N4AZ0CP0DC400000", Region::Us),
            Forecast::VehicleNotCompatible
        );
    }

    #[test]
    fn a_car_that_can_be_of_several_models_serves_what_any_does() {
        // A Nissan of 2023 that is no LEAF by its VIN: Rogue, Altima or Ariya.
        let nissan = served("5N1AT3BB0PC700000", Region::Us);
        assert_eq!(nissan.check(P::ReadFuel), Ok(()));
        assert_eq!(nissan.check(P::ReadBattery), Ok(()));
        // A Ram with a plug came in 2024.
        let ram = served("1C6SRFFT0KN700000", Region::Ca);
        assert_eq!(ram.check(P::ReadBattery), Err(NotCapable::Vehicle));
    }

    #[test]
    fn makes_that_are_not_there() {
        let unknown = "XXXZZZ1JZXW000001";
        assert_eq!(forecast(unknown, Region::Us), Forecast::MakeNotCompatible);
        let zoe = "VF1AG000X64000002";
        assert_eq!(forecast(zoe, Region::Us), Forecast::MakeNotCompatible);
        // Renault does not write the year into its VINs: a 6 there is not 2006.
        assert!(matches!(
            forecast(zoe, Region::Europe),
            Forecast::Compatible(_)
        ));
    }

    #[test]
    fn years_outside_north_america() {
        let golf = |code| format!("WVWZZZCDZ{code}W000001");
        assert!(matches!(
            forecast(&golf("M"), Region::Europe),
            Forecast::Compatible(_)
        ));
        assert_eq!(
            forecast(&golf("A"), Region::Europe),
            Forecast::VehicleNotCompatible
        );
    }

    #[test]
    fn an_exactly_known_car_lacks_what_it_does_not_serve() {
        let car = Served::exactly(None, [P::ReadVin].into_iter().collect());
        assert_eq!(car.check(P::ReadVin), Ok(()));
        assert_eq!(car.check(P::ReadFuel), Err(NotCapable::Vehicle));
    }
}
