//! `…/appearance`: colour, logo, welcome and help, and how Connect's first page looks with them.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_model::ConnectSettings;
use carport_oauth::applications::ConnectChange;
use carport_web::accent::Accent;
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::side::{Side, at_field};
use crate::Dashboard;
use crate::access::{Editing, Posted, Visitor};
use crate::applications::tabs::{self, Head, Tab};
use crate::applications::trouble::Wrong;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "dashboard/connect_side/appearance.html")]
struct AppearancePage {
    frame: Frame,
    head: Head,
    wrong: Wrong,
    accent: String,
    /// What Connect makes of the accent, for light and for dark.
    shades: Vec<Shade>,
    welcome: String,
    longest_welcome: usize,
    support: String,
    longest_support: usize,
    logo: Option<String>,
}

struct Shade {
    scheme: Text,
    colour: String,
}

/// The texts as they stand in the form.
struct Typed {
    accent: String,
    welcome: String,
    support: String,
}

impl Typed {
    fn of(settings: &ConnectSettings) -> Self {
        Self {
            accent: settings.accent.clone().unwrap_or_default(),
            welcome: settings.welcome.clone(),
            support: settings.support.clone().unwrap_or_default(),
        }
    }

    fn read(form: &Pairs) -> Self {
        let field = |name| form.get(name).unwrap_or_default().to_owned();
        Self {
            accent: field("accent"),
            welcome: field("welcome"),
            support: field("support"),
        }
    }

    fn change(&self) -> ConnectChange {
        ConnectChange {
            accent: Some(self.accent.clone()),
            welcome: Some(self.welcome.clone()),
            support: Some(self.support.clone()),
            ..ConnectChange::default()
        }
    }
}

/// Shows what is set.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let side = match Side::find(&dashboard, &visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    given(visitor, &side, (Wrong::default(), query.as_deref()))
}

/// The page with what is saved and what is wrong, such as with a file that was sent.
pub(super) fn given(
    visitor: Visitor,
    side: &Side,
    (wrong, query): (Wrong, Option<&str>),
) -> Response {
    let typed = Typed::of(&side.client.settings);
    let head = side.head(&visitor, Tab::Appearance, &wrong);
    page(visitor, side, (head.toasted(query), wrong), typed)
}

fn page(visitor: Visitor, side: &Side, (head, wrong): (Head, Wrong), typed: Typed) -> Response {
    let status = wrong.status();
    let settings = &side.client.settings;
    let logo = settings.logo.as_ref();
    let page = AppearancePage {
        frame: head.frame.clone(),
        head,
        wrong,
        shades: shades(settings),
        accent: typed.accent,
        welcome: typed.welcome,
        longest_welcome: ConnectSettings::WELCOME,
        support: typed.support,
        longest_support: ConnectSettings::SUPPORT,
        logo: logo.map(|name| format!("/logos/{}/{name}", side.id())),
    };
    let page = Page::new(page).live().names_itself().frames();
    visitor.give(page.status(status))
}

fn shades(settings: &ConnectSettings) -> Vec<Shade> {
    let accent = settings.accent.as_deref().and_then(Accent::parse);
    let Some([light, dark]) = accent.map(Accent::shades) else {
        return Vec::new();
    };
    let shade = |scheme, colour| Shade { scheme, colour };
    vec![shade(t("light pages"), light), shade(t("dark pages"), dark)]
}

/// Saves colour and texts.
pub(crate) async fn save(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let side = match Side::find(&dashboard, &visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    let typed = Typed::read(&posted.fields);
    let wrong = match side.change(&dashboard, &visitor, typed.change()).await {
        Ok(()) => return tabs::back(side.id(), Tab::Appearance, "appearance"),
        Err(error) => match at_field(error) {
            Ok(wrong) => wrong,
            Err(instead) => return *instead,
        },
    };
    let head = side.head(&visitor, Tab::Appearance, &wrong);
    page(visitor, &side, (head, wrong), typed)
}

/// Connect's first page as it is.
pub(crate) async fn preview(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    previewed(&dashboard, &visitor, &id, &ConnectChange::default()).await
}

/// Connect's first page as it would be with what is typed; nothing is saved.
pub(crate) async fn preview_unsaved(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let change = Typed::read(&posted.fields).change();
    previewed(&dashboard, &posted.visitor, &id, &change).await
}

async fn previewed(
    dashboard: &Dashboard,
    visitor: &Visitor,
    id: &str,
    change: &ConnectChange,
) -> Response {
    match Side::find(dashboard, visitor, id).await {
        Ok(side) => dashboard.previews.start_page(side.shown(dashboard, change)),
        Err(instead) => instead,
    }
}
