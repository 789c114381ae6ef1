//! User and vehicles.

use carport_sdk::Paging;

use crate::{has_id, is, kind, support};

#[test]
fn a_user_and_the_first_page_of_vehicles() {
    support::on_carport(async |carport| {
        let (api, access) = (carport.api()?, carport.access("read_vin").await?);
        let user = api.get_user(&access).await?;
        assert_eq!(user.id.len(), 36);
        has_id(&user.meta);
        let page = api.get_vehicles(&access, Paging::default()).await?;
        assert_eq!(
            (page.vehicles.len(), page.paging.count, page.paging.offset),
            (1, 1, 0)
        );
        has_id(&page.meta);
        let past = api
            .get_vehicles(&access, Paging::default().limit(1).offset(1))
            .await?;
        assert_eq!((past.vehicles.len(), past.paging.offset), (0, 1));
        Ok(())
    });
}

#[test]
fn all_vehicles_of_a_long_list() {
    support::on_carport(async |carport| {
        let owner = Some("120-vehicles@smartcar.com");
        let access = carport
            .access_of("CHEVROLET", owner, "read_odometer read_vin")
            .await?;
        let cars = carport.api()?.all_vehicles(&access).into_vec().await?;
        let mut ids: Vec<_> = cars.iter().map(carport_sdk::Vehicle::id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((cars.len(), ids.len()), (120, 120));
        assert!(cars[119].odometer().await?.distance > 0.0);
        let page = carport
            .api()?
            .get_vehicles(&access, Paging::default())
            .await?;
        assert_eq!((page.vehicles.len(), page.paging.count), (10, 120));
        Ok(())
    });
}

#[test]
fn strangers_and_wrong_pages_are_refused() {
    support::on_carport(async |carport| {
        let (api, access) = (carport.api()?, carport.access("read_vin").await?);
        assert_eq!(
            kind(api.get_user("no-such-token").await),
            is("AUTHENTICATION", "")
        );
        let page = Paging::default();
        let stranger = api.get_vehicles("no-such-token", page).await;
        assert!(
            stranger
                .as_ref()
                .is_err_and(carport_sdk::Error::is_authentication)
        );
        let much = api.get_vehicles(&access, page.limit(51)).await;
        assert_eq!(kind(much), is("VALIDATION", ""));
        let listed = api.all_vehicles("no-such-token").into_vec().await;
        assert_eq!(kind(listed), is("AUTHENTICATION", ""));
        let version = carport.api()?.version("two").get_user(&access).await;
        assert_eq!(kind(version), is("RESOURCE_NOT_FOUND", "VERSION"));
        Ok(())
    });
}
