//! TLS on a listener: on the main one for servers without a proxy in front, and on that of the
//! original hosts.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ResolvesServerCert;
use rustls::{ConfigBuilder, ServerConfig, WantsVerifier};
use tokio_rustls::TlsAcceptor;

/// An acceptor with this certificate chain and key, both PEM files.
///
/// # Errors
/// A file cannot be read or does not hold what it must.
pub fn acceptor(chain: &Path, key: &Path) -> anyhow::Result<TlsAcceptor> {
    let certificates = CertificateDer::pem_file_iter(chain)
        .with_context(|| format!("tls_cert {} cannot be read", chain.display()))?
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| format!("tls_cert {} is not PEM", chain.display()))?;
    if certificates.is_empty() {
        bail!("tls_cert {} holds no certificate", chain.display());
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("tls_key {} holds no private key", key.display()))?;
    let builder = builder()?.with_no_client_auth();
    let config = builder
        .with_single_cert(certificates, private)
        .context("tls_cert and tls_key do not fit together")?;
    Ok(finished(config))
}

/// An acceptor with the certificates that `resolver` chooses.
///
/// # Errors
/// Never with the cryptography that is built in.
pub fn acceptor_of(resolver: Arc<dyn ResolvesServerCert>) -> anyhow::Result<TlsAcceptor> {
    let builder = builder()?.with_no_client_auth();
    Ok(finished(builder.with_cert_resolver(resolver)))
}

fn builder() -> Result<ConfigBuilder<ServerConfig, WantsVerifier>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()
}

fn finished(mut config: ServerConfig) -> TlsAcceptor {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}
