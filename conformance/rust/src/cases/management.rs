//! Connections by the management token.

use anyhow::{Context as _, bail, ensure};
use smartcar::error::Error;
use smartcar::{
    DeleteConnectionsFilters, GetConnectionsFilters, GetConnectionsPaging, ScopeBuilder,
};
use smartcar::{delete_connections, get_connections, get_user};

use super::expect::{access, answer, refusal, tell};
use crate::owner::Owner;
use crate::ready::Ready;
use crate::suite::Suite;
use crate::suite::Way::{Failure, Success};

/// Lists and deletes what an owner of its own connects.
pub async fn run(suite: &mut Suite, ready: &Ready) -> anyhow::Result<()> {
    let owner = Owner {
        brand: "BMW",
        email: "2-vehicles@smartcar.com",
    };
    let access = access(&owner, &ScopeBuilder::with_all_permissions()).await?;
    let user = answer(get_user(&access).await)?.id;
    let token = ready.management_token.as_str();
    let of_user = || {
        Some(GetConnectionsFilters {
            vehicle_id: None,
            user_id: Some(user.clone()),
        })
    };
    let page = |cursor_id| {
        Some(GetConnectionsPaging {
            cursor_id,
            limit: Some(1),
        })
    };

    suite
        .check("get_connections", Success, async {
            let first = answer(get_connections(token, of_user(), page(None)).await)?;
            let [connection] = &first.connections[..] else {
                bail!("one was asked for: {first:?}");
            };
            ensure!(
                connection.user_id == user && connection.mode == "test",
                "{connection:?}"
            );
            let cursor = first.paging.cursor.context("there is a second page")?;
            let second = answer(get_connections(token, of_user(), page(Some(cursor))).await)?;
            ensure!(
                second.connections.len() == 1 && second.paging.cursor.is_none(),
                "{second:?}"
            );
            ensure!(
                second.connections[0].vehicle_id != connection.vehicle_id,
                "the page is the first"
            );
            Ok(())
        })
        .await;
    suite
        .check("get_connections", Failure, async {
            refusal(
                get_connections("wrong", None, None).await,
                "AUTHENTICATION",
                None,
            )
        })
        .await;
    suite
        .check("delete_connections", Success, async {
            let gone = || {
                Some(DeleteConnectionsFilters {
                    vehicle_id: None,
                    user_id: Some(user.clone()),
                })
            };
            ensure!(
                answer(delete_connections(token, gone()).await)?
                    .connections
                    .len()
                    == 2,
                "not two"
            );
            ensure!(
                answer(delete_connections(token, gone()).await)?
                    .connections
                    .is_empty(),
                "twice"
            );
            refusal(get_user(&access).await, "AUTHENTICATION", None)
        })
        .await;
    suite
        .check("delete_connections", Failure, async {
            refusal(delete_connections(token, None).await, "VALIDATION", None)?;
            let both = Some(DeleteConnectionsFilters {
                vehicle_id: Some("v".to_owned()),
                user_id: Some("u".to_owned()),
            });
            match delete_connections(token, both).await {
                Err(Error::DeleteConnectionsFilterValidationError) => Ok(()),
                Err(other) => Err(tell(other)),
                Ok(_) => bail!("the crate lets both through"),
            }
        })
        .await;
    Ok(())
}
