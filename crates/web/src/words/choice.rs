//! The language that a reader chose by hand, which a cookie keeps.

use std::time::Duration;

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use carport_model::worded;

use super::catalogue::Catalogues;
use super::language::Language;
use crate::Pairs;
use crate::cookie::{self, Cookie};

/// Field of the forms in which it is chosen.
const FIELD: &str = "language";
/// The cookie, which all pages read.
const COOKIE: &str = "carport_language";
/// How long it is kept.
const YEAR: Duration = Duration::from_hours(365 * 24);
/// The language of the keys.
pub(super) const ENGLISH: &str = "en";
/// In a catalogue, the name of its language in itself: "Svenska".
const OWN_NAME: &str = worded("English");

/// A language that pages speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent: its tag.
    pub tag: String,
    /// What it calls itself.
    pub name: String,
    /// Whether this page is in it.
    pub chosen: bool,
}

/// All languages by their names; none where there is nothing to choose.
#[must_use]
pub fn choices() -> Vec<Choice> {
    let current = Language::current();
    let now = current.tag();
    let choice = |tag: &str, name: &str| Choice {
        tag: tag.to_owned(),
        name: name.to_owned(),
        chosen: tag == now,
    };
    let mut choices: Vec<Choice> = current
        .among
        .0
        .iter()
        .map(|it| choice(it.language(), it.find(OWN_NAME).unwrap_or(it.language())))
        .collect();
    if !choices.is_empty() && choices.iter().all(|it| it.tag != ENGLISH) {
        choices.push(choice(ENGLISH, OWN_NAME));
    }
    choices.sort_by(|one, other| one.name.cmp(&other.name));
    choices
}

/// The answer to a form, with the cookie that keeps what was chosen in it. `secure` behind https.
#[must_use]
pub fn keep(form: &Pairs, secure: bool, answer: impl IntoResponse) -> Response {
    let mut answer = answer.into_response();
    if let Some(cookie) = kept(form.get(FIELD), secure) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// None when it is the language that the page had already, or one that there is not.
fn kept(tag: Option<&str>, secure: bool) -> Option<HeaderValue> {
    let choices = choices();
    let chosen = choices.iter().find(|it| Some(&*it.tag) == tag)?;
    let cookie = Cookie {
        name: COOKIE,
        value: &chosen.tag,
        path: "/",
        lives: YEAR,
        secure,
    };
    (!chosen.chosen).then(|| cookie.try_into().ok()).flatten()
}

/// The language that was chosen before, if there still is such.
pub(super) fn made(headers: &HeaderMap, among: &Catalogues) -> Option<Language> {
    let tag = cookie::read(headers, COOKIE)?;
    among
        .find(tag)
        .or_else(|| (tag == ENGLISH).then(|| among.english()))
}

#[cfg(test)]
mod tests {
    use axum::http::header::{ACCEPT_LANGUAGE, COOKIE as SENT};

    use super::*;

    #[test]
    fn what_is_chosen_goes_before_what_the_browser_asks_for() {
        let files = [("sv", "\"English\" = 'Svenska'"), ("de", "")];
        let files = files.map(|(tag, text)| (format!("{tag}.toml"), text.to_owned()));
        let among = Catalogues::read(&files).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("sv"));
        let swedish = among.liked_by(&headers);
        let listed = swedish.speak(choices);
        let listed = listed.iter().map(|it| (&*it.tag, &*it.name, it.chosen));
        let expected = [
            ("en", "English", false),
            ("sv", "Svenska", true),
            ("de", "de", false),
        ];
        assert_eq!(listed.collect::<Vec<_>>(), expected);
        let kept = |tag| swedish.speak(|| kept(Some(tag), true));
        assert_eq!(kept("sv"), None);
        assert_eq!(kept("fr"), None);
        for tag in ["de", "en"] {
            let cookie = kept(tag).unwrap();
            let cookie = cookie.to_str().unwrap();
            let expected = format!("carport_language={tag}; Path=/; Max-Age=31536000; ");
            assert!(cookie.starts_with(&expected), "{cookie}");
            let sent = cookie.split(';').next().unwrap().parse().unwrap();
            headers.insert(SENT, sent);
            assert_eq!(among.liked_by(&headers).tag(), tag);
        }
        headers.insert(SENT, HeaderValue::from_static("carport_language=fr"));
        assert_eq!(among.liked_by(&headers).tag(), "sv");
        assert!(choices().is_empty());
    }
}
