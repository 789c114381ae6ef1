//! Routes and recorded days from elsewhere: GPX, `GeoJSON` and CSV become routes and scenarios.
//!
//! It must not know profiles or journeys: what a car did is read off its recording. Whatever a
//! file holds, reading it ends in points that can be on this earth or in an [`ImportError`] with
//! line and column. Start reading in [`route`].

pub mod csv;
mod error;
mod geojson;
mod gpx;
pub mod recording;
mod scenario;
mod stages;
#[cfg(test)]
mod tests;
mod thinning;
mod track;

pub use error::ImportError;
pub use track::{Format, route};
