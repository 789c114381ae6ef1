//! The two engines behind one [`Store`].
//!
//! A store function takes a [`Tx`] and knows two verbs, `exec` and `rows`. On SQLite its future
//! never pends: the writer thread ([`writer`]) finishes each unit with one poll and groups commits.
//! On PostgreSQL ([`postgres`]) it awaits as usual. Source: house style, section 4.

mod checkpoints;
pub(crate) mod inspect;
mod postgres;
mod sqlite;
mod store;
mod tx;
mod url;
mod value;
mod wal;
mod writer;

pub use store::Store;
pub use tx::Tx;
pub use url::StoreUrl;
pub(crate) use value::{Row, Value};
