//! Registering an application.

use carport_model::scope::Scope;
use carport_model::token::draw_secret;
use carport_model::{Application, ApplicationId, Rng, Secret};
use carport_store::applications::Texts;
use carport_store::client_secrets::NewSecret;
use carport_store::{StoreError, Tx, applications, client_secrets, redirect_uris};

use super::{ApplicationError, Applications, checked, note, texts};
use crate::redirect_uri;

/// Scope of a new application when its Connect links carry none: what the guide asks for.
const DEFAULT_SCOPE: &str = "required:read_vehicle_info";

/// What a developer says about a new application.
#[derive(Debug, Clone, Default)]
pub struct NewApplication {
    /// Name owners read in Connect.
    pub name: String,
    /// A sentence for the developer's own list.
    pub description: Option<String>,
    /// Link owners find in Connect.
    pub privacy_url: Option<String>,
    /// The first is the default.
    pub redirect_uris: Vec<String>,
    /// Native or single-page application, without a secret.
    pub public: bool,
}

/// A new application's credentials, told this once.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The application.
    pub application: Application,
    /// Client secret; none for a public client.
    pub client_secret: Option<Secret<String>>,
    /// Application management token.
    pub management_token: Secret<String>,
}

impl Applications {
    /// Registers an application with credentials drawn from the server's randomness.
    ///
    /// # Errors
    /// [`ApplicationError`] says what to change.
    pub async fn register(&self, new: NewApplication) -> Result<Registered, ApplicationError> {
        self.register_drawn_from(new, &*self.rng).await
    }

    /// Registers an application with credentials drawn from `rng`; when one with the drawn id is
    /// there already, nothing is changed. A `dev` server finds its application this way.
    ///
    /// # Errors
    /// [`ApplicationError`] says what to change.
    pub async fn register_drawn_from(
        &self,
        new: NewApplication,
        rng: &dyn Rng,
    ) -> Result<Registered, ApplicationError> {
        let id = ApplicationId::draw(rng);
        let secret = (draw_secret(rng), draw_secret(rng));
        let (secret, token) = ((!new.public).then_some(secret.0), secret.1);
        let (texts, uris) = checked_all(new.clone(), id)?;
        let registered = Registered {
            application: self.application(id, &texts, new.public),
            client_secret: secret.clone(),
            management_token: token.clone(),
        };
        let application = registered.application.clone();
        let now = application.created_at;
        let kept = self.keep(id, &token);
        let secret = secret.as_ref().map(NewSecret::of);
        let entry = self.entry(id, "application.created");
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                if applications::find(tx, id).await?.is_some() {
                    return Ok(());
                }
                applications::insert(tx, &application, &kept).await?;
                applications::rewrite(tx, id, &texts).await?;
                if let Some(secret) = &secret {
                    client_secrets::insert(tx, id, secret, now).await?;
                }
                for uri in &uris {
                    redirect_uris::add(tx, id, uri).await?;
                }
                note(tx, &entry, "").await?;
                Ok::<_, StoreError>(())
            })
            .await?;
        Ok(registered)
    }

    fn application(&self, id: ApplicationId, texts: &Texts, public: bool) -> Application {
        Application {
            id,
            name: texts.name.clone(),
            privacy_url: texts.privacy_url.clone(),
            created_at: self.now(),
            enabled: true,
            suspended_at: None,
            default_scope: DEFAULT_SCOPE.parse().unwrap_or_else(|_| Scope::default()),
            public,
            require_pkce: public,
            send_iss: true,
            strict_required: false,
        }
    }
}

/// The texts and addresses of a new application, if all of them will do.
fn checked_all(
    new: NewApplication,
    id: ApplicationId,
) -> Result<(Texts, Vec<String>), ApplicationError> {
    let texts = texts::checked(Texts {
        name: new.name,
        privacy_url: new.privacy_url,
        description: new.description,
    })?;
    if new.redirect_uris.len() > redirect_uri::MAX_COUNT {
        return Err(ApplicationError::TooManyRedirectUris);
    }
    for uri in &new.redirect_uris {
        checked(uri, id)?;
    }
    Ok((texts, new.redirect_uris))
}
