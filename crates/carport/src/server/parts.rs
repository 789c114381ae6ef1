//! The parts of a server, put together once from its settings.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use carport_connect::Services as Connect;
use carport_connector::{Reader, Registry, Sender};
use carport_dashboard::accounts::Accounts;
use carport_dashboard::accounts::openid::Provider;
use carport_management_api::ManagementApi;
use carport_management_api::applications::ApplicationsApi;
use carport_management_api::simulator::{Cars, Journal, SimulatorApi};
use carport_model::{
    Brands, CarModels, Catalogue, Clock, LinkKey, Mailer, Rng, SeededRng, SystemClock, SystemRng,
    TokenMint,
};
use carport_oauth::OAuth;
use carport_oauth::applications::Applications;
use carport_oauth::sealing::Sealer;
use carport_simulator::time::Time;
use carport_simulator::world::{Overlay, World};
use carport_simulator::{SimulatedConnector, Simulations, TestConnector, Trips};
use carport_store::{RequestLog, Store, StoreError, StoreUrl, Tx, request_log, settings};
use carport_vehicle_api::limits::Usage;
use carport_vehicle_api::links::Links;
use carport_vehicle_api::{Services, VehicleApi};
use carport_web::watch::Watch;
use carport_web::words::Catalogues;
use carport_web::{PublicUrl, Stopping};
use carport_webhooks::Webhooks;

use super::control::Control;
use super::health::Metrics;
use super::{mail, owners, provider};
use crate::admin::Consenting;
use crate::config::{self, Config, General};
use crate::data::DataFolder;

/// The seed of a `dev` server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// The stream from which the application of a `dev` server is drawn, the same at each start.
    /// Streams of requests count up from zero and never reach it.
    #[must_use]
    pub fn application_stream(self) -> SeededRng {
        SeededRng::new(self.0, u64::MAX)
    }

    /// The stream from which the id of its webhook is drawn.
    #[must_use]
    pub fn webhook_stream(self) -> SeededRng {
        SeededRng::new(self.0, u64::MAX - 2)
    }

    /// The stream from which a car of its park is drawn.
    #[must_use]
    pub fn car_stream(self, place: u64) -> SeededRng {
        SeededRng::new(self.0, u64::MAX - 16 - place)
    }

    /// The mint of its tokens, which repeat too: the key is of a stream of its own, and places
    /// count on from one start to the next.
    fn mint(self, generation: u64) -> TokenMint {
        let mut key = [0; 32];
        SeededRng::new(self.0, u64::MAX - 1).fill(&mut key);
        TokenMint::new(&key, generation << 40)
    }
}

/// Everything a server works with. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// Storage.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// That clock and its agenda, where it can be moved: on `dev`.
    pub time: Option<Arc<Time>>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Tokens.
    pub oauth: OAuth,
    /// Registering applications.
    pub applications: Applications,
    /// What Connect works with.
    pub connect: Arc<Connect>,
    /// Simulated cars.
    pub simulations: Simulations,
    /// Registering webhooks.
    pub webhooks: Webhooks,
    /// The vehicle API.
    pub vehicle_api: VehicleApi,
    /// The management API.
    pub management_api: ManagementApi,
    /// What an application tells and changes of itself.
    pub applications_api: ApplicationsApi,
    /// The control API of simulated cars and `dev` servers.
    pub simulator_api: SimulatorApi,
    /// Sends letters, where a mail server is configured.
    pub mailer: Option<Mailer>,
    /// Told to open streams when the server is about to stop.
    pub stopping: Stopping,
    /// The journal of requests, on `dev`.
    pub journal: Option<Arc<Journal>>,
    /// What is done with answers where they can be made to go wrong, or are journaled.
    pub watch: Option<Watch>,
    /// Public address.
    pub public_url: PublicUrl,
    /// Proxies that may speak for clients.
    pub trusted_proxies: Arc<[IpAddr]>,
    /// Accounts of the team.
    pub accounts: Accounts,
    /// Translations of the pages.
    pub translations: Catalogues,
    /// Numbers for `/metrics`.
    pub metrics: Arc<Metrics>,
    /// Makes tokens.
    pub mint: Arc<TokenMint>,
    /// The request log, unless it is off.
    pub request_log: Option<RequestLog>,
    /// How long its entries are kept.
    pub request_log_keeps: Duration,
}

impl Parts {
    /// Opens storage and puts the parts together.
    ///
    /// # Errors
    /// Storage cannot be opened, a brand file or the key cannot be used.
    #[expect(
        clippy::too_many_lines,
        reason = "one list of parts, put together in their order"
    )]
    pub async fn assemble(
        config: &Config,
        general: &General,
        folder: &DataFolder,
        public_url: PublicUrl,
        seed: Option<Seed>,
    ) -> anyhow::Result<Self> {
        let url = general
            .database
            .clone()
            .unwrap_or_else(|| StoreUrl::in_folder(folder.path()));
        folder.refuse_to_begin_anew(&url)?;
        let store = Store::open(&url)
            .await
            .with_context(|| format!("database {url}"))?;
        let simulator = config::Simulator::read(config)?;
        let control = Control::of(&simulator, seed.is_some());
        let clock = control.clock.clone();
        let (rng, seeded_mint) = randomness(&store, seed).await?;
        // The key protects sealed secrets, not repeatable values: it is random even with a seed.
        let key = config.optional::<String>("key")?;
        let key = folder.key(key.as_deref(), &SystemRng)?;
        let sealer = Sealer::new(key.as_bytes());
        let place = TokenMint::place_at(clock.now());
        let mint = Arc::new(seeded_mint.unwrap_or_else(|| TokenMint::new(key.as_bytes(), place)));
        let brands = Arc::new(read_brands(general.brands.as_deref())?);
        // Somebody's own files may be wrong, which a start must tell.
        let own = general.models.as_deref();
        let models = own
            .map(|folder| read_models(Some(folder), &brands))
            .transpose()?;
        let catalogue = Catalogue::new(brands.clone(), models);
        let (connectors, simulations) = cars(&simulator, &catalogue, (&store, &clock, &rng))?;
        let address = public_url.to_string();
        let oauth = OAuth::new(
            store.clone(),
            clock.clone(),
            rng.clone(),
            mint.clone(),
            config::OAuth::read(config)?.settings(&address),
        )
        .with_faults(control.faults.clone());
        let log = config::Log::read(config)?;
        let request_log = request_log_of(&log, folder)?;
        let smtp = config::Smtp::read(config)?.server;
        let mailer = smtp
            .map(|(url, from)| mail::mailer(&url, &from))
            .transpose()?;
        let provider = config::Oidc::read(config)?.provider;
        let provider = provider
            .map(|settings| provider::of(settings, &public_url).map(Arc::new))
            .transpose()?;
        let links = LinkKey::of(&key);
        let is_dev = seed.is_some();
        let connect = Arc::new(Connect {
            store: store.clone(),
            clock: clock.clone(),
            rng: rng.clone(),
            catalogue: catalogue.clone(),
            connectors: connectors.clone(),
            links: links.clone(),
            public_url: public_url.clone(),
            owners: owners::of(is_dev, &connectors, mailer.clone(), request_log.clone()),
            default_country: general.default_country,
        });
        let plan = config::Plan::read(config)?;
        let limits = config::Limits::read(config)?.of_vehicle_api(plan);
        let accounts = accounts_of(
            &store,
            sealer.clone(),
            (mailer.clone(), provider),
            &public_url,
        );
        let applications = Applications::new(store.clone(), clock.clone(), rng.clone(), sealer);
        Ok(Self {
            applications_api: ApplicationsApi::new(
                store.clone(),
                &applications,
                catalogue.brands.clone(),
                &address,
            ),
            applications,
            vehicle_api: Services {
                store: store.clone(),
                reader: Reader::new(connectors.clone()),
                clock: clock.clone(),
                mint: mint.clone(),
                oauth: oauth.clone(),
                catalogue,
                sender: Sender::new(connectors.clone(), store.clone(), clock.clone()),
                links: Links::new(&address, links.clone()),
                public_url: address.as_str().into(),
                usage: Usage::of(limits, &store),
                faults: control.faults.clone(),
                serves_test_vehicle: general.test_vehicle.unwrap_or(seed.is_some()),
            }
            .into(),
            webhooks: Webhooks::new(store.clone(), clock.clone(), rng.clone()),
            management_api: ManagementApi::new(store.clone(), clock.clone(), &address)
                .with_faults(control.faults.clone()),
            simulator_api: control.api(
                store.clone(),
                &address,
                Cars {
                    simulations: simulations.clone(),
                    consents: Arc::new(Consenting(connect.clone())),
                },
            ),
            simulations,
            mailer,
            trusted_proxies: general.trusted_proxies.clone().into(),
            accounts,
            translations: read_translations(general.translations.as_deref())?,
            stopping: Stopping::default(),
            connect,
            metrics: Arc::new(Metrics::new(store.clone(), request_log.clone())),
            mint,
            request_log,
            request_log_keeps: log.requests_kept,
            store,
            clock,
            time: control.time,
            watch: control.watch,
            journal: control.journal,
            rng,
            oauth,
            public_url,
        })
    }
}

/// The machine's randomness; on `dev` the seed's stream for this start, and a mint of its tokens.
async fn randomness(
    store: &Store,
    seed: Option<Seed>,
) -> Result<(Arc<dyn Rng>, Option<TokenMint>), StoreError> {
    let Some(Seed(seed)) = seed else {
        return Ok((Arc::new(SystemRng), None));
    };
    let generation = store
        .write(async |tx: &mut Tx<'_>| settings::next_seed_generation(tx).await)
        .await
        .map_err(|error: StoreError| error)?;
    let mint = Seed(seed).mint(generation);
    Ok((Arc::new(SeededRng::new(seed, generation)), Some(mint)))
}

/// The accounts. Authenticator apps go by the machine's time, whatever the server's own clock says,
/// and what opens an account is drawn from the machine's randomness: a seed is known to everyone.
fn accounts_of(
    store: &Store,
    sealer: Sealer,
    (mailer, provider): (Option<Mailer>, Option<Arc<Provider>>),
    public_url: &PublicUrl,
) -> Accounts {
    Accounts::new(carport_dashboard::accounts::Parts {
        store: store.clone(),
        clock: Arc::new(SystemClock),
        rng: Arc::new(SystemRng),
        sealer,
        mailer,
        public_url: public_url.clone(),
        provider,
    })
}

/// What a car that does not exist works with: storage, time, randomness.
type Ground<'a> = (&'a Store, &'a Arc<dyn Clock>, &'a Arc<dyn Rng>);

/// Cars that do not exist: how they are reached, and how they are made and steered.
fn cars(
    settings: &config::Simulator,
    catalogue: &Catalogue,
    (store, clock, rng): Ground<'_>,
) -> anyhow::Result<(Registry, Simulations)> {
    // Somebody's own files may be wrong, which a start must tell.
    let world = settings.files.as_deref().map(read_world).transpose()?;
    let trips = Trips::new(world, store.clone());
    let (brands, clock, rng) = (&catalogue.brands, clock.clone(), rng.clone());
    let test = TestConnector::new(brands.clone(), clock.clone(), rng.clone());
    let simulated = SimulatedConnector::new(
        brands.clone(),
        store.clone(),
        clock.clone(),
        rng.clone(),
        trips.clone(),
    );
    let simulations = Simulations::new(
        store.clone(),
        clock,
        rng,
        catalogue.clone(),
        trips,
        settings.cars,
    );
    let connectors = Registry::new(Arc::new(test), Arc::new(simulated));
    Ok((connectors, simulations))
}

/// The request log, unless it is off.
fn request_log_of(
    log: &config::Log,
    folder: &DataFolder,
) -> Result<Option<RequestLog>, StoreError> {
    if log.requests_kept.is_zero() {
        return Ok(None);
    }
    let file = folder.path().join(request_log::FILE);
    RequestLog::spawn(&file, log.requests_bytes).map(Some)
}

/// The built-in brands and those of the overlay folder.
///
/// # Errors
/// The folder cannot be read or a file is not a brand.
pub fn read_brands(folder: Option<&Path>) -> anyhow::Result<Brands> {
    Brands::with_overlay(&read_overlay("brands", folder)?).context("brands")
}

/// The built-in car models and those of the overlay folder.
///
/// # Errors
/// The folder cannot be read or a file holds no models of `brands`.
pub fn read_models(folder: Option<&Path>, brands: &Brands) -> anyhow::Result<CarModels> {
    CarModels::with_overlay(&read_overlay("models", folder)?, brands).context("models")
}

/// The translations of the pages in a folder.
///
/// # Errors
/// The folder cannot be read or a file cannot be used.
pub fn read_translations(folder: Option<&Path>) -> anyhow::Result<Catalogues> {
    let files = read_overlay("translations", folder)?;
    Catalogues::read(&files).context("translations")
}

/// The built-in profiles, cities and scenarios, and those of a folder.
///
/// # Errors
/// A folder cannot be read or a file is not what its folder says.
pub fn read_world(folder: &Path) -> anyhow::Result<World> {
    let files = |name: &str| {
        let folder = Some(folder.join(name)).filter(|folder| folder.is_dir());
        read_overlay("simulator.files", folder.as_deref())
    };
    let overlay = Overlay {
        profiles: files("profiles")?,
        cities: files("cities")?,
        scenarios: files("scenarios")?,
    };
    World::with_overlay(&overlay).context("simulator.files")
}

/// The TOML files of an overlay folder in the order of their names, each with its text.
fn read_overlay(setting: &str, folder: Option<&Path>) -> anyhow::Result<Vec<(String, String)>> {
    let Some(folder) = folder else {
        return Ok(Vec::new());
    };
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{setting} folder {} cannot be read", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            files.push((path.display().to_string(), text));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlays_add_and_name_their_mistakes() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("notes.txt", "not read");
        write(
            "solo.toml",
            "make = 'NISSAN'\n[[model]]\nname = 'Solo'\nyears = [2020]\ntype = 'BEV'",
        );
        let brands = Brands::embedded();
        let models = read_models(Some(folder.path()), &brands).unwrap();
        assert!(models.iter().any(|model| model.name == "Solo"));

        write("wrong.toml", "make = 'NISSAN'\nmodel = 3");
        let error = read_models(Some(folder.path()), &brands).unwrap_err();
        let told = format!("{error:#}");
        assert!(told.starts_with("models: "), "{told}");
        assert!(told.contains("wrong.toml, line 2, column 9: "), "{told}");

        let nowhere = folder.path().join("nowhere");
        let error = read_brands(Some(&nowhere)).unwrap_err();
        let told = format!("{error:#}");
        assert!(told.starts_with("brands folder ") && told.contains("nowhere cannot be read"));
    }
}
