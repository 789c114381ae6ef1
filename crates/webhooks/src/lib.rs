//! Webhooks: where applications want to be told of their vehicles.
//!
//! For now only their registry: nothing is delivered. It must not know HTTP or SQL. Start reading
//! in [`registry`].

pub mod callback_uri;
pub mod registry;

pub use callback_uri::CallbackUriError;
pub use registry::{NewWebhook, WebhookError, Webhooks};
