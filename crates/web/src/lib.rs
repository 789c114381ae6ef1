//! The HTTP kit: what every door needs before it can speak its own language.
//!
//! It must not know a store, a connector or a door. Start reading in [`layers`] (what every
//! request passes) and [`page`] (what every page carries).

pub mod accent;
pub mod assets;
pub mod cookie;
pub mod credentials;
pub mod csrf;
pub mod envelope;
pub mod fault;
pub mod form;
pub mod layers;
mod learned;
pub mod logo;
pub mod openapi;
pub mod origin;
pub mod page;
pub mod paths;
pub mod problem;
pub mod query;
pub mod reference;
pub mod refusal;
pub mod sender;
mod stopping;
pub mod watch;
pub mod words;

pub use form::Form;
pub use learned::Learned;
pub use origin::PublicUrl;
pub use page::Page;
pub use problem::Problem;
pub use query::Pairs;
pub use refusal::Refusal;
pub use stopping::Stopping;
