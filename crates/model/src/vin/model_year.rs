//! The model year. Source: 49 CFR 565.15 (d); ISO 3779, which leaves it to the maker elsewhere.

use super::Vin;

/// Codes of the tenth character from 1980 on; they come round every thirty years.
const CODES: &[u8; 30] = b"ABCDEFGHJKLMNPRSTVWXY123456789";
const FIRST: i32 = 1980;
const CYCLE: i32 = 30;

impl Vin {
    /// Whether the VIN is of the North American form: its maker builds there, or the check digit
    /// holds, which cars for other markets rarely have.
    #[must_use]
    pub fn is_north_american(&self) -> bool {
        match self.as_str().as_bytes() {
            [b'1'..=b'5', ..] | [b'7', b'F'..=b'Z' | b'0'..=b'9', ..] => true,
            _ => self.check_digit_holds(),
        }
    }

    /// The model year that the tenth character stands for; `None` when it is no year's code, and
    /// for VINs of generated cars.
    ///
    /// The seventh character of a North American VIN tells the cycle: a digit until 2009, a letter
    /// since. Elsewhere it does not, and the latest year of the code up to `latest` is taken. Whether
    /// the tenth character is a year at all is up to the maker there (see
    /// [`Brand::year_in_vin`](crate::Brand)).
    #[must_use]
    pub fn model_year(&self, north_american: bool, latest: i32) -> Option<i32> {
        if self.is_mock() {
            return None;
        }
        let text = self.as_str().as_bytes();
        let place = CODES.iter().position(|code| *code == text[9])?;
        let early = FIRST + i32::try_from(place).expect("thirty codes");
        Some(if north_american {
            early + if text[6].is_ascii_digit() { 0 } else { CYCLE }
        } else {
            early + (latest - early).div_euclid(CYCLE).max(0) * CYCLE
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(vin: &str, latest: i32) -> Option<i32> {
        let vin: Vin = vin.parse().unwrap();
        vin.model_year(vin.is_north_american(), latest)
    }

    #[test]
    fn the_seventh_character_tells_the_cycle_in_north_america() {
        assert_eq!(year("5YJXCDE22HF068739", 2027), Some(2017));
        assert_eq!(year("WAUAFAFL1GN014882", 2027), Some(2016));
        assert_eq!(year("5YJSA1E29LF403082", 2027), Some(2020));
        assert_eq!(year("1M8GDM9AXKP042788", 2027), Some(1989));
        assert_eq!(year("1HGCM82633A004352", 2027), Some(2003));
        // Also when the code's later year is still ahead.
        assert_eq!(year("1G1FY6S09Y4100001", 2027), Some(2030));
    }

    #[test]
    fn elsewhere_it_is_the_latest_that_can_be() {
        assert_eq!(year("WVWZZZ1JZXW000001", 2027), Some(1999));
        assert_eq!(year("WVWZZZ1JZXW000001", 2029), Some(2029));
        assert_eq!(year("WVWZZZE1ZMP000001", 2027), Some(2021));
        assert_eq!(year("WVWZZZE1ZMP000001", 2060), Some(2051));
    }

    #[test]
    fn what_is_no_year() {
        assert_eq!(year("VF1AG000004000002", 2027), None);
        assert_eq!(year("WDD20500Z0Z000001", 2027), None);
        assert_eq!(year("0SCAUDI037A5ADB1C", 2027), None);
    }

    #[test]
    fn places_of_north_america() {
        let is = |vin: &str| vin.parse::<Vin>().unwrap().is_north_american();
        for vin in [
            "1G1RC6S54HU100000",
            "7SAYGDEE0PF000000",
            "7FCTGAAA0NN000000",
        ] {
            assert!(is(vin), "{vin}");
        }
        for vin in ["7A1AA000000000001", "VF1AG000064000002"] {
            assert!(!is(vin), "{vin}");
        }
    }
}
