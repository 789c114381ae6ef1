//! Scenarios of an application's own.

use super::*;

/// Awake and asleep in turns.
const NAPS: &str = r#"
id = "naps"
name = "Naps"
about = "Two minutes awake, two asleep."
starts_at = "12:00"
repeats = true
temperature = { low = 6, high = 17 }
start = { charge = 0.8, fuel = 0.62, odometer = [12000, 90000] }
[[stage]]
name = "Awake"
do = "park"
at = "home"
for = "2m"
[[stage]]
name = "Asleep"
do = "sleep"
at = "home"
for = "2m"
"#;

#[tokio::test]
async fn an_own_scenario_is_followed_after_a_restart_and_by_nobody_else() {
    let site = Site::new().await;
    let text = NAPS;
    let added = site
        .cars
        .add_scenario(site.application, text.to_owned())
        .await
        .unwrap();
    assert_eq!(added.id, "naps");
    let again = site
        .cars
        .add_scenario(site.application, text.to_owned())
        .await;
    assert!(matches!(
        again,
        Err(ControlError::Conflict { field: "id", .. })
    ));
    let car = site.kia().await;
    let follow = |id: &str| Step::Follow {
        scenario: Some(id.to_owned()),
        city: None,
    };
    let steered = site.steer(&car, vec![follow("naps")]).await.unwrap();
    assert_eq!(id_of(&steered.course.scenario), "naps");
    let used = site.cars.delete_scenario(site.application, "naps").await;
    assert!(matches!(used, Err(ControlError::Conflict { .. })));

    let site = site.restarted().await;
    assert!(site.read(&car).await.is_ok());
    site.bed.clock.advance(Duration::from_mins(3));
    assert_eq!(site.read(&car).await.unwrap_err().error, &error::ASLEEP);

    let other = site.bed.application().await.application.id;
    for id in ["naps", &*steered.course.scenario] {
        let mut new = wish(other, model("kia", "ev6"));
        new.scenario = Some(id.to_owned());
        assert!(
            matches!(
                site.cars.create(new).await,
                Err(ControlError::Refused { .. })
            ),
            "{id}"
        );
    }
    let listed = async |application| {
        let scenarios = site.cars.scenarios(application).await.unwrap();
        scenarios
            .into_iter()
            .filter(|(_, own)| own.is_some())
            .count()
    };
    assert_eq!(
        (listed(site.application).await, listed(other).await),
        (1, 0)
    );

    site.steer(&car, vec![follow("parked")]).await.unwrap();
    site.cars
        .delete_scenario(site.application, "naps")
        .await
        .unwrap();
    let gone = site.cars.delete_scenario(site.application, "naps").await;
    assert!(matches!(gone, Err(ControlError::Unknown { .. })));
}

#[tokio::test]
async fn a_wrong_scenario_is_told_its_place_and_cars_go_on() {
    let site = Site::new().await;
    let car = site.kia().await;
    let before = site.read(&car).await.unwrap();
    let refused = site
        .cars
        .add_scenario(site.application, "id = 'x'\nname = 3".to_owned())
        .await;
    let Err(ControlError::Refused {
        field: "scenario",
        advice,
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert!(
        advice
            .to_string()
            .starts_with("scenario, line 2, column 8: "),
        "{advice}"
    );
    let brought = site.cars.world().scenario("parked").unwrap();
    assert_eq!(brought.name, "Parked");
    assert_eq!(site.read(&car).await.unwrap(), before);
}

#[tokio::test]
async fn a_car_whose_scenario_is_gone_says_so_and_can_be_given_another() {
    let site = Site::new().await;
    let naps = NAPS.to_owned();
    site.cars
        .add_scenario(site.application, naps)
        .await
        .unwrap();
    let mut new = wish(site.application, model("kia", "ev6"));
    new.scenario = Some("naps".to_owned());
    let car = site.cars.create(new).await.unwrap();
    let application = site.application;
    let behind_our_back = async move |tx: &mut Tx<'_>| {
        carport_store::scenarios::delete(tx, application, "naps").await
    };
    let deleted: Result<bool, StoreError> = site.store.write(behind_our_back).await;
    assert!(deleted.unwrap());
    let site = site.restarted().await;
    let fault = site.read(&car).await.unwrap_err();
    assert_eq!(fault.error, &error::UNKNOWN_ISSUE);
    let refused = site.steer(&car, vec![stage("Awake")]).await;
    assert!(matches!(
        refused,
        Err(ControlError::Conflict {
            field: "scenario",
            ..
        })
    ));
    let parked = Step::Follow {
        scenario: Some("parked".to_owned()),
        city: None,
    };
    site.steer(&car, vec![parked]).await.unwrap();
    assert!(site.read(&car).await.is_ok());
}
