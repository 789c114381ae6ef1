//! Waiting for the async calls; what these do is tested with them.

use crate::stub::{Stub, plain};
use crate::{Access, AuthClient, Batch, Error, MemoryTokenStore, Origins, paths};

/// A stub needs a runtime of its own, beside the one of blocking calls.
fn stub(
    answer: impl Fn(&crate::stub::Seen) -> crate::stub::Answer + Send + Sync + 'static,
) -> (tokio::runtime::Runtime, Stub) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stub = runtime.block_on(Stub::with(answer));
    (runtime, stub)
}

fn client(stub: &Stub) -> super::AuthClient {
    let builder = AuthClient::builder("id", "secret").origins(Origins::single(&stub.origin));
    builder.build_blocking().unwrap()
}

#[test]
fn calls_return_what_the_async_ones_give() {
    let (_runtime, stub) = stub(|seen| match seen.target.rsplit('/').next() {
        Some("odometer") => plain(200, r#"{"distance":7.5}"#),
        Some("batch") => plain(
            200,
            r#"{"responses":[{"path":"/vin","code":200,"body":{"vin":"V"}}]}"#,
        ),
        _ => plain(
            404,
            r#"{"type":"RESOURCE_NOT_FOUND","code":"PATH","description":"No."}"#,
        ),
    });
    let car = client(&stub).api().unwrap().vehicle("v", "t0");
    assert!((car.odometer().unwrap().distance - 7.5).abs() < f64::EPSILON);
    assert_eq!(car.lock().unwrap_err().api().unwrap().status_code, 404);
    let mut batch = Batch::new();
    let vin = batch.add(paths::VIN);
    assert_eq!(car.batch(batch).unwrap().take(vin).unwrap().vin, "V");
    assert!(matches!(
        car.set_charge_limit(f64::INFINITY),
        Err(Error::Input(_))
    ));
}

#[test]
fn a_list_is_an_iterator_that_ends_after_an_error() {
    let (_runtime, stub) = stub(|seen| {
        if seen.target.ends_with("offset=0") {
            return plain(
                200,
                r#"{"vehicles":["a","b"],"paging":{"count":3,"offset":0}}"#,
            );
        }
        plain(
            500,
            r#"{"type":"SERVER","code":"INTERNAL","description":"No."}"#,
        )
    });
    let cars = client(&stub).api().unwrap().all_vehicles("t0");
    let cars: Vec<_> = cars
        .map(|car| car.map(|car| car.id().to_owned()).ok())
        .collect();
    assert_eq!(cars, [Some("a".to_owned()), Some("b".to_owned()), None]);
}

#[test]
fn threads_share_a_session() {
    let (_runtime, stub) = stub(|seen| match seen.target.as_str() {
        "/oauth/token" => plain(
            200,
            r#"{"access_token":"a1","token_type":"Bearer","expires_in":7200,"refresh_token":"r1"}"#,
        ),
        _ => plain(200, r#"{"id":"u"}"#),
    });
    let client = client(&stub);
    let session = super::Session::new(&client, MemoryTokenStore::default());
    assert!(matches!(session.refresh(), Err(Error::NoTokens)));
    let old = r#"{"access_token":"a0","token_type":"Bearer","expires_in":7200,
        "refresh_token":"r0","expiration":"2001-01-01T00:00:00Z",
        "refresh_expiration":"2999-01-01T00:00:00Z"}"#;
    session
        .begin(serde_json::from_str::<Access>(old).unwrap())
        .unwrap();
    let api = client.api().unwrap();
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| api.get_user(&session)))
            .collect();
        for call in calls {
            assert_eq!(call.join().unwrap().unwrap().id, "u");
        }
    });
    assert_eq!(session.access_token().unwrap().expose(), "a1");
    let refreshes = stub
        .all()
        .iter()
        .filter(|seen| seen.target == "/oauth/token")
        .count();
    assert_eq!(refreshes, 1);
}
