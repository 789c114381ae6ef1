//! Codes, families and token pairs, one step after the other.

use std::time::Duration;

use carport_model::{Digest, FamilyId, Mode, Timestamp};

use super::on_both_engines;
use super::seed::{NOW, after};
use crate::{Tx, authorization_codes, grant_families, token_pairs};

on_both_engines! {
    async fn a_code_is_exchanged_once(database) {
        let owner = database.owner().await;
        let mut code = database.code(&owner).await;
        let (digest, unknown, family) = (code.digest, database.digest(), owner.family);
        let found = database
            .read(async |tx: &mut Tx<'_>| authorization_codes::find(tx, &digest).await)
            .await;
        assert_eq!(found.as_ref(), Some(&code));
        let marked = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([
                    authorization_codes::mark_exchanged(tx, &digest, family, after(3)).await?,
                    authorization_codes::mark_exchanged(tx, &digest, family, after(4)).await?,
                    authorization_codes::mark_exchanged(tx, &unknown, family, after(4)).await?,
                ])
            })
            .await;
        assert_eq!(marked, [true, false, false]);
        code.exchanged_at = Some(after(3));
        code.family = Some(family);
        database
            .read(async |tx: &mut Tx<'_>| {
                assert_eq!(authorization_codes::find(tx, &digest).await?.as_ref(), Some(&code));
                assert_eq!(authorization_codes::find(tx, &unknown).await?, None);
                Ok(())
            })
            .await;
    }

    async fn a_pair_is_found_by_either_token(database) {
        let owner = database.owner().await;
        database
            .read(async |tx: &mut Tx<'_>| {
                let access = token_pairs::access(tx, &owner.pair.access).await?.unwrap();
                assert_eq!((access.application, access.user), (owner.application, owner.user));
                assert_eq!((access.mode, access.issued_at), (Mode::Test, NOW));
                assert_eq!(access.expires_at, owner.pair.access_expires_at);
                let refresh = token_pairs::by_refresh_token(tx, &owner.pair.refresh).await?.unwrap();
                assert_eq!((refresh.family, refresh.application), (owner.family, owner.application));
                assert_eq!((refresh.user, refresh.mode), (owner.user, Mode::Test));
                assert_eq!(refresh.issued_at, NOW);
                assert_eq!(refresh.expires_at, NOW.plus(Duration::from_hours(60 * 24)));
                assert_eq!((refresh.refreshed_at, refresh.revoked), (None, false));
                // Neither serves as the other.
                assert!(token_pairs::access(tx, &owner.pair.refresh).await?.is_none());
                assert!(token_pairs::by_refresh_token(tx, &owner.pair.access).await?.is_none());
                Ok(())
            })
            .await;
    }

    async fn a_refresh_token_is_marked_once(database) {
        let owner = database.owner().await;
        let (token, application) = (owner.pair.refresh, owner.application);
        let next = [5, 6].map(|second| token_pairs::NewPair {
            access: database.digest(),
            refresh: database.digest(),
            issued_at: after(second),
            ..owner.pair.clone()
        });
        let marked = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([
                    token_pairs::rotate(tx, &token, application, &next[0]).await?,
                    token_pairs::rotate(tx, &token, application, &next[1]).await?,
                ])
            })
            .await;
        assert_eq!(marked, [true, false]);
        let found = database
            .read(async |tx: &mut Tx<'_>| token_pairs::by_refresh_token(tx, &token).await)
            .await;
        assert_eq!(found.unwrap().refreshed_at, Some(after(5)));
    }

    async fn only_a_plain_first_use_rotates(database) {
        let owner = database.owner().await;
        let (token, application, old) = (owner.pair.refresh, owner.application, owner.pair.clone());
        let stranger = database.application().await;
        let rotate = async |token: Digest, application, at: Timestamp| {
            let pair = token_pairs::NewPair {
                access: Digest::of(&format!("access at {at}")),
                refresh: Digest::of(&format!("refresh at {at}")),
                family: FamilyId::from_bytes([0; 16]),
                issued_at: at,
                ..old.clone()
            };
            let kept = pair.clone();
            let unit = async move |tx: &mut Tx<'_>| {
                token_pairs::rotate(tx, &token, application, &kept).await
            };
            let rotated = database.store.write_alone(unit).await.unwrap();
            let new = pair.refresh;
            let found = database
                .read(async |tx: &mut Tx<'_>| token_pairs::by_refresh_token(tx, &new).await)
                .await;
            assert_eq!(found.is_some(), rotated);
            (rotated, found.map(|pair| (pair.family, pair.issued_at)))
        };
        let (no, expiry) = ((false, None), owner.pair.refresh_expires_at);
        assert_eq!(rotate(Digest::of("unknown"), application, after(1)).await, no);
        assert_eq!(rotate(token, stranger, after(2)).await, no);
        assert_eq!(rotate(token, application, expiry).await, no);
        assert_eq!(rotate(token, application, after(3)).await, (true, Some((owner.family, after(3)))));
        assert_eq!(rotate(token, application, after(4)).await, no);
        let marked = database
            .read(async |tx: &mut Tx<'_>| token_pairs::by_refresh_token(tx, &token).await)
            .await;
        assert_eq!(marked.unwrap().refreshed_at, Some(after(3)));
        let family = owner.family;
        database
            .write(async move |tx: &mut Tx<'_>| grant_families::revoke(tx, family, "test", after(5)).await)
            .await;
        assert_eq!(rotate(Digest::of(&format!("refresh at {}", after(3))), application, after(6)).await, no);
    }

    async fn a_unit_that_was_to_run_one_statement_runs_no_other(database) {
        let owner = database.owner().await;
        let (token, application) = (owner.pair.refresh, owner.application);
        let next = token_pairs::NewPair {
            access: database.digest(),
            refresh: database.digest(),
            ..owner.pair
        };
        let unit = async move |tx: &mut Tx<'_>| {
            token_pairs::by_refresh_token(tx, &token).await?;
            token_pairs::rotate(tx, &token, application, &next).await
        };
        let outcome = database.store.write_alone(unit).await;
        assert_eq!(outcome.is_ok(), database.store.sqlite_path().is_some());
        let found = database
            .read(async |tx: &mut Tx<'_>| token_pairs::by_refresh_token(tx, &token).await)
            .await;
        assert_eq!(found.unwrap().refreshed_at.is_some(), outcome.is_ok());
    }

    async fn a_revoked_access_token_leaves_its_refresh_token(database) {
        let owner = database.owner().await;
        let token = owner.pair.access;
        let revoked = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([
                    token_pairs::revoke_access(tx, &token, after(5)).await?,
                    token_pairs::revoke_access(tx, &token, after(6)).await?,
                ])
            })
            .await;
        assert_eq!(revoked, [true, false]);
        database
            .read(async |tx: &mut Tx<'_>| {
                assert!(token_pairs::access(tx, &token).await?.is_none());
                let refresh = token_pairs::by_refresh_token(tx, &owner.pair.refresh).await?;
                assert!(!refresh.unwrap().revoked);
                Ok(())
            })
            .await;
    }

    async fn a_revoked_family_takes_all_its_pairs_along(database) {
        let owner = database.owner().await;
        let (family, unknown) = (owner.family, FamilyId::draw(&database.rng));
        let second = database.pair_of(family);
        let kept = second.clone();
        let revoked = database
            .write(async move |tx: &mut Tx<'_>| {
                token_pairs::insert(tx, &kept).await?;
                Ok([
                    grant_families::revoke(tx, family, "refresh token reused", after(5)).await?,
                    grant_families::revoke(tx, family, "revoked by client", after(6)).await?,
                    grant_families::revoke(tx, unknown, "revoked by client", after(6)).await?,
                ])
            })
            .await;
        assert_eq!(revoked, [true, false, false]);
        database
            .read(async |tx: &mut Tx<'_>| {
                for pair in [&owner.pair, &second] {
                    assert!(token_pairs::access(tx, &pair.access).await?.is_none());
                    let refresh = token_pairs::by_refresh_token(tx, &pair.refresh).await?;
                    assert!(refresh.unwrap().revoked);
                }
                Ok(())
            })
            .await;
    }
}
