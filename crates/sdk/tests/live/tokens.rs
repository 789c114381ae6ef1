//! Codes, refreshes, sessions, and the link to Connect.

use carport_sdk::{
    Access, Error, FileTokenStore, MemoryTokenStore, Mode, Paging, Pkce, Session, TokenStore,
};

use crate::support;

#[test]
fn a_code_works_once_and_a_refresh_keeps_the_old_token_alive() {
    support::on_carport(async |carport| {
        let client = carport.client()?;
        let code = carport.code("read_vin").await?;
        let first = client.exchange_code(&code).await?;
        let second = client
            .exchange_code(&code)
            .await
            .expect_err("the code is used up");
        assert!(!second.to_string().contains(&code), "{second}");
        let Error::OAuth(refusal) = second else {
            panic!("{second:?}")
        };
        assert_eq!(
            (refusal.error.as_str(), refusal.status_code),
            ("invalid_request", 400)
        );

        let fresh = client.exchange_refresh_token(&first.refresh_token).await?;
        assert_ne!(fresh.access_token, first.access_token);
        for access in [&first, &fresh] {
            carport.api()?.get_user(access).await?;
        }
        let bad = client.exchange_refresh_token(&"no-such-token".into()).await;
        assert!(matches!(bad, Err(Error::OAuth(_))), "{bad:?}");
        let wrong = carport_sdk::AuthClient::builder("nobody", "secret")
            .origins(client.origins().clone())
            .build()?;
        let Err(Error::OAuth(refusal)) = wrong.exchange_code(&code).await else {
            panic!("a stranger is let in")
        };
        assert_eq!(
            (refusal.error.as_str(), refusal.status_code),
            ("invalid_client", 401)
        );
        Ok(())
    });
}

#[test]
fn a_verifier_without_a_challenge_is_refused() {
    support::on_carport(async |carport| {
        let code = carport.code("read_vin").await?;
        let client = carport.client()?;
        let refused = client
            .exchange_code_with_pkce(&code, &Pkce::new([7; 32]))
            .await;
        assert!(matches!(refused, Err(Error::OAuth(_))), "{refused:?}");
        Ok(())
    });
}

/// The pair as it will be when its two hours are over.
fn aged(access: &Access) -> Access {
    Access {
        expiration: "2001-01-01T00:00:00Z".parse().expect("an instant"),
        ..access.clone()
    }
}

#[test]
fn a_session_refreshes_and_stores_what_it_got() {
    support::on_carport(async |carport| {
        let (client, api) = (carport.client()?, carport.api()?);
        let first = carport.access("read_odometer").await?;
        let folder = tempfile::tempdir()?;
        let store = FileTokenStore::new(folder.path().join("tokens.json"));
        let session = Session::new(client, store.clone());
        session.begin(aged(&first)).await?;
        let page = api.get_vehicles(&session, Paging::default()).await?;
        let car = api.vehicle(&page.vehicles[0], &session);
        assert!(car.odometer().await?.distance > 0.0);
        let stored = store.load().await?.ok_or("nothing is stored")?;
        assert_ne!(stored.access_token, first.access_token);
        assert_eq!(session.access_token().await?, stored.access_token);
        Ok(())
    });
}

#[test]
fn many_tasks_and_two_processes_share_one_owner() {
    support::on_carport(async |carport| {
        let (client, api) = (carport.client()?, carport.api()?);
        let first = carport.access("read_odometer").await?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("tokens.json");
        let sessions = [(); 2].map(|()| {
            // What two processes have in common is the file.
            Session::new(client.clone(), FileTokenStore::new(&path))
        });
        sessions[0].begin(aged(&first)).await?;
        let tasks: Vec<_> = (0..20)
            .map(|number| {
                let (api, session) = (api.clone(), sessions[number % 2].clone());
                tokio::spawn(async move { api.get_user(&session).await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await??.id.len(), 36);
        }
        Ok(())
    });
}

#[test]
fn a_session_replaces_a_token_that_the_server_refuses() {
    support::on_carport(async |carport| {
        let first = carport.access("read_odometer").await?;
        let session = Session::new(carport.client()?, MemoryTokenStore::default());
        let broken = Access {
            access_token: "00000000-0000-0000-0000-000000000000".into(),
            ..first
        };
        session.begin(broken).await?;
        assert_eq!(carport.api()?.get_user(&session).await?.id.len(), 36);
        Ok(())
    });
}

#[test]
fn the_connect_link_is_accepted() {
    support::on_carport(async |carport| {
        let url = carport
            .client()?
            .auth_url(["required:read_vin"])
            .mode(Mode::Test)
            .state("a b");
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let answer = browser.build()?.get(url.build()).send().await?;
        assert_eq!(answer.status(), 302);
        let onward = answer.headers()["location"].to_str()?;
        assert!(onward.contains("/connect/"), "{onward}");
        Ok(())
    });
}
