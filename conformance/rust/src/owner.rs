//! An owner who goes through Connect with nothing but links and forms.

use anyhow::{Context as _, bail, ensure};
use oauth2::reqwest::{self, Client, Response, StatusCode, header};
use url::Url;

/// More pages than any run has.
const MOST_PAGES: usize = 12;

/// Who signs in, with which car.
pub struct Owner<'a> {
    pub brand: &'a str,
    pub email: &'a str,
}

impl Owner<'_> {
    /// Opens the link, allows all that is offered, and returns the address that leads back to the
    /// application.
    pub async fn allow(&self, link: &str) -> anyhow::Result<Url> {
        let browser = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let own = Url::parse(link)?.origin();
        let mut address = Url::parse(link)?;
        let mut cookies = String::new();
        for _ in 0..MOST_PAGES {
            let asked = browser
                .get(address.clone())
                .header(header::COOKIE, &cookies);
            let answer = asked.send().await.map_err(reqwest::Error::without_url)?;
            remember(&mut cookies, &answer);
            let next = if answer.status() == StatusCode::OK {
                let form = self.fill(&address, &answer.text().await?)?;
                let sent = browser
                    .post(address.clone())
                    .header(header::COOKIE, &cookies)
                    .header(header::ORIGIN, own.ascii_serialization())
                    .form(&form)
                    .send()
                    .await
                    .map_err(reqwest::Error::without_url)?;
                remember(&mut cookies, &sent);
                onward(&address, &sent)?
            } else {
                onward(&address, &answer)?
            };
            if next.origin() != own {
                return Ok(next);
            }
            address = next;
        }
        bail!("Connect has no end")
    }

    /// What this owner puts into the form of a page.
    fn fill(&self, address: &Url, page: &str) -> anyhow::Result<Vec<(String, String)>> {
        let csrf = tags(page, "input").find(|tag| attribute(tag, "name") == Some("csrf"));
        let csrf = csrf.and_then(|tag| attribute(tag, "value"));
        let csrf = csrf.with_context(|| format!("{address} has no form"))?;
        let mut form = vec![("csrf", csrf)];
        match address.path().rsplit('/').next().unwrap_or_default() {
            "start" => {}
            "brand" => form.push(("make", self.brand)),
            "login" => form.extend([("username", self.email), ("password", "password")]),
            "grant" => {
                let ticked = tags(page, "input").filter(|tag| tag.contains(" checked"));
                form.extend(
                    ticked.filter_map(|tag| attribute(tag, "name").zip(attribute(tag, "value"))),
                );
                form.push(("decision", "allow"));
            }
            other => bail!("Connect shows the page {other}, which nobody expected"),
        }
        let owned = form
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(owned.collect())
    }
}

/// Keeps the cookies of an answer; there is one path, so their attributes do not matter.
fn remember(cookies: &mut String, answer: &Response) {
    for line in answer.headers().get_all(header::SET_COOKIE) {
        let pair = line
            .to_str()
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default();
        if !cookies.is_empty() {
            cookies.push_str("; ");
        }
        cookies.push_str(pair);
    }
}

fn onward(from: &Url, answer: &Response) -> anyhow::Result<Url> {
    ensure!(
        answer.status().is_redirection(),
        "{from} answers {}",
        answer.status()
    );
    let place = answer
        .headers()
        .get(header::LOCATION)
        .context("a redirect leads somewhere")?;
    Ok(from.join(place.to_str()?)?)
}

/// The start tags of this name, without their brackets.
fn tags<'a>(page: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let pieces = page
        .split('<')
        .skip(1)
        .map(|piece| piece.split('>').next().unwrap_or_default());
    pieces.filter(move |tag| tag.split(' ').next() == Some(name))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}
