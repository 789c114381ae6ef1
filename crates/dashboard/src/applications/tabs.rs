//! What stands around every page of one application: its name, its tabs, what was just done.
//!
//! A page asks [`subject`] for the application, gives [`Head`] to a template that extends
//! `dashboard/applications/application.html`, and ends a post with [`back`].

use axum::response::{IntoResponse, Redirect, Response};
use carport_model::{Action, ApplicationId};
use carport_store::application_lists::{self, Listed};
use carport_store::{StoreError, Tx, redirect_uris};
use carport_web::Pairs;
use carport_web::words::{Text, t};

use super::trouble::{store_failed, unknown};
use crate::Dashboard;
use crate::access::Visitor;
use crate::connect_side;
use crate::frame::{Frame, Here};

/// Where the pages lie.
pub(crate) const PAGE: &str = "/dashboard/applications";

/// A page of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    /// Name, texts, state.
    About,
    /// How code proves whose it is.
    Credentials,
    /// Where owners may be sent back to.
    Redirects,
    /// What Connect asks owners for.
    Access,
    /// Brands, countries and cars.
    Brands,
    /// How Connect looks.
    Appearance,
    /// What Connect insists on.
    Security,
}

impl Tab {
    /// All of them, in the order they stand.
    const ALL: [Self; 7] = [
        Self::About,
        Self::Credentials,
        Self::Redirects,
        Self::Access,
        Self::Brands,
        Self::Appearance,
        Self::Security,
    ];

    /// Its address below that of the application.
    const fn path(self) -> &'static str {
        match self {
            Self::About => "",
            Self::Credentials => "/credentials",
            Self::Redirects => "/redirects",
            Self::Access => "/access",
            Self::Brands => "/brands",
            Self::Appearance => "/appearance",
            Self::Security => "/security",
        }
    }

    /// What it is called.
    const fn title(self) -> Text {
        match self {
            Self::About => t("About"),
            Self::Credentials => t("Credentials"),
            Self::Redirects => t("Redirect URIs"),
            Self::Access => t("Vehicle access"),
            Self::Brands => t("Brands and countries"),
            Self::Appearance => t("Appearance"),
            Self::Security => t("Safety"),
        }
    }
}

/// What can be said on the next page of what was done: a `did` of its address, and the line.
const TOASTS: &[(&str, Text)] = &[
    (
        "saved",
        t("Saved. Owners read it from the next page of Connect on."),
    ),
    (
        "enabled",
        t("Enabled. Connect and both APIs know it again."),
    ),
    (
        "disabled",
        t("Disabled. Nothing of it works until it is enabled."),
    ),
    ("deleted", t("Deleted. Its tokens have stopped working.")),
    (
        "secret-revoked",
        t("The secret is revoked. It has stopped working."),
    ),
    ("machine-removed", t("The secret is removed.")),
    ("uri-added", t("Redirect URI added. It works from now on.")),
    (
        "uri-removed",
        t("Redirect URI removed. Connect no longer sends owners there."),
    ),
    (
        "uri-default",
        t("This is the default now. Connect uses it when a link names no address."),
    ),
];

/// The application that a page is about.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// The application with its description.
    pub listed: Listed,
    /// Where owners may be sent back to, the default first.
    pub redirect_uris: Vec<String>,
}

impl Subject {
    /// Its id.
    pub(crate) fn id(&self) -> ApplicationId {
        self.listed.application.id
    }
}

/// The application with this id.
///
/// # Errors
/// The page to answer with when there is none, or none that the visitor sees.
pub(crate) async fn subject(
    dashboard: &Dashboard,
    visitor: &Visitor,
    id: &str,
) -> Result<Subject, Response> {
    let id: ApplicationId = id.parse().map_err(|_| unknown().into_response())?;
    if !visitor.sees(id) {
        return Err(unknown().into_response());
    }
    let found = dashboard
        .store
        .read(async move |tx: &mut Tx<'_>| {
            let Some(listed) = application_lists::find(tx, id).await? else {
                return Ok(None);
            };
            let redirect_uris = redirect_uris::list(tx, id).await?;
            Ok::<_, StoreError>(Some(Subject {
                listed,
                redirect_uris,
            }))
        })
        .await
        .map_err(|error| store_failed(&error))?;
    found.ok_or_else(|| unknown().into_response())
}

/// Where an application's tab is.
pub(crate) fn address(id: ApplicationId, tab: Tab) -> String {
    format!("{PAGE}/{id}{}", tab.path())
}

/// Leads back to a tab that says what was done.
pub(crate) fn back(id: ApplicationId, tab: Tab, did: &str) -> Response {
    let address = address(id, tab);
    Redirect::to(&format!("{address}?did={did}")).into_response()
}

/// The line about what was just done, by the query of the page.
pub(crate) fn toast(query: Option<&str>) -> Option<Text> {
    let pairs = Pairs::parse(query.unwrap_or_default()).unwrap_or_default();
    let did = pairs.get("did")?;
    let mut all = TOASTS.iter().chain(connect_side::TOASTS);
    let known = all.find(|(name, _)| *name == did);
    known.map(|(_, text)| *text)
}

/// The upper part of a page, as the template writes it.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// Title, side, style.
    pub frame: Frame,
    /// For the forms.
    pub csrf: String,
    /// Its name.
    pub name: String,
    /// Address of its first tab.
    pub address: String,
    /// Something that keeps it from working.
    pub notice: Option<Text>,
    /// Its Connect, when it has an address to come back to.
    pub connect: Option<String>,
    /// The playground with it, for whoever may use that.
    pub try_it: Option<String>,
    /// Its tabs.
    pub tabs: Vec<TabLink>,
    /// What was just done.
    pub toast: Option<Text>,
    /// Whether the visitor may change it; otherwise the page has no forms.
    pub may_edit: bool,
}

/// A tab, as the template writes it.
#[derive(Debug, Clone)]
pub(crate) struct TabLink {
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub title: Text,
    /// Whether it is shown.
    pub current: bool,
}

impl Head {
    /// Of a tab's page. `title` begins with "Error:" when it comes back with one.
    pub(crate) fn of(visitor: &Visitor, subject: &Subject, tab: Tab) -> Self {
        let application = &subject.listed.application;
        let title = match tab {
            Tab::About => application.name.clone(),
            tab => t("{tab} of {application}")
                .with("tab", tab.title())
                .with("application", &application.name)
                .plain(),
        };
        let link = |each: Tab| TabLink {
            href: address(application.id, each),
            title: each.title(),
            current: each == tab,
        };
        Self {
            frame: Frame::of(title, Here::Applications, visitor).scripted(),
            csrf: visitor.csrf.clone(),
            name: application.name.clone(),
            address: address(application.id, Tab::About),
            notice: notice(subject),
            connect: connect(subject),
            try_it: try_it(subject, visitor),
            tabs: Tab::ALL.map(link).into(),
            toast: None,
            may_edit: visitor.may(Action::ModifyApplication).is_ok(),
        }
    }

    /// With what was just done, by the query of the page.
    pub(crate) fn toasted(self, query: Option<&str>) -> Self {
        Self {
            toast: toast(query),
            ..self
        }
    }

    /// With this mark before the title.
    pub(crate) fn titled(mut self, title: impl FnOnce(&str) -> String) -> Self {
        self.frame.title = title(&self.frame.title);
        self
    }
}

fn notice(subject: &Subject) -> Option<Text> {
    let application = &subject.listed.application;
    if !application.enabled {
        return Some(t(
            "This application is disabled. Connect, tokens and both APIs do not know it until it \
             is enabled.",
        ));
    }
    application.suspended_at.map(|_| {
        t("The operator has suspended this application. The vehicle API answers its calls with 430.")
    })
}

/// The playground, for whoever may use it.
fn try_it(subject: &Subject, visitor: &Visitor) -> Option<String> {
    let application = &subject.listed.application;
    let may_try = visitor.may(Action::ModifyApplication).is_ok();
    (application.enabled && may_try)
        .then(|| format!("/dashboard/try?application={}", application.id))
}

/// A Connect link that costs nothing: in test mode any e-mail and password will do.
fn connect(subject: &Subject) -> Option<String> {
    let application = &subject.listed.application;
    let is_usable = application.enabled && !application.require_pkce;
    (is_usable && !subject.redirect_uris.is_empty()).then(|| {
        let id = application.id;
        format!("/oauth/authorize?response_type=code&client_id={id}&mode=test")
    })
}
