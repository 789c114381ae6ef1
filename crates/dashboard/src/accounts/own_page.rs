//! `/dashboard/account`: what a member sees and changes of themselves.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::{Secret, Session};
use carport_store::StoreError;
use carport_web::words::choice::{self, Choice};
use carport_web::words::{Text, filters, say, t};
use carport_web::{Page, Pairs};

use super::error::AccountError;
use super::stored;
use crate::Dashboard;
use crate::access::{Posted, SignedIn, Visitor};
use crate::frame::{Frame, Here};

const PAGE: &str = "/dashboard/account";
const TOASTS: [(&str, Text); 7] = [
    ("language", t("Pages speak this language from now on.")),
    ("renamed", t("Your name is changed.")),
    (
        "password",
        t("Your password is changed. Other browsers are signed out."),
    ),
    ("ended", t("That browser is signed out.")),
    ("others", t("All other browsers are signed out.")),
    (
        "factor",
        t("The second factor is off. Your recovery codes are void."),
    ),
    ("done", t("Done.")),
];

#[derive(Template)]
#[template(path = "dashboard/accounts/account.html")]
struct AccountPage {
    frame: Frame,
    csrf: String,
    toast: Option<Text>,
    trouble: Option<Trouble>,
    name: String,
    email: String,
    role: Text,
    has_password: bool,
    has_factor: bool,
    codes: i64,
    sessions: Vec<SessionRow>,
    languages: Vec<Choice>,
}

/// The page of somebody who has no account: whoever sits at a `dev` server.
#[derive(Template)]
#[template(path = "dashboard/accounts/nobody.html")]
struct NobodyPage {
    frame: Frame,
    csrf: String,
    toast: Option<Text>,
    languages: Vec<Choice>,
}

/// What stood in the way, and in the way of what.
pub(super) struct Trouble {
    /// The part of the page.
    pub at: &'static str,
    /// What to do.
    pub text: String,
}

struct SessionRow {
    id: String,
    agent: String,
    address: String,
    made: String,
    seen: String,
    current: bool,
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let did = pairs.get("did");
    let toast = TOASTS.iter().find(|(name, _)| Some(*name) == did);
    let toast = toast.map(|(_, text)| *text);
    given(&dashboard, visitor, toast, None).await
}

/// The page, with what the last thing that was done came to.
pub(super) async fn given(
    dashboard: &Dashboard,
    visitor: Visitor,
    toast: Option<Text>,
    error: Option<(&'static str, &AccountError)>,
) -> Response {
    let Some(signed_in) = visitor.signed_in.clone() else {
        let frame = Frame::of(t("Your account"), Here::Account, &visitor);
        let page = NobodyPage {
            frame,
            csrf: visitor.csrf.clone(),
            toast,
            languages: choice::choices(),
        };
        return visitor.give(Page::new(page).names_itself());
    };
    let status = error.map_or(StatusCode::OK, |(_, error)| error.status());
    let trouble = error.map(|(at, error)| Trouble {
        at,
        text: error.to_string(),
    });
    match page(dashboard, &visitor, signed_in, (toast, trouble)).await {
        Ok(page) => visitor.give(Page::new(page).status(status).names_itself()),
        Err(error) => visitor.give(stored(&error)),
    }
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    SignedIn { member, session }: SignedIn,
    (toast, trouble): (Option<Text>, Option<Trouble>),
) -> Result<AccountPage, StoreError> {
    let (sessions, codes) = dashboard.accounts.own(member.id).await?;
    let title = match &trouble {
        Some(_) => t("Error: Your account"),
        None => t("Your account"),
    };
    Ok(AccountPage {
        frame: Frame::of(title, Here::Account, visitor),
        csrf: visitor.csrf.clone(),
        toast,
        trouble,
        role: say(member.role.as_str()),
        has_password: member.has_password,
        has_factor: member.has_second_factor,
        codes,
        sessions: sessions
            .iter()
            .map(|row| SessionRow::of(row, &session))
            .collect(),
        languages: choice::choices(),
        name: member.name,
        email: member.email.to_string(),
    })
}

impl SessionRow {
    fn of(session: &Session, current: &Session) -> Self {
        Self {
            id: session.id.to_string(),
            agent: browser(&session.agent),
            address: session.address.clone(),
            made: minute(&session.made_at.to_string()),
            seen: minute(&session.seen_at.to_string()),
            current: session.id == current.id,
        }
    }
}

/// An instant to the minute, as people read it.
pub(crate) fn minute(instant: &str) -> String {
    instant
        .chars()
        .take(16)
        .collect::<String>()
        .replace('T', " ")
}

/// What a browser and its machine are called, of all that it says of itself.
fn browser(agent: &str) -> String {
    let named = |names: &[(&'static str, &'static str)]| {
        let found = names.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    // Each says that it is those after it, too.
    let browser = named(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("HeadlessChrome/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let machine = named(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, machine) {
        (Some(browser), Some(machine)) => t("{browser} on {machine}")
            .with("browser", browser)
            .with("machine", machine)
            .plain(),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t("A browser that does not say what it is").plain(),
    }
}

/// Changes the name.
pub(crate) async fn rename(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let Some(signed_in) = posted.visitor.signed_in.clone() else {
        return back("");
    };
    let name = posted.fields.get("name").unwrap_or_default();
    let renamed = dashboard.accounts.rename(&signed_in.member, name).await;
    ended(&dashboard, posted.visitor, renamed, ("name", "renamed")).await
}

/// Keeps the language that was chosen.
pub(crate) async fn choose_language(
    State(dashboard): State<Dashboard>,
    posted: Posted,
) -> Response {
    let is_https = dashboard.public_url.is_https();
    choice::keep(&posted.fields, is_https, back("language"))
}

/// Changes the password.
pub(crate) async fn change_password(
    State(dashboard): State<Dashboard>,
    posted: Posted,
) -> Response {
    let Some(signed_in) = posted.visitor.signed_in.clone() else {
        return back("");
    };
    let typed = |name| Secret::new(posted.fields.get(name).unwrap_or_default().to_owned());
    let (old, new) = (typed("old"), typed("password"));
    let (member, session) = (&signed_in.member, signed_in.session.id);
    let changed = dashboard
        .accounts
        .change_password(member, session, (&old, &new))
        .await;
    ended(
        &dashboard,
        posted.visitor,
        changed,
        ("password", "password"),
    )
    .await
}

/// Ends one session, or all others.
pub(crate) async fn end_sessions(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let Some(signed_in) = posted.visitor.signed_in.clone() else {
        return back("");
    };
    let one = posted.fields.get("session").and_then(|id| id.parse().ok());
    let (one, did) = match posted.fields.get("session") {
        Some("others") => (None, "others"),
        Some(_) if one.is_some() => (one, "ended"),
        _ => return back(""),
    };
    let except = Some(signed_in.session.id);
    let ended_now = dashboard
        .accounts
        .end_sessions(&signed_in.member, one, except)
        .await;
    let outcome = ended_now.map_err(AccountError::Store);
    ended(&dashboard, posted.visitor, outcome, ("sessions", did)).await
}

/// Back to the page, or the page with what stood in the way.
pub(super) async fn ended(
    dashboard: &Dashboard,
    visitor: Visitor,
    outcome: Result<(), AccountError>,
    (at, did): (&'static str, &'static str),
) -> Response {
    match outcome {
        Ok(()) => back(did),
        Err(AccountError::Store(error)) => visitor.give(stored(&error)),
        Err(error) => given(dashboard, visitor, None, Some((at, &error))).await,
    }
}

pub(super) fn back(did: &str) -> Response {
    Redirect::to(&format!("{PAGE}?did={did}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_by_their_names() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome on Linux");
        assert_eq!(browser("curl/8.1"), "curl");
        assert_eq!(
            browser("<script>"),
            "A browser that does not say what it is"
        );
    }
}
