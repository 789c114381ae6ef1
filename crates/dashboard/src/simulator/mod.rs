//! `/dashboard/simulator`: the page to watch simulated cars.

mod figures;
mod map;
mod plot;
