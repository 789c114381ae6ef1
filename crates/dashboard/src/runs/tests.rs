//! Runs through the router.

use std::time::Duration;

use carport_model::run::event::Event;
use carport_model::run::{
    Aim, ConnectRequest, Decision, ExternalId, Flags, Outcome, Progress, ResponseType, RunError,
    Step,
};
use carport_model::{Digest, Mode, RunId};
use carport_store::connect_runs::{self, Run};
use carport_store::run_steps::{self, RunStep};
use carport_store::{StoreError, Tx};
use carport_testkit::Answer;

use super::PAGE;
use crate::logs::tests::link;
use crate::simulator::tests::Site;

fn rows(answer: &Answer) -> usize {
    answer
        .text()
        .matches("<td><a href=\"/dashboard/runs/")
        .count()
}

impl Site {
    /// A run that began just now, with these steps after its first.
    async fn run(&self, user: &str, events: &[(Event, &str)]) -> RunId {
        self.bed.clock.advance(Duration::from_secs(1));
        let now = carport_model::Clock::now(&*self.bed.clock);
        let request = ConnectRequest {
            application: self.client.application.id,
            aim: Aim::Access,
            response_type: ResponseType::Code,
            redirect_uri: Some(self.client.redirect_uri.clone()),
            redirect_uri_given: true,
            scope: "read_odometer".parse().unwrap(),
            state: Some("secret-state".to_owned()),
            force_approval: false,
            mode: Mode::Test,
            make: None,
            single_select: true,
            single_select_vin: None,
            flags: Flags::default(),
            user: Some(user.to_owned()),
            external_id: ExternalId::Keep,
            app_origin: None,
            sdk_platform: None,
            sdk_version: None,
            challenge: None,
        };
        let run = Run {
            id: RunId::draw(&*self.bed.rng),
            cookie: Digest::of("cookie"),
            request,
            progress: Progress {
                step: Step::Login,
                country: "DE".to_owned(),
                brand: None,
                login: Some("owner@ladebaer.test".to_owned()),
                vehicles: Vec::new(),
                blocked: Vec::new(),
                wrong_tries: 0,
                locked_until: None,
                error: None,
            },
            created_at: now,
            expires_at: now.plus(Duration::from_hours(1)),
            completed_at: None,
            outcome: None,
        };
        let id = run.id;
        let steps: Vec<RunStep> = events
            .iter()
            .map(|(event, detail)| RunStep {
                at: now.plus(Duration::from_secs(30)),
                event: *event,
                detail: (!detail.is_empty()).then(|| (*detail).to_owned()),
            })
            .collect();
        let unit = async move |tx: &mut Tx<'_>| {
            connect_runs::insert(tx, &run).await?;
            for step in &steps {
                run_steps::add(tx, run.id, step).await?;
                if step.event == Event::Failed {
                    connect_runs::complete(tx, run.id, &run.progress, step.at).await?;
                    let error = RunError {
                        message: "<b>scope</b> is wrong".to_owned(),
                        oauth_error: "invalid_scope".to_owned(),
                    };
                    let outcome = Outcome {
                        form: String::new(),
                        decision: Decision::Failed {
                            code: step.detail.clone().unwrap_or_default(),
                            error: Some(error),
                        },
                    };
                    connect_runs::keep_outcome(tx, run.id, &outcome).await?;
                }
            }
            Ok(())
        };
        self.bed
            .store
            .write(unit)
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
        id
    }
}

#[tokio::test]
async fn without_a_run_it_leads_to_the_next_step() {
    let site = Site::dev().await;
    let page = site.get(PAGE).await;
    assert!(page.text().contains("Nobody has come through Connect yet"));
    assert!(!page.text().contains("How far they came"));
}

#[tokio::test]
async fn runs_are_filtered_and_counted() {
    let site = Site::dev().await;
    site.run("ann", &[]).await;
    let brand = (Event::BrandChosen, "TESLA");
    site.run("bob", &[brand, (Event::Refused, "")]).await;
    let denied = (Event::Failed, "access_denied");
    site.run("cat", &[brand, (Event::SignedIn, "2"), denied])
        .await;
    for (query, found) in [
        (String::new(), 3),
        ("ending=open".to_owned(), 2),
        ("ending=expired".to_owned(), 0),
        ("ending=access_denied".to_owned(), 1),
        ("mode=test".to_owned(), 3),
        ("mode=live".to_owned(), 0),
        ("make=TESLA".to_owned(), 2),
        ("user=bob".to_owned(), 1),
        (format!("application={}", site.client.id), 3),
        (
            "application=00000000-0000-0000-0000-000000000000".to_owned(),
            0,
        ),
        ("from=2026-03-01T08:16".to_owned(), 0),
        ("to=2026-03-01T08:16".to_owned(), 3),
    ] {
        let page = site.get(&format!("{PAGE}?{query}")).await;
        assert_eq!(rows(&page), found, "{query}");
    }
    let text = site.get(PAGE).await.text().to_owned();
    assert!(text.contains("Funnel: Started 3, Brand chosen 2, Signed in 1, Allowed 0"));
    site.bed.clock.advance(Duration::from_hours(2));
    assert_eq!(rows(&site.get(&format!("{PAGE}?ending=expired")).await), 2);
}

#[tokio::test]
async fn pages_lead_back_and_forth() {
    let site = Site::dev().await;
    for number in 0..70 {
        site.run(&format!("user-{number}-"), &[]).await;
    }
    for query in ["", &format!("?application={}", site.client.id)] {
        let first = site.get(&format!("{PAGE}{query}")).await;
        assert_eq!(rows(&first), 50);
        let second = site.get(&link(&first, "next").unwrap()).await;
        assert_eq!(rows(&second), 20);
        assert!(second.text().contains("user-0-") && link(&second, "next").is_none());
        let back = site.get(&link(&second, "prev").unwrap()).await;
        assert!(rows(&back) == 50 && back.text().contains("user-69-"));
        assert!(link(&back, "prev").is_none());
    }
}

#[tokio::test]
async fn a_run_is_told_step_by_step() {
    let site = Site::dev().await;
    let open = site
        .run(
            "ann",
            &[(Event::BrandChosen, "TESLA"), (Event::Refused, "")],
        )
        .await;
    let page = site.get(&format!("{PAGE}/{open}")).await;
    let text = page.text();
    for part in [
        "Opened the link",
        "Brand: Tesla",
        "was not accepted",
        "Stands at /connect/…/login",
        "Going on",
        "after 30 s",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("owner@ladebaer.test") && !text.contains("secret-state"));
    let failed = site
        .run("<i>bob</i>", &[(Event::Failed, "configuration_error")])
        .await;
    let text = site
        .get(&format!("{PAGE}/{failed}"))
        .await
        .text()
        .to_owned();
    assert!(text.contains("Wrong link") && text.contains("&#60;b&#62;scope"));
    assert!(!text.contains("<i>bob") && text.contains("&#60;i&#62;bob"));
    for id in ["x", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(site.get(&format!("{PAGE}/{id}")).await.status, 404);
    }
}
