//! Members, their sessions, links and codes.

use std::sync::Arc;
use std::time::Duration;

use carport_model::member::Purpose::{self, Reset, SignIn};
use carport_model::{ApplicationId, Member, MemberId, Role, Session, SessionId};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, after};
use crate::member_links::Link;
use crate::members::Credentials;
use crate::sweep::{Swept, sweep};
use crate::{
    StoreError, Tx, member_identities, member_links, member_sessions, members, recovery_codes,
    settings,
};

fn member(database: &Database, email: &str, role: Role) -> Member {
    Member {
        id: MemberId::draw(&database.rng),
        email: email.parse().unwrap(),
        name: "Ada".to_owned(),
        role,
        only: None,
        created_at: NOW,
        joined_at: Some(NOW),
        disabled_at: None,
        has_password: true,
        has_second_factor: false,
    }
}

async fn kept(database: &Database, email: &str, role: Role) -> Member {
    let member = member(database, email, role);
    let new = member.clone();
    let is_new = database
        .write(async move |tx: &mut Tx<'_>| members::insert(tx, &new, Some("hash")).await)
        .await;
    assert!(is_new);
    member
}

async fn found(database: &Database, id: MemberId) -> Option<Member> {
    database
        .read(async |tx: &mut Tx<'_>| members::find(tx, id).await)
        .await
}

fn session(database: &Database, member: MemberId) -> Session {
    Session {
        id: SessionId::draw(&database.rng),
        member,
        made_at: NOW,
        seen_at: NOW,
        expires_at: after(100),
        address: "192.0.2.0".to_owned(),
        agent: "Firefox".to_owned(),
    }
}

/// Takes an owner away when another remains, as the rules above the store do.
async fn leave(tx: &mut Tx<'_>, id: MemberId) -> Result<bool, StoreError> {
    members::hold_team(tx).await?;
    if !members::has_other_owner(tx, id).await? {
        return Ok(false);
    }
    members::delete(tx, id).await
}

on_both_engines! {
    async fn members_read_back_by_id_address_and_page(database) {
        assert!(!database.read(async |tx: &mut Tx<'_>| members::any(tx).await).await);
        let limited = Member {
            only: Some(vec![ApplicationId::draw(&database.rng)]),
            joined_at: None,
            has_password: false,
            ..member(database, "bo@example.org", Role::Viewer)
        };
        let new = limited.clone();
        database.write(async move |tx: &mut Tx<'_>| members::insert(tx, &new, None).await).await;
        let ada = kept(database, "ada@example.org", Role::Owner).await;
        let again = member(database, "ada@example.org", Role::Viewer);
        let is_new = database
            .write(async move |tx: &mut Tx<'_>| members::insert(tx, &again, None).await)
            .await;
        assert!(!is_new, "an address belongs to one member");
        database
            .read(async |tx: &mut Tx<'_>| {
                assert!(members::any(tx).await?);
                assert_eq!(members::find(tx, limited.id).await?.as_ref(), Some(&limited));
                assert_eq!(members::by_email(tx, &ada.email).await?.as_ref(), Some(&ada));
                let unknown = "no@example.org".parse().unwrap();
                assert_eq!(members::by_email(tx, &unknown).await?, None);
                assert_eq!(members::page(tx, None, 1).await?, std::slice::from_ref(&ada));
                let next = members::page(tx, Some(&ada.email), 9).await?;
                assert_eq!(next, std::slice::from_ref(&limited));
                Ok(())
            })
            .await;
    }

    async fn a_provider_knows_a_member_by_one_name(database) {
        let ada = kept(database, "ada@example.org", Role::Owner).await;
        let bo = kept(database, "bo@example.org", Role::Viewer).await;
        let (one, other) = ("https://one.example", "https://other.example");
        let (ada_id, bo_id) = (ada.id, bo.id);
        let bound = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([
                    member_identities::bind(tx, ada_id, one, "1", NOW).await?,
                    member_identities::bind(tx, ada_id, other, "1", NOW).await?,
                    member_identities::bind(tx, bo_id, one, "1", NOW).await?,
                    member_identities::bind(tx, ada_id, one, "2", NOW).await?,
                    member_identities::bind(tx, bo_id, one, "2", NOW).await?,
                ])
            })
            .await;
        assert_eq!(bound, [true, true, false, false, true]);
        let is_gone = database
            .write(async move |tx: &mut Tx<'_>| members::delete(tx, bo_id).await)
            .await;
        assert!(is_gone);
        database
            .read(async |tx: &mut Tx<'_>| {
                assert_eq!(member_identities::find(tx, one, "1").await?, Some(ada.clone()));
                assert_eq!(member_identities::find(tx, one, "2").await?, None);
                assert_eq!(member_identities::find(tx, "https://third.example", "1").await?, None);
                Ok(())
            })
            .await;
    }

    async fn everything_about_a_member_can_be_changed(database) {
        let id = kept(database, "ada@example.org", Role::Editor).await.id;
        let nobody = MemberId::draw(&database.rng);
        let only = vec![ApplicationId::draw(&database.rng)];
        let limit = only.clone();
        let done = database
            .write(async move |tx: &mut Tx<'_>| {
                let done = [
                    members::set_role(tx, id, Role::Viewer, Some(&limit)).await?,
                    members::set_name(tx, id, "Ada L.").await?,
                    members::set_password(tx, id, "new hash").await?,
                    members::enrol(tx, id, vec![1, 2], 7).await?,
                    members::use_step(tx, id, 8).await?,
                    members::set_disabled(tx, id, Some(after(1))).await?,
                ];
                let not = [
                    members::set_role(tx, nobody, Role::Viewer, None).await?,
                    members::set_name(tx, nobody, "x").await?,
                    members::set_password(tx, nobody, "x").await?,
                    members::enrol(tx, id, vec![3], 9).await?,
                    members::use_step(tx, id, 8).await?,
                    members::use_step(tx, id, 7).await?,
                    members::set_disabled(tx, id, Some(after(2))).await?,
                    members::join(tx, id, after(1)).await?,
                ];
                Ok((done, not))
            })
            .await;
        assert_eq!(done, ([true; 6], [false; 8]));
        let member = found(database, id).await.unwrap();
        assert_eq!((member.role, member.only.as_ref()), (Role::Viewer, Some(&only)));
        assert_eq!(member.name, "Ada L.");
        assert!(member.has_second_factor && !member.is_let_in());
        let expected = Credentials {
            password: Some("new hash".to_owned()),
            second_factor: Some(vec![1, 2]),
            step: 8,
        };
        let back = database
            .write(async move |tx: &mut Tx<'_>| {
                let credentials = members::credentials(tx, id).await?;
                assert_eq!(credentials, Some(expected.clone()));
                assert_eq!(members::credentials(tx, nobody).await?, None);
                Ok([
                    members::disenrol(tx, id).await?,
                    members::disenrol(tx, id).await?,
                    members::set_disabled(tx, id, None).await?,
                    members::set_disabled(tx, id, None).await?,
                ])
            })
            .await;
        assert_eq!(back, [true, false, true, false]);
        assert!(found(database, id).await.unwrap().is_let_in());
    }

    async fn sessions_open_to_their_secret_and_end(database) {
        let ada = kept(database, "ada@example.org", Role::Owner).await;
        let bo = kept(database, "bo@example.org", Role::Viewer).await;
        let (first, second) = (session(database, ada.id), session(database, ada.id));
        let foreign = session(database, bo.id);
        let digests = [database.digest(), database.digest(), database.digest()];
        let all = [first.clone(), second.clone(), foreign.clone()];
        database
            .write(async move |tx: &mut Tx<'_>| {
                for (session, digest) in all.iter().zip(&digests) {
                    member_sessions::insert(tx, session, digest).await?;
                }
                Ok(())
            })
            .await;
        let opened = async |digest| {
            database
                .read(async move |tx: &mut Tx<'_>| member_sessions::by_digest(tx, &digest).await)
                .await
        };
        assert_eq!(opened(digests[0]).await, Some((first.clone(), ada.clone())));
        assert_eq!(opened(database.digest()).await, None);
        let (one, two, member, other) = (first.id, second.id, ada.id, bo.id);
        let ended = database
            .write(async move |tx: &mut Tx<'_>| {
                member_sessions::touch(tx, two, after(5), "198.51.100.0").await?;
                let list = member_sessions::list(tx, member).await?;
                assert_eq!(list.iter().map(|s| s.id).collect::<Vec<_>>(), [two, one]);
                assert_eq!((list[0].seen_at, &*list[0].address), (after(5), "198.51.100.0"));
                let ended = [
                    member_sessions::end(tx, other, one).await?,
                    member_sessions::end(tx, member, one).await?,
                    member_sessions::end(tx, member, one).await?,
                ];
                assert_eq!(member_sessions::end_all(tx, member, Some(two)).await?, 0);
                assert_eq!(member_sessions::end_all(tx, member, None).await?, 1);
                Ok(ended)
            })
            .await;
        assert_eq!(ended, [false, true, false]);
        assert!(opened(digests[2]).await.is_some(), "another's stays");
        let gone = database.write(async move |tx: &mut Tx<'_>| members::delete(tx, other).await).await;
        assert!(gone && opened(digests[2]).await.is_none(), "it goes with its member");
    }

    async fn a_link_works_once_for_its_purpose_and_in_time(database) {
        let ada = kept(database, "ada@example.org", Role::Owner).await.id;
        let digest = database.digest();
        let link = Link { digest, purpose: Purpose::Reset, member: Some(ada), expires_at: after(10) };
        let kept = link.clone();
        database
            .write(async move |tx: &mut Tx<'_>| {
                member_links::insert(tx, &kept).await?;
                assert_eq!(member_links::find(tx, &digest, Reset, NOW).await?, Some(kept.clone()));
                assert_eq!(member_links::find(tx, &digest, SignIn, NOW).await?, None);
                assert_eq!(member_links::find(tx, &digest, Reset, after(10)).await?, None);
                assert!(!member_links::consume(tx, &digest, SignIn, NOW).await?);
                assert!(!member_links::consume(tx, &digest, Reset, after(10)).await?);
                assert!(member_links::consume(tx, &digest, Reset, after(9)).await?);
                assert!(!member_links::consume(tx, &digest, Reset, after(9)).await?);
                assert_eq!(member_links::find(tx, &digest, Reset, NOW).await?, None);
                Ok(())
            })
            .await;
        let (mine, first) = (database.digest(), database.digest());
        database
            .write(async move |tx: &mut Tx<'_>| {
                let link = |digest, member| Link { digest, member, ..link.clone() };
                member_links::insert(tx, &link(mine, Some(ada))).await?;
                member_links::insert(tx, &link(first, None)).await?;
                member_links::drop_all(tx, ada, Purpose::SignIn).await?;
                assert!(member_links::find(tx, &mine, Purpose::Reset, NOW).await?.is_some());
                member_links::drop_all(tx, ada, Purpose::Reset).await?;
                assert_eq!(member_links::find(tx, &mine, Purpose::Reset, NOW).await?, None);
                assert!(member_links::find(tx, &first, Purpose::Reset, NOW).await?.is_some());
                Ok(())
            })
            .await;
    }

    async fn recovery_codes_work_once_and_new_ones_replace_the_old(database) {
        let ada = kept(database, "ada@example.org", Role::Owner).await.id;
        let codes = [database.digest(), database.digest(), database.digest()];
        database
            .write(async move |tx: &mut Tx<'_>| {
                recovery_codes::replace(tx, ada, &codes[..2]).await?;
                assert_eq!(recovery_codes::left(tx, ada).await?, 2);
                assert!(recovery_codes::consume(tx, ada, &codes[0], NOW).await?);
                assert!(!recovery_codes::consume(tx, ada, &codes[0], NOW).await?);
                assert!(!recovery_codes::consume(tx, ada, &codes[2], NOW).await?);
                assert_eq!(recovery_codes::left(tx, ada).await?, 1);
                recovery_codes::replace(tx, ada, &codes[2..]).await?;
                assert!(!recovery_codes::consume(tx, ada, &codes[1], NOW).await?);
                assert!(recovery_codes::consume(tx, ada, &codes[2], NOW).await?);
                Ok(())
            })
            .await;
    }

    async fn one_owner_remains_however_many_leave_at_once(database) {
        let mut owners = Vec::new();
        for number in 0..6 {
            let email = format!("owner{number}@example.org");
            owners.push(kept(database, &email, Role::Owner).await.id);
        }
        // Neither of these can come in, so neither counts.
        let waiting = Member { joined_at: None, ..member(database, "w@example.org", Role::Owner) };
        let out = Member { disabled_at: Some(NOW), ..member(database, "o@example.org", Role::Owner) };
        database
            .write(async move |tx: &mut Tx<'_>| {
                members::insert(tx, &waiting, None).await?;
                members::insert(tx, &out, None).await
            })
            .await;
        let start = Arc::new(Barrier::new(owners.len()));
        let mut leaving = JoinSet::new();
        for id in owners {
            let (store, start) = (database.store.clone(), Arc::clone(&start));
            leaving.spawn(async move {
                start.wait().await;
                let unit = async move |tx: &mut Tx<'_>| leave(tx, id).await;
                store.write(unit).await.unwrap()
            });
        }
        let left = leaving.join_all().await;
        assert_eq!(left.iter().filter(|left| **left).count(), 5);
    }

    async fn settings_are_set_and_set_anew(database) {
        let set = async |value: &'static str| {
            database
                .write(async move |tx: &mut Tx<'_>| {
                    settings::put(tx, "team_name", value).await?;
                    settings::get(tx, "team_name").await
                })
                .await
        };
        assert_eq!(set("Garage").await.as_deref(), Some("Garage"));
        assert_eq!(set("Werkstatt").await.as_deref(), Some("Werkstatt"));
        let other = database.read(async |tx: &mut Tx<'_>| settings::get(tx, "other").await).await;
        assert_eq!(other, None);
    }

    async fn what_is_over_is_swept(database) {
        let ada = kept(database, "ada@example.org", Role::Owner).await.id;
        let (session, secret, token) = (session(database, ada), database.digest(), database.digest());
        let expires_at = after(100);
        database
            .write(async move |tx: &mut Tx<'_>| {
                let (purpose, member) = (Purpose::Reset, Some(ada));
                let link = Link { digest: token, purpose, member, expires_at };
                member_links::insert(tx, &link).await?;
                member_sessions::insert(tx, &session, &secret).await
            })
            .await;
        let swept = async |now| database.write(async move |tx: &mut Tx<'_>| sweep(tx, now).await).await;
        assert_eq!(swept(expires_at).await, Swept::default());
        let later = expires_at.plus(Duration::from_millis(1));
        assert_eq!(swept(later).await, Swept { sessions: 1, ..Swept::default() });
        let next_day = later.plus(Duration::from_hours(24));
        assert_eq!(swept(next_day).await, Swept { links: 1, ..Swept::default() });
    }
}
