//! Step 5: cars and permissions, and the owner's decision.

mod choice;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::Permission;
use carport_model::permission::{Access, Group};
use carport_model::run::Step;
use carport_model::vehicle::FoundVehicle;
use carport_web::Pairs;
use carport_web::words::{Text, filters, say, t};

use crate::flow::Walk;
use crate::frame::{Frame, Note, wrong};
use crate::problem::ConnectError;
use crate::redirect::Failure;
use crate::visit::{LastPosted, Visit};
use choice::Choice;

#[derive(Template)]
#[template(path = "connect/grant.html")]
pub(crate) struct GrantPage {
    frame: Frame,
    owner_page: Option<&'static str>,
    trouble: Option<Note>,
    is_other_account: bool,
    may_untick: bool,
    has_needed: bool,
    only_car: Option<CarView>,
    blocked: Option<Note>,
    cars: Vec<CarView>,
    cars_legend: Text,
    car_input: &'static str,
    sections: Vec<Section>,
}

struct CarView {
    value: usize,
    name: String,
    tail: String,
    checked: bool,
}

struct Section {
    title: String,
    groups: Vec<PermissionGroup>,
}

struct PermissionGroup {
    title: Text,
    items: Vec<Item>,
}

struct Item {
    name: &'static str,
    icon: &'static str,
    title: Text,
    hint: String,
    needed: bool,
    checked: bool,
}

/// Shows what is asked for, everything chosen beforehand.
pub(crate) async fn get_grant(visit: Visit) -> Response {
    match visit.turned_away(Step::Grant) {
        None => page(&visit, &Choice::everything(&visit.walk.run), None),
        Some(instead) => instead,
    }
}

/// Carries the decision out.
pub(crate) async fn decide(
    LastPosted { visit, form }: LastPosted,
) -> Result<Response, ConnectError> {
    visit.once(decided(&visit, &form)).await
}

async fn decided(visit: &Visit, form: &Pairs) -> Result<Response, ConnectError> {
    if let Some(instead) = visit.turned_away(Step::Grant) {
        return Ok(instead);
    }
    let walk = &visit.walk;
    let progress = &walk.run.progress;
    let choice = Choice::read(form, &walk.run);
    let ending = match form.get("decision") {
        Some("deny") => walk.fail(&Failure::AccessDenied).await?,
        Some("allow") => match choice.settled(&walk.run) {
            Err(missing) => return Ok(page(visit, &choice, Some(missing.note()))),
            Ok((cars, permissions)) => {
                let account = progress.brand.clone().zip(progress.login.clone());
                let account = account.ok_or(ConnectError::NoRun)?;
                walk.allow(account, cars, permissions).await?
            }
        },
        _ => return Ok(page(visit, &choice, None)),
    };
    Ok(visit.ends(ending))
}

fn page(visit: &Visit, choice: &Choice, trouble: Option<Note>) -> Response {
    let status = match trouble {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Visit::show(status, made(visit, choice, trouble))
}

/// The page as it is shown first.
pub(crate) fn first_page(visit: &Visit) -> GrantPage {
    made(visit, &Choice::everything(&visit.walk.run), None)
}

fn made(visit: &Visit, choice: &Choice, trouble: Option<Note>) -> GrantPage {
    let walk = &visit.walk;
    let single = walk.run.request.single_select;
    let mut cars = cars(walk, choice);
    let only_car = if cars.len() == 1 { cars.pop() } else { None };
    let required = walk.run.request.scope.required();
    let title = t("Choose what to share");
    let title = match trouble {
        Some(_) => wrong(title),
        None => title.plain(),
    };
    GrantPage {
        frame: visit.frame(title, Some(Step::Grant)),
        owner_page: visit.owner_page(),
        trouble,
        is_other_account: walk.subject.is_some(),
        may_untick: walk
            .run
            .request
            .scope
            .items()
            .iter()
            .any(|item| !item.required),
        has_needed: !required.is_empty(),
        only_car,
        blocked: blocked(walk),
        cars,
        cars_legend: if single {
            t("Your cars. Choose one.")
        } else {
            t("Your cars")
        },
        car_input: if single { "radio" } else { "checkbox" },
        sections: [Access::See, Access::Do]
            .into_iter()
            .filter_map(|access| section(walk, choice, access))
            .collect(),
    }
}

/// Which cars of the account the application does not take.
fn blocked(walk: &Walk) -> Option<Note> {
    let blocked = &walk.run.progress.blocked;
    let names: Vec<String> = blocked.iter().map(|car| name_of(walk, car)).collect();
    (!names.is_empty()).then(|| {
        let what = t("Not on the list: {cars}.").with("cars", names.join(", "));
        Note::new(what, taken(walk))
    })
}

/// "Ride Ledger connects battery cars and plug-in hybrids only."
pub(crate) fn taken(walk: &Walk) -> String {
    let kinds = walk.settings.engines.iter();
    let kinds = kinds.map(|kind| say(kind.title()).plain());
    let joined = kinds.reduce(|some, last| {
        t("{some} and {last}")
            .with("some", some)
            .with("last", last)
            .plain()
    });
    t("{app} connects {kinds} only.")
        .with("app", &walk.application.name)
        .with("kinds", joined.unwrap_or_default())
        .plain()
}

fn cars(walk: &Walk, choice: &Choice) -> Vec<CarView> {
    let cars = walk.run.progress.vehicles.iter().zip(1..);
    cars.map(|(car, value)| CarView {
        value,
        name: name_of(walk, car),
        tail: car.vin.tail().to_owned(),
        checked: choice.has_car(value),
    })
    .collect()
}

/// "2023 Volvo XC40 Recharge".
pub(crate) fn name_of(walk: &Walk, car: &FoundVehicle) -> String {
    let brand = walk.services.catalogue.brands.get(&car.make);
    let brand = brand.map_or(car.make.as_str(), |brand| brand.name.as_str());
    format!("{} {brand} {}", car.year, car.model)
}

/// What may be seen, or what may be done; none when nothing of the kind is asked for.
fn section(walk: &Walk, choice: &Choice, access: Access) -> Option<Section> {
    let app = &walk.application.name;
    let scope = &walk.run.request.scope;
    let (asked, required) = (scope.permissions(), scope.required());
    let mut groups: Vec<(Group, Vec<Item>)> = Vec::new();
    for permission in Permission::ALL.iter().copied() {
        let spec = permission.spec();
        if !asked.contains(permission) || spec.access != access {
            continue;
        }
        let needed = required.contains(permission);
        let item = Item {
            name: spec.name,
            icon: spec.icon,
            title: say(spec.title),
            hint: say(spec.hint).with("app", app).plain(),
            needed,
            checked: needed || choice.has_permission(permission),
        };
        match groups.iter_mut().find(|(group, _)| *group == spec.group) {
            Some((_, items)) => items.push(item),
            None => groups.push((spec.group, vec![item])),
        }
    }
    groups.sort_by_key(|(group, _)| *group);
    let title = match access {
        Access::See => t("{app} may see").with("app", app),
        Access::Do => t("{app} may do").with("app", app),
    };
    (!groups.is_empty()).then(|| Section {
        title: title.plain(),
        groups: groups
            .into_iter()
            .map(|(group, items)| PermissionGroup {
                title: say(group.title()),
                items,
            })
            .collect(),
    })
}
