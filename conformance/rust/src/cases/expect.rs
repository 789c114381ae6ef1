//! What checks of the crate `smartcar` have in common.

use anyhow::{bail, ensure};
use smartcar::auth_client::AuthClient;
use smartcar::error::{Error, SmartcarError};
use smartcar::response::{Access, Meta};
use smartcar::vehicle::Vehicle;
use smartcar::{Permission, ScopeBuilder, get_vehicles};

use crate::owner::Owner;
use crate::ready::Ready;

/// What a call of the crate ends with.
pub type Outcome<T> = Result<(T, Meta), Error>;

/// A good answer, which has its request id.
pub fn answer<T>(outcome: Outcome<T>) -> anyhow::Result<T> {
    let (data, meta) = outcome.map_err(tell)?;
    let id = meta.request_id.unwrap_or_default();
    ensure!(id.len() == 36, "the request id is {id:?}");
    Ok(data)
}

/// A good answer to a reading, which has its age too.
pub fn reading<T>(outcome: Outcome<T>) -> anyhow::Result<T> {
    if let Ok((_, meta)) = &outcome {
        ensure!(meta.data_age.is_some(), "sc-data-age is missing");
    }
    answer(outcome)
}

/// The crate's messages leave out what the server said.
pub fn tell(error: Error) -> anyhow::Error {
    match error {
        Error::SmartcarError(told) => anyhow::anyhow!("{told:?}"),
        other => anyhow::anyhow!("{other:?}"),
    }
}

/// An error of the API, of this type and code.
pub fn refusal<T>(outcome: Outcome<T>, type_: &str, code: Option<&str>) -> anyhow::Result<()> {
    let told = match outcome {
        Ok(_) => bail!("it was not refused"),
        Err(Error::SmartcarError(told)) => told,
        Err(other) => return Err(tell(other)),
    };
    let SmartcarError {
        error_type,
        code: found,
        request_id,
        resolution,
        ..
    } = &*told;
    ensure!(
        error_type == type_ && found.as_deref() == code,
        "it is refused with {told:?}"
    );
    ensure!(
        request_id.len() == 36 && resolution.contains_key("type"),
        "{told:?}"
    );
    Ok(())
}

/// An answer that the crate cannot read; the error of a request that went through.
pub fn unreadable<T>(outcome: Outcome<T>) -> anyhow::Result<()> {
    match outcome {
        Ok(_) => bail!("the crate understands it now: take its answer seriously"),
        Err(Error::SdkReqwestFailure(error)) if error.is_decode() => Ok(()),
        Err(other) => Err(tell(other)),
    }
}

/// The application, as the crate reads it from its environment.
pub fn client() -> AuthClient {
    AuthClient::from_env(true)
}

/// A token nobody has.
pub fn stranger() -> Access {
    Access {
        access_token: "no-such-token".to_owned(),
        expires_in: 7200,
        refresh_token: "no-such-token".to_owned(),
        token_type: "Bearer".to_owned(),
    }
}

/// Tokens of an owner who allowed these permissions.
pub async fn access(owner: &Owner<'_>, scope: &ScopeBuilder) -> anyhow::Result<Access> {
    let client = client();
    let back = owner.allow(&client.get_auth_url(scope, None)).await?;
    answer(client.exchange_code(&code_in(&back)?).await)
}

/// The owner's cars, in the order of the list.
pub async fn vehicles(owner: &Owner<'_>, scope: &ScopeBuilder) -> anyhow::Result<Vec<Vehicle>> {
    let access = access(owner, scope).await?;
    let list = answer(get_vehicles(&access, None, None).await)?;
    let cars = list
        .vehicles
        .iter()
        .map(|id| Vehicle::new(id, &access.access_token));
    Ok(cars.collect())
}

/// The code in the address that leads back.
pub fn code_in(back: &url::Url) -> anyhow::Result<String> {
    let code = back.query_pairs().find(|(name, _)| name == "code");
    let Some((_, code)) = code else {
        bail!("no code in {back}");
    };
    Ok(code.into_owned())
}

/// Everything the crate can ask for.
pub fn everything() -> ScopeBuilder {
    ScopeBuilder::with_all_permissions().add_permissions([Permission::ControlClimate])
}

/// That the server is the one of this run.
pub fn is_here(link: &str, ready: &Ready) -> anyhow::Result<()> {
    ensure!(link.starts_with(&ready.url), "{link} leads elsewhere");
    Ok(())
}
