//! The query of `/oauth/authorize`: parsed and judged as far as that needs no storage.

#![no_main]

use std::sync::LazyLock;

use carport_connect::authorize::parse::{Parsed, parse};
use carport_connect::authorize::validate::{Against, Judged, client, validate};
use carport_model::run::{ConnectRequest, ExternalId};
use carport_model::{Application, ApplicationId, Brands, Timestamp};
use carport_web::Pairs;
use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

static BRANDS: LazyLock<Brands> = LazyLock::new(Brands::embedded);

static REGISTERED: LazyLock<[String; 3]> = LazyLock::new(|| {
    [
        "https://one.example/cb",
        "sc2://two?app_origin=https://x.example",
        "http://localhost:8000",
    ]
    .map(str::to_owned)
});

fn application(pkce: bool) -> Application {
    Application {
        id: ApplicationId::from_bytes([7; 16]),
        name: "Ride Ledger".into(),
        privacy_url: None,
        created_at: Timestamp::from_millis(0),
        enabled: true,
        suspended_at: None,
        default_scope: "read_odometer".parse().expect("a scope"),
        public: false,
        require_pkce: pkce,
        send_iss: true,
        strict_required: false,
    }
}

fuzz_target!(|query: &str| {
    let Ok(pairs) = Pairs::parse(query) else {
        return;
    };
    let parsed = parse(&pairs);
    limits(&parsed, query);
    assert!(
        parse(&Pairs::parse(&printed(&parsed)).expect("it was encoded"))
            == without_conflicts(&parsed)
    );
    let _ = client(&parsed);
    let application = application(query.len().is_multiple_of(2));
    let against = Against {
        application: &application,
        redirect_uris: &*REGISTERED,
        brands: &BRANDS,
        live: query.len() % 3 == 0,
    };
    match validate(&parsed, &against) {
        Err(_) => {}
        Ok(Judged::Misconfigured(request, error)) => {
            assert!(!error.message.is_empty());
            goes_back_where_it_may(&request, &parsed);
        }
        Ok(Judged::Valid(request)) => {
            goes_back_where_it_may(&request, &parsed);
            assert!(!request.scope.is_empty(), "owners are asked for something");
            assert!(parsed.conflicts.is_empty(), "what was sent twice is judged");
            assert!(request.single_select || request.single_select_vin.is_none());
            assert_eq!(
                request.state, parsed.state,
                "the state comes back as it was sent"
            );
        }
    }
});

/// Nothing is kept that anyone could fill a disk with.
fn limits(parsed: &Parsed, query: &str) {
    let short = [
        &parsed.user,
        &parsed.app_origin,
        &parsed.sdk_platform,
        &parsed.sdk_version,
    ];
    assert!(short.into_iter().flatten().all(|value| value.len() <= 512));
    if let ExternalId::Set(id) = &parsed.external_id {
        assert!(id.chars().count() <= 256 && !id.is_empty() && !id.chars().any(char::is_control));
    }
    assert!(
        parsed
            .state
            .as_ref()
            .is_none_or(|state| state.len() <= query.len() * 3)
    );
    assert!(
        parsed
            .flags
            .color
            .as_ref()
            .is_none_or(|color| color.len() == 6)
    );
}

/// Codes and errors go to a registered address, whatever was sent.
fn goes_back_where_it_may(request: &ConnectRequest, parsed: &Parsed) {
    if let Some(uri) = &request.redirect_uri {
        assert!(REGISTERED.contains(uri), "{uri:?} is registered");
        if let Some(sent) = &parsed.redirect_uri {
            assert_eq!(sent, uri);
        }
    }
    assert!(
        request
            .state
            .as_ref()
            .is_none_or(|state| state.len() <= 8 * 1024)
    );
}

/// The query that a careful client would have written.
fn printed(parsed: &Parsed) -> String {
    let flags = &parsed.flags;
    let mut words = Vec::new();
    words.extend(
        flags
            .country
            .as_ref()
            .map(|country| format!("country:{country}")),
    );
    words.extend(flags.color.as_ref().map(|color| format!("color:{color}")));
    words.extend(flags.account_sync.then(|| "account_sync:true".to_owned()));
    let flags = (!words.is_empty()).then(|| words.join(" "));
    let external_id = match &parsed.external_id {
        ExternalId::Keep => None,
        ExternalId::Clear => Some("null".to_owned()),
        ExternalId::Set(id) => Some(id.clone()),
    };
    let fields = [
        ("client_id", &parsed.client_id),
        ("application_id", &parsed.application_id),
        ("response_type", &parsed.response_type),
        ("redirect_uri", &parsed.redirect_uri),
        ("scope", &parsed.scope),
        ("state", &parsed.state),
        ("approval_prompt", &parsed.approval_prompt),
        ("mode", &parsed.mode),
        ("make", &parsed.make),
        ("single_select", &parsed.single_select),
        ("single_select_vin", &parsed.single_select_vin),
        ("flags", &flags),
        ("user", &parsed.user),
        ("external_id", &external_id),
        ("app_origin", &parsed.app_origin),
        ("sdk_platform", &parsed.sdk_platform),
        ("sdk_version", &parsed.sdk_version),
        ("code_challenge", &parsed.code_challenge),
        ("code_challenge_method", &parsed.code_challenge_method),
    ];
    let pairs = fields.into_iter().filter_map(|(name, value)| {
        let value = utf8_percent_encode(value.as_ref()?, NON_ALPHANUMERIC);
        Some(format!("{name}={value}"))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn without_conflicts(parsed: &Parsed) -> Parsed {
    Parsed {
        conflicts: Vec::new(),
        ..parsed.clone()
    }
}
