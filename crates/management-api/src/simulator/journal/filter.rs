//! Which entries of the journal are meant.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use carport_model::fault::is_same;
use carport_model::{ApplicationId, Timestamp, VehicleId};
use utoipa::IntoParams;

use super::Entry;
use crate::error::ManagementError;
use crate::query::{id, one, pairs};

/// Parameters of a query that mean something.
const PARAMETERS: [&str; 9] = [
    "route",
    "method",
    "path",
    "status",
    "vehicle",
    "application",
    "since",
    "limit",
    "cursor",
];

/// Entries that are as all of these say; what is absent says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Those to one route, such as /odometer or /oauth/token.
    pub route: Option<String>,
    /// Those of one method.
    pub method: Option<String>,
    /// Those to one path as it was sent, without the query.
    pub path: Option<String>,
    /// Those answered with a status such as 409, or 4xx.
    #[param(value_type = Option<String>)]
    pub status: Option<Status>,
    /// Those about one vehicle.
    #[param(value_type = Option<String>)]
    pub vehicle: Option<VehicleId>,
    /// Those of one application.
    #[param(value_type = Option<String>)]
    pub application: Option<ApplicationId>,
    /// Those of an instant of the server's clock or later.
    #[param(value_type = Option<String>)]
    pub since: Option<Timestamp>,
}

/// A status, or all that begin with a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `409`.
    One(u16),
    /// `4xx`.
    Class(u16),
}

impl FromStr for Status {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.to_ascii_lowercase();
        let number = text.strip_suffix("xx").unwrap_or(&text);
        let is_class = number.len() < text.len();
        let number = number.parse().map_err(|_| ())?;
        match number {
            1..=5 if is_class => Ok(Self::Class(number)),
            100..=599 if !is_class => Ok(Self::One(number)),
            _ => Err(()),
        }
    }
}

impl Filter {
    /// Whether it means an entry.
    #[must_use]
    pub fn means(&self, entry: &Entry) -> bool {
        let same = |wanted: Option<&String>, is: &str| wanted.is_none_or(|wanted| wanted == is);
        let route = self.route.as_deref();
        let status = self.status.is_none_or(|status| match status {
            Status::One(status) => entry.status == status,
            Status::Class(class) => entry.status / 100 == class,
        });
        status
            && route.is_none_or(|route| is_route(route, &entry.route))
            && same(self.method.as_ref(), &entry.method)
            && same(self.path.as_ref(), &entry.path)
            && (self.vehicle.is_none() || self.vehicle == entry.vehicle)
            && (self.application.is_none() || self.application == entry.application)
            && self.since.is_none_or(|since| entry.at >= since)
    }
}

fn is_route(wanted: &str, route: &str) -> bool {
    let path = wanted.trim_matches('/');
    let fronts = ["", "/v2.0", "/v2.0/vehicles/{id}"];
    fronts
        .iter()
        .any(|front| is_same(&format!("{front}/{path}"), route))
}

impl<S: Send + Sync> FromRequestParts<S> for Filter {
    type Rejection = ManagementError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ManagementError> {
        let sent = pairs(parts)?;
        // A filter that is misspelt would count everything.
        if let Some(stray) = sent.names().find(|name| !PARAMETERS.contains(name)) {
            let known = PARAMETERS.join(", ");
            let advice = format!("{stray:?} is no parameter; there are {known}.");
            return Err(ManagementError::validation("query", advice));
        }
        let text = |name| one(&sent, name).map(|text| text.map(str::to_owned));
        let wrong = |name, advice| move || ManagementError::validation(name, advice);
        let status = one(&sent, "status")?.map(str::parse).transpose();
        let status =
            status.map_err(|()| wrong("status", "Send a status such as 409, or 4xx.")())?;
        let since = one(&sent, "since")?.map(|text| {
            let read = Timestamp::read(text).map(|(first, _)| first);
            read.ok_or_else(wrong(
                "since",
                "Send an instant such as 2026-03-01T08:15:30Z.",
            ))
        });
        Ok(Self {
            route: text("route")?,
            method: text("method")?.map(|method| method.to_ascii_uppercase()),
            path: text("path")?,
            status,
            vehicle: id(&sent, "vehicle")?,
            application: id(&sent, "application")?,
            since: since.transpose()?,
        })
    }
}
