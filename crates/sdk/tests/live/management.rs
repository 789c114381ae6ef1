//! Connections by the management token.

use carport_sdk::{ConnectionFilter, ConnectionsOf, CursorPaging, Error, Management, Mode};

use crate::{has_id, is, kind, support};

#[test]
fn connections_are_listed_and_deleted() {
    support::on_carport(async |carport| {
        let owner = Some("3-vehicles@smartcar.com");
        let access = carport.access_of("CHEVROLET", owner, "read_vin").await?;
        let user = carport.api()?.get_user(&access).await?.data.id;
        let other = carport
            .vehicle_of("BMW", Some("other@example.net"), "read_vin")
            .await?;
        let token = carport.management_token.clone();
        let management = carport.client()?.management(token)?;

        let of_user = ConnectionFilter::default().user(&user).mode(Mode::Test);
        let first = management
            .get_connections(&of_user, &CursorPaging::default().limit(2))
            .await?;
        has_id(&first.meta);
        assert_eq!(first.connections.len(), 2);
        let connection = &first.connections[0];
        assert_eq!(
            (connection.user_id.as_str(), connection.mode.as_deref()),
            (&*user, Some("test"))
        );
        assert!(connection.connected_at.is_some());
        let cursor = first
            .paging
            .cursor
            .as_deref()
            .ok_or("there is a second page")?;
        let next = CursorPaging::default().limit(2).cursor(cursor);
        let second = management.get_connections(&of_user, &next).await?;
        assert_eq!(
            (second.connections.len(), second.paging.cursor.as_deref()),
            (1, None)
        );
        let all = management
            .all_connections(ConnectionFilter::default())
            .into_vec()
            .await?;
        assert_eq!(all.len(), 4);

        let of_car = ConnectionFilter::default().vehicle(other.id());
        let found = management
            .get_connections(&of_car, &CursorPaging::default())
            .await?;
        assert_eq!(found.connections[0].vehicle_id, other.id());
        let gone = ConnectionsOf::Vehicle(other.id().to_owned());
        let deleted = management.delete_connections(&gone).await?;
        assert_eq!(deleted.connections[0].vehicle_id, other.id());
        assert_eq!(deleted.connections[0].connected_at, None);
        has_id(&deleted.meta);
        assert!(other.vin().await.is_err(), "it is not connected any more");

        let gone = ConnectionsOf::User(user);
        assert_eq!(
            management
                .delete_connections(&gone)
                .await?
                .connections
                .len(),
            3
        );
        assert!(
            management
                .delete_connections(&gone)
                .await?
                .connections
                .is_empty()
        );
        assert!(
            carport.api()?.get_user(&access).await.is_err(),
            "the tokens ended too"
        );
        Ok(())
    });
}

#[test]
fn the_wrong_token_opens_nothing() {
    support::on_carport(async |carport| {
        let stranger = Management::at(&carport.url, "wrong")?;
        let everything = ConnectionFilter::default();
        let listed = stranger
            .get_connections(&everything, &CursorPaging::default())
            .await;
        assert!(
            listed.as_ref().is_err_and(Error::is_authentication),
            "{listed:?}"
        );
        assert_eq!(kind(listed), is("AUTHENTICATION", ""));
        let deleted = stranger
            .delete_connections(&ConnectionsOf::User("u".into()))
            .await;
        assert_eq!(kind(deleted), is("AUTHENTICATION", ""));
        let token = carport.management_token.clone();
        let management = Management::at(&carport.url, token)?;
        let much = CursorPaging::default().limit(101);
        assert_eq!(
            kind(management.get_connections(&everything, &much).await),
            is("VALIDATION", "")
        );
        Ok(())
    });
}
