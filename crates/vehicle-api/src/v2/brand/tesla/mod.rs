//! What a Tesla alone has, beside the meters and records that it shares with others.
//! Source: contract rest-v2, 2.25.

pub mod account;
pub mod attributes;
pub mod battery;
pub mod charge;
pub mod climate;
pub mod driving;
pub mod openings;
pub mod pin;
pub mod schedule;
pub mod status;
