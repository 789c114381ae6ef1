//! Of many who try at once, exactly one wins: the guard is in the `WHERE`, not in what was read.

use std::sync::Arc;

use carport_model::{AccountId, BrandId, Digest, FamilyId, Mode};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::on_both_engines;
use super::seed::{NOW, after, progress};
use crate::{Tx, accounts, authorization_codes, connect_runs, token_pairs};

const RACERS: usize = 24;

/// What each of many tasks got that began at the same moment. A macro, because only with the
/// unit's own type at hand can the compiler see that its future may go to another thread.
macro_rules! race {
    ($database:ident, $unit:expr) => {{
        let start = Arc::new(Barrier::new(RACERS));
        let mut racers = JoinSet::new();
        for _ in 0..RACERS {
            let (store, start) = ($database.store.clone(), Arc::clone(&start));
            let unit = $unit;
            racers.spawn(async move {
                start.wait().await;
                store.write(unit).await.unwrap()
            });
        }
        racers.join_all().await
    }};
}

fn winners(won: &[bool]) -> usize {
    won.iter().filter(|won| **won).count()
}

on_both_engines! {
    async fn one_exchanges_a_code(database) {
        let owner = database.owner().await;
        let digest = database.code(&owner).await.digest;
        let won = race!(database, {
            let family = FamilyId::draw(&database.rng);
            async move |tx: &mut Tx<'_>| {
                authorization_codes::mark_exchanged(tx, &digest, family, after(1)).await
            }
        });
        assert_eq!(winners(&won), 1);
    }

    async fn one_uses_a_refresh_token_first(database) {
        let owner = database.owner().await;
        let won = race!(database, {
            let (token, application) = (owner.pair.refresh, owner.application);
            let next = token_pairs::NewPair {
                access: database.digest(),
                refresh: database.digest(),
                ..owner.pair.clone()
            };
            async move |tx: &mut Tx<'_>| {
                // Read first: everyone sees it unused, one wins all the same.
                let before = token_pairs::by_refresh_token(tx, &token).await?.unwrap();
                let won = token_pairs::rotate(tx, &token, application, &next).await?;
                assert!(!won || before.refreshed_at.is_none());
                Ok::<_, crate::StoreError>(won)
            }
        });
        assert_eq!(winners(&won), 1);
    }

    async fn one_rotates_a_refresh_token(database) {
        let owner = database.owner().await;
        let (start, mut racers) = (Arc::new(Barrier::new(RACERS)), JoinSet::new());
        for racer in 0..RACERS {
            let (store, start) = (database.store.clone(), Arc::clone(&start));
            let (token, application) = (owner.pair.refresh, owner.application);
            let pair = token_pairs::NewPair {
                access: Digest::of(&format!("access {racer}")),
                refresh: Digest::of(&format!("refresh {racer}")),
                ..owner.pair.clone()
            };
            racers.spawn(async move {
                start.wait().await;
                let unit = async move |tx: &mut Tx<'_>| {
                    token_pairs::rotate(tx, &token, application, &pair).await
                };
                store.write_alone(unit).await.unwrap()
            });
        }
        assert_eq!(winners(&racers.join_all().await), 1);
    }

    async fn one_ends_a_run(database) {
        let run = database.run(database.application().await).await.id;
        let won = race!(database, async move |tx: &mut Tx<'_>| {
            connect_runs::complete(tx, run, &progress(), after(1)).await
        });
        assert_eq!(winners(&won), 1);
    }

    async fn every_change_of_a_held_run_counts(database) {
        let run = database.run(database.application().await).await;
        let (id, before) = (run.id, run.progress.wrong_tries);
        let held = race!(database, async move |tx: &mut Tx<'_>| {
            let held = connect_runs::hold(tx, id).await?;
            let mut progress = connect_runs::find(tx, id).await?.unwrap().progress;
            progress.wrong_tries += 1;
            connect_runs::save(tx, id, &progress).await?;
            Ok::<_, crate::StoreError>(held)
        });
        let counted = u32::try_from(winners(&held)).unwrap();
        let run = database
            .read(async move |tx: &mut Tx<'_>| connect_runs::find(tx, id).await)
            .await;
        assert_eq!(usize::try_from(counted).unwrap(), held.len());
        assert_eq!(run.unwrap().progress.wrong_tries, before + counted);
    }

    async fn all_agree_on_the_id_of_a_new_account(database) {
        let ids = race!(database, {
            let fresh = AccountId::draw(&database.rng);
            async move |tx: &mut Tx<'_>| {
                let login = (Mode::Test, &BrandId::new("KIA"), "new@ladebaer.test");
                accounts::ensure(tx, fresh, login, NOW).await
            }
        });
        assert!(ids.iter().all(|id| *id == ids[0]));
    }
}
