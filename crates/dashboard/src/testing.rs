//! A Dashboard for tests of accounts: members, their sessions, letters.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use carport_connector::{Connector, Reader, Registry};
use carport_model::member::Purpose;
use carport_model::{
    Brands, Catalogue, Clock, Digest, Faults, Member, MemberId, Role, Session, SessionId,
};
use carport_oauth::applications::Applications;
use carport_oauth::sealing::Sealer;
use carport_oauth::{OAuth, Settings as OAuthSettings};
use carport_simulator::{Simulations, TestConnector, Trips};
use carport_store::audit_log::{self, Filter};
use carport_store::{Tx, member_links, member_sessions, members};
use carport_testkit::{Answer, Mailbox, TestApp, TestBed};
use carport_web::{Stopping, csrf};

use crate::accounts::openid::Provider;
use crate::accounts::{Accounts, Parts};
use crate::{Access, OwnApi, Previews, Services, Shown};

/// What a browser without a session has.
pub(crate) const SECRET: &str = "00112233445566778899aabbccddeeff";

/// The accounts of a bed.
pub(crate) fn accounts(
    bed: &TestBed,
    mail: Option<&Mailbox>,
    provider: Option<Arc<Provider>>,
) -> Accounts {
    Accounts::new(Parts {
        store: bed.store.clone(),
        clock: bed.clock(),
        rng: bed.rng(),
        sealer: Sealer::new(&[7; 32]),
        mailer: mail.map(Mailbox::mailer),
        public_url: "http://localhost:2277".parse().unwrap(),
        provider,
    })
}

/// What the pages work with, over a bed: the real connector and token endpoint, no API behind it.
pub(crate) fn services(bed: &TestBed, access: Access, clock: Arc<dyn Clock>) -> Services {
    let brands = Arc::new(Brands::embedded());
    let simulations = Simulations::new(
        bed.store.clone(),
        clock.clone(),
        bed.rng(),
        Catalogue::new(brands.clone(), None),
        Trips::new(None, bed.store.clone()),
        1000,
    );
    let cars: Arc<dyn Connector> =
        Arc::new(TestConnector::new(brands.clone(), clock.clone(), bed.rng()));
    let (store, origin) = (bed.store.clone(), "http://localhost:2277");
    let settings = OAuthSettings::for_issuer(origin);
    let sealer = Sealer::new(&[7; 32]);
    Services {
        applications: Applications::new(store.clone(), clock.clone(), bed.rng(), sealer),
        oauth: OAuth::new(
            store.clone(),
            clock.clone(),
            bed.rng(),
            bed.mint(),
            settings,
        ),
        store,
        public_url: origin.parse().unwrap(),
        access,
        accounts: accounts(bed, None, None),
        clock,
        time: None,
        rng: bed.rng(),
        own_api: OwnApi {
            carry: Arc::new(|_| Box::pin(async { None })),
            endpoints: || &[],
        },
        brands,
        previews: Arc::new(Told),
        simulations,
        faults: Some(Arc::new(Faults::default())),
        reader: Reader::new(Registry::with_generated(cars)),
        mint: bed.mint(),
        api: Arc::new(LazyLock::new(Box::new(Router::new))),
        request_log: None,
        request_log_keeps: Duration::from_hours(24 * 30),
        stopping: Stopping::default(),
    }
}

/// Previews that say what they were asked for.
struct Told;

impl Previews for Told {
    fn start_page(&self, shown: Shown) -> Response {
        let accent = shown.settings.accent.unwrap_or_default();
        format!("start {accent} {}", shown.settings.welcome).into_response()
    }

    fn grant_page(&self, shown: Shown) -> Response {
        format!("grant {}", shown.application.default_scope).into_response()
    }
}

/// A server with accounts.
pub(crate) struct Site {
    pub bed: TestBed,
    pub app: TestApp,
    pub mail: Mailbox,
    pub accounts: Accounts,
}

/// A browser: the cookie of its session, if it has one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browser(pub Option<String>);

impl Site {
    pub(crate) async fn serve() -> Self {
        Self::with(Access::Nobody, true).await
    }

    pub(crate) async fn with(access: Access, sends_mail: bool) -> Self {
        Self::of(access, sends_mail, |_| None).await
    }

    /// A server whose members may sign in at a provider, which goes by the clock that is handed in.
    pub(crate) async fn with_provider(
        provider: impl FnOnce(Arc<dyn Clock>) -> Arc<Provider>,
    ) -> Self {
        Self::of(Access::Nobody, true, |clock| Some(provider(clock))).await
    }

    async fn of(
        access: Access,
        sends_mail: bool,
        provider: impl FnOnce(Arc<dyn Clock>) -> Option<Arc<Provider>>,
    ) -> Self {
        let bed = TestBed::new().await;
        let mail = Mailbox::default();
        let accounts = accounts(&bed, sends_mail.then_some(&mail), provider(bed.clock()));
        let services = Services {
            accounts: accounts.clone(),
            ..services(&bed, access, bed.clock())
        };
        let app = TestApp::serving(crate::routes(services));
        Self {
            bed,
            app,
            mail,
            accounts,
        }
    }

    /// A member, who has a password that nobody knows.
    pub(crate) async fn member(&self, email: &str, role: Role) -> Member {
        let now = self.bed.clock().now();
        let member = Member {
            id: MemberId::draw(&*self.bed.rng),
            email: email.parse().unwrap(),
            name: email.split('@').next().unwrap_or_default().to_owned(),
            role,
            only: None,
            created_at: now,
            joined_at: Some(now),
            disabled_at: None,
            has_password: true,
            has_second_factor: false,
        };
        self.put(&member).await;
        member
    }

    pub(crate) async fn put(&self, member: &Member) {
        let member = member.clone();
        let unit = async move |tx: &mut Tx<'_>| members::insert(tx, &member, Some("none")).await;
        assert!(
            self.bed
                .store
                .write(unit)
                .await
                .map_err(|error: carport_store::StoreError| error)
                .unwrap()
        );
    }

    /// A browser in which a member is signed in.
    pub(crate) async fn signed_in(&self, member: &Member) -> Browser {
        let token = carport_model::token::draw_secret(&*self.bed.rng);
        let now = self.bed.clock().now();
        let session = Session {
            id: SessionId::draw(&*self.bed.rng),
            member: member.id,
            made_at: now,
            seen_at: now,
            expires_at: now.plus(crate::accounts::LIVES),
            address: "192.0.2.0".to_owned(),
            agent: "curl/8".to_owned(),
        };
        let digest = Digest::of(token.expose());
        let unit =
            async move |tx: &mut Tx<'_>| member_sessions::insert(tx, &session, &digest).await;
        let kept: Result<(), carport_store::StoreError> = self.bed.store.write(unit).await;
        kept.unwrap();
        Browser(Some(token.expose().clone()))
    }

    /// What the audit log says was done, by name: entries of one instant have no order.
    pub(crate) async fn audited(&self) -> Vec<String> {
        let unit = async |tx: &mut Tx<'_>| audit_log::page(tx, &Filter::default(), None, 100).await;
        let page: Result<_, carport_store::StoreError> = self.bed.store.read(unit).await;
        let entries = page.unwrap().into_iter();
        let mut actions: Vec<String> = entries.map(|(_, entry)| entry.action).collect();
        actions.sort();
        actions
    }

    pub(crate) async fn find(&self, member: &Member) -> Option<Member> {
        self.accounts.find(member.id).await.ok()
    }

    /// Whether a link still works.
    pub(crate) async fn works(&self, address: &str, purpose: Purpose) -> bool {
        let digest = Digest::of(address.split("token=").nth(1).unwrap());
        let now = self.bed.clock().now();
        let unit = async move |tx: &mut Tx<'_>| member_links::find(tx, &digest, purpose, now).await;
        let found: Result<_, carport_store::StoreError> = self.bed.store.read(unit).await;
        found.unwrap().is_some()
    }

    pub(crate) async fn get(&self, browser: &Browser, path: &str) -> Answer {
        let path = path.trim_start_matches("http://localhost:2277");
        let request = self.app.get(path).header("host", "localhost:2277");
        request.header("cookie", &browser.cookies()).send().await
    }

    /// Posts a form as the page would.
    pub(crate) async fn post(
        &self,
        browser: &Browser,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let csrf = csrf::draw(browser.0.as_deref().unwrap_or(SECRET), &*self.bed.rng);
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        let request = self.app.post(path).header("host", "localhost:2277");
        let request = request.header("origin", "http://localhost:2277");
        request
            .header("cookie", &browser.cookies())
            .form(&all)
            .send()
            .await
    }
}

impl Browser {
    fn cookies(&self) -> String {
        match &self.0 {
            Some(token) => format!("carport_dashboard={SECRET}; carport_session={token}"),
            None => format!("carport_dashboard={SECRET}"),
        }
    }

    /// The browser after an answer that signs in.
    pub(crate) fn after(answer: &Answer) -> Self {
        Self(set(answer, "carport_session"))
    }
}

/// What an answer sets a cookie to.
pub(crate) fn set(answer: &Answer, name: &str) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
    let found = cookies.find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='))?;
    Some(found.split(';').next()?.to_owned())
}
