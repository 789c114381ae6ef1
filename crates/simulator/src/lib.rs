//! Cars that do not exist: the [`Connector`](carport_connector::Connector) of test mode, and the
//! [`time`] of a `dev` server.
//!
//! It must not know HTTP or storage. Start reading in [`test_login`]: the e-mail an owner types
//! decides what happens.

mod connector;
mod effects;
mod garage;
pub mod test_login;
pub mod time;
mod values;

pub use connector::TestConnector;
