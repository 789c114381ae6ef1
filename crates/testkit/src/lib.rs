//! What tests of the doors begin with. For tests only.
//!
//! A [`TestBed`] holds a store on a temporary file, a [`FixedClock`] and seeded randomness, and
//! puts applications, owners and tokens into the store. The test builds its router over these
//! parts and hands it to [`TestApp`], which calls it in this process. It must not know a door, or
//! that door's tests would see two copies of each type.
//!
//! ```
//! # use axum::{Router, routing::get};
//! use carport_testkit::{TestApp, TestBed};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let bed = TestBed::new().await;
//! let car = bed.connect(&["read_odometer"]).await;
//! # let routes = |_| Router::new().route("/v2.0/vehicles/{id}/odometer", get(|| async { "7" }));
//! let app = TestApp::serving(routes(bed.store.clone()));
//! let answer = app.get(&car.path("odometer")).bearer(&car.access_token).send().await;
//! assert_eq!(answer.status, 200);
//! # }
//! ```

mod app;
mod bed;
mod bracketed;
mod clock;
mod hostile;
mod kept;
mod mailbox;
mod redact;
mod seed;

pub use app::{Answer, TestApp, TestRequest};
pub use bed::TestBed;
pub use bracketed::bracketed;
pub use clock::FixedClock;
pub use hostile::{assert_escaped, hostile};
pub use kept::assert_kept;
pub use mailbox::Mailbox;
pub use redact::redacted;
pub use seed::{Car, Registered, Tokens, found_vehicle};
