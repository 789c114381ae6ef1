//! The table against itself, and against the routes and their gate.

use axum::http::Method;
use carport_model::{Brands, Level, Permission};
use carport_testkit::{Car, TestApp, TestBed, found_vehicle};

use super::*;
use crate::v2::ENDPOINTS;
use crate::v2::tests::door;

/// Endpoints that are not served yet. When one is, delete it here: then the routes have to have it.
const NOT_YET: &[(&str, &str)] = &[
    ("GET", "/battery/capacity"),
    ("GET", "/battery/nominal_capacity"),
    ("GET", "/charge/limit"),
    ("GET", "/diagnostics/dtcs"),
    ("GET", "/diagnostics/system_status"),
    ("GET", "/engine/oil"),
    ("GET", "/security"),
    ("GET", "/service/history"),
    ("POST", "/charge"),
    ("POST", "/charge/limit"),
    ("POST", "/navigation/destination"),
    ("POST", "/security"),
];

/// Makes none of whose own endpoints is served yet.
const MAKES_NOT_YET: &[&str] = &[
    "AUDI",
    "BMW",
    "CADILLAC",
    "CHEVROLET",
    "FORD",
    "LINCOLN",
    "MINI",
    "NISSAN",
    "TESLA",
];

fn may_be_missing(endpoint: &Opened) -> bool {
    match endpoint.make {
        Some(make) => MAKES_NOT_YET.contains(&make),
        None => NOT_YET.contains(&(endpoint.method, endpoint.path)),
    }
}

/// Every endpoint of the table with its permission.
fn all_endpoints() -> impl Iterator<Item = (Permission, &'static Opened)> {
    OPENINGS.iter().flat_map(|opening| {
        let endpoints = opening.endpoints.iter();
        endpoints.map(|endpoint| (opening.permission, endpoint))
    })
}

#[test]
fn every_permission_has_its_row() {
    let rows = OPENINGS.iter().map(|opening| opening.permission);
    assert!(rows.eq(Permission::ALL.iter().copied()));
    for permission in Permission::ALL {
        assert_eq!(by(*permission).permission, *permission);
    }
    let mut names: Vec<&str> = OPENINGS.iter().map(|opening| opening.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), OPENINGS.len());
}

#[test]
fn no_endpoint_is_opened_by_two_permissions() {
    let mut endpoints: Vec<_> = all_endpoints()
        .map(|(_, endpoint)| (endpoint.method, endpoint.path))
        .collect();
    let count = endpoints.len();
    endpoints.sort_unstable();
    endpoints.dedup();
    assert_eq!(endpoints.len(), count);
}

#[test]
fn paths_of_one_make_begin_with_it() {
    let brands = Brands::embedded();
    let ids: Vec<_> = brands.iter().map(|brand| brand.id.as_str()).collect();
    for (_, endpoint) in all_endpoints() {
        let first = endpoint.path.split('/').nth(1).unwrap_or_default();
        let spelt = ids.iter().find(|id| id.to_lowercase() == first).copied();
        assert_eq!(endpoint.make, spelt, "{}", endpoint.path);
    }
}

#[test]
fn commands_are_no_reads() {
    for (permission, endpoint) in all_endpoints() {
        let reads = permission.name().starts_with("read_");
        assert_eq!(reads, endpoint.method == "GET", "{}", endpoint.path);
    }
}

#[test]
fn endpoints_that_show_signals_are_in_the_table() {
    for endpoint in ENDPOINTS {
        let opened = by(endpoint.permission).endpoints.iter();
        let mut paths = opened.map(|opened| opened.path);
        assert!(paths.any(|path| path == endpoint.path), "{}", endpoint.path);
    }
}

async fn status(app: &TestApp, car: &Car, endpoint: &Opened) -> (u16, String) {
    let path = car.path(endpoint.path.trim_start_matches('/'));
    let method: Method = endpoint.method.parse().unwrap();
    let request = app.request(method, path.trim_end_matches('/'));
    let answer = request.bearer(&car.access_token).send().await;
    let kind = if answer.status.is_success() {
        String::new()
    } else {
        answer.json()["type"].as_str().unwrap().to_owned()
    };
    (answer.status.as_u16(), kind)
}

#[tokio::test]
async fn the_routes_have_the_table_and_the_gate_asks_for_its_permissions() {
    let bed = TestBed::new().await;
    let app = door(&bed);
    let mut served = 0;
    for (index, permission) in Permission::ALL.iter().enumerate() {
        let others: Vec<&str> = Permission::ALL
            .iter()
            .filter(|other| *other != permission)
            .map(|other| other.name())
            .collect();
        let client = bed.application().await;
        let grants: [(&[&str], _); 2] = [(&[permission.name()], "A"), (&others, "B")];
        let mut cars = Vec::new();
        for (granted, letter) in grants {
            let vin = format!("0SCTESL{letter}{index:0>9}");
            let found = found_vehicle(&vin, Level::Compatible);
            cars.push(bed.connect_vehicle(&client, found, granted).await);
        }
        for endpoint in by(*permission).endpoints {
            let told = format!("{permission}: {} {}", endpoint.method, endpoint.path);
            let (code, kind) = status(&app, &cars[0], endpoint).await;
            if code == 404 {
                assert!(may_be_missing(endpoint), "{told} is not routed");
                continue;
            }
            served += 1;
            // Whatever else is wrong with a request without a body: it is not the permission.
            assert_ne!(kind, "PERMISSION", "{told}");
            let (code, kind) = status(&app, &cars[1], endpoint).await;
            assert_eq!((code, kind.as_str()), (403, "PERMISSION"), "{told}");
        }
    }
    assert!(served >= ENDPOINTS.len() + 2);
}
