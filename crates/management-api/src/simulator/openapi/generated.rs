//! Makes the document, from the handlers and the types they take and answer with.

use carport_web::envelope::{Detail, ErrorBody, ResolutionBody};
use carport_web::openapi::KEPT_ADDRESS;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, SecurityRequirement, Server};

use crate::simulator::{
    cars, catalogue, clock, consent, driving, faults, paging, requests, scenarios, signals, view,
};

/// Name of the one way to prove oneself.
const TOKEN: &str = "managementToken";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Carport simulator API",
        version = "1",
        description = "Controls simulated cars and a dev server. An application proves itself with its management token as the password of Basic credentials, and controls its own things; any user name will do. A dev server also takes requests without credentials from its own machine. Bodies are JSON. Every answer carries sc-request-id."
    ),
    paths(
        clock::show_clock,
        clock::freeze_clock,
        clock::set_clock,
        clock::advance_clock,
        clock::hurry_clock,
        clock::resume_clock,
        cars::create_car,
        cars::list_cars,
        cars::show_car,
        cars::change_car,
        cars::delete_car,
        driving::play,
        driving::pause,
        driving::restart,
        driving::jump,
        signals::list_signals,
        signals::show_signal,
        signals::set_signal,
        signals::unset_signal,
        scenarios::list_scenarios,
        scenarios::add_scenario,
        scenarios::show_scenario,
        scenarios::delete_scenario,
        catalogue::list_profiles,
        catalogue::list_cities,
        catalogue::list_latencies,
        consent::consent,
        faults::add_fault,
        faults::list_faults,
        faults::show_fault,
        faults::remove_fault,
        faults::clear_faults,
        requests::list_requests,
        requests::count_requests,
        requests::show_last_request,
        requests::forget_requests
    ),
    components(schemas(
        clock::ClockView,
        clock::SetClock,
        clock::AdvanceClock,
        clock::ClockSpeed,
        cars::NewCar,
        cars::CarChange,
        cars::CarsView,
        paging::Paging,
        view::SimulationView,
        view::StageView,
        view::SignalsView,
        view::SignalView,
        driving::Jump,
        signals::NewValue,
        scenarios::NewScenario,
        scenarios::ScenariosView,
        scenarios::ScenarioView,
        catalogue::ProfilesView,
        catalogue::ProfileView,
        catalogue::CitiesView,
        catalogue::CityView,
        catalogue::LatenciesView,
        catalogue::LatencyView,
        consent::NewConsent,
        consent::Consented,
        faults::FaultView,
        faults::FaultViews,
        faults::NewFault,
        faults::FaultMatch,
        faults::FaultEffect,
        faults::FaultLatency,
        requests::Requests,
        requests::RequestView,
        requests::RequestPaging,
        requests::RequestCount,
        requests::Bodies,
        ErrorBody,
        ResolutionBody,
        Detail
    ))
)]
struct Document;

/// The document, as it is kept.
pub(crate) fn document() -> OpenApi {
    let mut document = Document::openapi();
    // utoipa takes it from the crate; it is the program's, not the document's.
    document.info.license = None;
    document.servers = Some(vec![Server::new(format!("{KEPT_ADDRESS}/simulator/v1"))]);
    document.security = Some(vec![
        SecurityRequirement::new(TOKEN, Vec::<String>::new()),
        SecurityRequirement::default(),
    ]);
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme(TOKEN, SecurityScheme::Http(basic));
    document
}
