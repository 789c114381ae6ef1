//! The brand a VIN belongs to.
//!
//! Real ones begin with a world manufacturer identifier (ISO 3780), and where brands of a group
//! share one, the characters behind it tell them apart; both are in the brand's file. VINs of
//! generated cars spell their brand after the prefix (contract connect-oauth, D.2).

use super::Vin;
use crate::{Brand, BrandId, Brands};

impl Vin {
    /// The brand of the car, if it can be told and the catalogue has it.
    #[must_use]
    pub fn brand<'a>(&self, brands: &'a Brands) -> Option<&'a Brand> {
        if self.is_mock() {
            return spelt(&self.as_str()[3..], brands);
        }
        let nearest = |brand: &Brand| {
            let matching = brand.vin.iter().filter(|pattern| pattern.matches(self));
            matching.map(super::VinPattern::precision).max()
        };
        brands
            .iter()
            .filter_map(|brand| Some((nearest(brand)?, brand)))
            .max_by_key(|(precision, _)| *precision)
            .map(|(_, brand)| brand)
    }
}

/// The brand whose id agrees with the longest beginning of `rest`.
fn spelt<'a>(rest: &str, brands: &'a Brands) -> Option<&'a Brand> {
    // The suites' cars of Land Rover say `LR000`.
    if rest.starts_with("LR0") {
        return brands.get(&BrandId::new("LAND_ROVER"));
    }
    let agreed = |id: &BrandId| {
        let letters = id.as_str().bytes().filter(u8::is_ascii_alphanumeric);
        let shared = letters.clone().zip(rest.bytes());
        let shared = shared.take_while(|(a, b)| a == b).count();
        // A short id must be there whole; four letters are as many as Carport's own VINs carry.
        (shared >= letters.count().min(4)).then_some(shared)
    };
    brands
        .iter()
        .filter_map(|brand| Some((agreed(&brand.id)?, brand)))
        .max_by_key(|(shared, _)| *shared)
        .map(|(_, brand)| brand)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brands_of_vins() {
        let brands = Brands::embedded();
        for (vin, brand) in [
            ("0SCAUDI037A5ADB1C", Some("AUDI")),
            ("0SCLR0002EDAB90A7", Some("LAND_ROVER")),
            ("0SCGMC00000000000", Some("GMC")),
            ("0SCGMCT0386A85356", Some("GMC")),
            ("0SCLAND1234567890", Some("LAND_ROVER")),
            ("1SCBMW12345678901", Some("BMW")),
            ("0SCXXXX1234567890", None),
            ("5YJ3E1EA7KF317000", Some("TESLA")),
            ("WVWZZZ1JZXW000001", Some("VOLKSWAGEN")),
            ("XXXZZZ1JZXW000001", None),
            // Makers that share an identifier within their group.
            ("1C4RJFBG0HC000001", Some("JEEP")),
            ("1C4RDJDG0HC000001", Some("DODGE")),
            ("2C4RC1N70HR000001", Some("CHRYSLER")),
            ("2C3CDXBG0HH000001", Some("DODGE")),
            ("1C6HJTAG0LL000001", Some("JEEP")),
            ("1C6RR7LT0HS000001", Some("RAM")),
            ("5N1DL1FS0NC000001", Some("INFINITI")),
            ("5N1DR3BC0NC000001", Some("NISSAN")),
            ("JTMABABA0PA000001", Some("SUBARU")),
            ("JTMB6RFV0MD000001", Some("TOYOTA")),
        ] {
            let vin: Vin = vin.parse().unwrap();
            let found = vin.brand(&brands).map(|brand| brand.id.as_str());
            assert_eq!(found, brand, "{}", vin.as_str());
        }
    }

    #[test]
    fn every_brand_is_told_by_the_letters_of_its_generated_cars() {
        let brands = Brands::embedded();
        for brand in brands.iter() {
            let letters: String = brand
                .id
                .as_str()
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .take(4)
                .collect();
            let vin: Vin = format!("{:0<17}", format!("0SC{letters}")).parse().unwrap();
            assert_eq!(vin.brand(&brands).map(|found| &found.id), Some(&brand.id));
        }
    }

    #[test]
    fn no_beginning_belongs_to_two_brands() {
        let brands = Brands::embedded();
        let mut beginnings: Vec<_> = brands.iter().flat_map(|brand| &brand.vin).collect();
        let count = beginnings.len();
        beginnings.sort_unstable();
        beginnings.dedup();
        assert_eq!(beginnings.len(), count);
    }

    #[test]
    fn every_brand_but_vauxhall_is_told_by_its_vins() {
        let brands = Brands::embedded();
        // Vauxhalls have the identifiers of Opel.
        let mute = brands.iter().filter(|brand| brand.vin.is_empty());
        assert!(mute.map(|brand| brand.id.as_str()).eq(["VAUXHALL"]));
    }
}
