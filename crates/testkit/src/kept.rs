//! Files of the repository that tests make: they are compared, or written by `cargo xtask bless`.

use std::path::Path;

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

/// Holds a file to what it must say, as JSON.
///
/// # Panics
/// When the file says anything else, unless snapshots are being recorded anew
/// (`INSTA_UPDATE=always`): then it is written.
pub fn assert_kept(file: &str, value: &impl Serialize) {
    let mut text = Vec::new();
    // One column a level: differences can be read, and what is embedded stays small.
    let format = PrettyFormatter::with_indent(b" ");
    value
        .serialize(&mut Serializer::with_formatter(&mut text, format))
        .expect("it is plain data");
    text.push(b'\n');
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(file, text).expect("the file can be written");
        return;
    }
    let kept = std::fs::read(file).unwrap_or_default();
    let name = Path::new(file).display();
    assert!(
        kept == text,
        "{name} is not what the code makes of it; `cargo xtask bless` writes it anew"
    );
}
