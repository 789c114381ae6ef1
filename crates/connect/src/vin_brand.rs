//! The brand a VIN belongs to, for links that name one car (`single_select_vin`).
//!
//! Mock VINs spell their brand after the prefix (contract connect-oauth, D.2). Real ones begin
//! with a world manufacturer identifier (ISO 3780); the table holds the common ones of the
//! catalogue's brands. A VIN that it does not know leads to the brand page, no harm done.

use carport_model::{BrandId, Brands, Vin};

/// The brand of `vin`, if it can be told and the catalogue has it.
pub(crate) fn of(vin: &Vin, brands: &Brands) -> Option<BrandId> {
    let id = if vin.is_mock() {
        return mock(&vin.as_str()[3..], brands);
    } else {
        maker(vin.as_str())?
    };
    brands.get(&BrandId::new(id)).map(|brand| brand.id.clone())
}

/// The brand whose spelling agrees with the longest beginning of `rest`, three letters at least,
/// or two that are followed by the filler `0`.
fn mock(rest: &str, brands: &Brands) -> Option<BrandId> {
    // The suites' cars of Land Rover say `LR000`.
    if rest.starts_with("LR0") {
        return brands.find("LAND_ROVER").map(|brand| brand.id.clone());
    }
    let agreed = |id: &BrandId| {
        let letters: String = id
            .as_str()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let shared = letters
            .bytes()
            .zip(rest.bytes())
            .take_while(|(a, b)| a == b);
        let shared = shared.count();
        // A short id must be there whole; four letters are as many as Carport's own VINs carry.
        (shared >= letters.len().min(4)).then_some(shared)
    };
    brands
        .iter()
        .filter_map(|brand| Some((agreed(&brand.id)?, &brand.id)))
        .max_by_key(|(shared, _)| *shared)
        .map(|(_, id)| id.clone())
}

fn maker(vin: &str) -> Option<&'static str> {
    MAKERS
        .iter()
        .find(|(_, prefixes)| prefixes.split(' ').any(|prefix| vin.starts_with(prefix)))
        .map(|(id, _)| *id)
}

const MAKERS: &[(&str, &str)] = &[
    ("ACURA", "19U 19V 5J8 JH4"),
    ("ALFA_ROMEO", "ZAR ZAS"),
    ("AUDI", "TRU WAU WA1 WUA"),
    ("BMW", "4US 5UX 5YM WBA WBS WBX WBY WB1 WB3 WB5"),
    ("BUICK", "1G4 2G4 5GA KL4 LRB"),
    ("BYD", "LC0 LGX"),
    ("CADILLAC", "1G6 1GY 3GY"),
    ("CHEVROLET", "1G1 1GC 1GN 2G1 2GN 3GC 3GN KL1 KL7 KL8"),
    ("CHRYSLER", "1C3 2C3 2C4"),
    ("CITROEN", "VF7 VR7"),
    ("CUPRA", "VSS"),
    ("DACIA", "UU1"),
    ("DODGE", "1B3 2B3"),
    ("DS", "VR1"),
    ("FIAT", "ZFA 3C3"),
    ("FORD", "1FA 1FD 1FM 1FT 2FM 3FA 3FM WF0"),
    ("GMC", "1GK 1GT 2GT 3GT 3GK"),
    ("HONDA", "19X 1HG 2HG 2HK 3CZ 5FN 5J6 7FA JHL JHM SHH"),
    ("HYUNDAI", "5NM 5NP KM8 KMH TMA"),
    ("INFINITI", "5N3 JN8A JNK 3PC"),
    ("JAGUAR", "SAD SAJ"),
    ("JEEP", "1C4 1J4 1J8"),
    ("KIA", "3KP 5XX 5XY KNA KND U5Y"),
    ("LAND_ROVER", "SAL"),
    ("LEXUS", "2T2 58A JTH JTJ"),
    ("LINCOLN", "1LN 2LM 3LN 5LM"),
    ("MAZDA", "1YV 3MV 3MZ 7MM JM1 JM3 JMZ"),
    ("MERCEDES_BENZ", "4JG 55S W1K W1N WDB WDC WDD"),
    ("MG", "LSJ SDP"),
    ("MINI", "WMW WMZ"),
    ("NISSAN", "1N4 1N6 3N1 5N1 JN1 JN8 SJN"),
    ("OPEL", "W0L W0V VXK"),
    ("PEUGEOT", "VF3 VR3"),
    ("POLESTAR", "LPS YSM"),
    ("PORSCHE", "WP0 WP1"),
    ("RAM", "1C6 3C6 3C7"),
    ("RENAULT", "VF1 VF8"),
    ("RIVIAN", "7FC 7PD"),
    ("SKODA", "TMB"),
    ("SUBARU", "4S3 4S4 JF1 JF2 JTM"),
    ("TESLA", "5YJ 7G2 7SA LRW XP7"),
    (
        "TOYOTA",
        "2T1 2T3 3TM 4T1 4T3 5TD 5TF 5YF JTD JTE JTN SB1 VNK",
    ),
    ("VOLKSWAGEN", "1V2 3VV 3VW WVG WVW"),
    ("VOLVO", "7JR LYV YV1 YV4"),
];

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
            ("0SCLAND1234567890", Some("LAND_ROVER")),
            ("1SCBMW12345678901", Some("BMW")),
            ("0SCXXXX1234567890", None),
            ("5YJ3E1EA7KF317000", Some("TESLA")),
            ("WVWZZZ1JZXW000001", Some("VOLKSWAGEN")),
            ("XXXZZZ1JZXW000001", None),
        ] {
            let found = of(&vin.parse().unwrap(), &brands);
            assert_eq!(found.as_ref().map(BrandId::as_str), brand, "{vin}");
        }
    }

    #[test]
    fn makers_are_in_the_catalogue_and_prefixes_are_unique() {
        let brands = Brands::embedded();
        let mut prefixes: Vec<&str> = Vec::new();
        for (id, list) in MAKERS {
            assert!(brands.get(&BrandId::new(id)).is_some(), "{id}");
            prefixes.extend(list.split(' '));
        }
        let count = prefixes.len();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), count);
    }
}
