//! Letters to people, and the way they are sent. Who hands a letter over waits for nothing, so that
//! no page tells by its slowness whether a letter was written.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// An e-mail address as it is compared and kept: in lower case, without space around it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address: it has a name, one @ and a domain, and no spaces")]
pub struct ParseEmailError;

impl EmailAddress {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes what a mail server could deliver; whether it does, only a letter tells.
impl FromStr for EmailAddress {
    type Err = ParseEmailError;

    fn from_str(text: &str) -> Result<Self, ParseEmailError> {
        let text = text.trim().to_lowercase();
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || "\"(),:;<>[\\]".contains(c);
        let (name, domain) = text.split_once('@').ok_or(ParseEmailError)?;
        let is_domain = domain.split('.').all(|label| !label.is_empty());
        let is_whole = !name.is_empty() && !domain.contains('@') && is_domain;
        if !is_whole || text.len() > 254 || text.contains(is_odd) {
            return Err(ParseEmailError);
        }
        Ok(Self(text))
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The domain only: who it is stays out of logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let domain = self.0.split_once('@').map_or("", |(_, domain)| domain);
        write!(f, "…@{domain}")
    }
}

/// A letter, plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub to: EmailAddress,
    /// One line.
    pub subject: String,
    /// The text, lines ended by `\n`.
    pub text: String,
}

/// Without subject and text: letters carry codes and links.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

/// There is no room for another letter: more wait than the mail server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the mail server does not keep up; no letter was taken")]
pub struct MailError;

/// Takes letters and has them delivered later. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<dyn Fn(Mail) -> Result<(), MailError> + Send + Sync>);

impl Mailer {
    /// A mailer that hands each letter to `post`, which must not wait.
    #[must_use]
    pub fn new(post: impl Fn(Mail) -> Result<(), MailError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(post))
    }

    /// Hands a letter over; it is delivered in its own time, a few times tried again.
    ///
    /// # Errors
    /// [`MailError`] when too many wait.
    pub fn send(&self, mail: Mail) -> Result<(), MailError> {
        (self.0)(mail)
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normalised_or_refused() {
        let read = |text: &str| {
            text.parse()
                .map(|address: EmailAddress| address.to_string())
        };
        assert_eq!(read(" Ada@Example.ORG "), Ok("ada@example.org".to_owned()));
        assert_eq!(
            read("operator@localhost"),
            Ok("operator@localhost".to_owned())
        );
        for wrong in [
            "",
            "ada",
            "@b",
            "a@",
            "a@b@c",
            "a b@c",
            "a@b..c",
            "a@b\r\nBcc: x@y",
            "<a@b>",
        ] {
            assert_eq!(read(wrong), Err(ParseEmailError), "{wrong}");
        }
        let address: EmailAddress = "ada@example.org".parse().unwrap();
        assert_eq!(format!("{address:?}"), "…@example.org");
    }
}
