//! PKCE: proof that the client that exchanges a code is the one that asked for it (RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// How a challenge was made from its verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChallengeMethod {
    /// BASE64URL(SHA-256(verifier)).
    S256,
    /// The verifier itself.
    #[serde(rename = "plain")]
    Plain,
}

/// The challenge of an authorization request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeChallenge {
    /// `code_challenge`, 43 to 128 characters of `A-Za-z0-9-._~`.
    pub challenge: String,
    /// `code_challenge_method`.
    pub method: ChallengeMethod,
}

/// The challenge is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// Wrong length or alphabet.
    #[error("code_challenge has 43 to 128 characters of A-Z, a-z, 0-9, -, ., _ and ~")]
    Challenge,
    /// Neither `S256` nor `plain`.
    #[error("code_challenge_method is S256 or plain")]
    Method,
}

impl CodeChallenge {
    /// Reads the two parameters of an authorization request; an absent method means `plain`
    /// (RFC 7636, 4.3).
    ///
    /// # Errors
    /// See [`ChallengeError`].
    pub fn parse(challenge: &str, method: Option<&str>) -> Result<Self, ChallengeError> {
        let method = match method {
            None | Some("plain") => ChallengeMethod::Plain,
            Some("S256") => ChallengeMethod::S256,
            Some(_) => return Err(ChallengeError::Method),
        };
        if !is_verifier(challenge) {
            return Err(ChallengeError::Challenge);
        }
        Ok(Self {
            challenge: challenge.to_owned(),
            method,
        })
    }

    /// The challenge that `verifier` answers, by the method that does not give it away.
    #[must_use]
    pub fn of(verifier: &str) -> Self {
        Self {
            challenge: hashed(verifier),
            method: ChallengeMethod::S256,
        }
    }

    /// Whether `verifier` answers the challenge; compared in constant time.
    #[must_use]
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let answer = match self.method {
            ChallengeMethod::S256 => hashed(verifier),
            ChallengeMethod::Plain => verifier.to_owned(),
        };
        is_verifier(verifier) && answer.as_bytes().ct_eq(self.challenge.as_bytes()).into()
    }
}

fn hashed(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc() {
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert_eq!(CodeChallenge::of(VERIFIER), challenge);
        assert!(challenge.is_met_by(VERIFIER));
        assert!(!challenge.is_met_by(CHALLENGE));
        assert!(
            CodeChallenge::parse(VERIFIER, None)
                .unwrap()
                .is_met_by(VERIFIER)
        );
    }

    #[test]
    fn malformed_challenges_are_refused() {
        assert_eq!(
            CodeChallenge::parse("short", None),
            Err(ChallengeError::Challenge)
        );
        assert_eq!(
            CodeChallenge::parse(CHALLENGE, Some("S512")),
            Err(ChallengeError::Method)
        );
    }
}
