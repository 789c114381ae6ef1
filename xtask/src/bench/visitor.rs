//! Somebody with a browser: keeps cookies, and sends forms with what their page hides in them.

use anyhow::{Context as _, bail};

use super::server::Server;

/// A visitor of a server.
pub struct Visitor<'a> {
    server: &'a Server,
    /// Each as `name=value`.
    cookies: Vec<String>,
}

impl<'a> Visitor<'a> {
    /// Somebody who has not been here.
    pub const fn of(server: &'a Server) -> Self {
        let cookies = Vec::new();
        Self { server, cookies }
    }

    /// Asks for a page.
    ///
    /// # Errors
    /// When there is no such page, or it leads elsewhere.
    pub fn get(&mut self, path: &str) -> anyhow::Result<String> {
        let answer = self.ask(&format!("GET {path}"), "")?;
        let (head, body) = answer.split_once("\r\n\r\n").context("a head")?;
        if !head.starts_with("HTTP/1.1 200") {
            bail!("{path} was answered\n{head}");
        }
        Ok(body.to_owned())
    }

    /// Sends the form of a page with these fields.
    ///
    /// # Errors
    /// When the answer does not lead on.
    pub fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<()> {
        let page = self.get(path)?;
        let token = page
            .split_once("name=\"csrf\" value=\"")
            .context("a form")?
            .1;
        let token = token.split('"').next().unwrap_or_default();
        let mut body = format!("csrf={token}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", value.replace(' ', "+")));
        }
        let answer = self.ask(&format!("POST {path}"), &body)?;
        if !answer.starts_with("HTTP/1.1 303") {
            bail!("{path} was answered\n{answer}");
        }
        Ok(())
    }

    fn ask(&mut self, what: &str, body: &str) -> anyhow::Result<String> {
        let url = &self.server.url;
        let host = url.strip_prefix("http://").context("plain HTTP")?;
        let answer = self.server.exchange(&format!(
            "{what} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\norigin: {url}\r\n\
             accept: text/html\r\ncookie: {}\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{body}",
            self.cookies.join("; "),
            body.len(),
        ))?;
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        for line in head.lines() {
            let cookie = line.strip_prefix("set-cookie: ");
            if let Some(cookie) = cookie.and_then(|it| it.split(';').next()) {
                let name = cookie.split('=').next().unwrap_or_default();
                let same = format!("{name}=");
                self.cookies.retain(|kept| !kept.starts_with(&same));
                self.cookies.push(cookie.to_owned());
            }
        }
        Ok(answer)
    }
}
