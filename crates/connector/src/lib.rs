//! How Carport reaches cars.
//!
//! A [`Connector`] logs an owner in, lists the cars of the account and reads their signals. The
//! [`Registry`] finds the connector of a mode; [`Reader`] is what the doors ask and [`Sender`] what
//! they hand commands to. It must not know
//! HTTP, pages or SQL. Start reading in [`connector`].

pub mod connector;
mod fault;
mod reading;
mod registry;
mod sending;

pub use connector::{AccountKey, Connector, LoginInput, LoginRefused, LoginStep, Reached};
pub use fault::Fault;
pub use reading::Reader;
pub use registry::Registry;
pub use sending::{SendError, Sender};
