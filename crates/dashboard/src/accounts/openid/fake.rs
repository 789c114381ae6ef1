//! A provider for tests, without a network: it discovers, redeems and signs as a real one, and can
//! be told to do each of it wrongly.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use carport_model::{Clock as _, SystemClock};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreIdToken, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::http::StatusCode;
use openidconnect::{
    HttpRequest, HttpResponse, JsonWebKeyId, PkceCodeChallenge, PkceCodeVerifier,
    PrivateSigningKey as _,
};
use serde_json::{Value, json};

use super::{Fetch, Unanswered};

pub(super) const ISSUER: &str = "https://login.example.com";
pub(super) const CLIENT: &str = "carport";
pub(super) const SECRET: &str = "a secret with a colon: and ü";

/// What the provider knows and how it behaves.
pub(super) struct Known {
    /// Claims of whoever signs in, over the usual ones.
    pub(super) claims: Value,
    /// What the userinfo endpoint tells.
    pub(super) userinfo: Value,
    /// Number of the key that it shows, and of the one that it signs with.
    pub(super) keys: (u8, u8),
    /// Whether it answers at all.
    pub(super) is_up: bool,
    /// Nonce and PKCE challenge of the last sign-in.
    pub(super) asked: (String, String),
    /// Paths that were asked for.
    pub(super) calls: Vec<String>,
}

/// The provider. Cheap to clone.
#[derive(Clone)]
pub(super) struct Fake(pub(super) Arc<Mutex<Known>>);

impl Fake {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Known {
            claims: json!({ "email": "bo@example.org", "email_verified": true, "name": "Bo" }),
            userinfo: json!({ "sub": "bo-1" }),
            keys: (1, 1),
            is_up: true,
            asked: Default::default(),
            calls: Vec::new(),
        })))
    }

    pub(super) fn fetch(&self) -> Fetch {
        let known = self.0.clone();
        Arc::new(move |request| {
            let answer = known.lock().unwrap().answer(&request);
            Box::pin(async move { answer })
        })
    }

    /// What a change makes of it.
    pub(super) fn set(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.0.lock().unwrap());
    }

    /// Somebody was sent here with this query and signs in; the query they come back with.
    pub(super) fn sign_in(&self, address: &str) -> String {
        let (_, query) = address.split_once('?').unwrap();
        let asked: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let of = |name: &str| asked.iter().find(|(n, _)| n == name).unwrap().1.clone();
        assert!(address.starts_with("https://login.example.com/authorize?"));
        assert_eq!(
            (of("client_id"), of("response_type")),
            (CLIENT.into(), "code".into())
        );
        assert_eq!(of("scope"), "openid email profile");
        assert_eq!(of("code_challenge_method"), "S256");
        let redirect = "http://localhost:2277/dashboard/sign-in/openid/return";
        assert_eq!(of("redirect_uri"), redirect);
        self.set(|known| known.asked = (of("nonce"), of("code_challenge")));
        format!(
            "code=a-code&iss=https%3A%2F%2Flogin.example.com&state={}",
            of("state")
        )
    }
}

impl Known {
    fn answer(&mut self, request: &HttpRequest) -> Result<HttpResponse, Unanswered> {
        if !self.is_up {
            return Err(Unanswered("connection refused".to_owned()));
        }
        let path = request.uri().path().to_owned();
        self.calls.push(path.clone());
        let (status, body) = match path.as_str() {
            "/.well-known/openid-configuration" => (StatusCode::OK, discovery()),
            "/keys" => {
                let keys = CoreJsonWebKeySet::new(vec![key(self.keys.0).as_verification_key()]);
                (StatusCode::OK, serde_json::to_value(keys).unwrap())
            }
            "/token" => self.token(request),
            "/userinfo" => {
                assert_eq!(request.headers()["authorization"], "Bearer access");
                (StatusCode::OK, self.userinfo.clone())
            }
            other => panic!("{other}"),
        };
        let mut response = HttpResponse::new(serde_json::to_vec(&body).unwrap());
        *response.status_mut() = status;
        let json = "application/json".parse().unwrap();
        response.headers_mut().insert("content-type", json);
        Ok(response)
    }

    fn token(&self, request: &HttpRequest) -> (StatusCode, Value) {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let basic = STANDARD.encode(format!("{}:{}", encode(CLIENT), encode(SECRET)));
        assert_eq!(request.headers()["authorization"], format!("Basic {basic}"));
        let fields: Vec<(String, String)> = form_urlencoded::parse(request.body())
            .into_owned()
            .collect();
        let of = |name: &str| fields.iter().find(|(n, _)| n == name).unwrap().1.clone();
        let verifier = PkceCodeVerifier::new(of("code_verifier"));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        if of("code") != "a-code" || challenge.as_str() != self.asked.1 {
            return (StatusCode::BAD_REQUEST, json!({ "error": "invalid_grant" }));
        }
        let tokens = json!({
            "access_token": "access",
            "token_type": "Bearer",
            "id_token": self.id_token(),
        });
        (StatusCode::OK, tokens)
    }

    fn id_token(&self) -> String {
        // The library goes by the machine's clock.
        let now = SystemClock.now().millis() / 1000;
        let mut claims = json!({
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "bo-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.0,
        });
        for (name, value) in self.claims.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let claims = serde_json::from_value(claims).unwrap();
        let algorithm = CoreJwsSigningAlgorithm::EdDsa;
        let token = CoreIdToken::new(claims, &key(self.keys.1), algorithm, None, None);
        token.unwrap().to_string()
    }
}

fn discovery() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://login.example.com/authorize",
        "token_endpoint": "https://login.example.com/token",
        "userinfo_endpoint": "https://login.example.com/userinfo",
        "jwks_uri": "https://login.example.com/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    })
}

/// A key by its number, as PKCS #8 holds it (RFC 8410, section 7).
fn key(number: u8) -> CoreEdDsaPrivateSigningKey {
    let head = URL_SAFE_NO_PAD.decode("MC4CAQAwBQYDK2VwBCIEIA").unwrap();
    let whole = STANDARD.encode([head, vec![number; 32]].concat());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{whole}\n-----END PRIVATE KEY-----\n");
    let id = JsonWebKeyId::new(format!("key-{number}"));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(id)).unwrap()
}
