//! Connect through its router, on a temporary SQLite store, with a clock that stands still.

mod attacks;
mod browser;
mod browser_sdk;
mod capacity;
mod endings;
mod gates;
mod me;
mod pages;
mod reauthentication;
mod settings;
mod sign_in;
mod steps;
mod twice;
mod walks;
mod words;

pub(crate) use browser::{Answer, App, Browser, CALLBACK};
pub(crate) use endings::script_is_allowed;
