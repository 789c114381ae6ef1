//! Cars that do not exist: the [`Connector`](carport_connector::Connector)s of test and simulated
//! mode, and the [`time`] of a `dev` server.
//!
//! It must not know HTTP or SQL. Start reading in [`test_login`] (the e-mail an owner types decides
//! what happens), [`control`] (making and steering simulated cars) and [`mod@world`] (how they are).

mod connector;
pub mod control;
mod effects;
mod everyday;
mod garage;
pub mod import;
pub mod latency;
mod masks;
pub mod natural;
mod simulated;
pub mod test_login;
pub mod time;
pub mod trips;
mod values;
pub mod world;

pub use connector::TestConnector;
pub use control::Simulations;
pub use simulated::SimulatedConnector;
pub use trips::Trips;
