//! A run of Connect over its pages, as a browser walks it.

use crate::client::{Client, Lost, code_in};

/// A run that was begun.
#[derive(Debug, Clone)]
pub struct Walk {
    /// `/connect/{run}`.
    run: String,
    cookie: String,
    /// The last form of the run was sent, so it may be over.
    granting: bool,
}

impl Walk {
    /// Opens the link: from the redirect on, the run is on disk.
    pub async fn begin(client: &Client) -> Result<Self, Lost> {
        let answer = client.get(&client.link(), "").await?;
        assert_eq!(answer.status, 302, "{}", answer.body);
        let (run, _) = answer.location.rsplit_once('/').unwrap();
        Ok(Self {
            run: run.to_owned(),
            cookie: answer.cookie.unwrap(),
            granting: false,
        })
    }

    /// Walks all pages and returns the code.
    pub async fn finish(&mut self, client: &Client, login: &str) -> Result<String, Lost> {
        let login = format!("username={login}&password=password");
        self.fill_in(client, "start", "country=US").await?;
        self.fill_in(client, "brand", "make=CHEVROLET").await?;
        self.fill_in(client, "login", &login).await?;
        self.fill_in(client, "grant", "decision=allow&permission=read_vin")
            .await
            .map(|location| code_in(&location).unwrap_or_else(|| panic!("no code: {location}")))
    }

    /// Opens a page and sends its form; returns where that leads.
    async fn fill_in(&mut self, client: &Client, page: &str, fields: &str) -> Result<String, Lost> {
        let address = format!("{}/{page}", self.run);
        let shown = client.get(&address, &self.cookie).await?;
        assert_eq!(shown.status, 200, "{address} {}", shown.body);
        let mark = "name=\"csrf\" value=\"";
        let from = shown.body.find(mark).expect("the page has a form") + mark.len();
        let form = format!("csrf={}&{fields}", &shown.body[from..from + 64]);
        self.granting = page == "grant";
        let answer = client.post(&address, &self.cookie, form).await?;
        assert_eq!(answer.status, 303, "{address} {}", answer.body);
        Ok(answer.location)
    }

    /// What became of a run that was broken off. Its beginning was acknowledged, so it is there,
    /// unless it may have ended.
    pub async fn is_there(&self, client: &Client) -> Result<bool, Lost> {
        let address = format!("{}/start", self.run);
        let answer = client.get(&address, &self.cookie).await?;
        Ok(self.granting || [200, 302, 303].contains(&answer.status))
    }
}
