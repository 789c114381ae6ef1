//! Requests as an application would send them: carried through the server's own routes, and written
//! down with what is secret in them masked.
//!
//! In this process rather than over a connection of its own: the server need not know under which
//! address, certificate and proxy it reaches itself, and nobody can lead the request elsewhere. The
//! routes, the request log, the journal and faults on demand are those of every request.

use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderName, HeaderValue, Method};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carport_model::Secret;
use carport_web::PublicUrl;
use carport_web::words::t;

use super::explain::{self, Told};
use super::own_api::OwnApi;
use super::written::{LONGEST, mask, masked, pretty_if_json, quote, shortened, written};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const UNIT_SYSTEM: HeaderName = HeaderName::from_static("sc-unit-system");

/// How a request proves who sends it.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// A token.
    Bearer(Secret<String>),
    /// Client id and secret.
    Client(String, Secret<String>),
    /// Nothing: a public client names itself in the body.
    Nothing,
}

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    method: Method,
    /// Path and query.
    path: String,
    proof: Proof,
    units: Option<&'static str>,
    content: Content,
    /// What must not be shown, and what a command line calls it.
    secrets: Vec<(Secret<String>, &'static str)>,
}

#[derive(Debug, Clone)]
enum Content {
    Nothing,
    Form(Vec<(&'static str, String)>),
    Json(String),
}

/// A request and its answer as they are shown.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// The request.
    pub request: String,
    /// The same as a command.
    pub curl: String,
    /// Status and reason.
    pub status: String,
    /// How long it took.
    pub took: String,
    /// Headers of the answer.
    pub headers: String,
    /// Its body.
    pub body: String,
    /// What went wrong.
    pub failure: Option<Told>,
}

/// What came back.
pub(super) struct Came {
    /// For the page.
    pub record: Record,
    /// The body, when all went well.
    pub body: Option<String>,
}

impl Sent {
    /// A request without a body.
    pub(super) fn new(method: Method, path: impl Into<String>, proof: Proof) -> Self {
        let mut secrets = Vec::new();
        match &proof {
            Proof::Bearer(token) => secrets.push((token.clone(), "$ACCESS_TOKEN")),
            Proof::Client(_, secret) => secrets.push((secret.clone(), "$CLIENT_SECRET")),
            Proof::Nothing => {}
        }
        Self {
            method,
            path: path.into(),
            proof,
            units: None,
            content: Content::Nothing,
            secrets,
        }
    }

    /// With a form.
    pub(super) fn form(mut self, fields: Vec<(&'static str, String)>) -> Self {
        self.content = Content::Form(fields);
        self
    }

    /// With JSON, or what is meant to be some.
    pub(super) fn json(mut self, body: String) -> Self {
        self.content = Content::Json(body);
        self
    }

    /// With the units that are wanted.
    pub(super) fn units(mut self, units: &'static str) -> Self {
        self.units = Some(units);
        self
    }

    /// Keeps something secret that is in the body or in the answer.
    pub(super) fn hiding(mut self, secret: &Secret<String>, name: &'static str) -> Self {
        self.secrets.push((secret.clone(), name));
        self
    }

    /// Sends it and writes down what came of it. `found` finds what the answer holds that is
    /// secret.
    pub(super) async fn carry(
        &self,
        api: &OwnApi,
        url: &PublicUrl,
        found: fn(&str) -> Vec<Secret<String>>,
    ) -> Came {
        let began = Instant::now();
        let mut answered = None;
        if let Some(request) = self.request(url)
            && let Some(response) = (api.carry)(request).await
        {
            let (head, body) = response.into_parts();
            let bytes = to_bytes(body, 16 * LONGEST).await.unwrap_or_default();
            let body = String::from_utf8_lossy(&bytes).into_owned();
            answered = Some((head.status, head.headers, body));
        }
        let took = format!("{:.1} ms", began.elapsed().as_secs_f64() * 1000.0);
        let (request, curl) = (self.shown(url), self.curl(url));
        let Some((status, headers, body)) = answered else {
            return Came {
                record: cut_off(request, curl, took),
                body: None,
            };
        };
        let mut hidden: Vec<_> = self
            .secrets
            .iter()
            .map(|(secret, _)| secret.clone())
            .collect();
        hidden.extend(found(&body));
        let record = Record {
            request,
            curl,
            took,
            status: status.to_string(),
            headers: masked(&written(&headers), &hidden),
            body: shortened(masked(&pretty_if_json(&headers, &body), &hidden)),
            failure: (!status.is_success())
                .then(|| explain::answer(status.as_u16(), &masked(&body, &hidden), url)),
        };
        Came {
            record,
            body: status.is_success().then_some(body),
        }
    }

    fn request(&self, url: &PublicUrl) -> Option<Request> {
        let mut request = Request::builder().method(&self.method).uri(&self.path);
        for (name, value) in self.headers(url, str::to_owned) {
            request = request.header(name, HeaderValue::from_str(&value).ok()?);
        }
        request.body(Body::from(self.content())).ok()
    }

    /// Headers as they are sent, with what is secret written by `secret`.
    fn headers(
        &self,
        url: &PublicUrl,
        secret: impl Fn(&str) -> String,
    ) -> Vec<(HeaderName, String)> {
        let mut headers = vec![(HOST, url.host().to_owned()), (ACCEPT, JSON.to_owned())];
        match &self.proof {
            Proof::Bearer(token) => {
                let token = secret(token.expose());
                headers.push((AUTHORIZATION, format!("Bearer {token}")));
            }
            Proof::Client(id, password) => {
                let pair = STANDARD.encode(format!("{id}:{}", password.expose()));
                headers.push((AUTHORIZATION, format!("Basic {}", secret(&pair))));
            }
            Proof::Nothing => {}
        }
        headers.extend(self.units.map(|units| (UNIT_SYSTEM, units.to_owned())));
        match &self.content {
            Content::Nothing => {}
            Content::Form(_) => headers.push((CONTENT_TYPE, FORM.to_owned())),
            Content::Json(_) => headers.push((CONTENT_TYPE, JSON.to_owned())),
        }
        headers
    }

    fn content(&self) -> String {
        match &self.content {
            Content::Nothing => String::new(),
            Content::Json(body) => body.clone(),
            Content::Form(fields) => form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish(),
        }
    }

    /// The request as text, one field of a form a line.
    fn shown(&self, url: &PublicUrl) -> String {
        let mut text = format!("{} {} HTTP/1.1\n", self.method, self.path);
        for (name, value) in self.headers(url, mask) {
            text.push_str(&format!("{name}: {value}\n"));
        }
        let body = match &self.content {
            Content::Form(_) => self.content().replace('&', "\n&"),
            _ => self.content(),
        };
        if !body.is_empty() {
            text.push('\n');
            text.push_str(&body);
        }
        let hidden: Vec<_> = self
            .secrets
            .iter()
            .map(|(secret, _)| secret.clone())
            .collect();
        masked(text.trim_end(), &hidden)
    }

    /// The request as a command; what is secret stands in variables of the shell.
    fn curl(&self, url: &PublicUrl) -> String {
        let quoted = |text: &str| quote(text, &self.secrets);
        let address = quoted(&url.join(&self.path));
        let mut parts = vec![match self.method {
            Method::GET => format!("curl {address}"),
            _ => format!("curl -X {} {address}", self.method),
        }];
        match &self.proof {
            Proof::Bearer(token) => {
                let header = format!("Authorization: Bearer {}", token.expose());
                parts.push(format!("-H {}", quoted(&header)));
            }
            Proof::Client(id, secret) => {
                parts.push(format!(
                    "-u {}",
                    quoted(&format!("{id}:{}", secret.expose()))
                ));
            }
            Proof::Nothing => {}
        }
        if let Some(units) = self.units {
            parts.push(format!(
                "-H {}",
                quoted(&format!("sc-unit-system: {units}"))
            ));
        }
        match &self.content {
            Content::Nothing => {}
            Content::Json(body) => {
                parts.push(format!("-H {}", quoted("Content-Type: application/json")));
                parts.push(format!("-d {}", quoted(body)));
            }
            Content::Form(fields) => parts.extend(fields.iter().map(|(name, value)| {
                format!("--data-urlencode {}", quoted(&format!("{name}={value}")))
            })),
        }
        parts.join(" \\\n  ")
    }
}

fn cut_off(request: String, curl: String, took: String) -> Record {
    Record {
        request,
        curl,
        took,
        status: t("No answer").plain(),
        headers: String::new(),
        body: String::new(),
        failure: Some(Told {
            what: t("No answer came").plain(),
            then: t("A fault on demand cut the connection, or the request could not be sent. Send it again.").plain(),
            docs: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> PublicUrl {
        "http://localhost:2277".parse().unwrap()
    }

    #[test]
    fn secrets_are_masked_and_commands_take_them_from_variables() {
        let secret = |text: &str| Secret::new(text.to_owned());
        let proof = Proof::Client("id".to_owned(), secret("top'secret"));
        let sent = Sent::new(Method::POST, "/oauth/token", proof)
            .hiding(&secret("c0de-c0de"), "$CODE")
            .form(vec![
                ("code", "c0de-c0de".to_owned()),
                ("redirect_uri", "http://a/?b='c'".to_owned()),
            ]);
        let (shown, curl) = (sent.shown(&url()), sent.curl(&url()));
        assert!(shown.contains("code=c0de…\n&redirect_uri="), "{shown}");
        assert!(shown.contains("authorization: Basic aWQ6…"), "{shown}");
        assert_eq!(
            curl,
            "curl -X POST 'http://localhost:2277/oauth/token' \\\n  -u 'id:'\"$CLIENT_SECRET\" \\\n  \
             --data-urlencode 'code='\"$CODE\" \\\n  --data-urlencode 'redirect_uri=http://a/?b='\\''c'\\'''"
        );
        for text in [&shown, &curl] {
            assert!(
                !text.contains("top'secret") && !text.contains("c0de-c0de"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_request_is_what_is_shown() {
        let token = Secret::new("token-of-mine".to_owned());
        let sent = Sent::new(Method::POST, "/v2.0/x", Proof::Bearer(token))
            .units("imperial")
            .json("{\"a\":1}".to_owned());
        let request = sent.request(&url()).unwrap();
        assert_eq!(request.headers()["sc-unit-system"], "imperial");
        assert_eq!(request.headers()["authorization"], "Bearer token-of-mine");
        assert!(
            sent.shown(&url())
                .ends_with("content-type: application/json\n\n{\"a\":1}")
        );
        assert!(sent.curl(&url()).contains("Bearer '\"$ACCESS_TOKEN\""));
    }
}
