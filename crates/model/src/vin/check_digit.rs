//! The check digit. Source: 49 CFR 565.15 (c), ISO 3779.

use super::Vin;

/// Weight of each place; that of the check digit itself is nothing.
const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

impl Vin {
    /// Whether the ninth character agrees with the others. It does in VINs of North America and
    /// China; elsewhere the place is free, and test VINs have none, so it is never demanded.
    #[must_use]
    pub fn check_digit_holds(&self) -> bool {
        let digits = self.as_str().bytes().map(value);
        let weighed = digits
            .zip(WEIGHTS)
            .try_fold(0, |sum, (digit, weight)| Some(sum + digit? * weight));
        let expected = weighed.map(|sum| match sum % 11 {
            10 => 'X',
            rest => char::from_digit(rest, 10).expect("less than ten"),
        });
        expected == self.as_str().chars().nth(8)
    }
}

/// What a character counts; `None` for the letters that no VIN has.
fn value(character: u8) -> Option<u32> {
    let counted = match character {
        b'0'..=b'9' => character - b'0',
        b'A'..=b'H' => character - b'A' + 1,
        b'J'..=b'N' => character - b'J' + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => character - b'S' + 2,
        _ => return None,
    };
    Some(counted.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_hold_and_do_not() {
        for (vin, holds) in [
            ("11111111111111111", true),
            ("1M8GDM9AXKP042788", true),
            ("5GZCZ43D13S812715", true),
            ("5YJXCDE22HF068739", true),
            ("5GZCZ43D23S812715", false),
            ("1M8GDM9A0KP042788", false),
            ("WVWZZZ1JZXW000001", false),
            ("0SCAUDI037A5ADB1C", false),
        ] {
            let vin: Vin = vin.parse().unwrap();
            assert_eq!(vin.check_digit_holds(), holds, "{}", vin.as_str());
        }
    }
}
