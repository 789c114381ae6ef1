//! One entry beside the list.

use carport_model::VehicleId;
use carport_store::StoreError;
use carport_store::request_log::{Method, Position, Recorded};
use carport_web::words::{Text, say, t};

use super::words::{self, Answer};
use crate::Dashboard;
use crate::access::Visitor;
use crate::choice::Asked;
use crate::when::{When, took};
use crate::whose::Whose;

/// The entry that the address names.
pub(super) struct Detail {
    pub csrf: String,
    pub close: String,
    pub answer: Answer,
    pub lead: String,
    pub remedy: Option<Text>,
    pub when: When,
    pub request: String,
    pub call: String,
    pub application: String,
    pub vehicle: Option<(String, VehicleId)>,
    pub took: String,
    pub documentation: Option<(String, String)>,
    pub curl: String,
    /// Its place, for sending it again.
    pub position: i64,
    /// Why it cannot be sent again; empty when it can.
    pub stays: Option<Text>,
}

impl Detail {
    pub(super) async fn find(
        dashboard: &Dashboard,
        visitor: &Visitor,
        whose: &Whose,
        (chosen, asked): (Option<Position>, &Asked),
    ) -> Result<Option<Self>, StoreError> {
        let Some(entry) = entry(dashboard, visitor, chosen).await? else {
            return Ok(None);
        };
        let error = words::error(&entry);
        let call = words::path(&entry.route, entry.vehicle);
        let method = entry.method.as_str();
        Ok(Some(Self {
            csrf: visitor.csrf.clone(),
            close: asked.with(&[("request", "")]),
            answer: Answer::of(&entry),
            lead: lead(&entry, error.map(|error| error.description)),
            remedy: error.map(|error| say(error.remedy)),
            when: When::of(entry.at, dashboard.clock.now()),
            request: entry.request.to_string(),
            call: format!("{method} {call}"),
            application: entry.application.map_or_else(
                || t("not known: the request proved none").plain(),
                |id| whose.name(id),
            ),
            vehicle: entry
                .vehicle
                .map(|id| (format!("{}/{id}", crate::vehicles::PAGE), id)),
            took: stages(&entry),
            documentation: error.map(|error| (words::documentation(error), error.to_string())),
            curl: curl(&entry, &dashboard.public_url.join(&call)),
            position: entry.position.number(),
            stays: stays(&entry),
        }))
    }
}

/// The entry at a place, if this visitor may see it.
pub(super) async fn entry(
    dashboard: &Dashboard,
    visitor: &Visitor,
    at: Option<Position>,
) -> Result<Option<Recorded>, StoreError> {
    let (Some(at), Some(log)) = (at, &dashboard.request_log) else {
        return Ok(None);
    };
    let found = log.find(at).await?;
    // Requests of nobody known are for those who see everything.
    Ok(found.filter(|entry| match entry.application {
        Some(application) => visitor.sees(application),
        None => visitor.member.only.is_none(),
    }))
}

fn lead(entry: &Recorded, error: Option<&'static str>) -> String {
    if is_look(entry) {
        return t("Somebody of your team looked at the car's values in the Dashboard.").plain();
    }
    match (error, entry.status) {
        (Some(error), _) => say(error).plain(),
        (None, 400..) => t("The answer says what was wrong; the log keeps no bodies.").plain(),
        (None, _) => t("Answered as asked.").plain(),
    }
}

/// Whether it is no request of an application, but a look at a car in the Dashboard.
fn is_look(entry: &Recorded) -> bool {
    entry.route.starts_with("/dashboard/")
}

/// How long it took, and what of it where.
fn stages(entry: &Recorded) -> String {
    if is_look(entry) {
        return t("not timed").plain();
    }
    let all = took(entry.took_micros);
    let Some(gate) = entry.gate_micros else {
        return t("{all}; parts are timed of requests about a vehicle")
            .with("all", all)
            .plain();
    };
    let read = entry.read_micros.unwrap_or_default();
    let rest = entry.took_micros.saturating_sub(gate.saturating_add(read));
    let mut parts = vec![t("gate {took}").with("took", took(gate)).plain()];
    parts.extend(
        entry
            .read_micros
            .map(|read| t("reading {took}").with("took", took(read)).plain()),
    );
    parts.push(t("the rest {took}").with("took", took(rest)).plain());
    format!("{all}: {}", parts.join(", "))
}

/// Why a request cannot be sent again; none when it can.
pub(super) fn stays(entry: &Recorded) -> Option<Text> {
    let path = entry.route.strip_prefix("/v2.0/vehicles/{id}");
    let why = if is_look(entry) {
        t("It counts as no request, and cannot be sent again.")
    } else if entry.method != Method::Get {
        t(
            "Only reads are sent again: other requests change something, and their bodies are not kept.",
        )
    } else if entry.application.is_none() || entry.vehicle.is_none() {
        t("It cannot be sent again: only a vehicle tells whose token to send.")
    } else if path.is_none_or(|path| path.contains('{')) {
        t("It cannot be sent again: the log does not keep all of its path.")
    } else {
        return None;
    };
    Some(why)
}

/// A line for a terminal.
fn curl(entry: &Recorded, url: &str) -> String {
    let method = match entry.method {
        Method::Get => String::new(),
        method => format!(" -X {}", method.as_str()),
    };
    if is_look(entry) {
        return String::new();
    }
    let (who, body) = match entry.route.as_str() {
        "/oauth/token" => (
            "-u \"$CLIENT_ID:$CLIENT_SECRET\"",
            " \\\n  -d grant_type=refresh_token -d \"refresh_token=$REFRESH_TOKEN\"",
        ),
        route if route.starts_with("/v2.0/management") => ("-u \"default:$MANAGEMENT_TOKEN\"", ""),
        _ => ("-H \"Authorization: Bearer $ACCESS_TOKEN\"", ""),
    };
    format!("curl{method} {who}{body} \\\n  '{url}'")
}
