//! Cars that do not exist: the [`Connector`](carport_connector::Connector) of test mode.
//!
//! It must not know HTTP or storage. Start reading in [`test_login`]: the e-mail an owner types
//! decides what happens.

mod connector;
mod effects;
mod garage;
pub mod test_login;
mod values;
pub mod world;

pub use connector::TestConnector;
