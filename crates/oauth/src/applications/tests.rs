//! Registering, renewing, removing, over a temporary database.

use std::time::Duration;

use carport_model::{ApplicationId, Clock as _, Secret, SeededRng};
use carport_store::{Tx, applications, audit_log, redirect_uris};
use carport_testkit::TestBed;

use super::*;
use crate::client::{ClientError, Credentials};
use crate::{OAuth, Settings};

struct Registry {
    bed: TestBed,
    oauth: OAuth,
    applications: Applications,
    sealer: Sealer,
}

impl Registry {
    async fn new() -> Self {
        let bed = TestBed::new().await;
        let sealer = Sealer::new(&[7; 32]);
        let settings = Settings::for_issuer("https://cars.example.net");
        Self {
            oauth: OAuth::new(
                bed.store.clone(),
                bed.clock(),
                bed.rng(),
                bed.mint(),
                settings,
            ),
            applications: Applications::new(
                bed.store.clone(),
                bed.clock(),
                bed.rng(),
                sealer.clone(),
            ),
            sealer,
            bed,
        }
    }

    async fn register(&self, public: bool) -> Registered {
        let new = NewApplication {
            public,
            ..ladebaer()
        };
        self.applications.register(new).await.unwrap()
    }

    async fn knows(&self, id: ApplicationId, secret: Option<&Secret<String>>) -> bool {
        let credentials = Credentials {
            client_id: id.to_string(),
            client_secret: secret.cloned(),
        };
        match self.oauth.authenticate(&credentials).await {
            Ok(application) => application.id == id,
            Err(ClientError::Unknown | ClientError::TooManyTries { .. }) => false,
            Err(ClientError::Store(error)) => panic!("{error}"),
        }
    }

    async fn uris(&self, id: ApplicationId) -> Vec<String> {
        let store = &self.bed.store;
        store
            .read(async |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await)
            .await
            .unwrap()
    }

    /// Actions of the audit log, newest first, one second apart.
    async fn audited(&self, id: ApplicationId) -> Vec<String> {
        let store = &self.bed.store;
        let entries = store
            .read(async |tx: &mut Tx<'_>| audit_log::newest(tx, id, 10).await)
            .await
            .unwrap();
        entries.into_iter().map(|entry| entry.action).collect()
    }

    fn pause(&self) {
        self.bed.clock.advance(Duration::from_secs(1));
    }
}

fn ladebaer() -> NewApplication {
    NewApplication {
        name: " Ladebär ".to_owned(),
        redirect_uris: vec![
            "http://localhost:8000/exchange".to_owned(),
            "https://ladebaer.test/callback".to_owned(),
        ],
        ..NewApplication::default()
    }
}

#[tokio::test]
async fn a_registered_application_can_prove_itself() {
    let registry = Registry::new().await;
    let new = registry.register(false).await;
    let id = new.application.id;
    assert_eq!(new.application.name, "Ladebär");
    assert_eq!(registry.uris(id).await, ladebaer().redirect_uris);
    assert!(registry.knows(id, new.client_secret.as_ref()).await);
    assert!(!registry.knows(id, None).await);
    let token = new.management_token.expose();
    let found = registry.oauth.authenticate_management(token).await;
    assert_eq!(found.unwrap(), id);
    let public = registry.register(true).await;
    assert!(public.client_secret.is_none() && public.application.require_pkce);
    assert!(registry.knows(public.application.id, None).await);
}

#[tokio::test]
async fn what_cannot_be_registered_is_told_and_leaves_nothing() {
    let registry = Registry::new().await;
    for (name, uris, expected) in [
        (
            "  ",
            vec![],
            "An application needs a name of 1 to 60 characters.",
        ),
        (
            &*"ü".repeat(61),
            vec![],
            "An application needs a name of 1 to 60 characters.",
        ),
        (
            "Ladebär",
            vec!["http://ladebaer.test/".to_owned()],
            "http://ladebaer.test/: Use https. Plain http is allowed for localhost only.",
        ),
        (
            "Ladebär",
            vec!["https://ladebaer.test/".to_owned(); 51],
            "An application has at most 50 redirect URIs. Remove one first.",
        ),
    ] {
        let new = NewApplication {
            name: name.to_owned(),
            redirect_uris: uris,
            ..NewApplication::default()
        };
        let refused = registry.applications.register(new).await.unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }
    let store = &registry.bed.store;
    let listed = store
        .scan(async |tx: &mut Tx<'_>| applications::list(tx).await)
        .await;
    assert!(listed.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_draw_finds_the_same_application_and_changes_nothing() {
    let registry = Registry::new().await;
    let drawn = async |name: &str| {
        let new = NewApplication {
            name: name.to_owned(),
            ..ladebaer()
        };
        let rng = SeededRng::new(5, 0);
        let registered = registry.applications.register_drawn_from(new, &rng).await;
        registered.unwrap()
    };
    let first = drawn("First").await;
    let again = drawn("Again").await;
    let id = first.application.id;
    assert_eq!(again.application.id, id);
    assert_eq!(again.client_secret, first.client_secret);
    assert_eq!(again.management_token, first.management_token);
    let store = &registry.bed.store;
    let kept = store
        .read(async |tx: &mut Tx<'_>| applications::find(tx, id).await)
        .await;
    assert_eq!(kept.unwrap().unwrap().name, "First");
}

#[tokio::test]
async fn a_rotated_secret_overlaps_with_the_old_one() {
    let registry = Registry::new().await;
    let new = registry.register(false).await;
    let (id, old) = (new.application.id, new.client_secret);
    let overlap = Duration::from_hours(24);
    let secret = registry.applications.rotate_secret(id, overlap).await;
    let secret = Some(secret.unwrap().secret);
    assert_ne!(secret, old);
    assert!(registry.knows(id, secret.as_ref()).await);
    assert!(registry.knows(id, old.as_ref()).await);
    registry.bed.clock.advance(overlap);
    assert!(registry.knows(id, secret.as_ref()).await);
    assert!(!registry.knows(id, old.as_ref()).await);
    let at_once = registry
        .applications
        .rotate_secret(id, Duration::ZERO)
        .await;
    assert!(registry.knows(id, Some(&at_once.unwrap().secret)).await);
    assert!(!registry.knows(id, secret.as_ref()).await);
}

#[tokio::test]
async fn a_rotated_management_token_replaces_the_old_one_at_once() {
    let registry = Registry::new().await;
    let new = registry.register(false).await;
    let id = new.application.id;
    let token = registry.applications.rotate_token(id).await.unwrap();
    let ask = async |token: &Secret<String>| {
        let found = registry.oauth.authenticate_management(token.expose()).await;
        found.is_ok_and(|found| found == id)
    };
    assert!(ask(&token).await);
    assert!(!ask(&new.management_token).await);
    // It can be read again with the key, at its place only.
    let kept = registry.applications.keep(id, &token);
    let place = format!("applications/{id}/management_token");
    assert_eq!(registry.sealer.open(&kept.sealed, &place), Ok(token));
}

#[tokio::test]
async fn changes_are_audited_and_need_an_application() {
    let registry = Registry::new().await;
    let applications = &registry.applications;
    let id = registry.register(false).await.application.id;
    registry.pause();
    let uri = "https://ladebaer.test/more";
    assert!(applications.add_redirect_uri(id, uri).await.unwrap());
    assert!(!applications.add_redirect_uri(id, uri).await.unwrap());
    let refused = applications.add_redirect_uri(id, "nowhere").await;
    assert!(matches!(refused, Err(ApplicationError::RedirectUri { .. })));
    registry.pause();
    assert!(applications.remove_redirect_uri(id, uri).await.unwrap());
    assert!(!applications.remove_redirect_uri(id, uri).await.unwrap());
    registry.pause();
    applications
        .rotate_secret(id, Duration::ZERO)
        .await
        .unwrap();
    registry.pause();
    applications.rotate_token(id).await.unwrap();
    registry.pause();
    assert!(applications.suspend(id).await.unwrap());
    assert!(!applications.suspend(id).await.unwrap());
    registry.pause();
    assert!(applications.resume(id).await.unwrap());
    assert!(!applications.resume(id).await.unwrap());
    registry.pause();
    applications.delete(id).await.unwrap();
    let expected = [
        "application.deleted",
        "application.resumed",
        "application.suspended",
        "management_token.rotated",
        "client_secret.rotated",
        "redirect_uri.removed",
        "redirect_uri.added",
        "application.created",
    ];
    assert_eq!(registry.audited(id).await, expected);
    assert!(registry.bed.clock.now() > carport_testkit::FixedClock::START);
    for outcome in [
        applications.add_redirect_uri(id, uri).await.map(drop),
        applications.remove_redirect_uri(id, uri).await.map(drop),
        applications
            .rotate_secret(id, Duration::ZERO)
            .await
            .map(drop),
        applications.rotate_token(id).await.map(drop),
        applications.suspend(id).await.map(drop),
        applications.resume(id).await.map(drop),
        applications.delete(id).await,
    ] {
        assert!(
            matches!(outcome, Err(ApplicationError::Unknown)),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_fifty_first_redirect_uri_is_refused() {
    let registry = Registry::new().await;
    let id = registry.register(false).await.application.id;
    for number in 2..50 {
        let uri = format!("https://ladebaer.test/{number}");
        let added = registry.applications.add_redirect_uri(id, &uri).await;
        assert!(added.unwrap());
    }
    let refused = registry
        .applications
        .add_redirect_uri(id, "https://ladebaer.test/50")
        .await;
    assert!(matches!(
        refused,
        Err(ApplicationError::TooManyRedirectUris)
    ));
    assert_eq!(registry.uris(id).await.len(), 50);
}

#[tokio::test]
async fn a_secret_is_revoked_alone_and_a_public_client_has_none() {
    let registry = Registry::new().await;
    let applications = registry.applications.acting_as("member 7");
    let new = registry.register(false).await;
    let (id, old) = (new.application.id, new.client_secret);
    let rotated = applications
        .rotate_secret(id, Duration::from_hours(1))
        .await;
    let secret = rotated.unwrap().secret;
    let rows = applications.secrets(id).await.unwrap();
    let ends: Vec<_> = rows.iter().map(|row| row.expires_at.is_some()).collect();
    assert_eq!(ends.iter().filter(|ends| **ends).count(), 1);
    let row = rows.iter().find(|row| row.expires_at.is_none()).unwrap();
    assert!(secret.expose().ends_with(row.hint.as_deref().unwrap()));
    applications.revoke_secret(id, &row.id).await.unwrap();
    assert!(!registry.knows(id, Some(&secret)).await);
    assert!(registry.knows(id, old.as_ref()).await);
    let again = applications.revoke_secret(id, &row.id).await;
    assert!(matches!(again, Err(ApplicationError::UnknownSecret)));
    let entries = registry
        .bed
        .store
        .read(async move |tx: &mut Tx<'_>| audit_log::newest(tx, id, 9).await)
        .await;
    let entries: Result<_, StoreError> = entries;
    let entries = entries.unwrap();
    let revoked = entries
        .iter()
        .find(|entry| entry.action == "client_secret.revoked");
    let revoked = revoked.unwrap();
    assert_eq!(
        (revoked.actor.as_str(), revoked.detail.as_str()),
        ("member 7", row.id.as_str())
    );
    let public = registry.register(true).await.application.id;
    let refused = applications.rotate_secret(public, Duration::ZERO).await;
    assert!(matches!(refused, Err(ApplicationError::Public)));
}

#[tokio::test]
async fn ten_secrets_work_at_once_and_ended_ones_make_room() {
    let registry = Registry::new().await;
    let id = registry.register(false).await.application.id;
    let hour = Duration::from_hours(1);
    for _ in 1..MAX_SECRETS {
        registry.applications.rotate_secret(id, hour).await.unwrap();
    }
    let refused = registry.applications.rotate_secret(id, hour).await;
    assert!(matches!(refused, Err(ApplicationError::TooManySecrets)));
    registry.bed.clock.advance(hour);
    registry.applications.rotate_secret(id, hour).await.unwrap();
    assert_eq!(registry.applications.secrets(id).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_machine_credential_keeps_its_client_id_while_it_has_secrets() {
    let registry = Registry::new().await;
    let (applications, id) = (
        &registry.applications,
        registry.register(false).await.application.id,
    );
    assert_eq!(applications.machine_credential(id).await.unwrap(), None);
    let mut made = Vec::new();
    for _ in 0..MAX_MACHINE_SECRETS {
        made.push(applications.add_machine_secret(id).await.unwrap());
    }
    let client_id = made[0].client_id.clone();
    assert_eq!(client_id.len(), "client_".len() + 26);
    assert!(made.iter().all(|made| made.client_id == client_id));
    let refused = applications.add_machine_secret(id).await;
    assert!(matches!(
        refused,
        Err(ApplicationError::TooManyMachineSecrets)
    ));
    let found = applications.machine_credential(id).await.unwrap().unwrap();
    assert_eq!(
        (found.client_id.as_str(), found.secrets.len()),
        (client_id.as_str(), 3)
    );
    for made in &made {
        applications
            .remove_machine_secret(id, &made.id)
            .await
            .unwrap();
    }
    assert_eq!(applications.machine_credential(id).await.unwrap(), None);
    let again = applications.remove_machine_secret(id, &made[0].id).await;
    assert!(matches!(again, Err(ApplicationError::UnknownSecret)));
}

#[tokio::test]
async fn texts_state_default_and_token() {
    let registry = Registry::new().await;
    let applications = &registry.applications;
    let new = registry.register(false).await;
    let id = new.application.id;
    let change = TextChange {
        name: Some("Wanderbär".to_owned()),
        description: Some(" Walks. ".to_owned()),
        ..TextChange::default()
    };
    assert!(applications.describe(id, change.clone()).await.unwrap());
    assert!(!applications.describe(id, change).await.unwrap());
    let listed = applications.listed(id).await.unwrap();
    assert_eq!(listed.application.name, "Wanderbär");
    assert_eq!(listed.description.as_deref(), Some("Walks."));
    let nameless = TextChange {
        name: Some(String::new()),
        ..TextChange::default()
    };
    let refused = applications.describe(id, nameless).await;
    assert!(matches!(refused, Err(ApplicationError::Name)));
    assert_eq!(
        applications.reveal_token(id).await.unwrap(),
        new.management_token
    );
    assert!(applications.enable(id, false).await.unwrap());
    assert!(!registry.knows(id, new.client_secret.as_ref()).await);
    assert!(applications.enable(id, true).await.unwrap());
    assert!(registry.knows(id, new.client_secret.as_ref()).await);
    let second = "https://ladebaer.test/callback";
    assert!(
        applications
            .make_default_redirect_uri(id, second)
            .await
            .unwrap()
    );
    assert!(
        !applications
            .make_default_redirect_uri(id, second)
            .await
            .unwrap()
    );
    let refused = applications
        .make_default_redirect_uri(id, "https://x.test/")
        .await;
    assert!(matches!(refused, Err(ApplicationError::UnknownRedirectUri)));
    assert_eq!(
        applications.effect_of_deletion(id).await.unwrap(),
        Effect::default()
    );
    assert_eq!(
        registry.audited(id).await.len(),
        6,
        "created, renamed, shown, disabled, enabled, made default"
    );
}
