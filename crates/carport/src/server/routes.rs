//! The routes that rules of faults may name.

use std::sync::LazyLock;

use serde_json::Value;

/// Routes that no document lists: the batch, two aliases (docs/quirks.md), OAuth and Connect.
const BESIDE: [&str; 22] = [
    "/v2.0/vehicles/{id}/batch",
    "/v2.0/vehicles/{id}/securiy",
    "/v2.0/vehicles/{id}/tesla/climate/cabin/steering_wheel",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/introspect",
    "/oauth/authorize",
    "/oauth/reauthenticate",
    "/battery-capacity",
    "/connect/{run}",
    "/connect/{run}/start",
    "/connect/{run}/brand",
    "/connect/{run}/login",
    "/connect/{run}/mfa",
    "/connect/{run}/grant",
    "/connect/{run}/no-vehicles",
    "/connect/{run}/incompatible",
    "/connect/{run}/subscription",
    "/connect/{run}/capacity",
    "/connect/{run}/error",
    "/connect/{run}/exit",
    "/connect/{run}/done",
];

/// Patterns of the routes of the vehicle API, the management API, OAuth and Connect.
pub(super) fn known() -> &'static [String] {
    // Read when the first rule comes: a start should not wait for it.
    static KNOWN: LazyLock<Vec<String>> = LazyLock::new(|| {
        let documents = [
            carport_vehicle_api::openapi::DOCUMENT,
            carport_management_api::openapi::DOCUMENT,
        ];
        let documented = documents.iter().flat_map(|document| {
            let document = document.at("");
            let paths = document["paths"].as_object().into_iter().flatten();
            let paths = paths.map(|(path, _): (&String, &Value)| format!("/v2.0{path}"));
            paths.collect::<Vec<_>>()
        });
        documented.chain(BESIDE.map(str::to_owned)).collect()
    });
    &KNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_is_there_once() {
        let mut routes = known().to_vec();
        assert!(routes.contains(&"/v2.0/vehicles/{id}/odometer".to_owned()));
        assert!(routes.contains(&"/v2.0/management/connections".to_owned()));
        assert!(routes.len() > 80);
        let count = routes.len();
        routes.sort_unstable();
        routes.dedup();
        assert_eq!(routes.len(), count);
    }
}
