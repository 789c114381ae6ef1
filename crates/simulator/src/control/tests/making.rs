//! Cars are made, and connected.

use super::*;

#[tokio::test]
async fn wishes_become_cars() {
    let site = Site::new().await;
    let kia = site.kia().await;
    assert_eq!(
        (kia.car.make.as_str(), kia.car.model.as_str()),
        ("KIA", "EV6")
    );
    assert_eq!(
        (&*kia.course.profile, &*kia.course.city),
        ("kia-ev6", "denver")
    );
    assert_eq!((kia.name.as_str(), kia.country.as_str()), ("Kia EV6", "US"));
    assert!(kia.car.vin.is_simulated());
    assert!(
        !kia.car
            .capabilities
            .contains(carport_model::Permission::ReadFuel)
    );
    let any = CarWish::Powertrain {
        powertrain: Powertrain::Ice,
        make: None,
    };
    let any = site.make(any).await.unwrap();
    assert_eq!(
        (any.car.model.as_str(), &*any.course.profile),
        ("ICE", "generic-ice")
    );
    assert!(any.car.capacities.is_empty());
    let vin = CarWish::Vin("5YJ3E1EA7KF317000".parse().unwrap());
    let tesla = site.make(vin).await.unwrap();
    assert_eq!(
        (tesla.car.make.as_str(), tesla.car.model.as_str()),
        ("TESLA", "Model 3")
    );
    assert_eq!(tesla.car.year, 2019);
    assert!(tesla.car.vin.is_simulated());
    let full = site.make(model("kia", "ev6")).await.unwrap_err();
    assert!(
        matches!(
            full,
            ControlError::Conflict {
                field: "application",
                ..
            }
        ),
        "{full}"
    );
}

#[tokio::test]
async fn wishes_that_cannot_be_are_refused_by_name() {
    let site = Site::new().await;
    let refused = async |change: fn(&mut NewSimulation)| {
        let mut new = wish(site.application, model("kia", "ev6"));
        change(&mut new);
        match site.cars.create(new).await {
            Err(ControlError::Refused { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        refused(|new| new.car = model("trabant", "601")).await,
        "make"
    );
    assert_eq!(
        refused(|new| new.car = model("kia", "Nothing")).await,
        "model"
    );
    assert_eq!(
        refused(|new| new.country = Some("XX".into())).await,
        "country"
    );
    assert_eq!(
        refused(|new| new.city = Some("atlantis".into())).await,
        "city"
    );
    assert_eq!(
        refused(|new| new.scenario = Some("none".into())).await,
        "scenario"
    );
    assert_eq!(refused(|new| new.name = Some(" \n".into())).await, "name");
    let renault = |new: &mut NewSimulation| new.car = model("renault", "Zoe");
    assert_eq!(refused(renault).await, "make");
    let old = |new: &mut NewSimulation| {
        new.car = CarWish::Model {
            make: "kia".into(),
            model: "ev6".into(),
            year: Some(1912),
            powertrain: None,
        };
    };
    assert_eq!(refused(old).await, "year");
    let unknown = CarWish::Vin("XXXZZZ1JZXW000001".parse().unwrap());
    assert!(site.make(unknown).await.is_err());
}

#[tokio::test]
async fn a_login_opens_its_car_when_all_of_it_fits() {
    let site = Site::new().await;
    let car = site.kia().await;
    let key = site.key("KIA", &car.username);
    let right = (car.password.as_str(), "US");
    assert_eq!(site.log_in(&key, right, None).await, Ok(LoginStep::Done));
    let cars = site.connector.vehicles(&key, None).await.unwrap();
    assert_eq!(cars, std::slice::from_ref(&car.car));
    let refused = Err(LoginRefused::Credentials);
    assert_eq!(site.log_in(&key, ("wrong", "US"), None).await, refused);
    assert_eq!(
        site.log_in(&key, (&car.password, "DE"), None).await,
        refused
    );
    let other = site.key("TESLA", &car.username);
    assert_eq!(site.log_in(&other, right, None).await, refused);
    assert_eq!(site.connector.vehicles(&other, None).await.unwrap(), []);
    // In another application it is a login like any other, of a generated car.
    let mut stranger = key.clone();
    stranger.application = site.bed.application().await.application.id;
    assert_eq!(
        site.log_in(&stranger, right, None).await,
        Ok(LoginStep::Done)
    );
    let cars = site.connector.vehicles(&stranger, None).await.unwrap();
    assert_ne!(cars[0].vin, car.car.vin);
}

#[tokio::test]
async fn no_other_login_gets_at_a_made_car_by_its_vin() {
    let site = Site::new().await;
    let car = site.kia().await;
    let vin = car.car.vin.clone();
    let anyone = site.key("KIA", "anyone@example.net");
    let refused = Err(LoginRefused::Credentials);
    assert_eq!(site.log_in(&anyone, ("x", "US"), Some(&vin)).await, refused);
    let by_login = format!("{}@compatible.smartcar.com", vin.as_str().to_lowercase());
    let by_login = site.key("KIA", &by_login);
    assert_eq!(site.log_in(&by_login, ("x", "US"), None).await, refused);
    let free = "1SCKIA00000000001".parse().unwrap();
    assert_eq!(
        site.log_in(&anyone, ("x", "US"), Some(&free)).await,
        Ok(LoginStep::Done)
    );
    let error = site.key("KIA", "vehicle_state.asleep@smartcar.com");
    assert_eq!(
        site.log_in(&error, ("x", "US"), None).await,
        Ok(LoginStep::Done)
    );
}
