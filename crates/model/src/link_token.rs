//! Tokens of links that an application hands to an owner: they open one thing about one vehicle for
//! a while, and nothing is stored for them.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{InstallationKey, Timestamp, VehicleId};

/// Bytes of the instant, and of the code behind it.
const INSTANT: usize = 8;
const CODE: usize = 16;

/// What a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// The page on which an owner chooses the battery of the car.
    BatteryCapacity,
}

impl LinkPurpose {
    /// How long such a link works (contract rest-v2, 2.11).
    #[must_use]
    pub const fn lasts(self) -> Duration {
        match self {
            Self::BatteryCapacity => Duration::from_hours(30 * 24),
        }
    }

    const fn label(self) -> &'static [u8] {
        match self {
            Self::BatteryCapacity => b"battery capacity",
        }
    }
}

/// The key of such tokens, the same on all processes of an installation.
#[derive(Clone)]
pub struct LinkKey(Hmac<Sha256>);

impl LinkKey {
    /// The key that belongs to an installation's key.
    #[must_use]
    pub fn of(key: &InstallationKey) -> Self {
        let code = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any length will do");
        Self(code.chain_update(b"carport links\0"))
    }

    /// A token that works until `expires_at`: letters, digits, `-` and `_`.
    #[must_use]
    pub fn token(&self, purpose: LinkPurpose, vehicle: VehicleId, expires_at: Timestamp) -> String {
        let instant = expires_at.millis().to_be_bytes();
        let code = self.code(purpose, vehicle, instant).finalize().into_bytes();
        let mut token = [0; INSTANT + CODE];
        token[..INSTANT].copy_from_slice(&instant);
        token[INSTANT..].copy_from_slice(&code[..CODE]);
        BASE64_URL_SAFE_NO_PAD.encode(token)
    }

    /// Whether `token` opens this of this vehicle at `now`.
    #[must_use]
    pub fn opens(
        &self,
        token: &str,
        purpose: LinkPurpose,
        vehicle: VehicleId,
        now: Timestamp,
    ) -> bool {
        let Ok(token) = BASE64_URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let Some((instant, code)) = token.split_first_chunk::<INSTANT>() else {
            return false;
        };
        let is_ours = code.len() == CODE
            && self
                .code(purpose, vehicle, *instant)
                .verify_truncated_left(code)
                .is_ok();
        is_ours && now < Timestamp::from_millis(i64::from_be_bytes(*instant))
    }

    fn code(
        &self,
        purpose: LinkPurpose,
        vehicle: VehicleId,
        instant: [u8; INSTANT],
    ) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update(purpose.label())
            .chain_update([0])
            .chain_update(vehicle.as_bytes())
            .chain_update(instant)
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(********)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    #[test]
    fn a_token_opens_one_vehicle_until_its_end() {
        const PURPOSE: LinkPurpose = LinkPurpose::BatteryCapacity;
        let key = |digit: &str| LinkKey::of(&digit.repeat(64).parse().unwrap());
        let rng = SeededRng::new(0, 0);
        let (mine, other) = (VehicleId::draw(&rng), VehicleId::draw(&rng));
        let end = Timestamp::from_millis(1_000);
        let before = Timestamp::from_millis(999);
        let token = key("1").token(PURPOSE, mine, end);
        assert!(key("1").opens(&token, PURPOSE, mine, before));
        assert!(!key("1").opens(&token, PURPOSE, mine, end));
        assert!(!key("1").opens(&token, PURPOSE, other, before));
        assert!(!key("2").opens(&token, PURPOSE, mine, before));
        let later = key("1").token(PURPOSE, mine, Timestamp::from_millis(2_000));
        let forged = format!("{}{}", &later[..11], &token[11..]);
        for token in ["", "!", &token[..20], &forged] {
            assert!(!key("1").opens(token, PURPOSE, mine, before), "{token}");
        }
    }
}
