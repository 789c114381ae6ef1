//! A small browser: follows nothing by itself, keeps cookies by path, fills in hidden fields.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use carport_connector::Registry;
use carport_model::application::Application;
use carport_model::country::Country;
use carport_model::{
    ApplicationId, Brands, Catalogue, Clock, ConnectSettings, Digest, LinkKey, Mode, Permissions,
    SeededRng, Timestamp, UserId, VehicleId,
};
use carport_simulator::TestConnector;
use carport_store::applications::{self, ManagementToken};
use carport_store::{
    Store, StoreError, StoreUrl, Tx, connect_settings, connections, redirect_uris,
};
use carport_testkit::Mailbox;
use carport_web::words::{Catalogues, spoken};
use carport_web::{assets, layers};
use tower::ServiceExt as _;

use crate::Services;
use crate::me::Owners;

pub(crate) const CALLBACK: &str = "https://rideledger.example.net/callback";

/// A clock that moves when it is told to.
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn advance(&self, by: Duration) {
        self.0
            .fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) struct App {
    pub services: Arc<Services>,
    pub application: Application,
    pub clock: Arc<ManualClock>,
    pub mailbox: Mailbox,
    router: Router,
    /// What browsers of this server ask for; nothing when empty.
    language: &'static str,
    _folder: tempfile::TempDir,
}

impl App {
    pub async fn start() -> Self {
        Self::with(|_| (), &[CALLBACK]).await
    }

    /// An application changed by `change`, with these redirect URIs.
    pub async fn with(change: impl FnOnce(&mut Application), uris: &[&str]) -> Self {
        Self::among(Brands::embedded(), change, uris).await
    }

    /// The same on a server with these brands.
    pub async fn among(
        brands: Brands,
        change: impl FnOnce(&mut Application),
        uris: &[&str],
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreUrl::in_folder(folder.path()))
            .await
            .unwrap();
        // 2026-11-23T09:14:05Z.
        let clock = Arc::new(ManualClock(AtomicI64::new(1_795_425_245_000)));
        let rng = Arc::new(SeededRng::new(0, 0));
        let mut application = Application {
            id: ApplicationId::draw(&*rng),
            name: "Ride Ledger".into(),
            privacy_url: Some("https://rideledger.example.net/privacy".into()),
            created_at: clock.now(),
            enabled: true,
            suspended_at: None,
            default_scope: "read_odometer".parse().unwrap(),
            public: false,
            require_pkce: false,
            send_iss: true,
            strict_required: false,
        };
        change(&mut application);
        let (kept, uris) = (application.clone(), uris.iter().map(ToString::to_string));
        let uris: Vec<String> = uris.collect();
        let unit = async move |tx: &mut Tx<'_>| {
            let token = ManagementToken {
                digest: Digest::of("amt"),
                sealed: Vec::new(),
            };
            applications::insert(tx, &kept, &token).await?;
            for uri in &uris {
                redirect_uris::add(tx, kept.id, uri).await?;
            }
            Ok::<_, StoreError>(())
        };
        store.write(unit).await.unwrap();
        let brands = Arc::new(brands);
        let mailbox = Mailbox::default();
        let cars = TestConnector::new(brands.clone(), clock.clone(), rng.clone());
        let services = Arc::new(Services {
            store,
            clock: clock.clone(),
            rng: rng.clone(),
            catalogue: Catalogue::new(brands, None),
            links: LinkKey::of(&"0".repeat(64).parse().unwrap()),
            connectors: Registry::with_generated(Arc::new(cars)),
            public_url: "https://cars.example.net".parse().unwrap(),
            owners: Owners {
                modes: vec![Mode::Simulated, Mode::Test],
                mailer: Some(mailbox.mailer()),
                log: None,
            },
            default_country: Country::find("US").unwrap(),
        });
        let router = crate::routes(services.clone())
            .merge(crate::me::routes(services.clone()))
            .merge(assets::routes());
        Self {
            services,
            application,
            clock,
            mailbox,
            router: layers::identified(router, rng),
            language: "",
            _folder: folder,
        }
    }

    /// Changes what the application has set about Connect.
    pub async fn set(&self, change: impl FnOnce(&mut ConnectSettings)) {
        let mut settings = ConnectSettings::default();
        change(&mut settings);
        let application = self.application.clone();
        let unit = async move |tx: &mut Tx<'_>| {
            connect_settings::hold(tx, application.id).await?;
            connect_settings::save(tx, &application, &settings).await
        };
        let saved: Result<bool, StoreError> = self.services.store.write(unit).await;
        assert!(saved.unwrap());
    }

    /// The same for readers of another language, in which texts are called as this catalogue says.
    pub fn speaking(mut self, language: &'static str, catalogue: &str) -> Self {
        let file = (format!("{language}.toml"), catalogue.to_owned());
        let catalogues = Catalogues::read(&[file]).unwrap();
        self.router = spoken(self.router, &catalogues);
        self.language = language;
        self
    }

    pub async fn answer(&self, mut request: Request<Body>) -> axum::response::Response {
        if !self.language.is_empty() {
            let language = HeaderValue::from_static(self.language);
            let headers = request.headers_mut();
            headers.insert(header::ACCEPT_LANGUAGE, language);
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// A link with the usual parameters and `more`.
    pub fn link(&self, more: &str) -> String {
        let id = self.application.id;
        format!("/oauth/authorize?response_type=code&client_id={id}&mode=test{more}")
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser {
            app: self,
            cookie: String::new(),
            at: String::new(),
            page: String::new(),
        }
    }

    /// A browser on the start page of a run for `link(more)`.
    pub async fn opened(&self, more: &str) -> Browser<'_> {
        self.arrived(&self.link(more)).await
    }

    /// A car that an owner has connected, with everything that `scope` asks for.
    pub async fn connected(&self, brand: &str, login: &str, more: &str) -> (UserId, VehicleId) {
        let mut browser = self.opened(more).await;
        browser.post("start", "country=US").await;
        if browser.at.ends_with("/brand") {
            browser.post("brand", &format!("make={brand}")).await;
        }
        browser.sign_in(login).await;
        if browser.at.ends_with("/mfa") {
            browser.post("mfa", "otp=000000").await;
        }
        let all = Permissions::all().to_string();
        let all = all.replace(' ', "&permission=");
        let answer = browser
            .post(
                "grant",
                &format!("decision=allow&vehicle=1&vehicle=2&permission={all}"),
            )
            .await;
        let user = answer.query("user_id").expect("a grant").parse().unwrap();
        let find = async move |tx: &mut Tx<'_>| connections::vehicles_of(tx, user, 2, 0).await;
        let (vehicles, _) = self.services.store.scan(find).await.unwrap();
        (user, vehicles[0])
    }

    pub async fn arrived(&self, link: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.get(link).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.body);
        browser.follow(&answer).await;
        browser
    }
}

pub(crate) struct Browser<'a> {
    app: &'a App,
    pub cookie: String,
    /// Address of the page shown.
    pub at: String,
    /// The page shown.
    pub page: String,
}

pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// A value of the redirect's query.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.location().split_once('?')?;
        let pairs = carport_web::Pairs::parse(query).unwrap();
        pairs.get(name).map(str::to_owned)
    }
}

impl Browser<'_> {
    pub async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let request = request.header(header::COOKIE, &self.cookie);
        let request = request.body(Body::from(body)).unwrap();
        let response = self.app.answer(request).await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        if let Some(set) = parts.headers.get(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            set.split(';')
                .next()
                .unwrap_or_default()
                .clone_into(&mut self.cookie);
        }
        assert_eq!(parts.headers["sc-request-id"].len(), 36);
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Opens an address; a page becomes the one shown.
    pub async fn get(&mut self, address: &str) -> Answer {
        let answer = self.send(Request::get(address), String::new()).await;
        self.showing(address, &answer);
        answer
    }

    fn showing(&mut self, address: &str, answer: &Answer) {
        if !answer.body.is_empty() {
            address.clone_into(&mut self.at);
            self.page.clone_from(&answer.body);
        }
    }

    /// Follows a redirect within Carport.
    pub async fn follow(&mut self, answer: &Answer) -> Answer {
        let location = answer.location().to_owned();
        assert!(
            location.starts_with("/connect/"),
            "{location} {}",
            answer.body
        );
        self.get(&location).await
    }

    /// Opens another page of the run.
    pub async fn open(&mut self, page: &str) -> Answer {
        let address = self.beside(page);
        self.get(&address).await
    }

    fn beside(&self, page: &str) -> String {
        let (run, _) = self.at.rsplit_once('/').unwrap();
        format!("{run}/{page}")
    }

    /// Posts a form of the page shown, with its hidden field; follows redirects within Carport.
    pub async fn post(&mut self, action: &str, fields: &str) -> Answer {
        let answer = self
            .post_raw(action, &format!("csrf={}&{fields}", self.csrf()))
            .await;
        if answer.location().starts_with("/connect/") {
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            return self.follow(&answer).await;
        }
        answer
    }

    pub async fn post_raw(&mut self, action: &str, body: &str) -> Answer {
        let address = self.beside(action);
        let request = Request::post(&address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.send(request, body.to_owned()).await;
        self.showing(&address, &answer);
        answer
    }

    pub fn csrf(&self) -> &str {
        let mark = "name=\"csrf\" value=\"";
        let from = self.page.find(mark).expect("the page has a form") + mark.len();
        &self.page[from..from + 64]
    }

    /// Goes on to the login page of a brand.
    pub async fn goes_to_login(&mut self, brand: &str) {
        self.post("start", "country=US").await;
        self.post("brand", &format!("make={brand}")).await;
        assert!(self.at.ends_with("/login"), "{}", self.at);
    }

    /// Signs in with this e-mail.
    pub async fn sign_in(&mut self, login: &str) -> Answer {
        let login = login.replace('@', "%40");
        self.post("login", &format!("username={login}&password=password"))
            .await
    }

    /// From the start to the permission page.
    pub async fn goes_to_grant(&mut self, brand: &str, login: &str) {
        self.goes_to_login(brand).await;
        self.sign_in(login).await;
        assert!(self.at.ends_with("/grant"), "{} {}", self.at, self.page);
    }
}
