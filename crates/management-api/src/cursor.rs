//! Cursors: where the next page begins, as text that callers hand back unread.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use carport_model::{Timestamp, UserId, VehicleId};
use carport_store::connection_lists::Place;

/// First byte of a cursor of this form. Another form takes another one, and cursors of before an
/// update are refused instead of misread.
const FORM: u8 = 1;
/// Form, count, time, owner, vehicle.
const LENGTH: usize = 1 + 8 + 8 + 16 + 16;

/// Where a page of a list begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// After this connection.
    pub after: Place,
    /// How many connections the list had at its first page. Counting walks an index, so that it is
    /// done once a list.
    pub count: i64,
}

impl Cursor {
    /// The written form: letters, digits, `-` and `_`.
    pub fn written(&self) -> String {
        let Place {
            connected_at,
            user,
            vehicle,
        } = self.after;
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(FORM);
        bytes.extend(self.count.to_be_bytes());
        bytes.extend(connected_at.millis().to_be_bytes());
        bytes.extend(user.as_bytes());
        bytes.extend(vehicle.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a written cursor; `None` for any other text.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (form, rest) = bytes.split_first()?;
        if *form != FORM || bytes.len() != LENGTH {
            return None;
        }
        let (count, rest) = rest.split_first_chunk()?;
        let (millis, rest) = rest.split_first_chunk()?;
        let (user, rest) = rest.split_first_chunk()?;
        let (vehicle, _) = rest.split_first_chunk()?;
        Some(Self {
            after: Place {
                connected_at: Timestamp::from_millis(i64::from_be_bytes(*millis)),
                user: UserId::from_bytes(*user),
                vehicle: VehicleId::from_bytes(*vehicle),
            },
            count: i64::from_be_bytes(*count),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_back_and_reads_nothing_else() {
        let cursor = Cursor {
            after: Place {
                connected_at: Timestamp::from_millis(1_772_352_930_250),
                user: UserId::from_bytes([0xfb; 16]),
                vehicle: VehicleId::from_bytes([2; 16]),
            },
            count: 3_000_000,
        };
        let text = cursor.written();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        assert!(text.bytes().all(is_plain), "{text}");
        assert_eq!(Cursor::read(&text), Some(cursor));
        let longer = format!("{text}AA");
        let other = format!("B{}", &text[1..]);
        for wrong in ["", "AQ", "null", "ü", &text[1..], &longer, &other] {
            assert_eq!(Cursor::read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,80}", bytes in any::<[u8; LENGTH]>()) {
            let _ = Cursor::read(&text);
            let written = URL_SAFE_NO_PAD.encode(bytes);
            let read = Cursor::read(&written);
            prop_assert_eq!(read.is_some(), bytes[0] == FORM);
            if let Some(cursor) = read {
                prop_assert_eq!(cursor.written(), written);
            }
        }

        #[test]
        fn every_cursor_reads_back(millis in any::<i64>(), count in any::<i64>(), id in any::<[u8; 16]>()) {
            let after = Place {
                connected_at: Timestamp::from_millis(millis),
                user: UserId::from_bytes(id),
                vehicle: VehicleId::from_bytes(id),
            };
            let cursor = Cursor { after, count };
            prop_assert_eq!(Cursor::read(&cursor.written()), Some(cursor));
        }
    }
}
