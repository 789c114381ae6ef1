//! What the server told when it was ready.

use anyhow::Context as _;
use serde_json::Value;

/// The ready line (contract cli, 3).
#[derive(Clone)]
pub struct Ready {
    /// The server's one origin.
    pub url: String,
    pub client_id: String,
    pub client_secret: String,
    pub redirect_uri: String,
    pub management_token: String,
    /// A webhook of the application.
    pub webhook_id: String,
}

impl Ready {
    /// Reads the file that `CARPORT_READY` names.
    pub fn read() -> anyhow::Result<Self> {
        let file =
            std::env::var("CARPORT_READY").context("start it by conformance/rust/run")?;
        let line: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
        let text = |path: &str| {
            let found = line.pointer(path).and_then(Value::as_str);
            let found = found.with_context(|| format!("no {path} in the ready line"))?;
            anyhow::Ok(found.to_owned())
        };
        Ok(Self {
            url: text("/url")?,
            client_id: text("/application/clientId")?,
            client_secret: text("/application/clientSecret")?,
            redirect_uri: text("/application/redirectUris/0")?,
            management_token: text("/application/managementToken")?,
            webhook_id: text("/application/webhookId")?,
        })
    }
}
