//! The rows of contract connect-oauth, A.3, one by one.

use carport_model::application::Application;
use carport_model::run::{ConnectRequest, ResponseType, RunError};
use carport_model::{ApplicationId, Brands, Mode, SeededRng, Timestamp};
use carport_web::Pairs;
use proptest::prelude::*;

use super::parse::parse;
use super::validate::{self, Against, Judged, Refusal};

const ONE: &str = "https://one.example/cb";
const TWO: &str = "sc2://two?app_origin=https://x.example";

fn application() -> Application {
    Application {
        id: ApplicationId::draw(&SeededRng::new(3, 0)),
        name: "Ride Ledger".into(),
        privacy_url: None,
        created_at: Timestamp::from_millis(0),
        enabled: true,
        suspended_at: None,
        default_scope: "read_odometer".parse().unwrap(),
        public: false,
        require_pkce: false,
        send_iss: true,
        strict_required: false,
    }
}

fn judge_as(query: &str, application: &Application, uris: &[&str]) -> Result<Judged, Refusal> {
    let uris: Vec<String> = uris.iter().map(ToString::to_string).collect();
    let against = Against {
        application,
        redirect_uris: &uris,
        brands: &Brands::embedded(),
        live: false,
    };
    let parsed = parse(&Pairs::parse(query).unwrap());
    validate::validate(&parsed, &against)
}

fn judge(query: &str) -> Result<Judged, Refusal> {
    judge_as(query, &application(), &[ONE, TWO])
}

fn valid(query: &str) -> ConnectRequest {
    match judge(&format!("response_type=code&mode=test&{query}")) {
        Ok(Judged::Valid(request)) => request,
        other => panic!("{query}: {other:?}"),
    }
}

fn wrong(query: &str) -> (ConnectRequest, RunError) {
    match judge(query) {
        Ok(Judged::Misconfigured(request, error)) => (request, error),
        other => panic!("{query}: {other:?}"),
    }
}

#[test]
fn who_asks() {
    let id = "8229df9f-91a0-4ff0-a1ae-a1f38ee24d07";
    let other = "9229df9f-91a0-4ff0-a1ae-a1f38ee24d07";
    for (query, known) in [
        (format!("client_id={id}"), true),
        (format!("application_id={id}"), true),
        (format!("client_id={id}&application_id={id}"), true),
        (format!("client_id={id}&client_id={id}"), true),
        (format!("client_id={id}&application_id={other}"), false),
        (format!("client_id={id}&client_id={other}"), false),
        (
            format!("application_id={id}&client_id={id}&client_id={other}"),
            false,
        ),
        ("client_id=".to_owned(), false),
        ("client_id=me".to_owned(), false),
    ] {
        let parsed = parse(&Pairs::parse(&query).unwrap());
        assert_eq!(validate::client(&parsed).is_ok(), known, "{query}");
    }
}

#[test]
fn where_it_goes_back() {
    let uri = |query: &str| {
        judge(query).map(|judged| match judged {
            Judged::Valid(request) | Judged::Misconfigured(request, _) => {
                (request.redirect_uri, request.redirect_uri_given)
            }
        })
    };
    let sent = |uri: &str| Ok((Some(uri.to_owned()), true));
    assert_eq!(uri(&format!("redirect_uri={ONE}")), sent(ONE));
    assert_eq!(
        uri("redirect_uri=sc2://two%3Fapp_origin%3Dhttps://x.example"),
        sent(TWO)
    );
    assert_eq!(uri("response_type=code"), Ok((Some(ONE.to_owned()), false)));
    assert_eq!(uri("response_type=none"), Ok((None, false)));
    assert_eq!(
        uri(&format!("redirect_uri={ONE}/")),
        Err(Refusal::RedirectUri)
    );
    assert_eq!(
        uri(&format!("redirect_uri={ONE}&redirect_uri=sc2://two")),
        Err(Refusal::RedirectUri)
    );
    let none = judge_as("response_type=code", &application(), &[]);
    assert_eq!(none, Err(Refusal::NoRedirectUri));
    let script = judge_as(
        "response_type=code",
        &application(),
        &["javascript:alert(1)"],
    );
    assert_eq!(script, Err(Refusal::RedirectUri));
}

/// The first row that fails is the one that is told.
#[test]
fn rows_in_their_order() {
    let vin = "single_select_vin=0SCAUDI037A5ADB1C";
    for (query, code, told) in [
        (
            "mode=x&scope=x",
            "invalid_request",
            "response_type is missing",
        ),
        (
            "response_type=token&mode=x",
            "unsupported_response_type",
            "neither code nor none",
        ),
        (
            "response_type=vehicle_id",
            "unsupported_response_type",
            "neither code nor none",
        ),
        (
            "response_type=code&mode=x&scope=x",
            "invalid_request",
            "mode is none of",
        ),
        (
            "response_type=code&mode=test&mode=live",
            "invalid_request",
            "mode was sent more than once",
        ),
        (
            "response_type=code&scope=read_mind&approval_prompt=x",
            "invalid_scope",
            "\"read_mind\"",
        ),
        (
            "response_type=code&scope=+",
            "invalid_scope",
            "at least one",
        ),
        (
            "response_type=code&approval_prompt=x&single_select=x",
            "invalid_request",
            "approval_prompt",
        ),
        (
            "response_type=code&single_select=x&make=x",
            "invalid_request",
            "single_select is",
        ),
        (
            "response_type=code&make=TRABANT",
            "invalid_request",
            "make is not",
        ),
        (
            "response_type=code&single_select_vin=123&make=TRABANT",
            "invalid_request",
            "17 letters",
        ),
        (
            &format!("response_type=code&{vin}"),
            "invalid_request",
            "belongs to a test vehicle; mode is live",
        ),
        (
            "response_type=code&single_select_vin=1SCAUDI037A5ADB1C&mode=test",
            "invalid_request",
            "simulated vehicle; mode is test",
        ),
        (
            "response_type=code&mode=test&state=a&state=b",
            "invalid_request",
            "state was sent",
        ),
        ("response_type=code", "invalid_request", "mode=simulated"),
    ] {
        let (request, error) = wrong(query);
        assert_eq!(error.oauth_error, code, "{query}");
        assert!(error.message.contains(told), "{query}: {}", error.message);
        assert_eq!(request.redirect_uri.as_deref(), Some(ONE));
    }
}

#[test]
fn what_a_request_carries() {
    let plain = valid("");
    assert_eq!(plain.scope.to_string(), "read_odometer");
    assert_eq!(
        (plain.mode, plain.response_type),
        (Mode::Test, ResponseType::Code)
    );
    assert!(!plain.force_approval && !plain.single_select && plain.make.is_none());

    let full = valid(
        "scope=required:read_vin++read_fuel&approval_prompt=force&make=Chevy&single_select=True&user=7",
    );
    assert_eq!(full.scope.to_string(), "required:read_vin read_fuel");
    assert!(full.force_approval && full.single_select);
    assert_eq!(full.make.unwrap().as_str(), "CHEVROLET");

    // The VIN decides the brand; `make` is not looked at, and one car is implied.
    let vin = valid("single_select_vin=0scaudi037a5adb1c&make=TRABANT");
    assert_eq!(vin.single_select_vin.unwrap().as_str(), "0SCAUDI037A5ADB1C");
    assert!(vin.single_select && vin.make.unwrap().as_str() == "AUDI");
    let simulated = judge("response_type=code&mode=simulated&single_select_vin=1SCAUDI037A5ADB1C");
    assert!(matches!(simulated, Ok(Judged::Valid(_))));
}

#[test]
fn pkce() {
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let sent = valid(&format!(
        "code_challenge={challenge}&code_challenge_method=S256"
    ));
    assert!(sent.challenge.is_some());
    for query in ["code_challenge=short", "code_challenge_method=S256"] {
        let (_, error) = wrong(&format!("response_type=code&mode=test&{query}"));
        assert!(error.message.contains("code_challenge"));
    }
    let mut application = application();
    application.require_pkce = true;
    let judged = |query: &str| judge_as(query, &application, &[ONE]);
    let missing = judged("response_type=code&mode=test");
    assert!(
        matches!(missing, Ok(Judged::Misconfigured(_, error)) if error.message.contains("PKCE"))
    );
    assert!(matches!(
        judged("response_type=none&mode=test"),
        Ok(Judged::Valid(_))
    ));
}

proptest! {
    #[test]
    fn judged_whatever_comes(
        names in prop::collection::vec("response_type|mode|scope|make|flags|single_select_vin|redirect_uri|state", 0..6),
        values in prop::collection::vec("code|none|test|KIA|[\\PC&&[^&#]]{0,12}|(required:)?read_vin", 6),
    ) {
        let pairs = names.iter().zip(&values).map(|(name, value)| format!("{name}={value}"));
        let query = pairs.collect::<Vec<_>>().join("&");
        if let Ok(pairs) = Pairs::parse(&query) {
            let application = application();
            let uris = [ONE.to_owned()];
            let brands = Brands::embedded();
            let against = Against {
                application: &application, redirect_uris: &uris, brands: &brands, live: true,
            };
            if let Ok(Judged::Valid(request)) = validate::validate(&parse(&pairs), &against) {
                prop_assert!(!request.scope.is_empty());
                prop_assert!(request.redirect_uri.is_none_or(|uri| uri == ONE));
            }
        }
    }
}
