//! Ids. Each is a UUID of its own type, so that one cannot be passed for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Rng, Timestamp};

/// The text is not a UUID in its 36-character form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID")]
pub struct ParseIdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Draws a fresh random id (UUID version 4).
            #[must_use]
            pub fn draw(rng: &(impl Rng + ?Sized)) -> Self {
                let mut bytes = [0; 16];
                rng.fill(&mut bytes);
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// From the 16 bytes of an id.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes of the id.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Its written form, without an allocation.
            #[must_use]
            pub fn written(&self) -> [u8; 36] {
                let mut text = [0; 36];
                self.0.as_hyphenated().encode_lower(&mut text);
                text
            }
        }

        impl From<[u8; 16]> for $name {
            fn from(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }
        }

        impl From<$name> for [u8; 16] {
            fn from(id: $name) -> Self {
                *id.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                // The uuid crate also reads braces, URNs and bare hex; on the wire an id has one form.
                if text.len() != 36 {
                    return Err(ParseIdError);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| ParseIdError)
            }
        }
    )*};
}

ids! {
    /// An application; equals its legacy client id and `application_id`.
    ApplicationId
    /// A connected-services account, see [`crate::Account`].
    AccountId
    /// An owner as one application sees them: one account, one application.
    UserId
    /// A car as one application sees it, stable over reconnects.
    VehicleId
    /// One run through Connect.
    RunId
    /// A rotation family: all token pairs that descend from one code.
    FamilyId
    /// A webhook of an application.
    WebhookId
    /// A simulated car, see [`crate::Simulation`].
    SimulationId
    /// A member of the team, see [`crate::Member`].
    MemberId
    /// A browser in which a member is signed in.
    SessionId
    /// One HTTP request, sent back as `sc-request-id`.
    RequestId
}

impl RequestId {
    /// Draws an id that tells when the request came (UUID version 7: RFC 9562, section 5.7), so that
    /// a log in the order of time finds it at once.
    #[must_use]
    pub fn draw_at(now: Timestamp, rng: &(impl Rng + ?Sized)) -> Self {
        let mut bytes = [0; 16];
        rng.fill(&mut bytes);
        let random = bytes[6..]
            .try_into()
            .expect("ten bytes are left of sixteen");
        let millis = u64::try_from(now.millis()).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid())
    }

    /// When the request came, to the millisecond; `None` of an id that does not tell.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        if self.0.get_version_num() != 7 {
            return None;
        }
        let millis = self.as_bytes()[..6].iter();
        let millis = millis.fold(0, |sum: i64, byte| sum << 8 | i64::from(*byte));
        Some(Timestamp::from_millis(millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    #[test]
    fn an_id_of_a_request_tells_its_time() {
        let rng = SeededRng::new(1, 0);
        let now = Timestamp::from_millis(1_704_067_200_123);
        let (one, other) = (RequestId::draw_at(now, &rng), RequestId::draw_at(now, &rng));
        assert_eq!((one.time(), other.time()), (Some(now), Some(now)));
        assert_ne!(one, other);
        assert!(one.to_string().starts_with("018cc251-f47b-7"), "{one}");
        assert_eq!(one.to_string().parse(), Ok(one));
        assert_eq!(RequestId::draw(&rng).time(), None);
        let before_all = Timestamp::from_millis(-5);
        assert_eq!(
            RequestId::draw_at(before_all, &rng).time(),
            Some(Timestamp::default())
        );
    }

    #[test]
    fn one_written_form() {
        let id = VehicleId::draw(&SeededRng::new(1, 0));
        assert_eq!(id.to_string().len(), 36);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().as_bytes(), id.written());
        assert_eq!("bad_id".parse::<VehicleId>(), Err(ParseIdError));
        let bare = id.to_string().replace('-', "");
        assert_eq!(bare.parse::<VehicleId>(), Err(ParseIdError));
        assert_eq!(
            format!("{{{bare}}}??").parse::<VehicleId>(),
            Err(ParseIdError)
        );
    }
}
