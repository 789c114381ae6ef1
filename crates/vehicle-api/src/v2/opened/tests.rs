//! The table against itself, and against the routes and their gate.

use axum::http::Method;
use carport_model::{Brands, Level, Permission};
use carport_testkit::{Car, TestApp, TestBed, found_vehicle};

use super::*;
use crate::v2::tests::door;
use crate::v2::{ENDPOINTS, FIXED, ORDERS, UNSERVED};

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
fn what_the_tables_of_endpoints_ask_for_is_in_the_table() {
    let reads = ENDPOINTS
        .iter()
        .filter_map(|read| Some((read.permission?, "GET", read.path, read.make)));
    let unserved = UNSERVED
        .iter()
        .filter_map(|row| Some((row.permission?, "GET", row.path, Some(row.make))));
    let fixed = FIXED.iter().filter_map(|fixed| {
        let path = if fixed.path.is_empty() {
            "/"
        } else {
            fixed.path
        };
        Some((fixed.permission?, "GET", path, None))
    });
    let orders = ORDERS.iter().map(|order| {
        let method = order.method.as_str();
        (order.permission, method, order.path, order.make)
    });
    for (permission, method, path, make) in reads.chain(unserved).chain(fixed).chain(orders) {
        let wanted = Opened { method, path, make };
        assert!(
            by(permission).endpoints.contains(&wanted),
            "{permission}: {wanted:?}"
        );
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
            assert_ne!(code, 404, "{told} is not routed");
            // Whatever else is wrong with a request without a body: it is not the permission.
            assert_ne!(kind, "PERMISSION", "{told}");
            let (code, kind) = status(&app, &cars[1], endpoint).await;
            assert_eq!((code, kind.as_str()), (403, "PERMISSION"), "{told}");
        }
    }
}
