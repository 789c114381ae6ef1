//! Refresh tokens: contract connect-oauth, B.3; theft: RFC 9700, 2.2.2.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{Server, assert_invalid, granted};

const THEFT: [&str; 1] = ["grant_family.revoked refresh token reused"];

fn invalid(token: &str) -> String {
    format!("Invalid refresh_token: {token}.")
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair_and_leaves_the_old_access_token() {
    let server = Server::new().await;
    let (access, refresh) = granted(&server.refresh(&server.car.refresh_token).await);
    assert_ne!(access, server.car.access_token);
    assert_ne!(refresh, server.car.refresh_token);
    assert!(server.works(&access).await && server.works(&refresh).await);
    assert!(server.works(&server.car.access_token).await);
    assert!(!server.works(&server.car.refresh_token).await);
    // The new one is as good as the first, and has its own sixty days.
    server.bed.clock.advance(Duration::from_hours(59 * 24));
    granted(&server.refresh(&refresh).await);
}

#[tokio::test]
async fn a_refresh_leaves_other_runs_of_the_owner_alone() {
    let server = Server::new().await;
    let other = server.bed.tokens(&server.car.client, server.car.user).await;
    granted(&server.refresh(&server.car.refresh_token).await);
    assert!(server.works(&other.access).await && server.works(&other.refresh).await);
}

#[tokio::test]
async fn within_the_grace_a_used_token_gives_another_pair() {
    let server = Server::new().await;
    let old = &server.car.refresh_token;
    let (_, first) = granted(&server.refresh(old).await);
    server.bed.clock.advance(Duration::from_mins(10));
    let (_, second) = granted(&server.refresh(old).await);
    assert_ne!(first, second);
    // Both are of one family and go on.
    granted(&server.refresh(&first).await);
    granted(&server.refresh(&second).await);
    assert_eq!(server.audited().await, [""; 0]);
}

#[tokio::test]
async fn after_the_grace_a_used_token_is_stolen_and_ends_its_family() {
    let server = Server::new().await;
    let old = server.car.refresh_token.clone();
    let other = server.bed.tokens(&server.car.client, server.car.user).await;
    let (access, refresh) = granted(&server.refresh(&old).await);
    server
        .bed
        .clock
        .advance(Duration::from_mins(10) + Duration::from_millis(1));
    assert_invalid(&server.refresh(&old).await, &invalid(&old));
    for token in [&access, &refresh, &server.car.access_token] {
        assert!(!server.works(token).await);
    }
    assert_invalid(&server.refresh(&refresh).await, &invalid(&refresh));
    assert_eq!(server.audited().await, THEFT);
    // Another run of the same owner is another family.
    assert!(server.works(&other.access).await);
    assert_invalid(&server.refresh(&old).await, &invalid(&old));
    assert_eq!(server.audited().await, THEFT);
}

#[tokio::test]
async fn without_grace_a_second_use_is_theft_in_the_same_millisecond() {
    let server = Server::with(|settings| settings.refresh_grace = Duration::ZERO).await;
    let old = &server.car.refresh_token;
    let (access, _) = granted(&server.refresh(old).await);
    assert_invalid(&server.refresh(old).await, &invalid(old));
    assert!(!server.works(&access).await);
    assert_eq!(server.audited().await, THEFT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_once_get_fifty_pairs_or_with_no_grace_one() {
    for (grace, expected) in [(Duration::from_mins(10), 50), (Duration::ZERO, 1)] {
        let server = Server::with(|settings| settings.refresh_grace = grace).await;
        let token = &*server.car.refresh_token;
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let mut racers = JoinSet::new();
        for _ in 0..50 {
            racers.spawn(server.token(&fields).send());
        }
        let mut refreshed = Vec::new();
        for answer in racers.join_all().await {
            if answer.status == 200 {
                refreshed.push(granted(&answer).1);
            } else {
                assert_invalid(&answer, &invalid(token));
            }
        }
        refreshed.sort();
        refreshed.dedup();
        assert_eq!(refreshed.len(), expected);
    }
}

#[tokio::test]
async fn a_refresh_token_lives_sixty_days() {
    let server = Server::new().await;
    let token = &server.car.refresh_token;
    let other = server.bed.tokens(&server.car.client, server.car.user).await;
    let life = Duration::from_hours(60 * 24);
    server
        .bed
        .clock
        .advance(life.checked_sub(Duration::from_millis(1)).unwrap());
    granted(&server.refresh(token).await);
    server.bed.clock.advance(Duration::from_millis(1));
    let expired = &other.refresh;
    assert_invalid(&server.refresh(expired).await, &invalid(expired));
}

#[tokio::test]
async fn what_is_no_refresh_token_of_this_client_is_refused() {
    let server = Server::new().await;
    let stranger = server.bed.connect(&["read_vin"]).await;
    for wrong in [
        "bad token",
        &*server.car.access_token,
        &*stranger.refresh_token,
    ] {
        assert_invalid(&server.refresh(wrong).await, &invalid(wrong));
    }
    // A stranger's try is no use, so it is no theft either.
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*stranger.refresh_token),
        ("client_id", &*stranger.client.id),
        ("client_secret", &*stranger.client.secret),
    ];
    granted(&server.app.post("/oauth/token").form(&fields).send().await);
}
