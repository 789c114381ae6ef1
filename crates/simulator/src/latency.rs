//! How long cars of each brand take to answer. The numbers are Carport's own: what feels true of a
//! car that is called over the air, not what anybody measured. Source: contract connect-oauth, E.3.

use std::time::Duration;

use carport_model::simulation::Latency;
use carport_model::{BrandId, Rng};

/// What a car is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Values.
    Read,
    /// To do something.
    Command,
}

/// Means of one brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Means {
    /// Id of the brand.
    pub brand: &'static str,
    /// Milliseconds until values are there.
    pub read: u32,
    /// Milliseconds until a command is carried out.
    pub command: u32,
}

const fn means(brand: &'static str, read: u32, command: u32) -> Means {
    Means {
        brand,
        read,
        command,
    }
}

/// The table, by brand. Brands that it does not name answer at once.
pub const TABLE: &[Means] = &[
    means("AUDI", 1400, 6500),
    means("BMW", 900, 5200),
    means("CADILLAC", 1500, 7400),
    means("CHEVROLET", 1500, 7400),
    means("FORD", 1100, 5600),
    means("HYUNDAI", 1900, 8200),
    means("JAGUAR", 1600, 7000),
    means("KIA", 1900, 8200),
    means("LAND_ROVER", 1600, 7000),
    means("MERCEDES_BENZ", 800, 4800),
    means("NISSAN", 2600, 9500),
    means("PEUGEOT", 1700, 7200),
    means("RENAULT", 1300, 6800),
    means("TESLA", 500, 1800),
    means("TOYOTA", 1700, 7600),
    means("VOLKSWAGEN", 1400, 6500),
    means("VOLVO", 1000, 4500),
];

/// How long this answer takes: the mean of the brand, a quarter more or less.
#[must_use]
pub fn of(latency: Latency, brand: &BrandId, call: Call, rng: &dyn Rng) -> Duration {
    let named = |means: &&Means| means.brand == brand.as_str();
    let Some(means) = TABLE.iter().find(named) else {
        return Duration::ZERO;
    };
    let mean = match (latency, call) {
        (Latency::Ideal, _) => return Duration::ZERO,
        (Latency::Realistic, Call::Read) => means.read,
        (Latency::Realistic, Call::Command) => means.command,
    };
    Duration::from_secs_f64(f64::from(mean) * rng.number(0.75, 1.25) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::{Brands, SeededRng};

    #[test]
    fn brands_of_the_table_take_their_time_and_others_none() {
        let rng = SeededRng::new(0, 0);
        let of = |latency, brand: &str, call| of(latency, &BrandId::new(brand), call, &rng);
        let read = of(Latency::Realistic, "NISSAN", Call::Read);
        assert!((1950..3250).contains(&read.as_millis()), "{read:?}");
        assert!(of(Latency::Realistic, "NISSAN", Call::Command) > 2 * read);
        assert_eq!(of(Latency::Realistic, "DACIA", Call::Read), Duration::ZERO);
        assert_eq!(of(Latency::Ideal, "NISSAN", Call::Read), Duration::ZERO);
    }

    #[test]
    fn the_table_names_brands_of_the_catalogue_once_each() {
        let brands = Brands::embedded();
        assert!(
            TABLE
                .iter()
                .all(|means| brands.get(&BrandId::new(means.brand)).is_some())
        );
        assert!(TABLE.is_sorted_by(|one, next| one.brand < next.brand));
    }
}
