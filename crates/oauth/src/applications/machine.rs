//! Machine credentials (API v3): a client id `client_…` of an application with up to three secrets.
//! Source: contract connect-oauth, B.4 and C.

use carport_model::token::draw_secret;
use carport_model::{ApplicationId, Rng, Secret, Timestamp};
use carport_store::client_secrets::NewSecret;
use carport_store::{StoreError, Tx, machine_credentials};

use super::{ApplicationError, Applications, MAX_MACHINE_SECRETS, hold, note};

/// How client ids of machines begin; clients tell version 3 by it.
const PREFIX: &str = "client_";
/// Letters of the rest.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// How many of them: 130 bits.
const LENGTH: usize = 26;

/// The machine credential of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineCredential {
    /// `client_…`.
    pub client_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its secrets, the newest first.
    pub secrets: Vec<MachineSecret>,
}

/// One of its secrets as it may be shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineSecret {
    /// Names it, and opens nothing.
    pub id: String,
    /// Its last characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A new secret, told this once.
#[derive(Debug, Clone)]
pub struct NewMachineSecret {
    /// `client_…`.
    pub client_id: String,
    /// Names the secret.
    pub id: String,
    /// The secret.
    pub secret: Secret<String>,
}

impl Applications {
    /// Makes a secret of the machine credential, and the credential before its first one.
    ///
    /// # Errors
    /// [`ApplicationError::TooManyMachineSecrets`] when it has three.
    pub async fn add_machine_secret(
        &self,
        id: ApplicationId,
    ) -> Result<NewMachineSecret, ApplicationError> {
        let (fresh, secret) = (draw_client_id(&*self.rng), draw_secret(&*self.rng));
        let new = NewSecret::of(&secret);
        let name = new.digest.name();
        let now = self.now();
        let entry = self.entry(id, "machine_credential.added");
        let client_id = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                hold(tx, id).await?;
                let client_id = machine_credentials::ensure(tx, id, &fresh, now).await?;
                let secrets = machine_credentials::secrets(tx, &client_id).await?;
                if secrets.len() >= MAX_MACHINE_SECRETS {
                    return Err(ApplicationError::TooManyMachineSecrets);
                }
                machine_credentials::add_secret(tx, &client_id, &new, now).await?;
                note(tx, &entry, &new.digest.name()).await?;
                Ok(client_id)
            })
            .await?;
        Ok(NewMachineSecret {
            client_id,
            id: name,
            secret,
        })
    }

    /// The machine credential of an application, if it has one.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn machine_credential(
        &self,
        id: ApplicationId,
    ) -> Result<Option<MachineCredential>, StoreError> {
        self.store
            .read(async move |tx: &mut Tx<'_>| {
                let Some((client_id, created_at)) = machine_credentials::find(tx, id).await? else {
                    return Ok(None);
                };
                let secrets = machine_credentials::secrets(tx, &client_id).await?;
                let secrets = secrets.into_iter().map(|kept| MachineSecret {
                    id: kept.digest.name(),
                    hint: kept.hint,
                    created_at: kept.created_at,
                });
                Ok(Some(MachineCredential {
                    secrets: secrets.collect(),
                    client_id,
                    created_at,
                }))
            })
            .await
    }

    /// Removes a secret of the machine credential; with the last one the credential goes too.
    ///
    /// # Errors
    /// [`ApplicationError::UnknownSecret`] when there is none with this id.
    pub async fn remove_machine_secret(
        &self,
        id: ApplicationId,
        secret: &str,
    ) -> Result<(), ApplicationError> {
        let secret = secret.to_owned();
        let entry = self.entry(id, "machine_credential.removed");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                hold(tx, id).await?;
                let known = machine_credentials::find(tx, id).await?;
                let (client_id, _) = known.ok_or(ApplicationError::UnknownSecret)?;
                let secrets = machine_credentials::secrets(tx, &client_id).await?;
                let meant = secrets.iter().find(|kept| kept.digest.name() == secret);
                let meant = meant.ok_or(ApplicationError::UnknownSecret)?;
                machine_credentials::remove_secret(tx, &client_id, &meant.digest).await?;
                if secrets.len() == 1 {
                    machine_credentials::remove(tx, id).await?;
                }
                note(tx, &entry, &secret).await?;
                Ok(())
            })
            .await
    }
}

fn draw_client_id(rng: &dyn Rng) -> String {
    let mut bytes = [0; LENGTH];
    rng.fill(&mut bytes);
    let letters = bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    letters
        .into_iter()
        .fold(PREFIX.to_owned(), |mut id, letter| {
            id.push(letter);
            id
        })
}
