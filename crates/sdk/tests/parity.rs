//! The table in README.md: complete against the Node SDK, and true of this crate.

use std::collections::BTreeSet;

use carport_sdk::{
    Api, AuthClient, Batch, CompatibilityQuery, ConnectionFilter, ConnectionsOf, CursorPaging,
    Management, MatrixQuery, Paging, Request, Secret, ServiceRange, UnitSystem, Vehicle,
    hash_challenge, verify_payload,
};

/// Every method of the Node SDK that contract rest-v2, 7.2 lists, and those of its `AuthClient` and
/// for webhooks (connect-oauth 0, webhooks 3).
const NODE: &str = "getUser getVehicles getCompatibility getCompatibilityMatrix attributes vin \
    odometer location fuel battery batteryCapacity nominalCapacity charge getChargeLimit engineOil \
    tirePressure lockStatus diagnosticSystemStatus diagnosticTroubleCodes permissions \
    serviceHistory lock unlock startCharge stopCharge setChargeLimit sendDestination disconnect \
    subscribe unsubscribe batch request getConnections deleteConnections getAuthUrl exchangeCode \
    exchangeRefreshToken hashChallenge verifyPayload";

/// Rows of the table: Node's name and ours.
fn table() -> Vec<(&'static str, &'static str)> {
    let readme = include_str!("../README.md");
    let begin = readme
        .find("| Node | Rust |")
        .expect("the table has its heading");
    let rows = readme[begin..]
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let mut cells = row
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().trim_matches('`'));
        let both = cells.next().zip(cells.next());
        both.expect("a row has two cells")
    })
    .collect()
}

#[test]
fn no_method_of_node_is_missing() {
    let ours: BTreeSet<_> = table()
        .into_iter()
        .map(|(node, _)| node.rsplit('.').next().unwrap_or(node))
        .collect();
    for method in NODE.split(' ') {
        assert!(ours.contains(method), "{method} has no row");
    }
}

#[test]
fn every_rust_name_is_a_function_of_this_crate() {
    let named: BTreeSet<_> = table().into_iter().map(|(_, rust)| rust).collect();
    let there: BTreeSet<_> = functions().into_iter().collect();
    assert_eq!(named, there);
}

/// Stands for any argument in calls that are compiled and never made.
fn any<T>() -> T {
    unreachable!("nothing here is called")
}

/// The names of the functions that these calls are of. It compiles only if they exist.
macro_rules! names {
    ($($first:ident $(::$rest:ident)* $([$answer:ty])? ($($argument:expr),*);)*) => {
        vec![$({
            let _ = || $first$(::$rest)*$(::<$answer>)?($($argument),*);
            concat!(stringify!($first) $(, "::", stringify!($rest))*)
        }),*]
    };
}

/// The calls below `Vehicle` and the other types, of the crate or of `blocking`.
macro_rules! methods {
    () => {
        names! {
            AuthClient::auth_url(any(), [""; 0]);
            AuthClient::exchange_code(any(), any());
            AuthClient::exchange_refresh_token(any(), any::<&Secret>());
            AuthClient::compatibility(any(), any::<&CompatibilityQuery>());
            AuthClient::compatibility_matrix(any(), any::<&MatrixQuery>());
            Api::get_user(any(), any::<&Secret>());
            Api::get_vehicles(any(), any::<&Secret>(), any::<Paging>());
            Api::version(any(), "");
            Management::get_connections(any(), any::<&ConnectionFilter>(), any::<&CursorPaging>());
            Management::delete_connections(any(), any::<&ConnectionsOf>());
            Vehicle::attributes(any());
            Vehicle::vin(any());
            Vehicle::odometer(any());
            Vehicle::location(any());
            Vehicle::fuel(any());
            Vehicle::battery(any());
            Vehicle::battery_capacity(any());
            Vehicle::nominal_capacity(any());
            Vehicle::charge(any());
            Vehicle::charge_limit(any());
            Vehicle::set_charge_limit(any(), any());
            Vehicle::engine_oil(any());
            Vehicle::tire_pressure(any());
            Vehicle::lock_status(any());
            Vehicle::diagnostic_system_status(any());
            Vehicle::diagnostic_trouble_codes(any());
            Vehicle::permissions(any(), any::<Paging>());
            Vehicle::service_history(any(), any::<ServiceRange>());
            Vehicle::lock(any());
            Vehicle::unlock(any());
            Vehicle::start_charge(any());
            Vehicle::stop_charge(any());
            Vehicle::send_destination(any(), any(), any());
            Vehicle::disconnect(any());
            Vehicle::subscribe(any(), any());
            Vehicle::unsubscribe(any(), any::<&Secret>(), any());
            Vehicle::batch(any(), any::<Batch>());
            Vehicle::request [serde_json::Value] (any(), any::<Request>());
            Vehicle::unit_system(any(), any::<UnitSystem>());
        }
    };
}

fn functions() -> Vec<&'static str> {
    let mut all = methods!();
    all.extend(names! {
        hash_challenge(any(), any());
        verify_payload(any(), any(), any());
    });
    all
}

#[cfg(feature = "blocking")]
#[test]
fn blocking_has_the_same_methods() {
    use carport_sdk::blocking::{Api, AuthClient, Management, Vehicle};

    let waiting: Vec<&str> = methods!();
    let webhooks = ["hash_challenge", "verify_payload"];
    let others = functions()
        .into_iter()
        .filter(|name| !webhooks.contains(name));
    assert_eq!(waiting, others.collect::<Vec<_>>());
}
