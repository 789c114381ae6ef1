//! What a thief of the disk finds: no token, code or secret, in no form but its digest.

use carport_model::Digest;

use super::{Server, granted};

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

#[tokio::test]
async fn no_secret_is_on_the_disk_in_clear() {
    let server = Server::new().await;
    let code = server.bed.code(&server.car).await;
    let (access, refresh) = granted(&server.exchange(&code).await);
    let (newer_access, newer_refresh) = granted(&server.refresh(&refresh).await);
    server.refresh("a-wrong-token-that-was-sent").await;
    let disk = server.bed.bytes_on_disk();
    let client = &server.car.client;
    for secret in [
        &code,
        &access,
        &refresh,
        &newer_access,
        &newer_refresh,
        &client.secret,
    ] {
        assert!(
            // 25 bytes: tokens have their place before what is kept of the SHA-256.
            holds(&disk, &Digest::of(secret).as_bytes()[..25]),
            "its digest is there"
        );
        assert!(!holds(&disk, secret.as_bytes()));
        assert!(!holds(&disk, secret.replace('-', "").as_bytes()));
    }
    assert!(!holds(&disk, client.management_token.as_bytes()));
    assert!(!holds(&disk, b"a-wrong-token-that-was-sent"));
}
