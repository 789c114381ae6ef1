//! One refresh at a time, lost races, stores that fail.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::stub::{Answer, Seen, Stub, plain};
use crate::{BoxError, FileTokenStore, MemoryTokenStore, Origins};

/// A pair whose access token ended long ago, or never does.
fn pair(number: usize, fresh: bool) -> Access {
    let year = if fresh { 2999 } else { 2001 };
    let text = format!(
        r#"{{"access_token":"a{number}","token_type":"Bearer","expires_in":7200,
        "refresh_token":"r{number}","expiration":"{year}-01-01T00:00:00Z",
        "refresh_expiration":"2999-01-01T00:00:00Z"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn client(stub: &Stub) -> AuthClient {
    let builder = AuthClient::builder("id", "secret").origins(Origins::single(&stub.origin));
    builder.build().unwrap()
}

/// Hands out pair 1, 2, … and takes each refresh token once. Every access token opens `/user`.
fn strict_server() -> impl Fn(&Seen) -> Answer {
    let newest = AtomicUsize::new(0);
    move |seen| {
        if seen.target == "/v2.0/user" {
            return plain(200, r#"{"id":"u"}"#);
        }
        let number = newest.load(Ordering::SeqCst);
        if !seen.body.ends_with(&format!("refresh_token=r{number}")) {
            return refused();
        }
        newest.store(number + 1, Ordering::SeqCst);
        tokens(number + 1)
    }
}

fn tokens(number: usize) -> Answer {
    let body = format!(
        r#"{{"access_token":"a{number}","token_type":"Bearer","expires_in":7200,
        "refresh_token":"r{number}"}}"#
    );
    plain(200, body)
}

fn refused() -> Answer {
    let text = r#"{"error":"invalid_request","error_description":"Invalid refresh_token: r0."}"#;
    plain(400, text)
}

fn refreshes(stub: &Stub) -> usize {
    let all = stub.all();
    all.iter()
        .filter(|seen| seen.target == "/oauth/token")
        .count()
}

/// A store whose content a test can change behind the session's back.
#[derive(Clone, Default)]
struct Shared {
    row: Arc<Mutex<Option<Access>>>,
    /// So many of the next saves fail.
    broken: Arc<AtomicUsize>,
    /// After so many loads the row becomes this pair: another process has saved.
    other: Arc<Mutex<Option<(usize, Access)>>>,
}

impl Shared {
    fn holding(access: Access) -> Self {
        let shared = Self::default();
        *shared.row.lock().unwrap() = Some(access);
        shared
    }

    fn row(&self) -> Access {
        self.row.lock().unwrap().clone().unwrap()
    }
}

impl TokenStore for Shared {
    async fn load(&self) -> Result<Option<Access>, BoxError> {
        let mut other = self.other.lock().unwrap();
        if let Some((loads, pair)) = other.take() {
            if loads == 0 {
                *self.row.lock().unwrap() = Some(pair);
            } else {
                *other = Some((loads - 1, pair));
            }
        }
        Ok(self.row.lock().unwrap().clone())
    }

    async fn save(&self, access: &Access) -> Result<(), BoxError> {
        let left = self.broken.load(Ordering::SeqCst);
        if left > 0 {
            self.broken.store(left - 1, Ordering::SeqCst);
            return Err("the disk is full".into());
        }
        *self.row.lock().unwrap() = Some(access.clone());
        Ok(())
    }
}

#[tokio::test]
async fn a_token_that_lasts_is_handed_out_as_it_is() {
    let stub = Stub::with(strict_server()).await;
    let session = Session::new(client(&stub), Shared::holding(pair(0, true)));
    assert_eq!(session.access_token().await.unwrap().expose(), "a0");
    assert_eq!(refreshes(&stub), 0);
}

#[tokio::test]
async fn without_tokens_the_error_says_what_to_do() {
    let stub = Stub::with(strict_server()).await;
    let session = Session::new(client(&stub), MemoryTokenStore::default());
    let error = session.access_token().await.unwrap_err();
    assert!(error.to_string().contains("Session::begin"), "{error}");
    session.begin(pair(0, true)).await.unwrap();
    assert_eq!(session.access_token().await.unwrap().expose(), "a0");
    assert!(!format!("{session:?}").contains("a0"));
}

#[tokio::test]
async fn an_old_token_is_refreshed_and_the_new_pair_stored() {
    let stub = Stub::with(strict_server()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = FileTokenStore::new(folder.path().join("tokens.json"));
    TokenStore::save(&file, &pair(0, false)).await.unwrap();
    let session = Session::new(client(&stub), file.clone());
    let user = client(&stub)
        .api()
        .unwrap()
        .get_user(&session)
        .await
        .unwrap();
    assert_eq!(user.id, "u");
    assert_eq!(stub.seen().header("authorization"), "Bearer a1");
    let stored = TokenStore::load(&file).await.unwrap().unwrap();
    assert_eq!(
        (stored.access_token.expose(), stored.refresh_token.expose()),
        ("a1", "r1")
    );

    // The next run of the program.
    let session = Session::new(client(&stub), file);
    assert_eq!(session.access_token().await.unwrap().expose(), "a1");
    assert_eq!(session.refresh().await.unwrap().expose(), "a2");
    assert_eq!(refreshes(&stub), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_share_one_refresh() {
    let stub = Stub::with(strict_server()).await;
    let session = Session::new(client(&stub), Shared::holding(pair(0, false)));
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.access_token().await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().expose(), "a1");
    }
    assert_eq!(refreshes(&stub), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_token_is_replaced_once_for_all_who_have_it() {
    let server = strict_server();
    let stub = Stub::with(move |seen| {
        if seen.header("authorization") == "Bearer a0" {
            let body = r#"{"type":"AUTHENTICATION","description":"Revoked.","statusCode":401}"#;
            return plain(401, body);
        }
        server(seen)
    })
    .await;
    let session = Session::new(client(&stub), Shared::holding(pair(0, true)));
    let api = client(&stub).api().unwrap();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (api, session) = (api.clone(), session.clone());
            tokio::spawn(async move { api.get_user(&session).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().id, "u");
    }
    assert_eq!(refreshes(&stub), 1);
}

#[tokio::test]
async fn a_token_refused_again_is_an_error_and_no_loop() {
    let stub = Stub::with(|seen| match seen.target.as_str() {
        "/oauth/token" => tokens(1),
        _ => plain(
            401,
            r#"{"type":"AUTHENTICATION","description":"No.","statusCode":401}"#,
        ),
    })
    .await;
    let session = Session::new(client(&stub), Shared::holding(pair(0, true)));
    let error = client(&stub)
        .api()
        .unwrap()
        .get_user(&session)
        .await
        .unwrap_err();
    assert!(error.is_authentication());
    assert_eq!(stub.all().len(), 3);
}

#[tokio::test]
async fn what_another_process_refreshed_before_is_taken_over() {
    let stub = Stub::with(strict_server()).await;
    let store = Shared::holding(pair(0, false));
    let session = Session::new(client(&stub), store.clone());
    // The session's own look at the store is the first load; then the other process saves.
    *store.other.lock().unwrap() = Some((1, pair(7, true)));
    assert_eq!(session.access_token().await.unwrap().expose(), "a7");
    assert_eq!(refreshes(&stub), 0);
}

#[tokio::test]
async fn an_old_pair_of_another_process_is_refreshed_in_its_turn() {
    let stub = Stub::with(|seen| {
        assert!(
            seen.body.ends_with("refresh_token=r7"),
            "the newer refresh token is used"
        );
        tokens(8)
    })
    .await;
    let store = Shared::holding(pair(0, false));
    let session = Session::new(client(&stub), store.clone());
    *store.other.lock().unwrap() = Some((1, pair(7, false)));
    assert_eq!(session.access_token().await.unwrap().expose(), "a8");
}

#[tokio::test]
async fn a_lost_race_ends_with_what_the_winner_saved() {
    let stub = Stub::with(|_| refused()).await;
    let store = Shared::holding(pair(0, false));
    let session = Session::new(client(&stub), store.clone());
    // Nothing new at the first two looks, nor right after the refusal; then it is there.
    *store.other.lock().unwrap() = Some((3, pair(9, true)));
    assert_eq!(session.access_token().await.unwrap().expose(), "a9");
    assert_eq!(refreshes(&stub), 1);
    assert_eq!(
        store.row().access_token.expose(),
        "a9",
        "the winner's pair is left alone"
    );
}

#[tokio::test]
async fn a_dead_refresh_token_is_told_and_not_shown() {
    let stub = Stub::with(|_| refused()).await;
    let session = Session::new(client(&stub), Shared::holding(pair(0, false)));
    let error = session.access_token().await.unwrap_err();
    assert!(matches!(error, Error::OAuth(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("r0"), "{error}");
}

#[tokio::test]
async fn a_store_that_fails_loses_no_tokens() {
    let stub = Stub::with(strict_server()).await;
    let store = Shared::holding(pair(0, false));
    store.broken.store(2, Ordering::SeqCst);
    let session = Session::new(client(&stub), store.clone());
    for _ in 0..2 {
        let error = session.access_token().await.unwrap_err();
        assert!(matches!(error, Error::TokenStore(_)), "{error:?}");
        assert_eq!(store.row().access_token.expose(), "a0");
    }
    assert_eq!(session.access_token().await.unwrap().expose(), "a1");
    assert_eq!(store.row().access_token.expose(), "a1");
    assert_eq!(refreshes(&stub), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_caller_who_gives_up_loses_no_tokens() {
    let (asked, mut waits) = tokio::sync::mpsc::unbounded_channel();
    let (go_on, gate) = std::sync::mpsc::channel();
    let gate = Mutex::new(gate);
    let stub = Stub::with(move |_| {
        asked.send(()).unwrap();
        // The answer is held back until the caller is gone.
        tokio::task::block_in_place(|| gate.lock().unwrap().recv().unwrap());
        tokens(1)
    })
    .await;
    let store = Shared::holding(pair(0, false));
    let session = Session::new(client(&stub), store.clone());
    let caller = tokio::spawn({
        let session = session.clone();
        async move { session.access_token().await }
    });
    waits.recv().await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go_on.send(()).unwrap();
    assert_eq!(session.access_token().await.unwrap().expose(), "a1");
    assert_eq!(
        (refreshes(&stub), store.row().access_token.expose()),
        (1, "a1")
    );
}
