//! Rows that tests begin with, made through the store's own functions.

use std::time::Duration;

use carport_model::code_challenge::CodeChallenge;
use carport_model::run::{Aim, ConnectRequest, ExternalId, Flags, Progress, ResponseType, Step};
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    AccountId, Application, ApplicationId, BrandId, Digest, FamilyId, Level, Mode, Rng as _, RunId,
    Timestamp, UserId, VehicleId,
};

use super::database::Database;
use crate::applications::ManagementToken;
use crate::authorization_codes::AuthorizationCode;
use crate::client_secrets::NewSecret;
use crate::connect_runs::Run;
use crate::connections::NewConnection;
use crate::token_pairs::NewPair;
use crate::{
    Tx, accounts, applications, authorization_codes, connect_runs, connections, grant_families,
    token_pairs, users, vehicles,
};

/// When every test begins.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_772_352_930_250);

/// A later instant.
pub(super) fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

/// A client secret as it is kept.
pub(super) fn kept(digest: Digest) -> NewSecret {
    let hint = "wxyz".to_owned();
    NewSecret { digest, hint }
}

/// Someone who connected a car and holds tokens for it.
#[derive(Clone)]
pub(super) struct Owner {
    pub(super) application: ApplicationId,
    pub(super) account: AccountId,
    pub(super) user: UserId,
    pub(super) vehicle: VehicleId,
    pub(super) family: FamilyId,
    pub(super) pair: NewPair,
}

pub(super) fn car(vin: &str) -> FoundVehicle {
    FoundVehicle {
        vin: vin.parse().unwrap(),
        make: BrandId::new("TESLA"),
        model: "Model 3".to_owned(),
        year: 2021,
        powertrain: Level::Bev.powertrain(),
        capabilities: Level::Bev.capabilities(),
        capacities: Vec::new(),
    }
}

pub(super) const VIN: &str = "0SCTESLA1A2B3C4D5";

impl Database {
    /// A digest that nothing else has.
    pub(super) fn digest(&self) -> Digest {
        let mut bytes = [0; 32];
        self.rng.fill(&mut bytes);
        Digest::from_bytes(&bytes).unwrap()
    }

    pub(super) fn new_application(&self) -> (Application, ManagementToken) {
        let application = Application {
            id: ApplicationId::draw(&self.rng),
            name: "Ladebär".to_owned(),
            privacy_url: Some("https://ladebaer.test/privacy".to_owned()),
            created_at: NOW,
            enabled: true,
            suspended_at: None,
            default_scope: "required:read_vin read_odometer".parse().unwrap(),
            public: false,
            require_pkce: false,
            send_iss: true,
            strict_required: false,
        };
        let token = ManagementToken {
            digest: self.digest(),
            sealed: vec![1, 2, 3],
        };
        (application, token)
    }

    pub(super) async fn application(&self) -> ApplicationId {
        let (application, token) = self.new_application();
        let id = application.id;
        self.write(async move |tx: &mut Tx<'_>| {
            applications::insert(tx, &application, &token).await
        })
        .await;
        id
    }

    /// An application, a user of it with a connected car, and a pair of tokens.
    pub(super) async fn owner(&self) -> Owner {
        let application = self.application().await;
        let fresh = (
            AccountId::draw(&self.rng),
            UserId::draw(&self.rng),
            VehicleId::draw(&self.rng),
        );
        let (family, pair) = self.new_pair();
        let kept = pair.clone();
        let (account, user, vehicle) = self
            .write(async move |tx: &mut Tx<'_>| {
                let login = (Mode::Test, &BrandId::new("TESLA"), "owner@ladebaer.test");
                let account = accounts::ensure(tx, fresh.0, login, NOW).await?;
                let user = users::ensure(tx, fresh.1, application, account, NOW).await?;
                let place = (application, Mode::Test);
                let vehicle = vehicles::ensure(tx, fresh.2, place, &car(VIN), NOW).await?;
                let connection = new_connection(application, user, vehicle);
                connections::put(tx, &connection, NOW).await?;
                grant_families::insert(tx, family, application, (user, Mode::Test), NOW).await?;
                token_pairs::insert(tx, &kept).await?;
                Ok((account, user, vehicle))
            })
            .await;
        Owner {
            application,
            account,
            user,
            vehicle,
            family,
            pair,
        }
    }

    fn new_pair(&self) -> (FamilyId, NewPair) {
        let family = FamilyId::draw(&self.rng);
        (family, self.pair_of(family))
    }

    /// A pair of two hours and sixty days.
    pub(super) fn pair_of(&self, family: FamilyId) -> NewPair {
        NewPair {
            access: self.digest(),
            refresh: self.digest(),
            family,
            issued_at: NOW,
            access_expires_at: after(7200),
            refresh_expires_at: NOW.plus(Duration::from_hours(60 * 24)),
        }
    }

    /// A code of this owner, valid for ten minutes.
    pub(super) async fn code(&self, owner: &Owner) -> AuthorizationCode {
        let code = AuthorizationCode {
            digest: self.digest(),
            application: owner.application,
            user: owner.user,
            mode: Mode::Test,
            redirect_uri: "https://ladebaer.test/callback".to_owned(),
            redirect_uri_given: true,
            challenge: Some(CodeChallenge::parse(&"c".repeat(43), Some("S256")).unwrap()),
            issued_at: NOW,
            expires_at: after(600),
            exchanged_at: None,
            family: None,
        };
        let kept = code.clone();
        self.write(async move |tx: &mut Tx<'_>| authorization_codes::insert(tx, &kept).await)
            .await;
        code
    }

    /// A run that waits for the owner's approval.
    pub(super) async fn run(&self, application: ApplicationId) -> Run {
        let run = Run {
            id: RunId::draw(&self.rng),
            cookie: self.digest(),
            request: request(application),
            progress: progress(),
            created_at: NOW,
            expires_at: after(3600),
            completed_at: None,
            outcome: None,
        };
        let kept = run.clone();
        self.write(async move |tx: &mut Tx<'_>| connect_runs::insert(tx, &kept).await)
            .await;
        run
    }
}

pub(super) fn new_connection(
    application: ApplicationId,
    user: UserId,
    vehicle: VehicleId,
) -> NewConnection {
    NewConnection {
        user,
        vehicle,
        application,
        permissions: "read_vin read_odometer".parse().unwrap(),
        external_id: ExternalId::Set("row 7".to_owned()),
    }
}

fn request(application: ApplicationId) -> ConnectRequest {
    ConnectRequest {
        application,
        aim: Aim::Access,
        response_type: ResponseType::Code,
        redirect_uri: Some("https://ladebaer.test/callback".to_owned()),
        redirect_uri_given: true,
        scope: "read_odometer".parse().unwrap(),
        state: Some("a b+c \u{0} ü".to_owned()),
        force_approval: false,
        mode: Mode::Test,
        make: None,
        single_select: false,
        single_select_vin: None,
        flags: Flags::default(),
        user: None,
        external_id: ExternalId::Keep,
        app_origin: None,
        sdk_platform: None,
        sdk_version: None,
        challenge: None,
    }
}

pub(super) fn progress() -> Progress {
    Progress {
        step: Step::Grant,
        country: "DE".to_owned(),
        brand: Some(BrandId::new("TESLA")),
        login: Some("owner@ladebaer.test".to_owned()),
        vehicles: vec![car(VIN)],
        blocked: vec![car("0SCTESLA1A2B3C4D6")],
        wrong_tries: 2,
        locked_until: Some(after(30)),
        error: None,
    }
}
