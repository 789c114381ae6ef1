//! Codes of authenticator apps: RFC 6238 with its defaults (SHA-1, 30 s, 6 digits), which are all
//! that common apps take.

use carport_model::{EmailAddress, Rng, Secret, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// Seconds for which a code is shown.
const STEP: i64 = 30;
/// Bytes of a secret (RFC 4226, 4: as many as the hash has).
const SECRET: usize = 20;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Draws a secret, in the base 32 that apps take.
pub(crate) fn draw(rng: &dyn Rng) -> Secret<String> {
    let mut bytes = [0; SECRET];
    rng.fill(&mut bytes);
    Secret::new(base32(&bytes))
}

/// The time step of `now` or of one beside it whose code this is, when it comes after `last`.
pub(crate) fn step_of(code: &str, secret: &str, now: Timestamp, last: i64) -> Option<i64> {
    let secret = unbase32(secret)?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = now.seconds() / STEP;
    // Clocks of telephones may be a little off.
    let steps = [step, step - 1, step + 1].into_iter();
    steps.filter(|step| *step > last).find(|step| {
        let expected = code_at(&secret, *step);
        expected.as_bytes().ct_eq(code.as_bytes()).into()
    })
}

/// The code of a secret at an instant, as the app shows it.
#[cfg(test)]
pub(crate) fn code(secret: &str, now: Timestamp) -> String {
    code_at(&unbase32(secret).unwrap(), now.seconds() / STEP)
}

fn code_at(secret: &[u8], step: i64) -> String {
    let hmac = Hmac::<Sha1>::new_from_slice(secret).expect("any length will do");
    let digest = hmac
        .chain_update(step.to_be_bytes())
        .finalize()
        .into_bytes();
    let offset = usize::from(digest[19] & 15);
    let four = std::array::from_fn(|index| digest[offset + index]);
    format!(
        "{:06}",
        (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
    )
}

/// The link that an app reads from a square or takes by a tap.
pub(crate) fn link(secret: &str, email: &EmailAddress, host: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let issuer = format!("Carport {host}").replace(':', " ");
    // Some apps take a plus for itself.
    let (issuer, email) = (encode(&issuer).replace('+', "%20"), encode(email.as_str()));
    format!("otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}")
}

/// The secret in groups of four, to be typed.
pub(crate) fn spaced(secret: &str) -> String {
    let groups = secret.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}

/// Text of base 32 without padding (RFC 4648, 6).
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut five = [0; 8];
        five[3..3 + chunk.len()].copy_from_slice(chunk);
        let number = u64::from_be_bytes(five);
        let digits = (chunk.len() * 8).div_ceil(5);
        for index in 0..digits {
            let digit = (number >> (35 - 5 * index)) & 31;
            text.push(char::from(
                ALPHABET[usize::try_from(digit).unwrap_or_default()],
            ));
        }
    }
    text
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for character in text.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == character)?;
        held = (held << 5) | u32::try_from(digit).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 255).ok()?);
        }
    }
    Some(bytes)
}

/// The square of a link, as the path of an SVG whose unit is a module, and its size with a quiet
/// zone of four (ISO/IEC 18004).
pub(crate) fn square(link: &str) -> Option<(String, i32)> {
    const QUIET: i32 = 4;
    let code = qrcodegen::QrCode::encode_text(link, qrcodegen::QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    Some((path, code.size() + 2 * QUIET))
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    /// RFC 6238, appendix B, whose codes have eight digits of which apps show the last six.
    #[test]
    fn the_vectors_of_the_standard() {
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(b"12345678901234567890", second / STEP), expected);
        }
    }

    #[test]
    fn a_code_works_around_its_time_and_not_again() {
        let secret = draw(&SeededRng::new(0, 0));
        let secret = secret.expose();
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let shown = code(secret, at(3000));
        let spaced = format!(" {} {}", &shown[..3], &shown[3..]);
        assert_eq!(step_of(&spaced, secret, at(3000), 0), Some(100));
        assert_eq!(step_of(&shown, secret, at(3031), 0), Some(100));
        assert_eq!(step_of(&shown, secret, at(2999), 0), Some(100));
        assert_eq!(step_of(&shown, secret, at(3060), 0), None);
        assert_eq!(step_of(&shown, secret, at(3000), 100), None);
        for wrong in ["", "12345", "abcdef", "０００００００"] {
            assert_eq!(step_of(wrong, secret, at(3000), 0), None);
        }
    }

    #[test]
    fn base_32_there_and_back() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(unbase32("MZXW6YTBOI").unwrap(), b"foobar");
        assert_eq!(unbase32("mz"), None);
        assert_eq!(spaced("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }

    #[test]
    fn the_link_names_server_and_member() {
        let link = link(
            "ABCD",
            &"a+b@example.org".parse().unwrap(),
            "localhost:2277",
        );
        let expected = "otpauth://totp/Carport%20localhost%202277:a%2Bb%40example.org\
                        ?secret=ABCD&issuer=Carport%20localhost%202277";
        assert_eq!(link, expected);
        let (path, size) = square(&link).unwrap();
        assert!(path.starts_with("M4 4h1v1h-1z") && size > 40, "{size}");
    }
}
