//! Rows that do not hold what they must are told as such and panic nowhere.

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, kept};
use crate::connection_lists::Filter;
use crate::{
    StoreError, Tx, applications, authorization_codes, client_secrets, connect_runs,
    connection_lists, connections, token_pairs, users,
};

/// Asserts that a reading fails for a damaged column of a table.
macro_rules! assert_corrupt {
    ($database:ident, $table:literal, $column:literal, $damage:literal, $reading:expr) => {
        $database.raw($damage).await;
        let outcome = $database
            .store
            .read(async |tx: &mut Tx<'_>| $reading(tx).await.map(drop))
            .await;
        let Err(StoreError::Corrupt { table, column }) = outcome else {
            panic!("{}: {outcome:?}", $damage);
        };
        assert_eq!((table, column), ($table, $column), "{}", $damage);
    };
}

on_both_engines! {
    async fn damaged_rows_are_told(database) {
        let owner = database.owner().await;
        let code = database.code(&owner).await.digest;
        let run = database.run(owner.application).await.id;
        let (id, digest) = (owner.application, database.digest());
        database
            .write(async move |tx: &mut Tx<'_>| client_secrets::insert(tx, id, &kept(digest), NOW).await)
            .await;

        assert_corrupt!(database, "authorization_codes", 5,
            "UPDATE authorization_codes SET challenge = 'nonsense'",
            async |tx| authorization_codes::find(tx, &code).await);
        assert_corrupt!(database, "authorization_codes", 2,
            "UPDATE authorization_codes SET mode = 'colour'",
            async |tx| authorization_codes::find(tx, &code).await);
        assert_corrupt!(database, "connect_runs", 2,
            "UPDATE connect_runs SET progress = '{\"step\":\"nowhere\"}'",
            async |tx| connect_runs::find(tx, run).await);
        assert_corrupt!(database, "connect_runs", 1,
            "UPDATE connect_runs SET request = '{'",
            async |tx| connect_runs::find(tx, run).await);
        assert_corrupt!(database, "connections", 1,
            "UPDATE connections SET permissions = 'read_everything'",
            async |tx| connections::granted_by(tx, owner.user).await.map(drop));
        assert_corrupt!(database, "connections", 0,
            "UPDATE connections SET permissions = 'read_everything'",
            async |tx| connections::find(tx, owner.user, owner.vehicle).await);
        let of_user = Filter { user: Some(owner.user), ..Filter::default() };
        assert_corrupt!(database, "connections", 3,
            "UPDATE connections SET mode = 'colour'",
            async |tx| connection_lists::page(tx, id, of_user, None, 9).await);
        assert_corrupt!(database, "token_pairs", 2,
            "UPDATE grant_families SET mode = ''",
            async |tx| token_pairs::access(tx, &owner.pair.access).await);
        assert_corrupt!(database, "token_pairs", 3,
            "UPDATE grant_families SET mode = ''",
            async |tx| token_pairs::by_refresh_token(tx, &owner.pair.refresh).await);
        assert_corrupt!(database, "applications", 5,
            "UPDATE applications SET default_scope = 'read_everything'",
            async |tx| applications::find(tx, id).await);
        assert_corrupt!(database, "applications", 5,
            "UPDATE applications SET default_scope = 'read_everything'",
            async |tx| applications::list(tx).await);
    }

    async fn a_digest_of_the_wrong_length_is_told(database) {
        let (id, digest) = (database.application().await, database.digest());
        database
            .write(async move |tx: &mut Tx<'_>| client_secrets::insert(tx, id, &kept(digest), NOW).await)
            .await;
        database.raw("UPDATE client_secrets SET digest = (SELECT management_token_sealed FROM applications)").await;
        let outcome = database
            .store
            .read(async |tx: &mut Tx<'_>| client_secrets::list(tx, id).await)
            .await;
        let Err(StoreError::Corrupt { table, column }) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!((table, column), ("client_secrets", 0));
    }
}

/// SQLite lets any value into any column.
#[tokio::test]
async fn values_of_another_type_are_told() {
    let database = Database::sqlite().await;
    let id = database.application().await;
    for (damage, damaged) in [
        ("created_at = 1.5, name = ''", 3),
        ("created_at = 'yesterday', name = ''", 3),
        ("created_at = 0, name = x'00'", 1),
        ("created_at = 0, name = CAST(x'ff' AS TEXT)", 1),
    ] {
        database
            .raw(&format!("UPDATE applications SET {damage}"))
            .await;
        let outcome = database
            .store
            .read(async |tx: &mut Tx<'_>| applications::find(tx, id).await)
            .await;
        let Err(StoreError::Corrupt { table, column }) = outcome else {
            panic!("{damage}: {outcome:?}");
        };
        assert_eq!((table, column), ("applications", damaged), "{damage}");
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_told() {
    let database = Database::sqlite().await;
    let owner = database.owner().await;
    database
        .raw("PRAGMA foreign_keys = OFF; UPDATE users SET id = 'nobody'")
        .await;
    let login = (
        carport_model::Mode::Test,
        &carport_model::BrandId::new("TESLA"),
        "owner@ladebaer.test",
    );
    let outcome = database
        .store
        .read(async |tx: &mut Tx<'_>| users::find(tx, owner.application, login).await)
        .await;
    assert!(
        matches!(
            outcome,
            Err(StoreError::Corrupt {
                table: "users",
                column: 0
            })
        ),
        "{outcome:?}"
    );
}
