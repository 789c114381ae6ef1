//! What is kept of a run for the makers of the application.

use carport_model::run::event::Event;
use carport_model::{RunId, UserId};
use carport_store::{Tx, run_steps};

use super::{App, Browser};

/// Event and detail of each step of the run that a browser is on.
async fn steps(app: &App, browser: &Browser<'_>) -> Vec<(Event, String)> {
    let run: RunId = browser.at.split('/').nth(2).unwrap().parse().unwrap();
    let find = async move |tx: &mut Tx<'_>| run_steps::of(tx, run).await;
    let steps: Vec<_> = app.services.store.read(find).await.unwrap();
    let told = steps
        .into_iter()
        .map(|step| (step.event, step.detail.unwrap_or_default()));
    told.collect()
}

fn told(steps: &[(Event, &str)]) -> Vec<(Event, String)> {
    let owned = |(event, detail): &(Event, &str)| (*event, (*detail).to_owned());
    steps.iter().map(owned).collect()
}

#[tokio::test]
async fn each_step_is_kept_and_nothing_personal() {
    let app = App::start().await;
    let mut browser = app
        .opened("&scope=read_odometer&approval_prompt=force")
        .await;
    browser.post("start", "country=US").await;
    browser.post("brand", "make=VOLVO").await;
    browser.sign_in("smartcar@invalid-credentials.com").await;
    browser.sign_in("3-vehicles@smartcar.com").await;
    let answer = browser
        .post("grant", "decision=allow&vehicle=1&permission=read_odometer")
        .await;
    let user: UserId = answer.query("user_id").unwrap().parse().unwrap();
    assert_ne!(user.to_string(), "");
    let kept = steps(&app, &browser).await;
    assert_eq!(
        kept,
        told(&[
            (Event::Started, ""),
            (Event::CountryChosen, "US"),
            (Event::BrandChosen, "VOLVO"),
            (Event::Refused, ""),
            (Event::SignedIn, "3"),
            (Event::Allowed, "1"),
        ])
    );
}

#[tokio::test]
async fn a_brand_of_the_link_counts_as_chosen_and_an_end_has_its_code() {
    let app = App::start().await;
    let mut browser = app
        .opened("&scope=read_odometer&make=volvo&approval_prompt=force")
        .await;
    browser.post("start", "country=US").await;
    browser.sign_in("0-vehicles@smartcar.com").await;
    browser.post("exit", "").await;
    assert_eq!(
        steps(&app, &browser).await,
        told(&[
            (Event::Started, ""),
            (Event::CountryChosen, "US"),
            (Event::BrandChosen, "VOLVO"),
            (Event::SignedIn, "0"),
            (Event::NoVehicles, ""),
            (Event::Failed, "no_vehicles"),
        ])
    );
    let mut browser = app
        .opened("&scope=read_odometer&approval_prompt=force")
        .await;
    browser.post("start", "country=US").await;
    browser.post("brand", "make=").await;
    let kept = steps(&app, &browser).await;
    assert_eq!(kept.last(), Some(&(Event::BrandUnknown, String::new())));
}
