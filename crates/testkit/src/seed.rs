//! Applications, owners, codes and tokens, put into the store as a server would.

use std::time::Duration;

use carport_model::reading::CapacityChoice;
use carport_model::run::ExternalId;
use carport_model::token::{draw_secret, draw_token};
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    AccountId, Application, ApplicationId, BrandId, Clock as _, Digest, FamilyId, Level, Mode,
    Permissions, Secret, UserId, VehicleId,
};
use carport_store::applications::ManagementToken;
use carport_store::authorization_codes::AuthorizationCode;
use carport_store::client_secrets::NewSecret;
use carport_store::connections::NewConnection;
use carport_store::token_pairs::NewPair;
use carport_store::{
    StoreError, Tx, accounts, applications, authorization_codes, client_secrets, connections,
    grant_families, redirect_uris, token_pairs, users, vehicles,
};

use crate::TestBed;

/// An application with its secrets in clear.
#[derive(Debug, Clone)]
pub struct Registered {
    /// As it is kept.
    pub application: Application,
    /// Client id on the wire.
    pub id: String,
    /// Client secret; a public application has none that works.
    pub secret: String,
    /// The default redirect URI.
    pub redirect_uri: String,
    /// Application Management Token.
    pub management_token: String,
}

/// A token pair in clear.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Works for two hours.
    pub access: String,
    /// Works for sixty days.
    pub refresh: String,
    /// Family of the pair.
    pub family: FamilyId,
}

/// A connected vehicle with a token that opens it.
#[derive(Debug, Clone)]
pub struct Car {
    /// Application it is connected to.
    pub client: Registered,
    /// Its owner.
    pub user: UserId,
    /// Its id.
    pub vehicle: VehicleId,
    /// What it is.
    pub found: FoundVehicle,
    /// A valid access token of the owner.
    pub access_token: String,
    /// The refresh token of the same pair.
    pub refresh_token: String,
}

impl Car {
    /// Path of one of its version 2 endpoints; `""` for the vehicle itself.
    #[must_use]
    pub fn path(&self, endpoint: &str) -> String {
        format!("/v2.0/vehicles/{}/{endpoint}", self.vehicle)
    }
}

/// A car of test mode as a connector would find it, able to do what its level says.
///
/// # Panics
/// When `vin` is no VIN.
#[must_use]
pub fn found_vehicle(vin: &str, level: Level) -> FoundVehicle {
    FoundVehicle {
        vin: vin.parse().expect("17 letters and digits"),
        make: BrandId::new("TESLA"),
        model: "Model 3".to_owned(),
        year: 2021,
        powertrain: level.powertrain(),
        capabilities: level.capabilities(),
        capacities: vec![CapacityChoice {
            capacity: 75.0,
            description: None,
        }],
    }
}

impl TestBed {
    /// A confidential application with two redirect URIs.
    pub async fn application(&self) -> Registered {
        self.application_with(|_| ()).await
    }

    /// An application after `change`.
    ///
    /// # Panics
    /// When the store fails, as all seeding does.
    pub async fn application_with(&self, change: impl FnOnce(&mut Application)) -> Registered {
        let id = ApplicationId::draw(&*self.rng);
        let mut application = Application {
            id,
            name: "Ladebär".to_owned(),
            privacy_url: None,
            created_at: self.clock.now(),
            enabled: true,
            suspended_at: None,
            default_scope: "read_vehicle_info".parse().expect("a permission"),
            public: false,
            require_pkce: false,
            send_iss: true,
            strict_required: false,
        };
        change(&mut application);
        let (secret, management_token) = (draw_secret(&*self.rng), draw_secret(&*self.rng));
        let registered = Registered {
            id: application.id.to_string(),
            secret: secret.expose().clone(),
            redirect_uri: "https://ladebaer.test/callback".to_owned(),
            management_token: management_token.expose().clone(),
            application,
        };
        let kept = registered.clone();
        self.seed(async move |tx: &mut Tx<'_>| {
            let token = ManagementToken {
                digest: Digest::of(&kept.management_token),
                sealed: Vec::new(),
            };
            let id = kept.application.id;
            applications::insert(tx, &kept.application, &token).await?;
            if !kept.application.public {
                let secret = NewSecret::of(&Secret::new(kept.secret.clone()));
                client_secrets::insert(tx, id, &secret, kept.application.created_at).await?;
            }
            redirect_uris::add(tx, id, &kept.redirect_uri).await?;
            redirect_uris::add(tx, id, "https://ladebaer.test/other").await?;
            Ok(())
        })
        .await;
        registered
    }

    /// A new application, an owner and a car that can do everything, with these permissions.
    ///
    /// # Panics
    /// When one of them is no permission.
    pub async fn connect(&self, permissions: &[&str]) -> Car {
        let client = self.application().await;
        let found = found_vehicle("0SCTESLA1A2B3C4D5", Level::Compatible);
        self.connect_vehicle(&client, found, permissions).await
    }

    /// Another car of the same owner, who signed in as `owner@ladebaer.test` in test mode.
    ///
    /// # Panics
    /// When one of `permissions` is none.
    pub async fn connect_vehicle(
        &self,
        client: &Registered,
        found: FoundVehicle,
        permissions: &[&str],
    ) -> Car {
        let owner = (Mode::Test, "owner@ladebaer.test");
        self.connect_owner(client, owner, found, permissions).await
    }

    /// A car of the owner who signed in with this login in this mode.
    ///
    /// # Panics
    /// When one of `permissions` is none.
    pub async fn connect_owner(
        &self,
        client: &Registered,
        (mode, login): (Mode, &str),
        found: FoundVehicle,
        permissions: &[&str],
    ) -> Car {
        let permissions: Permissions = permissions.join(" ").parse().expect("permissions");
        let (application, now) = (client.application.id, self.clock.now());
        let (account, user, vehicle) = (
            AccountId::draw(&*self.rng),
            UserId::draw(&*self.rng),
            VehicleId::draw(&*self.rng),
        );
        let (car, login) = (found.clone(), login.to_owned());
        let (user, vehicle) = self
            .seed(async move |tx: &mut Tx<'_>| {
                let login = (mode, &car.make, &*login);
                let account = accounts::ensure(tx, account, login, now).await?;
                let user = users::ensure(tx, user, application, account, now).await?;
                let place = (application, mode);
                let vehicle = vehicles::ensure(tx, vehicle, place, &car, now).await?;
                let connection = NewConnection {
                    user,
                    vehicle,
                    application,
                    permissions: permissions.clone(),
                    external_id: ExternalId::Keep,
                };
                connections::put(tx, &connection, now).await?;
                Ok((user, vehicle))
            })
            .await;
        let tokens = self.tokens_of(client, (user, mode)).await;
        Car {
            client: client.clone(),
            user,
            vehicle,
            found,
            access_token: tokens.access,
            refresh_token: tokens.refresh,
        }
    }

    /// A fresh pair for an owner in test mode, in a family of its own.
    pub async fn tokens(&self, client: &Registered, user: UserId) -> Tokens {
        self.tokens_of(client, (user, Mode::Test)).await
    }

    /// A fresh pair for an owner in any mode, in a family of its own.
    pub async fn tokens_of(&self, client: &Registered, owner: (UserId, Mode)) -> Tokens {
        let (access, refresh) = (self.mint.draw(&*self.rng), self.mint.draw(&*self.rng));
        let (family, now) = (FamilyId::draw(&*self.rng), self.clock.now());
        let application = client.application.id;
        let pair = NewPair {
            access: self.mint.digest(access.expose()),
            refresh: self.mint.digest(refresh.expose()),
            family,
            issued_at: now,
            access_expires_at: now.plus(Duration::from_hours(2)),
            refresh_expires_at: now.plus(Duration::from_hours(60 * 24)),
        };
        self.seed(async move |tx: &mut Tx<'_>| {
            grant_families::insert(tx, family, application, owner, now).await?;
            token_pairs::insert(tx, &pair).await
        })
        .await;
        Tokens {
            access: access.expose().clone(),
            refresh: refresh.expose().clone(),
            family,
        }
    }

    /// A code that works for ten minutes, after `change`: for instance with a PKCE challenge, or as
    /// if the request had named no redirect URI.
    pub async fn code_with(
        &self,
        car: &Car,
        change: impl FnOnce(&mut AuthorizationCode),
    ) -> String {
        let (code, now) = (draw_token(&*self.rng), self.clock.now());
        let mut kept = AuthorizationCode {
            digest: Digest::of(code.expose()),
            application: car.client.application.id,
            user: car.user,
            mode: Mode::Test,
            redirect_uri: car.client.redirect_uri.clone(),
            redirect_uri_given: true,
            challenge: None,
            issued_at: now,
            expires_at: now.plus(Duration::from_mins(10)),
            exchanged_at: None,
            family: None,
        };
        change(&mut kept);
        self.seed(async move |tx: &mut Tx<'_>| authorization_codes::insert(tx, &kept).await)
            .await;
        code.expose().clone()
    }

    /// A code of a request that named the application's first redirect URI.
    pub async fn code(&self, car: &Car) -> String {
        self.code_with(car, |_| ()).await
    }

    async fn seed<F, T>(&self, unit: F) -> T
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.store.write(unit).await.expect("seeding works")
    }
}
