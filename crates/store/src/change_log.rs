//! What ended: the log by which caches learn that an answer is no longer true.
//!
//! The process that makes a change applies it to its own caches after the commit and before it
//! answers; other replicas on PostgreSQL read the log. Source: data model, "Token cache".

use carport_model::{ApplicationId, Digest, FamilyId, UserId, VehicleId};

use crate::StoreError;
use crate::engine::{Tx, Value};

/// Something that caches may still believe in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// An access token ended.
    Token(Digest),
    /// A rotation family ended, with every token in it.
    Family(FamilyId),
    /// An application or its secrets changed.
    Client(ApplicationId),
    /// A connection, its permissions or its vehicle changed.
    Connection(UserId, VehicleId),
    /// Too much to name: forget everything.
    Everything,
}

impl Change {
    const fn kind(self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Family(_) => "family",
            Self::Client(_) => "client",
            Self::Connection(..) => "connection",
            Self::Everything => "everything",
        }
    }

    fn key(self) -> Vec<u8> {
        match self {
            Self::Token(digest) => digest.as_bytes().to_vec(),
            Self::Family(id) => id.as_bytes().to_vec(),
            Self::Client(id) => id.as_bytes().to_vec(),
            Self::Connection(user, vehicle) => {
                [user.as_bytes().as_slice(), vehicle.as_bytes()].concat()
            }
            Self::Everything => Vec::new(),
        }
    }

    /// An entry this version does not understand makes the cache forget everything, which is
    /// never wrong.
    fn read(kind: &str, key: &[u8]) -> Self {
        let id = |bytes: &[u8]| bytes.try_into().ok();
        let parsed = match (kind, key.len()) {
            ("token", 32) => Digest::from_bytes(key).map(Self::Token),
            ("family", 16) => id(key).map(|id| Self::Family(FamilyId::from_bytes(id))),
            ("client", 16) => id(key).map(|id| Self::Client(ApplicationId::from_bytes(id))),
            ("connection", 32) => id(&key[..16]).zip(id(&key[16..])).map(|(user, vehicle)| {
                Self::Connection(UserId::from_bytes(user), VehicleId::from_bytes(vehicle))
            }),
            _ => None,
        };
        parsed.unwrap_or(Self::Everything)
    }
}

/// Notes a change in the log and for the caches of this process.
pub(crate) async fn append(tx: &mut Tx<'_>, change: Change) -> Result<(), StoreError> {
    let params = [change.kind().into(), Value::Bytes(change.key())];
    tx.exec(tx.dialect().append_change(), &params).await?;
    tx.changes.push(change);
    Ok(())
}

/// What any replica noted in the last seconds.
pub(crate) async fn recent(tx: &mut Tx<'_>) -> Result<Vec<Change>, StoreError> {
    let rows = tx.rows(tx.dialect().recent_changes(), &[]).await?;
    rows.iter()
        .map(|row| Ok(Change::read(row.text(0)?, row.bytes(1)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    #[test]
    fn entries_read_back_and_strange_ones_mean_everything() {
        let rng = SeededRng::new(0, 0);
        let changes = [
            Change::Token(Digest::of("x")),
            Change::Family(FamilyId::draw(&rng)),
            Change::Client(ApplicationId::draw(&rng)),
            Change::Connection(UserId::draw(&rng), VehicleId::draw(&rng)),
            Change::Everything,
        ];
        for change in changes {
            assert_eq!(Change::read(change.kind(), &change.key()), change);
        }
        assert_eq!(Change::read("colour", &[1]), Change::Everything);
        assert_eq!(Change::read("token", &[1]), Change::Everything);
    }
}
