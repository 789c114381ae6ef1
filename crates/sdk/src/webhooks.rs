//! What the receiver of webhooks needs.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Secret;

/// The answer to the challenge that a new webhook is verified with: `{"challenge": …}` with this
/// value, status 200.
///
/// The key is the application management token, the message the challenge; the result is
/// lower-case hex of HMAC-SHA256. Source: contract webhooks, 1.3.
///
/// Deliveries are signed in the same way ([`verify_payload`]), so whoever has a text hashed here
/// has it signed: check the signature first where there is one, and refuse a challenge with
/// braces, brackets or quotes in it, which could be a delivery.
///
/// ```
/// let token = carport_sdk::Secret::from("amt");
/// assert_eq!(
///     carport_sdk::hash_challenge(&token, "challenge"),
///     "9baf5a7464bd86740ad5a06e439dcf535a075022ed2c92d74efacf646d79328e",
/// );
/// ```
#[must_use]
pub fn hash_challenge(management_token: &Secret, challenge: &str) -> String {
    let digest = keyed(management_token, challenge.as_bytes()).finalize();
    let bytes = digest.into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a delivery comes from who knows the application management token.
///
/// `signature` is the `SC-Signature` header, `body` the bytes as they arrived: parsed and written
/// anew they could differ. The comparison takes the same time whatever is wrong. Source: contract
/// webhooks, 1.7.
///
/// ```
/// let token = carport_sdk::Secret::from("amt");
/// let signature = "4c05a8da471f05156ad717baa4017acd13a3a809850b9ca7d3301dcaaa854f70";
/// assert!(carport_sdk::verify_payload(&token, signature, br#"{"pizza":"pasta"}"#));
/// assert!(!carport_sdk::verify_payload(&token, signature, br#"{"pizza":"ananas"}"#));
/// ```
#[must_use]
pub fn verify_payload(management_token: &Secret, signature: &str, body: &[u8]) -> bool {
    let Some(signature) = from_hex(signature) else {
        return false;
    };
    keyed(management_token, body)
        .verify_slice(&signature)
        .is_ok()
}

fn keyed(key: &Secret, message: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(message);
    mac
}

/// Lower case only, as it is sent.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    if rest.is_empty() {
        bytes.collect()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the suites of all official SDKs share (contract webhooks, 1.7).
    const SIGNATURE: &str = "4c05a8da471f05156ad717baa4017acd13a3a809850b9ca7d3301dcaaa854f70";
    const BODY: &[u8] = br#"{"pizza":"pasta"}"#;

    #[test]
    fn the_right_token_and_body_pass() {
        assert!(verify_payload(&"amt".into(), SIGNATURE, BODY));
        assert_eq!(
            hash_challenge(&"amt".into(), r#"{"pizza":"pasta"}"#),
            SIGNATURE
        );
    }

    #[test]
    fn anything_else_does_not() {
        let upper = SIGNATURE.to_uppercase();
        let (short, long) = (&SIGNATURE[..62], format!("{SIGNATURE}00"));
        for signature in ["", "4c", "zz", short, &long, &upper, &SIGNATURE[..63], "é"] {
            assert!(
                !verify_payload(&"amt".into(), signature, BODY),
                "{signature}"
            );
        }
        assert!(!verify_payload(&"am".into(), SIGNATURE, BODY));
        assert!(!verify_payload(
            &"amt".into(),
            SIGNATURE,
            br#"{"pizza": "pasta"}"#
        ));
        assert!(!verify_payload(&"amt".into(), SIGNATURE, b""));
    }
}
