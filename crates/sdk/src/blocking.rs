//! The same calls for programs without an async runtime (feature `blocking`).
//!
//! Each type wraps the one of the same name and waits for it; arguments, answers and errors are
//! the same. A [`Session`] still takes a [`TokenStore`], whose methods are `async fn`: they may
//! simply block.
//!
//! ```
//! # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
//! # support::on_carport_blocking(|carport| {
//! # let (builder, code) = (carport.builder(), carport.code_now("read_odometer")?);
//! use carport_sdk::{MemoryTokenStore, blocking::Session};
//!
//! let client = builder.build_blocking()?;
//! let session = Session::new(&client, MemoryTokenStore::default());
//! session.begin(client.exchange_code(&code)?)?;
//! for car in client.api()?.all_vehicles(&session) {
//!     println!("{:.0} km", car?.odometer()?.distance);
//! }
//! # Ok(()) });
//! ```
//!
//! All calls of a process are carried out on one thread beside the callers'. A call panics where
//! waiting is not allowed: inside an async task. Use the async types there.

mod client;
mod vehicle;

use std::io;
use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};

pub use client::{Api, AuthClient, Management, Session, get_user, get_vehicles};
pub use vehicle::Vehicle;

#[cfg(doc)]
use crate::TokenStore;
use crate::error::{Error, Result};

/// Keeps connections alive between calls too, which a runtime that only runs during calls could
/// not.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("carport-sdk")
        .enable_all()
        .build()
});

fn wait<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    match &*RUNTIME {
        Ok(runtime) => runtime.block_on(call),
        Err(error) => Err(Error::Thread(io::Error::new(
            error.kind(),
            error.to_string(),
        ))),
    }
}

/// [`Listing`](crate::Listing) without async: an iterator. Like the list it ends after an error.
#[must_use = "nothing is fetched until an item is asked for"]
pub struct Listing<T>(Box<dyn Iterator<Item = Result<T>> + Send>);

impl<T: Send + 'static> Listing<T> {
    fn new<A: Send + 'static>(listing: crate::Listing<A>, wrap: fn(A) -> T) -> Self {
        let mut rest = Some(listing);
        Self(Box::new(std::iter::from_fn(move || {
            let listing = rest.as_mut()?;
            let item = wait(async { listing.next().await.transpose() });
            if !matches!(item, Ok(Some(_))) {
                rest = None;
            }
            item.transpose().map(|item| item.map(wrap))
        })))
    }
}

impl<T> Iterator for Listing<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        self.0.next()
    }
}

impl<T> std::fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listing").finish_non_exhaustive()
    }
}

/// Methods that wait for those of the same name and arguments on the wrapped type.
macro_rules! waiting {
    ($($wrapped:ident::$name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        #[doc = concat!(
            "Waits for [`", stringify!($name), "`](crate::", stringify!($wrapped), "::",
            stringify!($name), ").\n\n# Errors\n\nThe same."
        )]
        pub fn $name(&self, $($argument: $type),*) -> Result<$answer> {
            wait(self.0.$name($($argument),*))
        }
    )*};
}
use waiting;

#[cfg(test)]
mod tests;
