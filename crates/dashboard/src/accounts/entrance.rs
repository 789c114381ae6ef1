//! The page of those who are not in yet: one heading, one form.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_web::assets::{Door, Look};
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Problem};

use super::error::AccountError;
use super::stored;
use crate::access::Guest;

/// Such a page.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/accounts/entrance.html")]
pub(crate) struct Entrance {
    pub(super) look: Look,
    pub(super) csrf: String,
    /// Heading.
    pub title: Text,
    /// One sentence.
    pub lead: String,
    /// Where the form goes; no form when empty.
    pub action: &'static str,
    /// What the form carries along.
    pub hidden: Vec<(&'static str, String)>,
    /// What it asks.
    pub fields: Vec<Field>,
    /// What its button says.
    pub button: Option<Text>,
    /// What stood in the way.
    pub trouble: Option<String>,
    /// What else the reader may want.
    pub hint: Option<Text>,
    /// Another way in: where, and what its button says.
    pub other: Option<(String, String)>,
    /// Where else to go, and what that is.
    pub link: Option<(&'static str, Text)>,
}

/// A field of the form.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Name and id.
    pub name: &'static str,
    /// Label.
    pub label: Text,
    /// Type of the input.
    pub kind: &'static str,
    /// What browsers may fill in.
    pub autocomplete: &'static str,
    /// What was typed.
    pub value: String,
    /// A hint below.
    pub hint: Option<Text>,
}

impl Field {
    /// An e-mail address.
    pub(crate) fn email(value: &str) -> Self {
        Self::text("email", t("E-mail"), value).of_kind("email", "username")
    }

    /// A name.
    pub(crate) fn name(value: &str) -> Self {
        Self::text("name", t("Your name"), value).of_kind("text", "name")
    }

    /// A password that is known.
    pub(crate) fn password() -> Self {
        Self::text("password", t("Password"), "").of_kind("password", "current-password")
    }

    /// A password that is chosen.
    pub(crate) fn new_password() -> Self {
        Self {
            hint: Some(t(
                "At least 10 characters. A few words in a row are easy to keep in mind.",
            )),
            ..Self::text("password", t("New password"), "").of_kind("password", "new-password")
        }
    }

    /// A code of an app.
    pub(crate) fn code() -> Self {
        Self {
            hint: Some(t(
                "Six digits. If you have lost the app, type one of your recovery codes.",
            )),
            ..Self::text("code", t("Code"), "").of_kind("text", "one-time-code")
        }
    }

    fn text(name: &'static str, label: Text, value: &str) -> Self {
        Self {
            name,
            label,
            kind: "text",
            autocomplete: "off",
            value: value.to_owned(),
            hint: None,
        }
    }

    fn of_kind(self, kind: &'static str, autocomplete: &'static str) -> Self {
        Self {
            kind,
            autocomplete,
            ..self
        }
    }
}

impl Entrance {
    /// A page with a heading and a sentence.
    pub(crate) fn new(title: Text, lead: impl Into<String>) -> Self {
        Self {
            look: Look::of(Door::Connect),
            csrf: String::new(),
            title,
            lead: lead.into(),
            action: "",
            hidden: Vec::new(),
            fields: Vec::new(),
            button: None,
            trouble: None,
            hint: None,
            other: None,
            link: None,
        }
    }

    /// With a form.
    pub(crate) fn form<const N: usize>(
        self,
        action: &'static str,
        fields: [Field; N],
        button: Text,
    ) -> Self {
        Self {
            action,
            fields: fields.into(),
            button: Some(button),
            ..self
        }
    }

    /// With something that the form carries along.
    pub(crate) fn carrying(mut self, name: &'static str, value: &str) -> Self {
        self.hidden.push((name, value.to_owned()));
        self
    }

    /// Shows the page.
    pub(crate) fn given(self, guest: Guest) -> Response {
        self.with_status(guest, StatusCode::OK)
    }

    /// Shows the page with what stood in the way.
    pub(crate) fn refused(self, guest: Guest, error: &AccountError) -> Response {
        match error {
            AccountError::Store(error) => guest.give(stored(error)),
            AccountError::Link => guest.give(gone()),
            error => {
                let trouble = Some(error.to_string());
                Self { trouble, ..self }.with_status(guest, error.status())
            }
        }
    }

    /// Shows the page with a status.
    pub(crate) fn with_status(mut self, guest: Guest, status: StatusCode) -> Response {
        self.csrf.clone_from(&guest.csrf);
        let page = Page::new(self).status(status).names_itself();
        guest.give(page)
    }
}

/// A link that does not work.
pub(crate) fn gone() -> Problem {
    let lead = AccountError::Link.to_string();
    Problem::new(
        StatusCode::GONE,
        t("This link does not work any more"),
        &lead,
    )
    .advice(t(
        "Open the newest one that you have, or ask for another. Whoever runs this server can make \
         one with carport user.",
    ))
}
