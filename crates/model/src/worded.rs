//! Texts of tables that pages say.

/// The same text, found by `cargo xtask strings` by this call: pages translate it when they say it.
///
/// For tables of this crate, which knows no pages; those have `carport_web::words::t`.
#[must_use]
pub const fn worded(text: &'static str) -> &'static str {
    text
}
