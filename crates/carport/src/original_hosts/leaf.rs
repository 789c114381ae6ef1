//! The certificate that the original hosts show: signed at the start, and again before it ends. It
//! and its key are in memory only.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use carport_model::{Clock, Timestamp};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::authority::{Authority, LEAF_LASTS};

/// Shows the certificate in every handshake, whatever name is asked for: it has them all.
pub(super) struct Leaf {
    authority: Authority,
    address: IpAddr,
    clock: Arc<dyn Clock>,
    shown: Mutex<Shown>,
}

struct Shown {
    certificate: Arc<CertifiedKey>,
    /// When another one is due: with a third of its time left.
    due: Timestamp,
}

impl Leaf {
    /// Signs the first certificate.
    ///
    /// # Errors
    /// It cannot be signed.
    pub(super) fn new(
        authority: Authority,
        address: IpAddr,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let shown = Mutex::new(signed(&authority, address, clock.now())?);
        Ok(Self {
            authority,
            address,
            clock,
            shown,
        })
    }

    /// The certificate of now.
    fn current(&self) -> Arc<CertifiedKey> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        if now >= shown.due {
            match signed(&self.authority, self.address, now) {
                Ok(fresh) => *shown = fresh,
                // The old one is good for a while; the next handshake tries again.
                Err(error) => tracing::error!(%error, "the original hosts keep their certificate"),
            }
        }
        Arc::clone(&shown.certificate)
    }
}

fn signed(authority: &Authority, address: IpAddr, now: Timestamp) -> anyhow::Result<Shown> {
    let signed = authority.sign(address, now)?;
    let key = any_supported_type(&signed.key)?;
    Ok(Shown {
        certificate: Arc::new(CertifiedKey::new(signed.chain, key)),
        due: now.plus(LEAF_LASTS / 3 * 2),
    })
}

impl ResolvesServerCert for Leaf {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

/// Nothing of the key.
impl fmt::Debug for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaf").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Duration;

    use carport_model::SystemClock;

    use super::*;

    struct Moved(AtomicI64);

    impl Clock for Moved {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn it_is_signed_again_before_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let start = SystemClock.now();
        let authority = Authority::keep(folder.path(), start).unwrap();
        let clock = Arc::new(Moved(AtomicI64::new(start.millis())));
        let leaf = Leaf::new(authority, [127, 0, 0, 2].into(), clock.clone()).unwrap();
        let first = leaf.current();
        let at = |passed: Duration| {
            clock
                .0
                .store(start.plus(passed).millis(), Ordering::Relaxed);
            leaf.current()
        };
        let day = Duration::from_hours(24);
        assert!(Arc::ptr_eq(&at(day * 59), &first));
        let second = at(day * 60);
        assert!(!Arc::ptr_eq(&second, &first));
        assert!(Arc::ptr_eq(&at(day * 119), &second));
        // The authority goes with it, so that a client may pin that one's key.
        assert_eq!(second.cert.len(), 2);
        assert_eq!(second.cert[1], first.cert[1]);
        assert_ne!(second.cert[0], first.cert[0]);
    }
}
