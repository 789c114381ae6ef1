//! Secrets in what is journaled become stars.

use std::borrow::Cow;

use carport_web::Pairs;
use serde_json::Value;

/// What stands in the place of a secret.
const STARS: &str = "****";

/// Names under which secrets travel, in lower case and without `_`: codes, tokens, keys, passwords.
const SECRET: [&str; 15] = [
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "token",
    "clientsecret",
    "clientassertion",
    "secret",
    "codeverifier",
    "managementtoken",
    "password",
    "otp",
    "pin",
    "apikey",
    "csrf",
    "authorization",
];
/// In requests also the authorization code; in answers the word stands for that of an error.
const CODE: &str = "code";

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSON.
    Json,
    /// A form.
    Form,
}

impl Kind {
    /// That of a content type; `None` for what cannot be starred, and so is not kept.
    #[must_use]
    pub fn of(content_type: &str) -> Option<Self> {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        match kind.to_ascii_lowercase().as_str() {
            "application/json" => Some(Self::Json),
            "application/x-www-form-urlencoded" => Some(Self::Form),
            _ => None,
        }
    }
}

/// Puts stars on a request, and on the secrets of the request that the answer repeats.
#[derive(Default)]
pub struct Stars {
    known: Vec<String>,
}

impl Stars {
    /// A query.
    pub fn query(&mut self, query: &str) -> String {
        self.pairs(query)
    }

    /// The body of a request; `None` when it is not what it is called.
    pub fn sent(&mut self, kind: Kind, body: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(body).ok()?;
        match kind {
            Kind::Form => Some(self.pairs(text)),
            Kind::Json => {
                let mut value: Value = serde_json::from_str(text).ok()?;
                self.value(&mut value, true);
                Some(value.to_string())
            }
        }
    }

    /// The body of an answer; `None` when it is not what it is called.
    pub fn answered(&mut self, kind: Kind, body: &[u8]) -> Option<String> {
        if kind == Kind::Form {
            return None;
        }
        let mut value: Value = serde_json::from_slice(body).ok()?;
        self.value(&mut value, false);
        let mut text = value.to_string();
        for secret in &self.known {
            text = text.replace(secret, STARS);
        }
        Some(text)
    }

    fn pairs(&mut self, text: &str) -> String {
        let pairs = text.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) if is_secret(&decoded(name), true) => {
                self.know(&decoded(value));
                Cow::Owned(format!("{name}={STARS}"))
            }
            _ => Cow::Borrowed(pair),
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    fn value(&mut self, value: &mut Value, is_sent: bool) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if is_secret(name, is_sent) && !member.is_null() {
                        if let Value::String(secret) = &member {
                            self.know(secret);
                        }
                        *member = STARS.into();
                    } else {
                        self.value(member, is_sent);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item, is_sent)),
            // An address in an answer, such as that of the battery page.
            Value::String(text) => {
                if let Some((front, query)) = text.split_once('?') {
                    *text = format!("{front}?{}", self.pairs(query));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Short ones would star half of the answer.
    fn know(&mut self, secret: &str) {
        if secret.len() >= 4 {
            self.known.push(secret.to_owned());
        }
    }
}

/// A percent-encoded name or value, decoded as far as it can be.
fn decoded(text: &str) -> String {
    let read = Pairs::parse(&format!("x={text}")).unwrap_or_default();
    read.get("x").unwrap_or(text).to_owned()
}

fn is_secret(name: &str, is_sent: bool) -> bool {
    let plain: String = name
        .chars()
        .filter(|letter| !matches!(letter, '_' | '-'))
        .collect();
    let plain = plain.to_ascii_lowercase();
    SECRET.contains(&plain.as_str()) || (is_sent && plain == CODE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_and_queries() {
        let mut stars = Stars::default();
        let form = "grant_type=authorization_code&code=abc&client%5Fsecret=x%20y&redirect_uri=http%3A%2F%2Fa&flag";
        assert_eq!(
            stars.sent(Kind::Form, form.as_bytes()).unwrap(),
            "grant_type=authorization_code&code=****&client%5Fsecret=****&redirect_uri=http%3A%2F%2Fa&flag"
        );
        assert_eq!(
            stars.query("token=t&vehicle_id=v&token="),
            "token=****&vehicle_id=v&token=****"
        );
        assert_eq!(stars.query(""), "");
    }

    #[test]
    fn json() {
        let mut stars = Stars::default();
        let sent = r#"{"code":"c0de","code_verifier":["v"],"action":"START","a":[{"pin":1}]}"#;
        assert_eq!(
            stars.sent(Kind::Json, sent.as_bytes()).unwrap(),
            r#"{"code":"****","code_verifier":"****","action":"START","a":[{"pin":"****"}]}"#
        );
        let answered = r#"{"access_token":"t","refreshToken":"r","code":"ASLEEP","url":"http://x/y?token=t&a=b","x":null,"token":null}"#;
        assert_eq!(
            stars.answered(Kind::Json, answered.as_bytes()).unwrap(),
            r#"{"access_token":"****","refreshToken":"****","code":"ASLEEP","url":"http://x/y?token=****&a=b","x":null,"token":null}"#
        );
    }

    #[test]
    fn an_answer_does_not_repeat_what_was_starred() {
        let mut stars = Stars::default();
        stars.sent(Kind::Form, b"code=my-code&client_secret=abc");
        let answered =
            r#"{"error":"invalid_request","error_description":"Invalid code: my-code."}"#;
        assert_eq!(
            stars.answered(Kind::Json, answered.as_bytes()).unwrap(),
            r#"{"error":"invalid_request","error_description":"Invalid code: ****."}"#
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_kept() {
        let mut stars = Stars::default();
        assert_eq!(stars.sent(Kind::Json, b"{\"token\":\"abc\""), None);
        assert_eq!(stars.sent(Kind::Form, b"\xff"), None);
        assert_eq!(stars.answered(Kind::Form, b"token=abc"), None);
        assert_eq!(Kind::of("text/html; charset=utf-8"), None);
        assert_eq!(
            Kind::of("Application/JSON; charset=utf-8"),
            Some(Kind::Json)
        );
    }

    proptest! {
        #[test]
        fn no_secret_is_left(secret in "[a-zA-Z0-9~._-]{8,40}", name in 0..SECRET.len(), other in "[a-z]{1,5}") {
            let name = SECRET[name];
            let mut stars = Stars::default();
            let form = format!("{other}=1&{name}={secret}");
            let json = format!(r#"{{"{other}":{{"{name}":"{secret}"}}}}"#);
            let echo = format!(r#"{{"{other}":"it was {secret}!"}}"#);
            prop_assert!(!stars.query(&form).contains(&secret));
            for kept in [
                stars.sent(Kind::Form, form.as_bytes()),
                stars.sent(Kind::Json, json.as_bytes()),
                stars.answered(Kind::Json, json.as_bytes()),
                stars.answered(Kind::Json, echo.as_bytes()),
            ] {
                prop_assert!(!kept.unwrap().contains(&secret));
            }
        }
    }
}
