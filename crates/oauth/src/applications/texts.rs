//! What an application is called and says of itself.

use carport_model::ApplicationId;
use carport_store::applications::Texts;
use carport_store::{StoreError, Tx, application_lists, applications};
use url::Url;

use super::{ApplicationError, Applications, note};
use crate::redirect_uri;

/// Most characters of a name.
pub const MAX_NAME: usize = 60;
/// Most characters of a description.
pub const MAX_DESCRIPTION: usize = 300;

/// New texts; what is `None` stays, and an empty text takes the old one away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextChange {
    /// Name owners read in Connect.
    pub name: Option<String>,
    /// Link owners find in Connect.
    pub privacy_url: Option<String>,
    /// A sentence for the developer's own list.
    pub description: Option<String>,
}

impl Applications {
    /// Changes the texts of an application; `false` when they were so before.
    ///
    /// # Errors
    /// [`ApplicationError`] says what to change.
    pub async fn describe(
        &self,
        id: ApplicationId,
        change: TextChange,
    ) -> Result<bool, ApplicationError> {
        let renamed = self.entry(id, "application.renamed");
        let described = self.entry(id, "application.described");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                let old = application_lists::find(tx, id).await?;
                let old = old.ok_or(ApplicationError::Unknown)?;
                let old = Texts {
                    name: old.application.name,
                    privacy_url: old.application.privacy_url,
                    description: old.description,
                };
                let new = checked(change.clone().over(old.clone()))?;
                if new == old {
                    return Ok(false);
                }
                applications::rewrite(tx, id, &new).await?;
                let is_renamed = new.name != old.name;
                note(tx, if is_renamed { &renamed } else { &described }, "").await?;
                Ok(true)
            })
            .await
    }

    /// The texts of an application.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn listed(
        &self,
        id: ApplicationId,
    ) -> Result<application_lists::Listed, ApplicationError> {
        let found = self
            .store
            .read(async move |tx: &mut Tx<'_>| application_lists::find(tx, id).await)
            .await
            .map_err(|error: StoreError| error)?;
        found.ok_or(ApplicationError::Unknown)
    }
}

impl TextChange {
    fn over(self, old: Texts) -> Texts {
        Texts {
            name: self.name.unwrap_or(old.name),
            privacy_url: self.privacy_url.or(old.privacy_url),
            description: self.description.or(old.description),
        }
    }
}

/// The texts without space around them, if they will do.
pub(super) fn checked(texts: Texts) -> Result<Texts, ApplicationError> {
    let trimmed = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let texts = Texts {
        name: texts.name.trim().to_owned(),
        privacy_url: texts.privacy_url.and_then(trimmed),
        description: texts.description.and_then(trimmed),
    };
    if texts.name.is_empty() || texts.name.chars().count() > MAX_NAME {
        return Err(ApplicationError::Name);
    }
    let description = texts.description.as_deref().unwrap_or_default();
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(ApplicationError::Description);
    }
    for (field, text) in [("name", texts.name.as_str()), ("description", description)] {
        if text.chars().any(is_unseen) {
            return Err(ApplicationError::Unseen { field });
        }
    }
    match texts.privacy_url.as_deref() {
        Some(url) if !is_link(url) => Err(ApplicationError::PrivacyUrl),
        _ => Ok(texts),
    }
}

/// Control characters, and marks by which a name could pass for another one in Connect.
pub(super) fn is_unseen(letter: char) -> bool {
    let turns = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// Whether a page may link there: owners follow it from Connect.
fn is_link(text: &str) -> bool {
    let is_plain = |text: &str| {
        !text
            .chars()
            .any(|letter| letter.is_whitespace() || letter == '\\' || is_unseen(letter))
    };
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    let is_safe = match url.scheme() {
        "https" => true,
        "http" => redirect_uri::is_this_machine(url.host().as_ref()),
        _ => false,
    };
    let has_user = !url.username().is_empty() || url.password().is_some();
    is_safe && !has_user && is_plain(text) && text.len() <= redirect_uri::MAX_LENGTH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Texts)) -> Result<Texts, ApplicationError> {
        let mut texts = Texts {
            name: " Ladebär ".to_owned(),
            ..Texts::default()
        };
        change(&mut texts);
        checked(texts)
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let texts = with(|texts| texts.description = Some("  ".to_owned())).unwrap();
        assert_eq!(texts.name, "Ladebär");
        assert_eq!(texts.description, None);
        let names = ["", "  ", &"x".repeat(MAX_NAME + 1)];
        for name in names {
            let refused = with(|texts| texts.name = name.to_owned());
            assert!(matches!(refused, Err(ApplicationError::Name)), "{name}");
        }
        for name in ["a\nb", "a\0b", "\u{202e}radebäL", "a\u{2066}b"] {
            let refused = with(|texts| texts.name = name.to_owned());
            let Err(ApplicationError::Unseen { field: "name" }) = refused else {
                panic!("{name:?}")
            };
        }
        assert!(with(|texts| texts.name = "ü".repeat(MAX_NAME)).is_ok());
        let long = "x".repeat(MAX_DESCRIPTION + 1);
        let refused = with(|texts| texts.description = Some(long));
        assert!(matches!(refused, Err(ApplicationError::Description)));
    }

    #[test]
    fn links_lead_to_pages() {
        for url in ["https://a.example/privacy?x=1#y", "http://localhost:8000/p"] {
            assert!(
                with(|texts| texts.privacy_url = Some(url.to_owned())).is_ok(),
                "{url}"
            );
        }
        let long = format!("https://a.example/{}", "x".repeat(redirect_uri::MAX_LENGTH));
        for url in [
            "privacy",
            "http://a.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://me:pw@a.example/",
            "https://a.example/a b",
            "https://a.example\\@b.example/",
            "https://a.example/\u{202e}",
            &long,
        ] {
            let refused = with(|texts| texts.privacy_url = Some(url.to_owned()));
            assert!(
                matches!(refused, Err(ApplicationError::PrivacyUrl)),
                "{url}"
            );
        }
    }
}
