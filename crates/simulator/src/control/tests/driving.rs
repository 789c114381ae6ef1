//! Cars are steered, and told what to say.

use super::*;

#[tokio::test]
async fn a_restart_in_the_middle_of_a_trip_changes_nothing() {
    let site = Site::new().await;
    let car = site.kia().await;
    site.steer(&car, vec![stage("Charge at home")])
        .await
        .unwrap();
    site.bed.clock.advance(Duration::from_mins(5));
    site.send(&car, Command::SetChargeLimit(0.9)).await.unwrap();
    site.send(&car, Command::StopCharge).await.unwrap();
    site.bed.clock.advance(Duration::from_mins(7));
    let before = site.read(&car).await.unwrap();
    assert!(before.len() > 60);
    let site = site.restarted().await;
    assert_eq!(site.read(&car).await.unwrap(), before);
    let kept = site.cars.find(site.application, car.id).await.unwrap();
    let effects = kept.course.commands.iter().map(|command| command.effect);
    let effects: Vec<Effect> = effects.collect();
    assert_eq!(effects, [Effect::ChargeLimit(0.9), Effect::StopCharge]);
}

#[tokio::test]
async fn a_trip_goes_where_it_is_told() {
    let site = Site::new().await;
    let car = site.kia().await;
    let at = async |steps: Vec<Step>| {
        let steered = site.steer(&car, steps).await.unwrap();
        let shown = site
            .cars
            .shown(steered, carport_model::Held::default())
            .await;
        let shown = shown.unwrap();
        let stage = shown.scene.journey.position_of(shown.scene.elapsed).stage;
        (stage, shown.status())
    };
    assert_eq!(at(vec![Step::Pause]).await, (0, "paused"));
    assert_eq!(
        at(vec![Step::Play, stage("drive home")]).await,
        (3, "running")
    );
    assert_eq!(
        at(vec![Step::Jump(StageName::Index(5)), Step::Pause]).await,
        (5, "paused")
    );
    assert_eq!(at(vec![Step::Restart]).await, (0, "running"));
    let parked = Step::Follow {
        scenario: Some("parked".to_owned()),
        city: Some("oslo".to_owned()),
    };
    assert_eq!(at(vec![stage("drive home"), parked]).await, (0, "running"));
    let fast = vec![Step::Speed(Speed::try_from(3600).unwrap())];
    assert_eq!(at(fast).await, (0, "running"));
    site.bed.clock.advance(Duration::from_mins(1));
    assert_eq!(at(Vec::new()).await.1, "finished");
    let kept = site.cars.find(site.application, car.id).await.unwrap();
    assert_eq!(
        (&*kept.course.scenario, &*kept.course.city),
        ("parked", "oslo")
    );
    // All or none.
    let steps = vec![Step::Pause, stage("nowhere")];
    let refused = site.steer(&car, steps).await.unwrap_err();
    assert!(refused.to_string().contains("Parked at work"), "{refused}");
    let after = site.cars.find(site.application, car.id).await.unwrap();
    assert_eq!(after.course.timeline.motion, Motion::Running);
}

#[tokio::test]
async fn what_is_set_about_charging_outlasts_a_jump_and_no_restart() {
    let site = Site::new().await;
    let car = site.kia().await;
    site.steer(&car, vec![stage("Charge at home")])
        .await
        .unwrap();
    site.bed.clock.advance(Duration::from_mins(1));
    for command in [
        Command::StopCharge,
        Command::SetChargeLimit(0.6),
        Command::Unlock,
    ] {
        site.send(&car, command).await.unwrap();
    }
    let effects = async |steps| {
        let steered = site.steer(&car, steps).await.unwrap();
        let commands = steered.course.commands.iter();
        commands.map(|command| command.effect).collect::<Vec<_>>()
    };
    let kept = effects(vec![stage("Drive to work")]).await;
    assert_eq!(kept, [Effect::ChargeLimit(0.6)]);
    assert_eq!(effects(vec![Step::Restart]).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_controls_at_once_leave_a_car_whole() {
    let site = Arc::new(Site::new().await);
    let car = Arc::new(site.kia().await);
    site.steer(&car, vec![stage("Charge at home")])
        .await
        .unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..1000_u32 {
        let (site, car) = (Arc::clone(&site), Arc::clone(&car));
        tasks.spawn(async move {
            let speed = Speed::try_from(number % 3600 + 1).unwrap();
            let steps = match number % 5 {
                0 => {
                    let sent = site.send(&car, Command::Lock).await;
                    return match sent {
                        Err(SendError::Store(error)) => error.is_temporary(),
                        sent => sent.is_ok(),
                    };
                }
                1 => vec![Step::Pause, Step::Play],
                2 => vec![Step::Speed(speed)],
                3 => vec![
                    stage("Charge at home"),
                    Step::Rename(format!("Car {number}")),
                ],
                _ => vec![Step::Stateless(false), Step::Latency(Latency::Ideal)],
            };
            match site.steer(&car, steps).await {
                Ok(steered) => steered.course.timeline.motion == Motion::Running,
                // More than the queue of the store holds is turned away unchanged.
                Err(ControlError::Store(error)) => error.is_temporary(),
                Err(_) => false,
            }
        });
    }
    let mut went_well = 0;
    while let Some(outcome) = tasks.join_next().await {
        went_well += u32::from(outcome.unwrap());
    }
    assert_eq!(went_well, 1000);
    let kept = site.cars.find(site.application, car.id).await.unwrap();
    assert_eq!(kept.course.timeline.motion, Motion::Running);
    assert!(kept.name.starts_with("Car "), "{}", kept.name);
    assert!(site.read(&car).await.unwrap().len() > 60);
    let steps = vec![Step::Restart, Step::Pause];
    let settled = site.steer(&car, steps).await.unwrap();
    assert_eq!(
        (
            settled.course.timeline.passed,
            settled.course.commands.len()
        ),
        (Duration::ZERO, 0)
    );
}

#[tokio::test]
async fn signals_are_set_in_their_own_shape() {
    let site = Site::new().await;
    let car = site.kia().await;
    let set = async |code: &str, value: serde_json::Value| {
        let signal = Signal::find(code).unwrap();
        let set = site
            .cars
            .set(site.application, car.id, (signal, &value))
            .await;
        set.map_err(|error| error.to_string())
    };
    set("tractionbattery-stateofcharge", json!(0.5))
        .await
        .unwrap();
    set("charge-detailedchargingstatus", json!("CHARGING"))
        .await
        .unwrap();
    let refused = set("tractionbattery-stateofcharge", json!("half"))
        .await
        .unwrap_err();
    assert!(refused.contains("for example"), "{refused}");
    let refused = set("internalcombustionengine-fuellevel", json!(0.5))
        .await
        .unwrap_err();
    assert!(refused.contains("has no"), "{refused}");
    let shown = site.cars.show(site.application, car.id).await.unwrap();
    let set_ones = shown.values().filter(|(_, _, is_set)| *is_set).count();
    assert_eq!(set_ones, 2);
    // What a command changes is the car's own again.
    let charge = signal::charge::IS_CHARGING;
    site.cars
        .set(site.application, car.id, (charge, &json!(false)))
        .await
        .unwrap();
    site.steer(&car, vec![stage("Charge at home")])
        .await
        .unwrap();
    site.bed.clock.advance(Duration::from_mins(1));
    site.send(&car, Command::StopCharge).await.unwrap();
    let held = carport_store::held_values::of;
    let vehicle = car.vehicle;
    let held = site
        .store
        .read(async |tx: &mut Tx<'_>| held(tx, vehicle).await)
        .await;
    let held: Result<_, StoreError> = held;
    assert!(held.unwrap().get(charge).is_none());
}
