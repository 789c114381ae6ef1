//! An application's own accent colour: `flags=color:00819D`.
//!
//! Whatever colour is asked for, text in it stays readable: it is mixed with black (light scheme)
//! or white (dark scheme) until it has 4.5:1 on both grounds of `tokens.css`. The rail does not
//! follow it. Source: contract connect-oauth, A.5; pages README, "Tokens".

use std::fmt::Write as _;

/// A colour as the application gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent([u8; 3]);

/// `--surface` and `--ground` of `assets/tokens.css`, light and dark.
const LIGHT: [[u8; 3]; 2] = [[0xff, 0xff, 0xff], [0xf1, 0xf4, 0xf1]];
const DARK: [[u8; 3]; 2] = [[0x15, 0x1c, 0x18], [0x0e, 0x14, 0x11]];
/// Contrast of text, WCAG 2.2, 1.4.3.
const ENOUGH: f64 = 4.5;

impl Accent {
    /// From six hex digits in any letter case.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let all_digits = hex.len() == 6 && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = u32::from_str_radix(hex, 16).ok().filter(|_| all_digits)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// From the name of its sheet, `accent-00819d.css`.
    #[must_use]
    pub fn of_file(file: &str) -> Option<Self> {
        Self::parse(file.strip_prefix("accent-")?.strip_suffix(".css")?)
    }

    /// URL of the sheet that sets it; loaded after the door's own.
    #[must_use]
    pub fn url(self) -> String {
        let Self([red, green, blue]) = self;
        format!("/assets/accent-{red:02x}{green:02x}{blue:02x}.css")
    }

    /// What becomes of it on light and on dark pages, as `#rrggbb`.
    #[must_use]
    pub fn shades(self) -> [String; 2] {
        self.readable()
            .map(|[red, green, blue]| format!("#{red:02x}{green:02x}{blue:02x}"))
    }

    fn readable(self) -> [[u8; 3]; 2] {
        [readable(self.0, 0, LIGHT), readable(self.0, 255, DARK)]
    }

    /// The sheet.
    #[must_use]
    pub fn sheet(self) -> String {
        let [light, dark] = self.readable();
        let mut css = String::from("@layer tokens {\n  :root { ");
        declare(&mut css, light, 0, 255);
        css.push_str(" }\n  @media (prefers-color-scheme: dark) { :root { ");
        declare(&mut css, dark, 255, 0);
        css.push_str(" } }\n}\n");
        css
    }
}

fn declare(css: &mut String, accent: [u8; 3], deeper: u8, on: u8) {
    let [r, g, b] = accent;
    let [dr, dg, db] = mixed(accent, deeper, 3);
    // Writing to a String cannot fail.
    let _ = write!(
        css,
        "--accent: #{r:02x}{g:02x}{b:02x}; --accent-deep: #{dr:02x}{dg:02x}{db:02x}; \
         --on-accent: #{on:02x}{on:02x}{on:02x}"
    );
}

/// `colour` moved towards black or white in tenths until it can be read on both grounds.
fn readable(colour: [u8; 3], towards: u8, grounds: [[u8; 3]; 2]) -> [u8; 3] {
    (0..10)
        .map(|tenths| mixed(colour, towards, tenths))
        .find(|mix| {
            grounds
                .iter()
                .all(|ground| contrast(*mix, *ground) >= ENOUGH)
        })
        .unwrap_or([towards; 3])
}

fn mixed(colour: [u8; 3], towards: u8, tenths: u16) -> [u8; 3] {
    colour.map(|part| {
        let mix = (u16::from(part) * (10 - tenths) + u16::from(towards) * tenths) / 10;
        u8::try_from(mix).unwrap_or(u8::MAX)
    })
}

/// Contrast ratio of WCAG 2.2.
fn contrast(one: [u8; 3], two: [u8; 3]) -> f64 {
    let (one, two) = (luminance(one), luminance(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sheet_of_three_lines() {
        let accent = Accent::parse("00819D").unwrap();
        assert_eq!(accent.url(), "/assets/accent-00819d.css");
        assert_eq!(Accent::of_file("accent-00819d.css"), Some(accent));
        assert_eq!(Accent::parse("+0819d"), None);
        assert_eq!(Accent::parse("0819d"), None);
        insta::assert_snapshot!(accent.sheet());
    }

    proptest! {
        #[test]
        fn always_readable(colour: [u8; 3]) {
            for (towards, on, grounds) in [(0, 255, LIGHT), (255, 0, DARK)] {
                let mix = readable(colour, towards, grounds);
                for ground in grounds {
                    prop_assert!(contrast(mix, ground) >= ENOUGH);
                }
                prop_assert!(contrast(mix, [on; 3]) >= ENOUGH);
                // Under the pointer, too.
                prop_assert!(contrast(mixed(mix, towards, 3), [on; 3]) >= ENOUGH);
            }
        }

        #[test]
        fn what_can_be_read_as_it_is_stays(colour: [u8; 3]) {
            let [light, dark] = Accent(colour).shades();
            let given = format!("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
            let fits = |grounds: [[u8; 3]; 2]| grounds.iter().all(|ground| contrast(colour, *ground) >= ENOUGH);
            prop_assert_eq!(light == given, fits(LIGHT));
            prop_assert_eq!(dark == given, fits(DARK));
        }
    }
}
