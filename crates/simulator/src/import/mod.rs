//! Routes and recorded days from elsewhere: GPX, `GeoJSON` and CSV become routes and scenarios.
//!
//! What a car did is read off its recording alone; only `record`, which writes one, knows journeys.
//! Whatever a file holds, reading it ends in points that can be on this earth or in an [`ImportError`] with
//! line and column. Start reading in [`route`].

pub mod csv;
mod error;
mod geojson;
mod gpx;
mod record;
pub mod recording;
mod scenario;
mod stages;
#[cfg(test)]
mod tests;
mod thinning;
mod track;

pub use error::ImportError;
pub use track::{Format, route};
