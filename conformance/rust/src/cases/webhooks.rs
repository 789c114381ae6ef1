//! Signatures. The crate has key and message the wrong way round: what the official SDKs and
//! Carport compute, it computes with its arguments exchanged. The checks hold it to the contract's
//! vectors all the same, so that whoever uses it can see how (contract webhooks, 1.3 and 1.7).

use anyhow::ensure;
use smartcar::webhooks::{hash_challenge, verify_payload};

use crate::suite::Suite;
use crate::suite::Way::{Failure, Fault};

const CHALLENGE: &str = "9baf5a7464bd86740ad5a06e439dcf535a075022ed2c92d74efacf646d79328e";
const SIGNATURE: &str = "4c05a8da471f05156ad717baa4017acd13a3a809850b9ca7d3301dcaaa854f70";
const BODY: &str = r#"{"pizza":"pasta"}"#;

/// The vectors, as documented and with arguments exchanged.
pub fn run(suite: &mut Suite) {
    let checks = [
        ("hash_challenge", Fault, hashes("amt", "challenge", false)),
        ("hash_challenge", Fault, hashes("challenge", "amt", true)),
        (
            "hash_challenge",
            Failure,
            hashes("another challenge", "amt", false),
        ),
        ("verify_payload", Fault, verifies("amt", BODY, false)),
        ("verify_payload", Fault, verifies(BODY, "amt", true)),
        ("verify_payload", Failure, verifies(BODY, "other", false)),
    ];
    for (name, way, outcome) in checks {
        suite.note(name, way, outcome);
    }
}

fn hashes(amt: &str, challenge: &str, expected: bool) -> anyhow::Result<()> {
    let hashed = hash_challenge(amt, challenge)?;
    ensure!((hashed == CHALLENGE) == expected, "{hashed}");
    Ok(())
}

fn verifies(amt: &str, body: &str, expected: bool) -> anyhow::Result<()> {
    ensure!(
        verify_payload(amt, SIGNATURE, body)? == expected,
        "not {expected}"
    );
    Ok(())
}
