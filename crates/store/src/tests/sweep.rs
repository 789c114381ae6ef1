//! Sweeping drops what cannot matter any more and nothing else.

use std::time::Duration;

use carport_model::{FamilyId, Timestamp, VehicleId};

use super::database::Database;
use super::on_both_engines;
use super::seed::NOW;
use crate::sweep::{Swept, sweep};
use crate::vehicle_calls::{self, Calls};
use crate::{Tx, authorization_codes, connect_runs, token_pairs};

async fn swept(database: &Database, now: Timestamp) -> Swept {
    database
        .write(async move |tx: &mut Tx<'_>| sweep(tx, now).await)
        .await
}

fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

on_both_engines! {
    async fn pairs_go_when_both_tokens_have_expired(database) {
        let owner = database.owner().await;
        let end = owner.pair.refresh_expires_at;
        // Its access token lives longer than its refresh token.
        let mut odd = database.pair_of(owner.family);
        odd.access_expires_at = end.plus(days(1));
        let kept = odd.clone();
        database.write(async move |tx: &mut Tx<'_>| token_pairs::insert(tx, &kept).await).await;
        assert_eq!(swept(database, end).await.token_pairs, 0);
        assert_eq!(swept(database, end.plus(Duration::from_millis(1))).await.token_pairs, 1);
        database
            .read(async |tx: &mut Tx<'_>| {
                assert!(token_pairs::access(tx, &owner.pair.access).await?.is_none());
                assert!(token_pairs::access(tx, &odd.access).await?.is_some());
                Ok(())
            })
            .await;
    }

    async fn codes_stay_a_day_to_tell_a_replay(database) {
        let owner = database.owner().await;
        let code = database.code(&owner).await;
        let (digest, family) = (code.digest, FamilyId::draw(&database.rng));
        database
            .write(async move |tx: &mut Tx<'_>| {
                authorization_codes::mark_exchanged(tx, &digest, family, NOW).await
            })
            .await;
        let end = code.expires_at.plus(days(1));
        assert_eq!(swept(database, end).await, Swept::default());
        let found = database
            .read(async |tx: &mut Tx<'_>| authorization_codes::find(tx, &digest).await)
            .await;
        assert!(found.is_some());
        let dropped = swept(database, end.plus(Duration::from_millis(1))).await;
        assert_eq!(dropped, Swept { codes: 1, ..Swept::default() });
    }

    async fn runs_stay_a_fortnight(database) {
        let application = database.application().await;
        let run = database.run(application).await;
        let end = run.expires_at.plus(days(14));
        assert_eq!(swept(database, end).await, Swept::default());
        let dropped = swept(database, end.plus(Duration::from_millis(1))).await;
        assert_eq!(dropped, Swept { runs: 1, ..Swept::default() });
        let found = database
            .read(async |tx: &mut Tx<'_>| connect_runs::find(tx, run.id).await)
            .await;
        assert_eq!(found, None);
    }

    async fn calls_of_this_month_and_the_last_stay(database) {
        let vehicle = VehicleId::draw(&database.rng);
        let months = [NOW, NOW.minus(days(2)), NOW.minus(days(40)), NOW.minus(days(400))];
        let calls = months.map(|at| Calls { vehicle, month: at.month(), calls: 3 });
        database.write(async move |tx: &mut Tx<'_>| vehicle_calls::add(tx, &calls).await).await;
        assert_eq!(swept(database, NOW).await, Swept { calls: 2, ..Swept::default() });
        let left = async |at: Timestamp| {
            database
                .read(async move |tx: &mut Tx<'_>| vehicle_calls::of(tx, vehicle, at.month()).await)
                .await
        };
        assert_eq!((left(months[0]).await, left(months[1]).await), (3, 3));
        assert_eq!((left(months[2]).await, left(months[3]).await), (0, 0));
    }

    async fn a_sweep_takes_a_batch_at_a_time(database) {
        const BATCH: u64 = 1000;
        let owner = database.owner().await;
        let pairs: Vec<_> = (0..BATCH + 4).map(|_| database.pair_of(owner.family)).collect();
        database
            .write(async move |tx: &mut Tx<'_>| {
                for pair in &pairs {
                    token_pairs::insert(tx, pair).await?;
                }
                Ok(())
            })
            .await;
        let long_after = NOW.plus(days(100));
        assert_eq!(swept(database, long_after).await.token_pairs, BATCH);
        assert_eq!(swept(database, long_after).await.token_pairs, 5);
        assert_eq!(swept(database, long_after).await.token_pairs, 0);
    }

    async fn old_changes_go_and_recent_ones_stay(database) {
        database.owner().await;
        database.raw("INSERT INTO change_log (at, kind, key) SELECT 5, kind, key FROM change_log").await;
        swept(database, NOW).await;
        let (old, all) = database
            .read(async |tx: &mut Tx<'_>| {
                const OLD: &str = "SELECT COUNT(*) FROM change_log WHERE at = 5";
                const ALL: &str = "SELECT COUNT(*) FROM change_log";
                Ok((
                    tx.row(OLD, &[]).await?.unwrap().int(0)?,
                    tx.row(ALL, &[]).await?.unwrap().int(0)?,
                ))
            })
            .await;
        // The seed connected one vehicle.
        assert_eq!((old, all), (0, 1));
    }
}
