//! Every page of people over a million vehicles and ten times as many entries of the request log.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;

use super::figures::{Bound, Figures};
use super::measures::{Bench, started};
use super::visitor::Visitor;
use crate::fill;

/// How often each page is loaded.
const LOADS: usize = 20;
/// Room for the request log, which would drop the oldest entries otherwise, in megabytes.
const LOG: &str = "CARPORT_LOG_REQUESTS_MEGABYTES";
const LOG_MEGABYTES: &str = "4000";
/// Who signs in to the Dashboard.
const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "loewenzahn im mai";

/// Pages of the Dashboard. `{vehicle}` is another one at each load, `{request}` the newest.
const DASHBOARD: [(&str, &str); 41] = [
    ("overview", ""),
    ("overview of a month", "?span=month"),
    ("vehicles", "/vehicles"),
    ("vehicles by make", "/vehicles?q=tesla"),
    ("vehicles by nothing there is", "/vehicles?q=nosuchthing"),
    ("vehicles by id", "/vehicles?q={vehicle}"),
    (
        "vehicles by permission",
        "/vehicles?permission=control_climate",
    ),
    ("a vehicle", "/vehicles/{vehicle}"),
    ("to disconnect it", "/vehicles/{vehicle}/disconnect"),
    ("request log", "/logs"),
    ("request log: errors", "/logs?status=errors"),
    ("request log: 5xx", "/logs?status=5xx"),
    ("request log: of a vehicle", "/logs?vehicle={vehicle}"),
    ("request log: by path", "/logs?q=location"),
    ("request log: for nothing", "/logs?q=nosuchthing"),
    (
        "request log: of an application",
        "/logs?application={application}",
    ),
    ("request log: a request", "/logs?request={request}"),
    ("runs", "/runs"),
    ("runs that were granted", "/runs?outcome=granted"),
    ("audit log", "/audit"),
    ("audit log: search", "/audit?q=secret"),
    ("team", "/team"),
    ("account", "/account"),
    ("second factor", "/account/second-factor"),
    ("applications", "/applications"),
    ("a new application", "/applications/new"),
    ("an application", "/applications/{application}"),
    ("its credentials", "/applications/{application}/credentials"),
    ("its redirect URIs", "/applications/{application}/redirects"),
    ("its access", "/applications/{application}/access"),
    (
        "its permission page",
        "/applications/{application}/access/preview",
    ),
    ("its brands", "/applications/{application}/brands"),
    ("its appearance", "/applications/{application}/appearance"),
    (
        "its first page",
        "/applications/{application}/appearance/preview",
    ),
    ("its switches", "/applications/{application}/security"),
    ("to disable it", "/applications/{application}/state"),
    ("to delete it", "/applications/{application}/delete"),
    ("playground", "/try"),
    ("simulator", "/simulator"),
    ("a simulated car to make", "/simulator/new"),
    ("sign-in", "/sign-in"),
];

/// Pages of the owner of one car.
const OWNER: [(&str, &str); 4] = [
    ("owner's page", ""),
    ("owner's page: a car", "{car}"),
    ("owner's page: further back", "{car}?reads={before}"),
    ("owner's page: to erase", "/erase"),
];

impl Bench<'_> {
    /// Loads every page, and holds the slowest 95th percentile against what people wait.
    pub fn pages(&self, folder: &Path, figures: &mut Figures) -> anyhow::Result<()> {
        let ids = fs::read_to_string(folder.join("vehicles.txt"))?;
        let vehicles: Vec<&str> = ids.lines().collect();
        let application = fs::read_to_string(folder.join("application.json"))?;
        let application = fill::member(&application, "clientId").context("its id")?;
        let mut slowest = self.dashboard(folder, (&vehicles, application), figures)?;
        slowest = slowest.max(self.owners(folder, figures)?);
        let bound = Bound::at_most(100.0, 50.0);
        figures.bound("slowest 95th percentile of a page", slowest, "ms", bound);
        Ok(())
    }

    fn dashboard(
        &self,
        folder: &Path,
        (vehicles, application): (&[&str], &str),
        figures: &mut Figures,
    ) -> anyhow::Result<f64> {
        let mut serve = self.carport("serve", folder);
        serve
            .env(LOG, LOG_MEGABYTES)
            .env("CARPORT_OWNER_EMAIL", EMAIL)
            .env("CARPORT_OWNER_PASSWORD", PASSWORD);
        let server = started(&serve)?;
        let mut member = Visitor::of(&server);
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        member.send("/dashboard/sign-in", &fields)?;
        let log = member.get("/dashboard/logs")?;
        let request = log.split_once("request=").map_or("", |(_, rest)| rest);
        let request = request.split(|it: char| !it.is_ascii_digit()).next();
        let mut slowest: f64 = 0.0;
        for (name, path) in DASHBOARD {
            let path = format!("/dashboard{path}")
                .replace("{application}", application)
                .replace("{request}", request.unwrap_or_default());
            let mut nth = 0;
            let p95 = loaded(figures, name, || {
                nth += 7_919;
                let path = path.replace("{vehicle}", vehicles[nth % vehicles.len()]);
                member.get(&path).map(drop)
            })?;
            slowest = slowest.max(p95);
        }
        Ok(slowest)
    }

    /// Of a `dev` server, where owners of cars that do not exist come in.
    fn owners(&self, folder: &Path, figures: &mut Figures) -> anyhow::Result<f64> {
        let mut dev = self.carport("dev", folder);
        let server = started(dev.arg("--no-tutorial").env(LOG, LOG_MEGABYTES))?;
        let mut owner = Visitor::of(&server);
        let sign_in = || owner.get("/me/sign-in").map(drop);
        let mut slowest = loaded(figures, "owner's sign-in", sign_in)?;
        let fields = [("username", "owner-500@example.net"), ("password", "any")];
        owner.send("/me/sign-in/test/TESLA", &fields)?;
        let home = owner.get("/me")?;
        let car = home.split_once("href=\"/me/cars/").context("a car")?.1;
        let car = format!("/cars/{}", car.split(['"', '?']).next().unwrap_or_default());
        let page = owner.get(&format!("/me{car}"))?;
        let before = page.split_once("?reads=").map_or("0", |(_, rest)| rest);
        let before = before.split('#').next().unwrap_or_default();
        for (name, path) in OWNER {
            let path = path.replace("{car}", &car).replace("{before}", before);
            let path = format!("/me{path}");
            let p95 = loaded(figures, name, || owner.get(&path).map(drop))?;
            slowest = slowest.max(p95);
        }
        Ok(slowest)
    }
}

/// Loads a page often, notes its times, and tells their 95th percentile in milliseconds.
fn loaded(
    figures: &mut Figures,
    name: &str,
    mut load: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<f64> {
    let mut times = Vec::with_capacity(LOADS);
    for _ in 0..LOADS {
        let before = Instant::now();
        load().with_context(|| name.to_owned())?;
        times.push(before.elapsed().as_secs_f64() * 1e3);
    }
    let first = times[0];
    times.sort_by(f64::total_cmp);
    let (median, p95) = (times[LOADS / 2], times[LOADS * 95 / 100 - 1]);
    figures.page(name, [first, median, p95]);
    Ok(p95)
}
