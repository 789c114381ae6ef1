//! The authority that vouches for the original hosts: made once, kept in the data folder, believed
//! by nobody but the processes that are told to.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carport_model::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData as _,
    SanType, date_time_ymd,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use sha2::{Digest as _, Sha256};

use super::NAMES;

/// The certificate, for processes to trust.
const CERTIFICATE: &str = "original-hosts-ca.pem";
/// The private key, for nobody else.
const KEY: &str = "original-hosts-ca.key";
/// The last day of the authority: the last one that certificates write in the form which every
/// client reads (RFC 5280, 4.1.2.5). It is trusted by single processes, so nothing is gained by its
/// ending sooner, and the one in a browser's profile need not be replaced.
const LAST_DAY: (i32, u8, u8) = (2049, 12, 31);
/// How long a certificate that it signs lasts; browsers take no more than 398 days.
pub(super) const LEAF_LASTS: Duration = Duration::from_hours(24 * 90);
/// Certificates begin to be good before they are made, for clients whose clock is behind.
const BEFORE: Duration = Duration::from_hours(24);

/// The authority of a data folder.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    file: PathBuf,
}

/// A certificate for the original hosts and its private key.
pub(super) struct Signed {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl Authority {
    /// The authority of `folder`. Its certificate is made anew, for the same key, when clients
    /// would not believe what it vouches for: it is missing, damaged, of another key, or allows
    /// fewer names than there are.
    ///
    /// # Errors
    /// Key or certificate cannot be read or written; the key file holds no key.
    pub(super) fn keep(folder: &Path, now: Timestamp) -> anyhow::Result<Self> {
        let key = kept_key(&folder.join(KEY))?;
        let params = authority_params(&key, now);
        let file = folder.join(CERTIFICATE);
        let made = params.self_signed(&key)?;
        let mut authority = Self {
            issuer: Issuer::new(params, key),
            certificate: made.der().clone(),
            file,
        };
        match fs::read(&authority.file) {
            Ok(pem) => {
                if let Ok(kept) = CertificateDer::from_pem_slice(&pem)
                    && authority.is_believed(&kept, now).unwrap_or(false)
                {
                    authority.certificate = kept;
                    return Ok(authority);
                }
                tracing::info!("the authority of the original hosts is made anew");
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("{} cannot be read", authority.file.display()));
            }
        }
        replace(folder, &authority.file, made.pem().as_bytes())?;
        Ok(authority)
    }

    /// The file with its certificate.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// SHA-256 of its public key (`SubjectPublicKeyInfo`), in base64.
    pub(super) fn pin(&self) -> String {
        STANDARD.encode(Sha256::digest(self.issuer.key().subject_public_key_info()))
    }

    /// A new certificate for every original host, localhost and `address`, good from `now` on.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub(super) fn sign(&self, address: IpAddr, now: Timestamp) -> Result<Signed, rcgen::Error> {
        let names: Vec<String> = names().map(str::to_owned).collect();
        let mut params = CertificateParams::new(names)?;
        params.subject_alt_names.push(SanType::IpAddress(address));
        params.distinguished_name = rcgen::DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "Carport in place of Smartcar's hosts");
        set_validity(&mut params, now, LEAF_LASTS);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let leaf = params.signed_by(&key, &self.issuer)?;
        Ok(Signed {
            chain: vec![leaf.der().clone(), self.certificate.clone()],
            key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        })
    }

    /// Whether a client that trusts `certificate` will believe a leaf of ours, for every name.
    fn is_believed(
        &self,
        certificate: &CertificateDer<'static>,
        now: Timestamp,
    ) -> anyhow::Result<bool> {
        let signed = self.sign(IpAddr::from([127, 0, 0, 1]), now)?;
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build()?;
        let at = UnixTime::since_unix_epoch(now.since(Timestamp::default()));
        for name in names() {
            let name = ServerName::try_from(name)?;
            let leaf = &signed.chain[0];
            if client
                .verify_server_cert(leaf, &[], &name, &[], at)
                .is_err()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Every name of a leaf.
fn names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().chain(["localhost"])
}

/// What the authority says of itself: what it is for, and that it is for nothing else. Whoever
/// steals its key can pose as these hosts towards processes that trust it, and as no other host.
fn authority_params(key: &KeyPair, now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    // Browsers take two authorities of one name for one another.
    let fingerprint = Sha256::digest(key.subject_public_key_info());
    let own: String = fingerprint[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = format!("Carport development CA {own}, loopback only");
    params.distinguished_name.push(DnType::CommonName, name);
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Carport");
    let (year, month, day) = LAST_DAY;
    set_validity(&mut params, now, LEAF_LASTS);
    params.not_after = date_time_ymd(year, month, day);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let mut permitted: Vec<GeneralSubtree> = names()
        .map(|name| GeneralSubtree::DnsName(name.to_owned()))
        .collect();
    // A kind of name of which nothing is permitted would be free.
    permitted.extend([
        GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([127, 0, 0, 0], 8)),
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(
            std::net::Ipv6Addr::LOCALHOST.octets(),
            128,
        )),
    ]);
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted,
        excluded_subtrees: Vec::new(),
    });
    params
}

/// The key in `file`, made when there is none.
fn kept_key(file: &Path) -> anyhow::Result<KeyPair> {
    match fs::read_to_string(file) {
        Ok(pem) => KeyPair::from_pem(&pem).with_context(|| {
            format!(
                "{} holds no private key; remove it, and a new one is made",
                file.display()
            )
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = KeyPair::generate()?;
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(file)
                .and_then(|mut file| {
                    file.write_all(key.serialize_pem().as_bytes())?;
                    file.sync_all()
                })
                .with_context(|| format!("{} cannot be written", file.display()))?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

/// Replaces a file at once: a process that starts meanwhile reads the old one or the new one.
fn replace(folder: &Path, file: &Path, content: &[u8]) -> anyhow::Result<()> {
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut new| {
        new.write_all(content)?;
        new.persist(file).map_err(std::io::Error::from)
    });
    written.with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(())
}

/// Sets how long a certificate is good, beginning somewhat before `now`.
fn set_validity(params: &mut CertificateParams, now: Timestamp, lasts: Duration) {
    let epoch = date_time_ymd(1970, 1, 1);
    let after = |at: Timestamp| at.since(Timestamp::default());
    params.not_before = epoch + after(now.minus(BEFORE));
    params.not_after = epoch + after(now.plus(lasts));
}

#[cfg(test)]
mod tests;
