//! Filters of templates. A page's module has `use carport_web::words::filters;`.
//!
//! `{{ "Kept for {days} days"|t|with("days", days) }}` writes a message,
//! `<html lang="{{ "en"|language }}" dir="{{ "ltr"|direction }}">` says in which language it is.

#![expect(
    missing_docs,
    clippy::inline_always,
    clippy::missing_errors_doc,
    reason = "what the macro makes of a filter; none of them fails"
)]

use std::fmt::Display;

use super::language::{current, is_written_leftward};
use super::message::{self, And, Message, Text, Values};

/// The message of an English text.
#[askama::filter_fn]
pub fn t(text: &'static str, _: &dyn askama::Values) -> askama::Result<Message> {
    Ok(Message::new(text))
}

/// A text that a table marks with `carport_model::worded`.
#[askama::filter_fn]
pub fn say(text: &'static str, _: &dyn askama::Values) -> askama::Result<Text> {
    Ok(message::say(text))
}

/// A message with a value in the place of `{name}`.
#[askama::filter_fn]
pub fn with<V: Values, T: Display>(
    message: Message<V>,
    _: &dyn askama::Values,
    name: &'static str,
    value: T,
) -> askama::Result<Message<And<V, T>>> {
    Ok(message.with(name, value))
}

/// The language of the page, which is the one its keys are written in unless a catalogue is used.
#[askama::filter_fn]
pub fn language(english: &'static str, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(current(|tag| tag.unwrap_or(english).to_owned()))
}

/// The direction in which the language of the page is written.
#[askama::filter_fn]
pub fn direction(english: &'static str, _: &dyn askama::Values) -> askama::Result<&'static str> {
    Ok(current(|tag| match tag {
        Some(tag) if is_written_leftward(tag) => "rtl",
        _ => english,
    }))
}
