//! What a provider tells of a person, in the token or where it is asked.
//! Source: OpenID Connect Core 1.0, section 5.1.

use openidconnect::core::{CoreIdTokenClaims, CoreUserInfoClaims};

use super::provider::Person;

/// Claims, by where they stand.
#[derive(Clone, Copy)]
pub(super) enum Claims<'a> {
    /// In the ID token.
    Token(&'a CoreIdTokenClaims),
    /// In the answer of the userinfo endpoint.
    UserInfo(&'a CoreUserInfoClaims),
}

/// The person. An address counts when the provider says that it is theirs: anybody could write
/// another's into their profile.
pub(super) fn person(issuer: String, claims: Claims<'_>) -> Person {
    let (subject, email, verified, name) = match claims {
        Claims::Token(told) => (
            told.subject(),
            told.email(),
            told.email_verified(),
            told.name(),
        ),
        Claims::UserInfo(told) => (
            told.subject(),
            told.email(),
            told.email_verified(),
            told.name(),
        ),
    };
    let email = email.filter(|_| verified == Some(true));
    let name = name.and_then(|name| {
        name.get(None)
            .or_else(|| name.iter().next().map(|(_, n)| n))
    });
    Person {
        issuer,
        subject: subject.to_string(),
        email: email.and_then(|email| email.parse().ok()),
        name: name.map(|name| name.to_string()),
    }
}
