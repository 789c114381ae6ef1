use std::os::unix::fs::PermissionsExt as _;

use carport_model::{Clock as _, SystemClock};

use super::*;

const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));

/// Whether a client that trusts this authority believes `leaf` to be `name`.
fn believes(authority: &Authority, leaf: &CertificateDer<'static>, name: &str) -> bool {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .unwrap();
    let at = UnixTime::since_unix_epoch(SystemClock.now().since(Timestamp::default()));
    let name = ServerName::try_from(name.to_owned()).unwrap();
    client.verify_server_cert(leaf, &[], &name, &[], at).is_ok()
}

#[test]
fn it_is_made_once_and_its_key_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemClock.now();
    let first = Authority::keep(folder.path(), now).unwrap();
    let second = Authority::keep(folder.path(), now).unwrap();
    assert_eq!(first.certificate, second.certificate);
    assert_eq!(first.pin(), second.pin());
    let mode = |name: &str| {
        let file = fs::metadata(folder.path().join(name)).unwrap();
        file.permissions().mode() & 0o777
    };
    assert_eq!(mode(KEY), 0o600);
    let pem = fs::read_to_string(first.file()).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
    assert!(!pem.contains("PRIVATE"), "{pem}");
    let other = tempfile::tempdir().unwrap();
    let other = Authority::keep(other.path(), now).unwrap();
    assert_ne!(other.pin(), first.pin());
}

#[test]
fn it_vouches_for_the_original_hosts_and_for_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemClock.now();
    let authority = Authority::keep(folder.path(), now).unwrap();
    let leaf = authority.sign(LOOPBACK, now).unwrap().chain[0].clone();
    for name in names().chain(["127.0.0.2"]) {
        assert!(believes(&authority, &leaf, name), "{name}");
    }
    for name in ["smartcar.com", "example.org", "127.0.0.1"] {
        assert!(!believes(&authority, &leaf, name), "{name}");
    }
    // Whoever has the key may sign what they like: clients do not believe it.
    let forged = |name: &str| {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        set_validity(&mut params, now, LEAF_LASTS);
        let key = KeyPair::generate().unwrap();
        params
            .signed_by(&key, &authority.issuer)
            .unwrap()
            .der()
            .clone()
    };
    for name in ["example.org", "www.smartcar.com", "192.0.2.1", "::2"] {
        assert!(!believes(&authority, &forged(name), name), "{name}");
    }
    for name in ["api.smartcar.com", "127.9.9.9", "::1"] {
        assert!(believes(&authority, &forged(name), name), "{name}");
    }
}

#[test]
fn a_certificate_that_clients_would_refuse_is_made_anew_for_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemClock.now();
    let first = Authority::keep(folder.path(), now).unwrap();
    fs::remove_file(first.file()).unwrap();
    let fresh = Authority::keep(folder.path(), now).unwrap();
    assert_eq!(fresh.pin(), first.pin());
    // A client that still trusts the first one believes the new leaves.
    let leaf = fresh.sign(LOOPBACK, now).unwrap().chain[0].clone();
    assert!(believes(&first, &leaf, "api.smartcar.com"));

    fs::write(fresh.file(), "damaged").unwrap();
    let mended = Authority::keep(folder.path(), now).unwrap();
    let leaf = mended.sign(LOOPBACK, now).unwrap().chain[0].clone();
    assert!(believes(&mended, &leaf, "api.smartcar.com"));
    assert_ne!(fs::read_to_string(mended.file()).unwrap(), "damaged");

    // A certificate of another key vouches for nothing that this key signs.
    let other = tempfile::tempdir().unwrap();
    let other = Authority::keep(other.path(), now).unwrap();
    fs::copy(other.file(), mended.file()).unwrap();
    let own = Authority::keep(folder.path(), now).unwrap();
    assert_ne!(own.certificate, other.certificate);
}

#[test]
fn a_key_file_without_a_key_is_named_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(KEY);
    fs::write(&file, "not a key").unwrap();
    let Err(error) = Authority::keep(folder.path(), SystemClock.now()) else {
        panic!("a key was read");
    };
    assert!(error.to_string().contains("remove it"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a key");
}

#[test]
fn one_that_allows_too_few_names_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemClock.now();
    let key = kept_key(&folder.path().join(KEY)).unwrap();
    let mut params = authority_params(&key, now);
    let constraints = params.name_constraints.as_mut().unwrap();
    constraints
        .permitted_subtrees
        .retain(|subtree| *subtree != GeneralSubtree::DnsName(NAMES[2].to_owned()));
    let narrow = params.self_signed(&key).unwrap().pem();
    fs::write(folder.path().join(CERTIFICATE), &narrow).unwrap();
    let authority = Authority::keep(folder.path(), now).unwrap();
    assert_ne!(fs::read_to_string(authority.file()).unwrap(), narrow);
    let leaf = authority.sign(LOOPBACK, now).unwrap().chain[0].clone();
    assert!(believes(&authority, &leaf, NAMES[2]));
}
