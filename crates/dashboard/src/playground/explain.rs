//! What errors mean and what to do then. Sources: contract connect-oauth, A.9.2 and B.6.

use carport_web::PublicUrl;
use carport_web::words::{Text, t};
use serde_json::Value;

/// What went wrong, with its documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// What happened.
    pub what: String,
    /// What to do.
    pub then: String,
    /// Where to read on: address and name.
    pub docs: Option<(String, String)>,
}

const RFC: &str = "https://www.rfc-editor.org/rfc/rfc6749#section-5.2";

/// Errors of the token endpoint.
const OAUTH: [(&str, Text); 7] = [
    (
        "invalid_request",
        t(
            "A parameter is missing, is not what it should be, or the code cannot be used: codes work once, for ten minutes, and for the redirect URI they were sent to. Begin again for a new one.",
        ),
    ),
    (
        "invalid_grant",
        t(
            "The code or refresh token does not fit: its PKCE verifier is missing or wrong. Begin again.",
        ),
    ),
    (
        "invalid_client",
        t(
            "Client id or client secret is wrong, or the application is switched off. The secret of this run works for an hour; begin again for another.",
        ),
    ),
    (
        "unsupported_grant_type",
        t("Only authorization_code and refresh_token are offered."),
    ),
    (
        "slow_down",
        t(
            "Too many wrong secrets came from this client. Wait as long as the Retry-After header says.",
        ),
    ),
    (
        "temporarily_unavailable",
        t("The server is busy. Send the request again in a moment."),
    ),
    (
        "server_error",
        t("The server failed. Its log knows the request by its sc-request-id."),
    ),
];

/// Errors with which Connect leads back.
const CONNECT: [(&str, Text, Text); 7] = [
    (
        "access_denied",
        t("The owner did not allow access."),
        t("Say in your application why you ask, and offer the link again. Nothing was shared."),
    ),
    (
        "vehicle_incompatible",
        t("The car or its brand cannot be connected."),
        t("Tell the owner that this car does not work with your application; another one may."),
    ),
    (
        "invalid_subscription",
        t("The connected service of the car is not active."),
        t("Ask the owner to activate it in the app of the brand, then offer the link again."),
    ),
    (
        "no_vehicles",
        t("The account holds no car, or not the one that was asked for."),
        t("Ask the owner to sign in with the account that holds the car."),
    ),
    (
        "configuration_error",
        t("The link could not be used."),
        t("Change what error_message names, and open the link again."),
    ),
    (
        "battery_capacity_no_selection",
        t("The owner did not choose what the battery holds."),
        t("Answers that need it stay as they are. Offer the link again later."),
    ),
    (
        "user_manually_returned_to_application",
        t("The owner went back before allowing anything."),
        t("Offer the link again when the owner wants to go on."),
    ),
];

/// What an error of Connect means.
pub(super) fn connect(code: &str) -> Told {
    let known = CONNECT.iter().find(|(known, ..)| *known == code);
    let unknown = (
        t("Connect sent an error that this page does not know."),
        t("Read its description below."),
    );
    let (what, then) = known.map_or(unknown, |(_, what, then)| (*what, *then));
    Told {
        what: format!("{code}: {what}"),
        then: then.plain(),
        docs: None,
    }
}

/// What a failed answer of the token endpoint or the API means.
pub(super) fn answer(status: u16, body: &str, url: &PublicUrl) -> Told {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    if let Some(error) = body["error"].as_str() {
        let known = OAUTH.iter().find(|(known, _)| *known == error);
        return Told {
            what: format!("{error}: {}", text("error_description")),
            then: known
                .map_or(t("Read the answer below."), |(_, then)| *then)
                .plain(),
            docs: Some((RFC.to_owned(), t("RFC 6749, error response").plain())),
        };
    }
    let code = body["code"].as_str().map(|code| format!("/{code}"));
    let name = format!("{}{}", text("type"), code.unwrap_or_default());
    let name = if name.is_empty() {
        t("Status {status}").with("status", status).plain()
    } else {
        name
    };
    Told {
        what: format!("{name}: {}", text("description")),
        then: t("The documentation tells what to do and how to provoke it.").plain(),
        docs: Some((
            docs(text("docURL"), url),
            t("Documentation of this error").plain(),
        )),
    }
}

/// The path of a page of ours, and nothing else: the address comes out of an answer.
fn docs(address: &str, url: &PublicUrl) -> String {
    let path = address.strip_prefix(&url.to_string()).unwrap_or_default();
    let is_ours = path.starts_with("/docs/errors/");
    if is_ours { path } else { "/docs/errors" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_lead_to_their_documentation() {
        let url: PublicUrl = "https://cars.example".parse().unwrap();
        let told = answer(
            400,
            r#"{"error":"invalid_grant","error_description":"No."}"#,
            &url,
        );
        assert_eq!(told.what, "invalid_grant: No.");
        assert!(told.then.contains("PKCE"));
        let body = r#"{"type":"VEHICLE_STATE","code":"ASLEEP","description":"It sleeps.",
                       "docURL":"https://cars.example/docs/errors/vehicle-state#asleep"}"#;
        let told = answer(409, body, &url);
        assert_eq!(told.what, "VEHICLE_STATE/ASLEEP: It sleeps.");
        assert_eq!(told.docs.unwrap().0, "/docs/errors/vehicle-state#asleep");
        let strange = r#"{"type":"X","docURL":"javascript:alert(1)"}"#;
        assert_eq!(answer(400, strange, &url).docs.unwrap().0, "/docs/errors");
        assert!(answer(502, "<html>", &url).what.starts_with("Status 502"));
        assert!(connect("access_denied").what.starts_with("access_denied: "));
        assert!(connect("x").then.contains("description"));
    }
}
