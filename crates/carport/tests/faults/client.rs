//! A client of one server: requests, and what their answers mean.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reqwest::redirect;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use crate::site::Application;

/// Longer than any answer may take, so that nothing hangs unnoticed.
const PATIENCE: Duration = Duration::from_secs(10);

/// No answer that counts came: the request was carried out, or it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The connection broke.
    Cut,
    /// 503: the server could not say that it was done.
    Unavailable,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub cookie: Option<String>,
    pub body: String,
}

impl Answer {
    /// A text member of a JSON body.
    pub fn member(&self, name: &str) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body[name].as_str().unwrap_or_default().to_owned()
    }
}

/// Two tokens as they were given.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub lifetime: u64,
}

/// Tokens, or a refusal.
pub type Granted = Result<Option<Tokens>, Lost>;

/// Speaks with one server. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    application: Application,
    socket: PathBuf,
}

impl Client {
    pub fn new(url: &str, application: &Application, data: &Path) -> Self {
        // Where the whole workspace is built, reqwest has TLS and wants to know whose. A second
        // client finds it installed.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build();
        Self {
            http: http.unwrap(),
            url: url.to_owned(),
            application: application.clone(),
            socket: data.join("carport.sock"),
        }
    }

    /// Sends a request. A 503 must say when to come back and why; any other 5xx is a defect.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, Lost> {
        let response = request.send().await.map_err(|error| {
            assert!(!error.is_timeout(), "no answer within {PATIENCE:?}");
            Lost::Cut
        })?;
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let status = response.status().as_u16();
        let (location, cookie, wait) = (
            header("location").unwrap_or_default(),
            header("set-cookie").map(|set| set.split(';').next().unwrap().to_owned()),
            header("retry-after"),
        );
        let body = response.text().await.map_err(|_| Lost::Cut)?;
        if status == 503 {
            assert!(wait.is_some_and(|wait| wait.parse::<u64>().unwrap() >= 1));
            assert!(!body.is_empty(), "a 503 says what to do");
            return Err(Lost::Unavailable);
        }
        assert!(status < 500, "{status} {body}");
        Ok(Answer {
            status,
            location,
            cookie,
            body,
        })
    }

    /// Opens an address of the server with a cookie.
    pub async fn get(&self, path: &str, cookie: &str) -> Result<Answer, Lost> {
        let request = self.http.get(format!("{}{path}", self.url));
        self.send(request.header("cookie", cookie)).await
    }

    /// Posts a form with a cookie.
    pub async fn post(&self, path: &str, cookie: &str, form: String) -> Result<Answer, Lost> {
        let kind = "application/x-www-form-urlencoded";
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request
            .header("cookie", cookie)
            .header("content-type", kind);
        self.send(request.body(form)).await
    }

    async fn authenticated(&self, path: &str, form: &str) -> Result<Answer, Lost> {
        let Application { id, secret } = &self.application;
        let form = format!("client_id={id}&client_secret={secret}&{form}");
        self.post(path, "", form).await
    }

    async fn grant(&self, form: &str) -> Granted {
        let answer = self.authenticated("/oauth/token", form).await?;
        if answer.status != 200 {
            assert_eq!(answer.status, 400, "{}", answer.body);
            assert_eq!(answer.member("error"), "invalid_request", "{}", answer.body);
            return Ok(None);
        }
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        Ok(Some(Tokens {
            access: answer.member("access_token"),
            refresh: answer.member("refresh_token"),
            lifetime: body["expires_in"].as_u64().unwrap(),
        }))
    }

    /// Whether a write is taken: `false` for a clear 503.
    pub async fn writes(&self) -> bool {
        match self.get(&self.link(), "").await {
            Ok(answer) => {
                assert_eq!(answer.status, 302, "{}", answer.body);
                true
            }
            Err(lost) => {
                assert_eq!(lost, Lost::Unavailable);
                false
            }
        }
    }

    /// Waits until a write is taken; fails when that takes longer than `patience`.
    pub async fn recovers_within(&self, patience: Duration) {
        let since = Instant::now();
        while !self.writes().await {
            assert!(since.elapsed() < patience, "no write within {patience:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Exchanges a code.
    pub async fn exchange(&self, code: &str) -> Granted {
        self.grant(&format!("grant_type=authorization_code&code={code}"))
            .await
    }

    /// Exchanges a refresh token.
    pub async fn refresh(&self, token: &str) -> Granted {
        self.grant(&format!("grant_type=refresh_token&refresh_token={token}"))
            .await
    }

    /// Revokes a token.
    pub async fn revoke(&self, token: &str) -> Result<(), Lost> {
        let form = format!("token={token}");
        let answer = self.authenticated("/oauth/revoke", &form).await?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Ok(())
    }

    /// Whether an access token works.
    pub async fn works(&self, token: &str) -> Result<bool, Lost> {
        let answer = self.bearer("/v2.0/user", token).await?;
        assert!([200, 401].contains(&answer.status), "{}", answer.body);
        Ok(answer.status == 200)
    }

    /// How many vehicles an access token opens.
    pub async fn vehicles(&self, token: &str) -> Result<usize, Lost> {
        let answer = self.bearer("/v2.0/vehicles", token).await?;
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        Ok(body["vehicles"].as_array().map_or(0, Vec::len))
    }

    async fn bearer(&self, path: &str, token: &str) -> Result<Answer, Lost> {
        let request = self.http.get(format!("{}{path}", self.url));
        self.send(request.bearer_auth(token)).await
    }

    /// The link of the application to Connect.
    pub fn link(&self) -> String {
        let id = &self.application.id;
        format!("/oauth/authorize?response_type=code&client_id={id}&mode=test&scope=read_vin")
    }

    /// A code by the server's socket, as `carport connect` gets it.
    pub async fn consent(&self, login: &str) -> Result<String, Lost> {
        let request = json!({
            "request": "connect", "application": self.application.id, "brand": "KIA",
            "user": login, "scope": "read_vin", "mode": "test",
        });
        let talk = async {
            let mut stream = BufReader::new(UnixStream::connect(&self.socket).await?);
            stream.write_all(format!("{request}\n").as_bytes()).await?;
            let mut line = String::new();
            stream.read_line(&mut line).await?;
            Ok::<_, std::io::Error>(line)
        };
        let line = talk.await.map_err(|_| Lost::Cut)?;
        let answer: Value = serde_json::from_str(&line).map_err(|_| Lost::Cut)?;
        match answer["Ok"]["redirectUrl"].as_str() {
            Some(url) => Ok(code_in(url).unwrap_or_else(|| panic!("no code in {url}"))),
            None => Err(Lost::Unavailable),
        }
    }
}

/// The code of a redirect.
pub fn code_in(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("code=")?;
    rest.split('&').next().map(str::to_owned)
}
