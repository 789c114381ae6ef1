//! The SDK against a real server, method by method; see `support` for how it is found.

#[path = "../support/mod.rs"]
#[cfg_attr(
    not(feature = "blocking"),
    expect(dead_code, reason = "some of it is for blocking calls")
)]
mod support;

mod batch;
#[cfg(feature = "blocking")]
mod blocking;
mod commands;
mod compatibility;
mod management;
mod owner;
mod reads;
mod tokens;

use carport_sdk::{ApiError, Error, Meta, Response};

/// What every answer of the API says of itself.
fn has_id(meta: &Meta) {
    assert_eq!(meta.request_id.as_ref().map(String::len), Some(36));
}

/// What the answer to a reading says besides (contract rest-v2, 1.5).
fn has_age<T>(answer: &Response<T>) {
    has_id(&answer.meta);
    assert!(answer.meta.data_age.is_some());
    assert!(answer.meta.data_age <= answer.meta.fetched_at);
}

/// The error of the API that a call has to end with.
fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> ApiError {
    match result.expect_err("this is refused") {
        Error::Api(error) => {
            assert_eq!(error.request_id.as_ref().map(String::len), Some(36));
            assert!(error.doc_url.is_some() && !error.description.is_empty());
            *error
        }
        other => panic!("{other:?}"),
    }
}

/// Type and code of that error.
fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> (String, Option<String>) {
    let error = refused(result);
    (error.type_, error.code)
}

fn is(type_: &str, code: &str) -> (String, Option<String>) {
    (
        type_.to_owned(),
        (!code.is_empty()).then(|| code.to_owned()),
    )
}
