//! Settings of Connect: what is taken, what is refused, what the audit log says.

use carport_model::Timestamp;
use carport_testkit::TestBed;
use proptest::prelude::*;

use super::*;
use crate::sealing::Sealer;

fn sample() -> Application {
    Application {
        id: ApplicationId::from_bytes([1; 16]),
        name: "Ride Ledger".to_owned(),
        privacy_url: None,
        created_at: Timestamp::default(),
        enabled: true,
        suspended_at: None,
        default_scope: "read_vin".parse().unwrap(),
        public: false,
        require_pkce: false,
        send_iss: true,
        strict_required: false,
    }
}

fn applied(change: &ConnectChange) -> Result<ConnectSettings, SettingError> {
    let mut settings = ConnectSettings::default();
    change.apply(&mut sample(), &mut settings, &Brands::embedded())?;
    Ok(settings)
}

/// Which value is refused.
fn refused_field(change: &ConnectChange) -> &'static str {
    match applied(change) {
        Err(SettingError::Refused { field, .. }) => field,
        other => panic!("{change:?}: {other:?}"),
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn values_are_written_in_one_way() {
    let settings = applied(&ConnectChange {
        brands: Some(texts(&["vw", "KIA", "Volkswagen"])),
        engines: Some(vec![Engine::Ice, Engine::Bev, Engine::Ice]),
        countries: Some(texts(&["us", "DE"])),
        default_country: Some("de".into()),
        accent: Some(" #00819D ".into()),
        welcome: Some("  Hello\n there ".into()),
        support: Some("mailto:help@example.net".into()),
        ..ConnectChange::default()
    });
    let settings = settings.unwrap();
    assert_eq!(
        settings.brands,
        [BrandId::new("KIA"), BrandId::new("VOLKSWAGEN")]
    );
    assert_eq!(settings.engines, [Engine::Bev, Engine::Ice]);
    assert_eq!(settings.countries, ["DE", "US"]);
    assert_eq!(settings.default_country.as_deref(), Some("DE"));
    assert_eq!(settings.accent.as_deref(), Some("00819d"));
    assert_eq!(settings.welcome, "Hello there");
    assert_eq!(settings.support.as_deref(), Some("mailto:help@example.net"));
}

#[test]
fn what_cannot_be_is_refused_by_its_field() {
    let wrong = [
        ConnectChange {
            scope: Some("read_vin read_mind".into()),
            ..ConnectChange::default()
        },
        ConnectChange {
            brands: Some(texts(&["TRABANT"])),
            ..ConnectChange::default()
        },
        ConnectChange {
            countries: Some(texts(&["XX"])),
            ..ConnectChange::default()
        },
        ConnectChange {
            default_country: Some("Germany".into()),
            ..ConnectChange::default()
        },
        ConnectChange {
            countries: Some(texts(&["DE"])),
            default_country: Some("US".into()),
            ..ConnectChange::default()
        },
        ConnectChange {
            accent: Some("green".into()),
            ..ConnectChange::default()
        },
        ConnectChange {
            accent: Some("#0819d".into()),
            ..ConnectChange::default()
        },
        ConnectChange {
            welcome: Some("x".repeat(301)),
            ..ConnectChange::default()
        },
        ConnectChange {
            welcome: Some("a\u{202e}b".into()),
            ..ConnectChange::default()
        },
        ConnectChange {
            welcome: Some("a\0b".into()),
            ..ConnectChange::default()
        },
    ];
    let fields = wrong
        .iter()
        .map(refused_field)
        .collect::<Vec<_>>()
        .join(" ");
    insta::assert_snapshot!(fields, @"scope brands countries defaultCountry defaultCountry accent accent welcome welcome welcome");
    for link in [
        "http://example.net",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "https://me:pw@example.net",
        "mailto:nobody",
        "mailto:a@b.c?subject=x",
        "https://exa mple.net",
        "//example.net",
        "help",
    ] {
        let change = ConnectChange {
            support: Some(link.into()),
            ..ConnectChange::default()
        };
        assert_eq!(refused_field(&change), "support", "{link}");
    }
}

#[test]
fn a_public_application_always_needs_pkce() {
    let mut application = Application {
        public: true,
        require_pkce: true,
        ..sample()
    };
    let change = ConnectChange {
        require_pkce: Some(false),
        ..ConnectChange::default()
    };
    let mut settings = ConnectSettings::default();
    change
        .apply(&mut application, &mut settings, &Brands::embedded())
        .unwrap();
    assert!(application.require_pkce);
}

#[tokio::test]
async fn a_change_is_kept_with_its_audit_entries_and_told_to_the_caches() {
    let bed = TestBed::new().await;
    let id = bed.application().await.application.id;
    let registry = Applications::new(
        bed.store.clone(),
        bed.clock(),
        bed.rng(),
        Sealer::new(&[7; 32]),
    );
    let brands = Arc::new(Brands::embedded());
    assert!(
        bed.store
            .client(id)
            .await
            .unwrap()
            .unwrap()
            .settings
            .accent
            .is_none()
    );
    let change = ConnectChange {
        scope: Some("required:read_odometer".into()),
        accent: Some("00819d".into()),
        send_iss: Some(false),
        ..ConnectChange::default()
    };
    for _ in 0..2 {
        let changed = registry.change_connect_side(id, change.clone(), brands.clone());
        changed.await.unwrap();
    }
    let wrong = ConnectChange {
        accent: Some("x".into()),
        ..change
    };
    let refused = registry
        .change_connect_side(id, wrong, brands.clone())
        .await;
    assert!(matches!(
        refused,
        Err(SettingError::Refused {
            field: "accent",
            ..
        })
    ));
    let logo = ("1.svg".to_owned(), b"<svg/>".to_vec());
    registry.put_logo(id, Some(logo)).await.unwrap();
    let client = bed.store.client(id).await.unwrap().unwrap();
    assert_eq!(client.settings.accent.as_deref(), Some("00819d"));
    assert_eq!(client.settings.logo.as_deref(), Some("1.svg"));
    assert_eq!(
        client.application.default_scope.to_string(),
        "required:read_odometer"
    );
    assert!(!client.application.send_iss);
    let entries = bed
        .store
        .scan(async move |tx: &mut Tx<'_>| audit_log::newest(tx, id, 10).await)
        .await
        .unwrap();
    let mut actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(
        actions,
        [
            "appearance.changed",
            "logo.changed",
            "security.changed",
            "vehicle_access.changed"
        ]
    );
    let nobody = ApplicationId::from_bytes([9; 16]);
    let unknown = registry.put_logo(nobody, None).await;
    assert!(matches!(unknown, Err(SettingError::Unknown)));
}

proptest! {
    #[test]
    fn no_text_breaks_the_settings(any in "\\PC{0,40}", accent in "[#0-9a-fA-F]{0,8}") {
        let change = ConnectChange {
            accent: Some(accent),
            welcome: Some(any.clone()),
            support: Some(any),
            ..ConnectChange::default()
        };
        if let Ok(settings) = applied(&change) {
            let json = serde_json::to_string(&settings).unwrap();
            prop_assert_eq!(serde_json::from_str::<ConnectSettings>(&json).unwrap(), settings);
        }
    }
}
