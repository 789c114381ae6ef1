//! `GET /dashboard`: what runs here and how to point code at it.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use carport_model::exports::{Language, export_line};
use carport_store::{StoreError, Tx, applications, redirect_uris};
use carport_web::Page;
use carport_web::words::{Text, filters, t};

use crate::Dashboard;
use crate::access::Visitor;
use crate::choice;
use crate::frame::{Frame, Here, Reader};
use crate::overview::{self, Overview};
use crate::refused::no_storage;

#[derive(Template)]
#[template(path = "dashboard/home.html")]
struct HomePage {
    frame: Frame,
    url: String,
    tabs: Vec<SdkTab>,
    exports: String,
    remark: &'static str,
    addresses: Vec<(Text, String)>,
    applications: Vec<ApplicationRow>,
    /// For those who may look.
    overview: Option<Overview>,
}

struct SdkTab {
    href: String,
    title: &'static str,
    current: bool,
}

struct ApplicationRow {
    plate: String,
    name: String,
    id: String,
    scope: String,
    redirect_uris: Vec<String>,
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    match shown(&dashboard, &visitor, query.as_deref()).await {
        Ok(page) => visitor.give(Page::new(page).names_itself()),
        Err(error) => no_storage(&error, t("The applications")).into_response(),
    }
}

async fn shown(
    dashboard: &Dashboard,
    visitor: &Visitor,
    query: Option<&str>,
) -> Result<HomePage, StoreError> {
    let pairs = choice::pairs(query);
    let chosen = pairs.get("sdk").and_then(|sdk| sdk.parse().ok());
    let chosen = chosen.unwrap_or(Language::Node);
    let rows = rows(dashboard, visitor).await?;
    let url = dashboard.public_url.to_string();
    let overview = overview::read(dashboard, visitor, query, &pairs).await?;
    Ok(page(&url, visitor, chosen, rows, Some(overview)))
}

async fn rows(dashboard: &Dashboard, visitor: &Visitor) -> Result<Vec<ApplicationRow>, StoreError> {
    let visitor = visitor.clone();
    dashboard
        .store
        .scan(async move |tx: &mut Tx<'_>| {
            let mut rows = Vec::new();
            let all = applications::list(tx).await?.into_iter();
            for application in all.filter(|application| visitor.sees(application.id)) {
                rows.push(ApplicationRow {
                    plate: initials(&application.name),
                    id: application.id.to_string(),
                    scope: application.default_scope.to_string(),
                    redirect_uris: redirect_uris::list(tx, application.id).await?,
                    name: application.name,
                });
            }
            Ok(rows)
        })
        .await
}

fn page(
    url: &str,
    reader: impl Into<Reader>,
    chosen: Language,
    applications: Vec<ApplicationRow>,
    overview: Option<Overview>,
) -> HomePage {
    let lines = chosen
        .origins(url)
        .into_iter()
        .map(|(name, value)| export_line(name, &value));
    let address = |path: &str| format!("{url}{path}");
    HomePage {
        frame: Frame::of(t("Your Carport"), Here::Home, reader),
        url: url.to_owned(),
        tabs: Language::ALL
            .iter()
            .map(|language| SdkTab {
                href: format!("/dashboard?sdk={}", language.name()),
                title: language.title(),
                current: *language == chosen,
            })
            .collect(),
        exports: lines.collect::<Vec<_>>().join("\n"),
        remark: chosen.remark(),
        addresses: vec![
            (t("Connect"), address("/oauth/authorize")),
            (t("Token endpoint"), address("/oauth/token")),
            (t("Vehicle API"), address("/v2.0")),
            (t("Management API"), address("/v2.0/management")),
            (
                t("OAuth metadata"),
                address("/.well-known/oauth-authorization-server"),
            ),
            (t("Reference"), address("/docs/api/v2")),
            (t("Reference, management"), address("/docs/api/management")),
            (
                t("Reference, applications"),
                address("/docs/api/applications"),
            ),
            (t("Reference, simulator"), address("/docs/api/simulator")),
            (t("OpenAPI"), address("/openapi/v2.json")),
            (
                t("OpenAPI, management"),
                address("/openapi/management.json"),
            ),
            (
                t("OpenAPI, applications"),
                address("/openapi/applications.json"),
            ),
            (t("OpenAPI, simulator"), address("/openapi/simulator.json")),
            (t("Errors"), address("/docs/errors")),
            (t("Health"), address("/readyz")),
        ],
        applications,
        overview,
    }
}

/// One or two letters for the enamel plate.
pub(crate) fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_web::assets;

    #[test]
    fn the_page_with_and_without_applications() {
        let reader = |is_limited| Reader {
            is_limited,
            foot: None,
        };
        let row = ApplicationRow {
            plate: initials("Ride Ledger"),
            name: "Ride Ledger".to_owned(),
            id: "8229df9f-91a0-4ff0-a1ae-a1f38ee24d07".to_owned(),
            scope: "required:read_vehicle_info".to_owned(),
            redirect_uris: vec!["http://localhost:8000/exchange".to_owned()],
        };
        let html = |page: HomePage| assets::unhashed(&page.render().unwrap());
        insta::assert_snapshot!(html(page(
            "http://localhost:2277",
            reader(false),
            Language::Python,
            vec![row],
            None,
        )));
        let empty = html(page(
            "http://localhost:2277",
            reader(true),
            Language::Go,
            Vec::new(),
            None,
        ));
        assert!(!empty.contains("/dashboard/simulator"));
        assert!(empty.contains("carport app create"));
        assert!(empty.contains("carport dev --original-hosts"));
    }
}
