//! The store suite: each case runs on SQLite and on PostgreSQL.
//!
//! PostgreSQL's half needs a server in `CARPORT_TEST_POSTGRES`, which `cargo xtask test` and
//! `cargo xtask postgres` provide; without one it is left out and says so. Start in [`database`].

mod applications;
mod approvals;
mod audit_log;
mod caches;
mod care;
mod checkpoints;
mod connect_settings;
mod connection_lists;
mod connections;
mod database;
mod disconnections;
mod engine;
mod files;
mod group_commit;
mod held_values;
mod members;
mod observing;
mod owners;
mod races;
mod reauthentications;
mod rows;
mod seed;
mod simulations;
mod sweep;
mod tokens;
mod vehicle_calls;
mod webhooks;

/// Makes a test on each engine of a case that takes a [`database::Database`] of its own.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident) $body:block)*) => {$(
        $(#[$meta])*
        async fn $name($database: &$crate::tests::database::Database) $body

        mod $name {
            use super::$name as case;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = $crate::tests::database::Database::sqlite().await;
                case(&database).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(database) = $crate::tests::database::Database::postgres().await {
                    case(&database).await;
                    database.remove().await;
                }
            }
        }
    )*};
}
use on_both_engines;
