//! The controls of the first page as they stand.

use carport_model::country::COUNTRIES;
use carport_model::permission::Group;
use carport_model::scope::Scope;
use carport_model::{Mode, Permission};
use carport_web::words::{Text, say, t};

use super::CALLBACK;
use super::known::Known;
use super::wish::{Wish, needs_pkce, presets};
use crate::Dashboard;

/// The controls as they stand.
pub(super) struct Controls {
    pub(super) applications: Vec<Choice>,
    pub(super) uris: Vec<Choice>,
    pub(super) is_simulated: bool,
    pub(super) presets: Vec<Preset>,
    pub(super) groups: Vec<Boxes>,
    pub(super) wish: Wish,
    pub(super) makes: Vec<Choice>,
    pub(super) countries: Vec<Choice>,
    pub(super) needs_pkce: bool,
    pub(super) uses_pkce: bool,
}

/// A line of a list.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) text: String,
    pub(super) chosen: bool,
}

pub(super) struct Preset {
    pub(super) href: String,
    pub(super) title: Text,
    pub(super) current: bool,
}

pub(super) struct Boxes {
    pub(super) title: Text,
    pub(super) rows: Vec<BoxRow>,
}

pub(super) struct BoxRow {
    pub(super) name: &'static str,
    pub(super) title: Text,
    pub(super) asked: bool,
    pub(super) needed: bool,
}

impl Choice {
    pub(super) fn of(value: impl Into<String>, text: impl Into<String>, chosen: &str) -> Self {
        let value = value.into();
        Self {
            chosen: value == chosen,
            value,
            text: text.into(),
        }
    }
}

/// Reads them.
pub(super) fn controls(dashboard: &Dashboard, known: &Known, wish: &Wish) -> Controls {
    let application = &known.application;
    let chosen = application.id.to_string();
    let own = dashboard.public_url.join(CALLBACK);
    let redirect = wish.redirect_uri.as_deref().unwrap_or_default();
    let others = known.uris.iter().filter(|uri| **uri != own);
    let others = others.map(|uri| {
        Choice::of(
            uri,
            t("{uri} (to copy the link only)").with("uri", uri).plain(),
            redirect,
        )
    });
    let own = Choice::of(
        "",
        t("{own} (this playground)").with("own", &own).plain(),
        redirect,
    );
    let scope = wish.scope.as_ref().unwrap_or(&application.default_scope);
    let brands = dashboard.brands.iter();
    let brands = brands.map(|brand| Choice::of(brand.id.as_str(), &brand.name, wish.text("make")));
    let country = |code, name: String| Choice::of(code, name, wish.text("country"));
    let mut countries: Vec<Choice> = COUNTRIES
        .iter()
        .map(|one| country(one.code, say(one.name).plain()))
        .collect();
    countries.sort_by(|one, other| one.text.cmp(&other.text));
    let any = |text: Text| Choice::of("", text, "no such choice");
    Controls {
        applications: known
            .names
            .iter()
            .map(|(id, name)| Choice::of(id.to_string(), name, &chosen))
            .collect(),
        uris: std::iter::once(own).chain(others).collect(),
        is_simulated: wish.mode == Mode::Simulated,
        presets: presets()
            .into_iter()
            .map(|(title, scope)| Preset {
                current: is_like(wish.scope.as_ref(), scope.as_ref()),
                href: wish.asking(scope).address(),
                title,
            })
            .collect(),
        groups: groups(scope),
        makes: std::iter::once(any(t("The owner chooses")))
            .chain(brands)
            .collect(),
        countries: std::iter::once(any(t("The owner chooses")))
            .chain(countries)
            .collect(),
        needs_pkce: needs_pkce(application),
        uses_pkce: wish.uses_pkce(application),
        wish: wish.clone(),
    }
}

/// Whether two scopes ask for the same, in whatever order.
fn is_like(one: Option<&Scope>, other: Option<&Scope>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return one.is_none() && other.is_none();
    };
    one.items().len() == other.items().len()
        && one.items().iter().all(|item| other.items().contains(item))
}

fn groups(scope: &Scope) -> Vec<Boxes> {
    let mut groups: Vec<(Group, Boxes)> = Vec::new();
    let (asked, needed) = (scope.permissions(), scope.required());
    for permission in Permission::ALL {
        let spec = permission.spec();
        let row = BoxRow {
            name: spec.name,
            title: say(spec.title),
            asked: asked.contains(*permission),
            needed: needed.contains(*permission),
        };
        match groups.iter_mut().find(|(group, _)| *group == spec.group) {
            Some((_, boxes)) => boxes.rows.push(row),
            None => groups.push((
                spec.group,
                Boxes {
                    title: say(spec.group.title()),
                    rows: vec![row],
                },
            )),
        }
    }
    groups.into_iter().map(|(_, boxes)| boxes).collect()
}
