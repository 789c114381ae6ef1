//! A code for tokens. Source: contract connect-oauth, B.2; replay: data model, "Code replay".

use std::time::Duration;

use carport_model::{Application, Digest, Timestamp};
use carport_store::authorization_codes::{self, AuthorizationCode};
use carport_store::{StoreError, Tx, audit_log, connections, grant_families, token_pairs};

use crate::{GrantError, OAuth, TokenSet};

/// A page submitted twice comes back this soon; it is refused, but nobody is suspected.
const DOUBLE_SUBMIT: Duration = Duration::from_secs(10);

/// What a client sent to exchange a code.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// `code`.
    pub code: String,
    /// `redirect_uri`.
    pub redirect_uri: Option<String>,
    /// `code_verifier`.
    pub verifier: Option<String>,
}

/// What became of an exchange. Refusals are not errors of the unit of work, because one of them
/// has an effect that must stay: the revocation after a replay.
enum Outcome {
    Granted,
    Refused(GrantError),
}

impl OAuth {
    /// Exchanges a code, once: of simultaneous exchanges one wins.
    ///
    /// # Errors
    /// [`GrantError`] says why there are no tokens.
    pub async fn exchange_code(
        &self,
        client: &Application,
        exchange: Exchange,
    ) -> Result<TokenSet, GrantError> {
        let now = self.now();
        let family = self.mint.draw_family(&*self.rng);
        let (tokens, pair) = self.draw_pair(family, now);
        let digest = Digest::of(&exchange.code);
        // The authorization request was held to it; a code that comes from elsewhere is too.
        let needs_challenge = client.public;
        let client = client.id;
        let outcome = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let Some(code) = authorization_codes::find(tx, &digest).await? else {
                    return Ok(Outcome::Refused(GrantError::Code));
                };
                if let Some(exchanged_at) = code.exchanged_at {
                    let harmless =
                        code.application == client && now.since(exchanged_at) <= DOUBLE_SUBMIT;
                    if !harmless {
                        revoke_replayed(tx, &code, now).await?;
                    }
                    return Ok(Outcome::Refused(GrantError::Code));
                }
                if code.application != client || code.expires_at <= now {
                    return Ok(Outcome::Refused(GrantError::Code));
                }
                if needs_challenge && code.challenge.is_none() {
                    return Ok(Outcome::Refused(GrantError::Verifier));
                }
                if let Err(error) = check_binding(&code, &exchange) {
                    return Ok(Outcome::Refused(error));
                }
                // The owner's last vehicle was disconnected before the code was used, which ended
                // every token of the owner; none may come after.
                if !connections::has_any(tx, code.user).await? {
                    return Ok(Outcome::Refused(GrantError::Code));
                }
                if !authorization_codes::mark_exchanged(tx, &digest, family, now).await? {
                    return Ok(Outcome::Refused(GrantError::Code));
                }
                let owner = (code.user, code.mode);
                grant_families::insert(tx, family, client, owner, now).await?;
                token_pairs::insert(tx, &pair).await?;
                Ok::<_, StoreError>(Outcome::Granted)
            })
            .await?;
        match outcome {
            Outcome::Granted => Ok(tokens),
            Outcome::Refused(error) => Err(error),
        }
    }
}

/// Everything issued from a replayed code ends (RFC 6749, 4.1.2).
async fn revoke_replayed(
    tx: &mut Tx<'_>,
    code: &AuthorizationCode,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(family) = code.family else {
        return Ok(());
    };
    if grant_families::revoke(tx, family, "code replayed", now).await? {
        let entry = audit_log::Entry {
            at: now,
            application: code.application,
            actor: "client".to_owned(),
            action: "grant_family.revoked".to_owned(),
            detail: format!("code replayed; family {family}"),
        };
        audit_log::append(tx, &entry).await?;
    }
    Ok(())
}

fn check_binding(code: &AuthorizationCode, exchange: &Exchange) -> Result<(), GrantError> {
    if !redirect_uri_fits(code, exchange.redirect_uri.as_deref()) {
        return Err(GrantError::RedirectUri);
    }
    match (&code.challenge, &exchange.verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => Ok(()),
        // A verifier without a challenge may be a downgrade (RFC 9700, 2.1.1).
        _ => Err(GrantError::Verifier),
    }
}

/// SDKs that have no redirect URI configured send the name of nothing in their language
/// (docs/quirks.md#redirect-uri-undefined).
fn redirect_uri_fits(code: &AuthorizationCode, sent: Option<&str>) -> bool {
    match sent {
        Some(sent) if sent == code.redirect_uri => true,
        None | Some("" | "undefined" | "null" | "None") => !code.redirect_uri_given,
        Some(_) => false,
    }
}
