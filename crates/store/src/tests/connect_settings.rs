//! What applications have set about their side of Connect, and their logos.

use carport_model::{ApplicationId, BrandId, ConnectSettings, Engine};

use super::on_both_engines;
use crate::{Tx, applications, connect_settings};

fn settings() -> ConnectSettings {
    ConnectSettings {
        brands: vec![BrandId::new("KIA"), BrandId::new("MERCEDES_BENZ")],
        brand_engines: vec![Engine::Bev],
        countries: vec!["DE".to_owned()],
        default_country: Some("DE".to_owned()),
        engines: vec![Engine::Bev, Engine::Phev],
        unknown_engine: false,
        accent: Some("00819d".to_owned()),
        logo: Some("0123456789.svg".to_owned()),
        welcome: "Grüße — “Willkommen”".to_owned(),
        support: Some("mailto:help@ladebaer.test".to_owned()),
    }
}

on_both_engines! {
    async fn settings_read_back_and_reach_the_cached_client(database) {
        let id = database.application().await;
        let before = database.store.client(id).await.unwrap().unwrap();
        assert_eq!(*before.settings, ConnectSettings::default());
        let mut application = before.application.clone();
        application.default_scope = "required:read_odometer".parse().unwrap();
        application.require_pkce = true;
        application.send_iss = false;
        application.strict_required = true;
        let changed = application.clone();
        let saved = database
            .write(async move |tx: &mut Tx<'_>| {
                connect_settings::hold(tx, id).await?;
                connect_settings::hold(tx, id).await?;
                connect_settings::save(tx, &changed, &settings()).await
            })
            .await;
        assert!(saved);
        let after = database.store.client(id).await.unwrap().unwrap();
        assert_eq!((&after.application, &*after.settings), (&application, &settings()));
        database
            .read(async |tx: &mut Tx<'_>| {
                assert_eq!(connect_settings::find(tx, id).await?, settings());
                assert_eq!(applications::find(tx, id).await?.as_ref(), Some(&application));
                Ok(())
            })
            .await;
    }

    async fn an_application_that_is_gone_is_not_saved(database) {
        let (mut application, _) = database.new_application();
        application.id = ApplicationId::draw(&database.rng);
        let (id, kept) = (application.id, application.clone());
        let saved = database
            .write(async move |tx: &mut Tx<'_>| {
                connect_settings::save(tx, &kept, &settings()).await
            })
            .await;
        assert!(!saved);
        let held = database
            .store
            .write(async move |tx: &mut Tx<'_>| connect_settings::hold(tx, id).await)
            .await;
        assert!(held.is_err());
    }

    async fn a_logo_is_found_by_its_name_and_goes_with_its_application(database) {
        let (id, other) = (database.application().await, database.application().await);
        database
            .write(async move |tx: &mut Tx<'_>| {
                connect_settings::put_logo(tx, id, Some(("old.png", &[1]))).await?;
                connect_settings::put_logo(tx, id, Some(("new.svg", &[2, 3]))).await?;
                connect_settings::put_logo(tx, other, Some(("new.svg", &[4]))).await?;
                connect_settings::put_logo(tx, other, None).await?;
                connect_settings::hold(tx, id).await
            })
            .await;
        let found = async |application, name: &'static str| {
            database
                .read(async move |tx: &mut Tx<'_>| {
                    connect_settings::logo(tx, application, name).await
                })
                .await
        };
        assert_eq!(found(id, "new.svg").await, Some(vec![2, 3]));
        assert_eq!(found(id, "old.png").await, None);
        assert_eq!(found(other, "new.svg").await, None);
        let deleted = database
            .write(async move |tx: &mut Tx<'_>| applications::delete(tx, id).await)
            .await;
        assert!(deleted);
        assert_eq!(found(id, "new.svg").await, None);
    }
}
