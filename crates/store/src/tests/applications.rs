//! Applications, their secrets, redirect URIs, management tokens, audit entries and settings.

use carport_model::{ApplicationId, Digest};

use super::on_both_engines;
use super::seed::{NOW, after, kept};
use crate::application_lists::Place;
use crate::applications::{ManagementToken, Texts};
use crate::audit_log::{self, Entry};
use crate::{
    Tx, application_lists, applications, client_secrets, connections, machine_credentials,
    redirect_uris, settings, token_pairs, users,
};

on_both_engines! {
    async fn applications_read_back(database) {
        let (application, token) = database.new_application();
        let (kept, digest) = (application.clone(), token.digest);
        let id = application.id;
        database
            .write(async move |tx: &mut Tx<'_>| applications::insert(tx, &kept, &token).await)
            .await;
        let other = database.application().await;
        let unknown = ApplicationId::draw(&database.rng);
        database
            .read(async |tx: &mut Tx<'_>| {
                assert_eq!(applications::find(tx, id).await?.as_ref(), Some(&application));
                assert_eq!(applications::find(tx, unknown).await?, None);
                assert_eq!(applications::by_management_token(tx, &digest).await?, Some(id));
                let mut listed: Vec<_> =
                    applications::list(tx).await?.iter().map(|listed| listed.id).collect();
                listed.sort();
                let mut expected = vec![id, other];
                expected.sort();
                assert_eq!(listed, expected);
                Ok(())
            })
            .await;
    }

    async fn a_taken_id_is_refused(database) {
        let (application, token) = database.new_application();
        let again = ManagementToken { digest: database.digest(), ..token.clone() };
        let kept = application.clone();
        database
            .write(async move |tx: &mut Tx<'_>| applications::insert(tx, &kept, &token).await)
            .await;
        let refused = database
            .store
            .write(async move |tx: &mut Tx<'_>| applications::insert(tx, &application, &again).await)
            .await;
        assert!(matches!(refused, Err(crate::StoreError::Engine(_))), "{refused:?}");
    }

    async fn a_disabled_application_has_no_management_token(database) {
        let (mut application, token) = database.new_application();
        application.enabled = false;
        let digest = token.digest;
        database
            .write(async move |tx: &mut Tx<'_>| applications::insert(tx, &application, &token).await)
            .await;
        let found = database
            .read(async |tx: &mut Tx<'_>| applications::by_management_token(tx, &digest).await)
            .await;
        assert_eq!(found, None);
    }

    async fn a_suspension_begins_and_ends_once(database) {
        let owner = database.owner().await;
        let (id, unknown) = (owner.application, ApplicationId::draw(&database.rng));
        let is_suspended = async || {
            let grant = database.store.access_grant(&owner.pair.access).await.unwrap();
            let client = database.store.client(id).await.unwrap().unwrap();
            (grant.unwrap().is_suspended, client.application.suspended_at)
        };
        assert_eq!(is_suspended().await, (false, None));
        let changed = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([
                    applications::suspend(tx, id, None).await?,
                    applications::suspend(tx, id, Some(NOW)).await?,
                    applications::suspend(tx, id, Some(after(60))).await?,
                    applications::suspend(tx, unknown, Some(NOW)).await?,
                ])
            })
            .await;
        assert_eq!(changed, [false, true, false, false]);
        assert_eq!(is_suspended().await, (true, Some(NOW)));
        let resumed = database
            .write(async move |tx: &mut Tx<'_>| applications::suspend(tx, id, None).await)
            .await;
        assert!(resumed);
        assert_eq!(is_suspended().await, (false, None));
    }

    async fn a_new_management_token_ends_the_old_one(database) {
        let (application, token) = database.new_application();
        let (id, old, new) = (application.id, token.digest, database.digest());
        let unknown = ApplicationId::draw(&database.rng);
        let replaced = database
            .write(async move |tx: &mut Tx<'_>| {
                applications::insert(tx, &application, &token).await?;
                let token = ManagementToken { digest: new, sealed: vec![9] };
                Ok((
                    applications::replace_management_token(tx, id, &token).await?,
                    applications::replace_management_token(tx, unknown, &token).await?,
                ))
            })
            .await;
        assert_eq!(replaced, (true, false));
        database
            .read(async |tx: &mut Tx<'_>| {
                assert_eq!(applications::by_management_token(tx, &old).await?, None);
                assert_eq!(applications::by_management_token(tx, &new).await?, Some(id));
                Ok(())
            })
            .await;
    }

    async fn an_application_is_known_by_its_management_token(database) {
        let (application, token) = database.new_application();
        let id = application.id;
        let token = ManagementToken { digest: Digest::of("management"), ..token };
        database
            .write(async move |tx: &mut Tx<'_>| applications::insert(tx, &application, &token).await)
            .await;
        let found = database.store.managed_application("management").await.unwrap();
        assert_eq!(found, Some(id));
        for wrong in ["", "managemen", "Management"] {
            assert_eq!(database.store.managed_application(wrong).await.unwrap(), None);
        }
    }

    async fn deleting_an_application_takes_everything_along(database) {
        let owner = database.owner().await;
        database.code(&owner).await;
        database.run(owner.application).await;
        assert!(database.store.access_grant(&owner.pair.access).await.unwrap().is_some());
        let id = owner.application;
        let deleted = database
            .write(async move |tx: &mut Tx<'_>| {
                redirect_uris::add(tx, id, "https://ladebaer.test/callback").await?;
                Ok((applications::delete(tx, id).await?, applications::delete(tx, id).await?))
            })
            .await;
        assert_eq!(deleted, (true, false));
        assert!(database.store.access_grant(&owner.pair.access).await.unwrap().is_none());
        database
            .read(async |tx: &mut Tx<'_>| {
                let login = (
                    carport_model::Mode::Test,
                    &carport_model::BrandId::new("TESLA"),
                    "owner@ladebaer.test",
                );
                assert_eq!(users::find(tx, id, login).await?, None);
                assert!(connections::find(tx, owner.user, owner.vehicle).await?.is_none());
                assert!(token_pairs::by_refresh_token(tx, &owner.pair.refresh).await?.is_none());
                assert!(redirect_uris::list(tx, id).await?.is_empty());
                Ok(())
            })
            .await;
    }

    async fn secrets_end_when_they_are_told_to(database) {
        let id = database.application().await;
        let (old, new) = (database.digest(), database.digest());
        let ended = database
            .write(async move |tx: &mut Tx<'_>| {
                client_secrets::insert(tx, id, &kept(old), NOW).await?;
                let ended = client_secrets::expire_all(tx, id, after(60)).await?;
                client_secrets::insert(tx, id, &kept(new), NOW).await?;
                Ok(ended)
            })
            .await;
        assert_eq!(ended, 1);
        database
            .read(async |tx: &mut Tx<'_>| {
                let secrets = client_secrets::list(tx, id).await?;
                let working = |now| {
                    let works = secrets.iter().filter(|secret| secret.works_at(now));
                    works.map(|secret| secret.digest).collect::<Vec<_>>()
                };
                assert!(working(after(59)).contains(&old) && working(after(59)).contains(&new));
                assert_eq!(working(after(60)), [new]);
                let unknown = ApplicationId::draw(&database.rng);
                assert!(client_secrets::list(tx, unknown).await?.is_empty());
                Ok(())
            })
            .await;
    }

    async fn a_redirect_uri_counts_while_its_application_does(database) {
        const URI: &str = "https://cars.test/v2/redirect?app_origin=https://ladebaer.test";
        let (mut disabled, token) = database.new_application();
        disabled.enabled = false;
        let id = database.application().await;
        database
            .write(async move |tx: &mut Tx<'_>| {
                applications::insert(tx, &disabled, &token).await?;
                redirect_uris::add(tx, disabled.id, URI).await?;
                assert!(!redirect_uris::is_registered(tx, URI).await?);
                redirect_uris::add(tx, id, URI).await?;
                assert!(redirect_uris::is_registered(tx, URI).await?);
                assert!(!redirect_uris::is_registered(tx, &URI[..URI.len() - 1]).await?);
                redirect_uris::remove(tx, id, URI).await?;
                assert!(!redirect_uris::is_registered(tx, URI).await?);
                Ok(())
            })
            .await;
    }

    async fn the_first_redirect_uri_is_the_default(database) {
        let (id, other) = (database.application().await, database.application().await);
        let added = database
            .write(async move |tx: &mut Tx<'_>| {
                redirect_uris::add(tx, other, "https://other.test/").await?;
                Ok([
                    redirect_uris::add(tx, id, "https://z.test/").await?,
                    redirect_uris::add(tx, id, "https://a.test/").await?,
                    redirect_uris::add(tx, id, "https://z.test/").await?,
                ])
            })
            .await;
        assert_eq!(added, [true, true, false]);
        let removed = database
            .write(async move |tx: &mut Tx<'_>| {
                assert_eq!(redirect_uris::list(tx, id).await?, ["https://z.test/", "https://a.test/"]);
                Ok([
                    redirect_uris::remove(tx, id, "https://z.test/").await?,
                    redirect_uris::remove(tx, id, "https://z.test/").await?,
                    redirect_uris::add(tx, id, "https://z.test/").await?,
                ])
            })
            .await;
        assert_eq!(removed, [true, false, true]);
        let listed = database
            .read(async |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await)
            .await;
        assert_eq!(listed, ["https://a.test/", "https://z.test/"]);
    }

    async fn the_audit_log_tells_the_newest_first(database) {
        let (id, other) = (database.application().await, database.application().await);
        let entry = |second, application| Entry {
            at: after(second),
            application,
            actor: "client".to_owned(),
            action: "grant_family.revoked".to_owned(),
            detail: format!("second {second}"),
        };
        let entries = [entry(1, id), entry(3, id), entry(2, id), entry(4, other)];
        let newest = entries[1].clone();
        database
            .write(async move |tx: &mut Tx<'_>| {
                for entry in &entries {
                    audit_log::append(tx, entry).await?;
                }
                Ok(())
            })
            .await;
        let found = database
            .read(async |tx: &mut Tx<'_>| audit_log::newest(tx, id, 2).await)
            .await;
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], newest);
        assert_eq!(found[1].detail, "second 2");
    }

    async fn seed_generations_count_up(database) {
        for expected in 0..12 {
            let generation = database
                .write(async |tx: &mut Tx<'_>| settings::next_seed_generation(tx).await)
                .await;
            assert_eq!(generation, expected);
        }
    }

    async fn texts_and_state_change(database) {
        let owner = database.owner().await;
        let (id, unknown) = (owner.application, ApplicationId::draw(&database.rng));
        assert!(database.store.client(id).await.unwrap().is_some());
        let texts = Texts {
            name: "Wanderbär".to_owned(),
            privacy_url: None,
            description: Some("Walks.".to_owned()),
        };
        let kept = texts.clone();
        let changed = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([
                    applications::hold(tx, id).await?,
                    applications::hold(tx, unknown).await?,
                    applications::rewrite(tx, id, &kept).await?,
                    applications::rewrite(tx, unknown, &kept).await?,
                    applications::enable(tx, id, true).await?,
                    applications::enable(tx, id, false).await?,
                    applications::enable(tx, unknown, false).await?,
                ])
            })
            .await;
        assert_eq!(changed, [true, false, true, false, false, true, false]);
        let client = database.store.client(id).await.unwrap().unwrap();
        assert_eq!(client.application.name, texts.name);
        assert!(!client.application.enabled);
        assert!(database.store.access_grant(&owner.pair.access).await.unwrap().is_none());
        database
            .read(async |tx: &mut Tx<'_>| {
                let listed = application_lists::find(tx, id).await?.unwrap();
                assert_eq!(listed.description, texts.description);
                assert_eq!(listed.application.privacy_url, None);
                assert_eq!(application_lists::find(tx, unknown).await?, None);
                let sealed = applications::sealed_management_token(tx, id).await?;
                assert_eq!(sealed, Some(vec![1, 2, 3]));
                assert_eq!(applications::sealed_management_token(tx, unknown).await?, None);
                assert_eq!(users::count(tx, id, 10).await?, 1);
                assert_eq!(users::count(tx, unknown, 10).await?, 0);
                Ok(())
            })
            .await;
    }

    async fn lists_go_on_after_a_place(database) {
        let mut made = Vec::new();
        for (number, name) in ["Bär 100%", "bÄR_x", "Hund", "bär\\", "BR"].into_iter().enumerate() {
            let (mut application, token) = database.new_application();
            application.name = name.to_owned();
            // Two of one millisecond.
            application.created_at = after(number as u64 / 2);
            made.push(Place::of(&application));
            database
                .write(async move |tx: &mut Tx<'_>| applications::insert(tx, &application, &token).await)
                .await;
        }
        made.sort();
        made.reverse();
        database
            .read(async |tx: &mut Tx<'_>| {
                let mut seen = Vec::new();
                let mut at = None;
                loop {
                    let page = application_lists::page(tx, "", at, 2).await?;
                    let places = page.iter().map(|listed| Place::of(&listed.application));
                    seen.extend(places);
                    at = seen.last().copied();
                    if page.len() < 2 {
                        break;
                    }
                }
                assert_eq!(seen, made);
                let mut names = Vec::new();
                for text in ["B", "%", "_", "\\", "hUND", "\0", "x%"] {
                    names.push(application_lists::page(tx, text, None, 9).await?.len());
                }
                assert_eq!(names, [4, 1, 1, 1, 1, 5, 0]);
                Ok(())
            })
            .await;
    }

    async fn secrets_are_told_apart_and_removed(database) {
        let (id, other) = (database.application().await, database.application().await);
        let (first, second) = (database.digest(), database.digest());
        database
            .write(async move |tx: &mut Tx<'_>| {
                client_secrets::insert(tx, id, &kept(first), NOW).await?;
                client_secrets::insert(tx, id, &kept(second), after(1)).await
            })
            .await;
        assert_eq!(database.store.client(id).await.unwrap().unwrap().secrets.len(), 2);
        let removed = database
            .write(async move |tx: &mut Tx<'_>| {
                let details = client_secrets::details(tx, id).await?;
                assert_eq!(details[0].secret.digest, second);
                assert_eq!(details[0].created_at, after(1));
                assert_eq!(details[1].hint.as_deref(), Some("wxyz"));
                Ok([
                    client_secrets::remove(tx, other, &first).await?,
                    client_secrets::remove(tx, id, &first).await?,
                    client_secrets::remove(tx, id, &first).await?,
                ])
            })
            .await;
        assert_eq!(removed, [false, true, false]);
        // The cache is told.
        assert_eq!(database.store.client(id).await.unwrap().unwrap().secrets.len(), 1);
        let swept = database
            .write(async move |tx: &mut Tx<'_>| {
                client_secrets::expire_all(tx, id, after(90)).await?;
                // A nearer end counts, a later one does not.
                let ended = [
                    client_secrets::expire_all(tx, id, after(60)).await?,
                    client_secrets::expire_all(tx, id, after(90)).await?,
                ];
                assert_eq!(ended, [1, 0]);
                Ok([
                    client_secrets::sweep(tx, id, after(59)).await?,
                    client_secrets::sweep(tx, id, after(60)).await?,
                ])
            })
            .await;
        assert_eq!(swept, [0, 1]);
    }

    async fn a_machine_credential_has_secrets(database) {
        let (id, other) = (database.application().await, database.application().await);
        let (first, second) = (database.digest(), database.digest());
        database
            .write(async move |tx: &mut Tx<'_>| {
                assert_eq!(machine_credentials::find(tx, id).await?, None);
                assert_eq!(machine_credentials::ensure(tx, id, "client_a", NOW).await?, "client_a");
                assert_eq!(machine_credentials::ensure(tx, id, "client_b", NOW).await?, "client_a");
                machine_credentials::ensure(tx, other, "client_c", NOW).await?;
                machine_credentials::add_secret(tx, "client_a", &kept(first), NOW).await?;
                machine_credentials::add_secret(tx, "client_a", &kept(second), after(1)).await
            })
            .await;
        database
            .write(async move |tx: &mut Tx<'_>| {
                let found = machine_credentials::find(tx, id).await?;
                assert_eq!(found, Some(("client_a".to_owned(), NOW)));
                let secrets = machine_credentials::secrets(tx, "client_a").await?;
                assert_eq!(secrets[0].digest, second);
                assert_eq!((secrets[1].hint.as_str(), secrets[1].created_at), ("wxyz", NOW));
                let removed = [
                    machine_credentials::remove_secret(tx, "client_c", &first).await?,
                    machine_credentials::remove_secret(tx, "client_a", &first).await?,
                    machine_credentials::remove(tx, id).await?,
                    machine_credentials::remove(tx, id).await?,
                ];
                assert_eq!(removed, [false, true, true, false]);
                assert!(machine_credentials::secrets(tx, "client_a").await?.is_empty());
                Ok(())
            })
            .await;
    }

    async fn another_redirect_uri_becomes_the_default(database) {
        let (id, other) = (database.application().await, database.application().await);
        let uris = ["https://a.test/", "https://b.test/", "https://c.test/"];
        let listed = database
            .write(async move |tx: &mut Tx<'_>| {
                for uri in uris {
                    redirect_uris::add(tx, id, uri).await?;
                    redirect_uris::add(tx, other, uri).await?;
                }
                assert!(redirect_uris::make_default(tx, id, uris[2]).await?);
                assert!(redirect_uris::make_default(tx, id, uris[1]).await?);
                assert!(!redirect_uris::make_default(tx, id, "https://d.test/").await?);
                assert_eq!(redirect_uris::list(tx, other).await?, uris);
                redirect_uris::list(tx, id).await
            })
            .await;
        assert_eq!(listed, [uris[1], uris[2], uris[0]]);
    }
}
