//! Requests and answers as text: what is secret is masked, or stands in a variable of the shell.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use carport_model::Secret;
use carport_web::words::t;

use super::pretty::pretty;

/// The longest answer that is kept and shown.
pub(super) const LONGEST: usize = 32 * 1024;

/// A secret as it is shown: enough to tell one from another.
pub(super) fn mask(secret: &str) -> String {
    secret.chars().take(4).chain(['…']).collect()
}

/// A text with its secrets masked.
pub(super) fn masked(text: &str, secrets: &[Secret<String>]) -> String {
    let secrets = secrets.iter().map(Secret::expose);
    secrets
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| {
            text.replace(secret.as_str(), &mask(secret))
        })
}

/// A text for a shell: as it is between single quotes, secrets as variables.
pub(super) fn quote(text: &str, secrets: &[(Secret<String>, &'static str)]) -> String {
    let first = secrets
        .iter()
        .filter(|(secret, _)| !secret.expose().is_empty())
        .find_map(|(secret, name)| Some((text.split_once(secret.expose().as_str())?, *name)));
    match first {
        Some(((before, after), name)) => {
            let before = quote(before, secrets);
            let after = if after.is_empty() {
                String::new()
            } else {
                quote(after, secrets)
            };
            format!("{before}\"{name}\"{after}")
        }
        None => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Headers as lines.
pub(super) fn written(headers: &HeaderMap) -> String {
    let lines = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        format!("{name}: {value}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A body with line breaks, when it is JSON.
pub(super) fn pretty_if_json(headers: &HeaderMap, body: &str) -> String {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("application/json")) {
        pretty(body)
    } else {
        body.to_owned()
    }
}

/// A body that is not too long to be kept.
pub(super) fn shortened(mut body: String) -> String {
    if body.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| body.is_char_boundary(*end));
        body.truncate(end.unwrap_or_default());
        body.push('\n');
        body.push_str(&t("… the rest is left out here").plain());
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_anything_as_it_is() {
        let secret = Secret::new("s3cr3t".to_owned());
        let secrets = [(secret, "$SECRET")];
        assert_eq!(quote("a'b$(c)", &secrets), r"'a'\''b$(c)'");
        assert_eq!(quote("x s3cr3t y", &secrets), "'x '\"$SECRET\"' y'");
        assert_eq!(mask("s3cr3t"), "s3cr…");
    }

    #[test]
    fn long_answers_are_cut_between_characters() {
        let cut = shortened("é".repeat(LONGEST));
        assert!(cut.len() < LONGEST + 60 && cut.ends_with("left out here"));
        assert_eq!(shortened("é".to_owned()), "é");
    }
}
