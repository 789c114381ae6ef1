//! Pages of Connect as they will look: the real templates, for a run that exists nowhere and a car
//! that does not exist either. Nothing on them works, and only pages of this server may frame them.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use carport_model::run::{Aim, ConnectRequest, ExternalId, Flags, Progress, ResponseType, Step};
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    Application, Brand, ConnectSettings, Digest, Level, Mode, Permissions, RunId, Secret,
};
use carport_store::connect_runs::Run;
use carport_web::Page;

use crate::flow::Walk;
use crate::visit::Visit;
use crate::{Services, grant, start};

/// An application as it is, or as it would be.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The application.
    pub application: Application,
    /// What it has set about Connect.
    pub settings: ConnectSettings,
    /// Its default redirect URI, whose host owners read.
    pub redirect_uri: Option<String>,
}

/// The first page.
#[must_use]
pub fn start_page(services: &Arc<Services>, shown: Shown) -> Response {
    framed(start::page(&visit(services, shown, Step::Start)))
}

/// The permission page.
#[must_use]
pub fn grant_page(services: &Arc<Services>, shown: Shown) -> Response {
    framed(grant::first_page(&visit(services, shown, Step::Grant)))
}

fn framed<T: Template>(template: T) -> Response {
    Page::new(template).preview().into_response()
}

fn visit(services: &Arc<Services>, shown: Shown, step: Step) -> Visit {
    let now = services.now();
    let car = car(services, &shown.settings);
    let country = shown.settings.preset_country();
    let run = Run {
        id: RunId::from_bytes([0; 16]),
        cookie: Digest::of(""),
        progress: Progress {
            step,
            country: country.unwrap_or(services.default_country).code.to_owned(),
            brand: car.as_ref().map(|car| car.make.clone()),
            login: None,
            vehicles: car.into_iter().collect(),
            blocked: Vec::new(),
            wrong_tries: 0,
            locked_until: None,
            error: None,
        },
        request: request(&shown),
        created_at: now,
        expires_at: now,
        completed_at: None,
        outcome: None,
    };
    Visit {
        request_id: None,
        opener: None,
        walk: Walk {
            services: Arc::clone(services),
            run,
            application: shown.application,
            settings: Arc::new(shown.settings),
            subject: None,
            secret: Secret::new(String::new()),
            form: String::new(),
        },
    }
}

fn request(shown: &Shown) -> ConnectRequest {
    ConnectRequest {
        application: shown.application.id,
        aim: Aim::Access,
        response_type: ResponseType::Code,
        redirect_uri: shown.redirect_uri.clone(),
        redirect_uri_given: false,
        scope: shown.application.default_scope.clone(),
        state: None,
        force_approval: false,
        mode: Mode::Test,
        make: None,
        single_select: false,
        single_select_vin: None,
        flags: Flags::default(),
        user: None,
        external_id: ExternalId::Keep,
        app_origin: None,
        sdk_platform: None,
        sdk_version: None,
        challenge: None,
    }
}

/// A car of a brand that the application lists.
fn car(services: &Services, settings: &ConnectSettings) -> Option<FoundVehicle> {
    let brands = &services.catalogue.brands;
    let listed = |brand: &&Brand| settings.brands.is_empty() || settings.brands.contains(&brand.id);
    let brand = brands
        .iter()
        .filter(|brand| !brand.regions.is_empty())
        .find(listed)?;
    let sample = brand.test_vehicles.first()?;
    Some(FoundVehicle {
        vin: "0SC0SAMPLE0123456".parse().ok()?,
        make: brand.id.clone(),
        model: sample.model.clone(),
        year: sample.years[1],
        powertrain: Level::Compatible.powertrain(),
        capabilities: Permissions::all(),
        capacities: Vec::new(),
    })
}
