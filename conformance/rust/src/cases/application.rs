//! Links, tokens, owners, compatibility.

use std::collections::HashMap;
use std::process::Command;

use anyhow::{Context as _, ensure};
use smartcar::auth_client::{AuthClient, AuthUrlOptionsBuilder};
use smartcar::error::Error;
use smartcar::{CompatibilityOptions, Permission, ScopeBuilder};
use smartcar::{get_compatibility, get_user, get_vehicles};

use super::expect::{
    access, answer, client, code_in, is_here, refusal, stranger, tell, unreadable,
};
use crate::owner::Owner;
use crate::ready::Ready;
use crate::suite::Suite;
use crate::suite::Way::{Failure, Fault, Success};

const OWNER: Owner<'_> = Owner {
    brand: "TESLA",
    email: "application@example.net",
};

fn scope() -> ScopeBuilder {
    ScopeBuilder::new().add_permission(Permission::ReadVin)
}

/// Builders, and the links they build.
pub async fn links(suite: &mut Suite, ready: &Ready) {
    let all = ScopeBuilder::with_all_permissions().permissions.len();
    let two = ScopeBuilder::new()
        .add_permission(Permission::ReadVin)
        .add_permissions([Permission::ReadVin, Permission::ReadFuel]);
    for (name, count, expected) in [
        (
            "ScopeBuilder::new",
            ScopeBuilder::new().permissions.len(),
            0,
        ),
        ("ScopeBuilder::add_permission", scope().permissions.len(), 1),
        ("ScopeBuilder::add_permissions", two.permissions.len(), 2),
        ("ScopeBuilder::with_all_permissions", all, 15),
    ] {
        let outcome = if count == expected {
            Ok(())
        } else {
            Err(anyhow::anyhow!("{count}"))
        };
        suite.note(name, Success, outcome);
    }

    let application = AuthClient::new(
        &ready.client_id,
        &ready.client_secret,
        &ready.redirect_uri,
        true,
    );
    suite
        .check("AuthClient::get_auth_url", Success, async {
            let link = application.get_auth_url(&two, None);
            is_here(&link, ready)?;
            code_in(&OWNER.allow(&link).await?).map(drop)
        })
        .await;
    suite
        .check("AuthClient::new", Success, async {
            let unknown = AuthClient::new("nobody", "secret", &ready.redirect_uri, true);
            let refused = OWNER.allow(&unknown.get_auth_url(&two, None)).await;
            ensure!(refused.is_err(), "Connect let an unknown application in");
            Ok(())
        })
        .await;
    suite.note("AuthClient::from_env", Success, {
        let found = client();
        let same = found.client_id == ready.client_id && found.redirect_uri == ready.redirect_uri;
        same.then_some(()).context("it is another application")
    });
    suite.note("AuthClient::from_env", Failure, without_environment());
    options(suite).await;
}

/// The crate panics; a second process can.
fn without_environment() -> anyhow::Result<()> {
    let child = Command::new(std::env::current_exe()?)
        .arg("from-env")
        .env_remove("SMARTCAR_CLIENT_ID")
        .output()?;
    let told = String::from_utf8_lossy(&child.stderr);
    ensure!(
        !child.status.success() && told.contains("SMARTCAR_CLIENT_ID"),
        "{told}"
    );
    Ok(())
}

/// What each option does to the run.
async fn options(suite: &mut Suite) {
    let link = |options: AuthUrlOptionsBuilder| client().get_auth_url(&scope(), Some(&options));
    let new = AuthUrlOptionsBuilder::new;
    suite.note("AuthUrlOptionsBuilder::new", Success, {
        let same = link(new()) == client().get_auth_url(&scope(), None);
        if same {
            Ok(())
        } else {
            Err(anyhow::anyhow!("no options are not none"))
        }
    });
    let flags = HashMap::from([("country".to_owned(), "DE".to_owned())]);
    for (name, options) in [
        (
            "AuthUrlOptionsBuilder::set_force_prompt",
            new().set_force_prompt(true),
        ),
        (
            "AuthUrlOptionsBuilder::set_make_bypass",
            new().set_make_bypass("TESLA".to_owned()),
        ),
        (
            "AuthUrlOptionsBuilder::set_single_select",
            new().set_single_select(true),
        ),
    ] {
        let allowed = async { code_in(&OWNER.allow(&link(options)).await?).map(drop) };
        suite.check(name, Success, allowed).await;
    }
    // The crate calls the parameter `flag`, which nobody reads; the run is one without flags.
    suite
        .check("AuthUrlOptionsBuilder::set_flags", Fault, async {
            let link = link(new().set_flags(&flags));
            ensure!(
                link.contains("&flag=") && !link.contains("&flags="),
                "{link}"
            );
            code_in(&OWNER.allow(&link).await?).map(drop)
        })
        .await;
    suite
        .check("AuthUrlOptionsBuilder::set_state", Success, async {
            let back = OWNER
                .allow(&link(new().set_state("a b".to_owned())))
                .await?;
            let state = back.query_pairs().find(|(name, _)| name == "state");
            ensure!(
                state.is_some_and(|(_, state)| state == "a b"),
                "{back} has no such state"
            );
            Ok(())
        })
        .await;
    suite
        .check(
            "AuthUrlOptionsBuilder::set_single_select_by_vin",
            Success,
            async {
                // The contract's vehicle that always succeeds (rest-v2, 8.1).
                let owner = Owner {
                    brand: "AUDI",
                    email: "smartcar@successful-request.com",
                };
                let one = new().set_single_select_by_vin("0SCAUDI037A5ADB1C".to_owned());
                code_in(&owner.allow(&link(one)).await?).map(drop)
            },
        )
        .await;
}

/// Codes, refreshes, and whom tokens belong to.
pub async fn tokens(suite: &mut Suite) {
    suite
        .check("AuthClient::exchange_code", Success, async {
            let access = access(&OWNER, &scope()).await?;
            ensure!(
                (access.expires_in, &*access.token_type) == (7200, "Bearer"),
                "{access:?}"
            );
            ensure!(
                access.access_token.len() == 36 && access.refresh_token.len() == 36,
                "lengths"
            );
            Ok(())
        })
        .await;
    // The crate reads refusals of the token endpoint as errors of the API, which they are not.
    suite
        .check("AuthClient::exchange_code", Failure, async {
            unreadable(client().exchange_code("no-such-code").await)
        })
        .await;
    suite
        .check("AuthClient::exchange_refresh_token", Success, async {
            let old = access(&OWNER, &scope()).await?;
            let new = answer(client().exchange_refresh_token(&old.refresh_token).await)?;
            ensure!(
                new.access_token != old.access_token,
                "the token is the old one"
            );
            for access in [&old, &new] {
                answer(get_vehicles(access, None, None).await)?;
            }
            Ok(())
        })
        .await;
    suite
        .check("AuthClient::exchange_refresh_token", Failure, async {
            unreadable(client().exchange_refresh_token("no-such-token").await)
        })
        .await;
    suite
        .check("get_user", Success, async {
            let user = answer(get_user(&access(&OWNER, &scope()).await?).await)?;
            ensure!(user.id.len() == 36, "{user:?}");
            Ok(())
        })
        .await;
    suite
        .check("get_user", Failure, async {
            refusal(get_user(&stranger()).await, "AUTHENTICATION", None)
        })
        .await;
    suite
        .check("get_vehicles", Success, async {
            let access = access(&OWNER, &scope()).await?;
            let list = answer(get_vehicles(&access, Some(1), Some(0)).await)?;
            ensure!(
                list.vehicles.len() == 1 && list.paging.count >= 1,
                "{list:?}"
            );
            ensure!(list.paging.offset == 0, "{list:?}");
            Ok(())
        })
        .await;
    suite
        .check("get_vehicles", Failure, async {
            let access = access(&OWNER, &scope()).await?;
            refusal(
                get_vehicles(&access, Some(51), None).await,
                "VALIDATION",
                None,
            )?;
            refusal(
                get_vehicles(&stranger(), None, None).await,
                "AUTHENTICATION",
                None,
            )
        })
        .await;
}

/// Cars by their VIN, with the crate's own way to name the application.
pub async fn compatibility(suite: &mut Suite) {
    let scope =
        ScopeBuilder::new().add_permissions([Permission::ReadBattery, Permission::ReadFuel]);
    suite
        .check("get_compatibility", Success, async {
            let vin = "5YJXCDE22HF068739";
            let told = answer(get_compatibility(vin, &scope, "US", None).await)?;
            ensure!(told.compatible && told.reason.is_none(), "{told:?}");
            let endpoints: Vec<_> = told
                .capabilities
                .iter()
                .map(|entry| &*entry.endpoint)
                .collect();
            ensure!(
                endpoints.contains(&"/battery") && endpoints.contains(&"/fuel"),
                "{told:?}"
            );
            Ok(())
        })
        .await;
    suite
        .check("get_compatibility", Failure, async {
            let wrong = CompatibilityOptions {
                client_id: None,
                client_secret: Some("wrong".to_owned()),
                flags: Some(HashMap::from([("flag".to_owned(), "true".to_owned())])),
            };
            let refused = get_compatibility("5YJXCDE22HF068739", &scope, "US", Some(wrong)).await;
            refusal(refused, "AUTHENTICATION", None)?;
            let refused = get_compatibility("SHORT", &scope, "US", None).await;
            match refused {
                Err(Error::SmartcarError(_)) => refusal(refused, "VALIDATION", None),
                Err(other) => Err(tell(other)),
                Ok(_) => anyhow::bail!("SHORT is no VIN"),
            }
        })
        .await;
}
