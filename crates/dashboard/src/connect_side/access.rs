//! `…/access`: what Connect asks owners for, and the page they will see.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_model::Permission;
use carport_model::permission::Group;
use carport_model::scope::Scope;
use carport_oauth::applications::ConnectChange;
use carport_web::words::{Text, filters, say};
use carport_web::{Page, Pairs};

use super::side::{Side, at_field};
use crate::Dashboard;
use crate::access::{Editing, Posted, Visitor};
use crate::applications::tabs::{self, Head, Tab};
use crate::applications::trouble::Wrong;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "dashboard/connect_side/access.html")]
struct AccessPage {
    frame: Frame,
    head: Head,
    groups: Vec<PermissionGroup>,
    asks_nothing: bool,
}

struct PermissionGroup {
    title: Text,
    items: Vec<Item>,
}

struct Item {
    name: &'static str,
    icon: &'static str,
    title: Text,
    asked: bool,
    required: bool,
}

/// Shows what is asked for.
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
    let scope = &side.client.application.default_scope;
    let head = side.head(&visitor, Tab::Access, &Wrong::default());
    let head = head.toasted(query.as_deref());
    let page = AccessPage {
        frame: head.frame.clone(),
        head,
        groups: groups(scope),
        asks_nothing: scope.is_empty(),
    };
    visitor.give(Page::new(page).live().names_itself().frames())
}

/// Saves what is to be asked for. A form of this page cannot be wrong.
pub(crate) async fn save(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let side = match Side::find(&dashboard, &posted.visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    let change = change(&posted.fields);
    let saved = side.change(&dashboard, &posted.visitor, change).await;
    match saved.map_err(at_field) {
        Ok(()) | Err(Ok(_)) => tabs::back(side.id(), Tab::Access, "access"),
        Err(Err(instead)) => *instead,
    }
}

/// The permission page as it is.
pub(crate) async fn preview(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    previewed(&dashboard, &visitor, &id, &ConnectChange::default()).await
}

/// The permission page as it would be with what is ticked; nothing is saved.
pub(crate) async fn preview_unsaved(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let change = change(&posted.fields);
    previewed(&dashboard, &posted.visitor, &id, &change).await
}

async fn previewed(
    dashboard: &Dashboard,
    visitor: &Visitor,
    id: &str,
    change: &ConnectChange,
) -> Response {
    match Side::find(dashboard, visitor, id).await {
        Ok(side) => dashboard.previews.grant_page(side.shown(dashboard, change)),
        Err(instead) => instead,
    }
}

/// What is ticked, as a scope in the order of the permission page. What is required is asked for.
fn change(form: &Pairs) -> ConnectChange {
    let ticked = |field: &str, name: &str| form.all(field).any(|ticked| ticked == name);
    let tokens = Permission::ALL.iter().filter_map(|permission| {
        let name = permission.spec().name;
        if ticked("required", name) {
            Some(format!("required:{name}"))
        } else {
            ticked("permission", name).then(|| name.to_owned())
        }
    });
    ConnectChange {
        scope: Some(tokens.collect::<Vec<_>>().join(" ")),
        ..ConnectChange::default()
    }
}

fn groups(scope: &Scope) -> Vec<PermissionGroup> {
    let (asked, required) = (scope.permissions(), scope.required());
    let mut groups: Vec<(Group, Vec<Item>)> = Vec::new();
    for permission in Permission::ALL.iter().copied() {
        let spec = permission.spec();
        let item = Item {
            name: spec.name,
            icon: spec.icon,
            title: say(spec.title),
            asked: asked.contains(permission),
            required: required.contains(permission),
        };
        match groups.iter_mut().find(|(group, _)| *group == spec.group) {
            Some((_, items)) => items.push(item),
            None => groups.push((spec.group, vec![item])),
        }
    }
    groups.sort_by_key(|(group, _)| *group);
    let titled = groups.into_iter().map(|(group, items)| PermissionGroup {
        title: say(group.title()),
        items,
    });
    titled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_is_asked_for() {
        let form = "permission=read_vin&required=read_odometer&permission=x&required=y";
        let scope = change(&Pairs::parse(form).unwrap()).scope;
        let mut tokens: Vec<_> = scope.as_deref().unwrap().split(' ').collect();
        tokens.sort_unstable();
        assert_eq!(tokens, ["read_vin", "required:read_odometer"]);
        assert_eq!(change(&Pairs::default()).scope.as_deref(), Some(""));
    }
}
