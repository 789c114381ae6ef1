//! Randomness. Every id, secret and drawn value comes from an [`Rng`] that is handed in, so that
//! a seeded server repeats exactly.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// A source of random bytes that many tasks may share.
pub trait Rng: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);

    /// A number drawn evenly from `low..high`.
    fn number(&self, low: f64, high: f64) -> f64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        // The upper 53 bits make every representable fraction of 0..1 equally likely.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit an f64 exactly")]
        let fraction = (u64::from_le_bytes(bytes) >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * fraction
    }

    /// A whole number drawn evenly from `0..below`; zero when `below` is zero.
    fn below(&self, below: u32) -> u32 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        // Multiply and shift: the bias is below 2^-32 times `below`, nothing for drawn car values.
        u32::try_from((u64::from(u32::from_le_bytes(bytes)) * u64::from(below)) >> 32)
            .unwrap_or_default()
    }
}

impl<R: Rng + ?Sized> Rng for Arc<R> {
    fn fill(&self, bytes: &mut [u8]) {
        (**self).fill(bytes);
    }
}

/// Bytes that a thread draws before it asks the operating system anew.
const FROM_ONE_SEED: usize = 64 * 1024;

/// What secrets are made of outside `dev`: `ChaCha20` under a key of the operating system's
/// randomness, one stream a thread. Asking the system for each draw is a call into the kernel,
/// several a request; every 64 KiB bounds what a look into the memory could tell.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

/// A thread's stream.
struct Stream {
    bytes: ChaCha20Rng,
    left: usize,
}

thread_local! {
    static STREAM: RefCell<Option<Stream>> = const { RefCell::new(None) };
}

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        STREAM.with_borrow_mut(|stream| {
            let stream = match stream {
                Some(stream) if stream.left >= bytes.len() => stream,
                worn => worn.insert(Stream::seeded()),
            };
            stream.left = stream.left.saturating_sub(bytes.len());
            stream.bytes.fill_bytes(bytes);
        });
    }
}

impl Stream {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine"
    )]
    fn seeded() -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the operating system provides randomness");
        Self {
            bytes: ChaCha20Rng::from_seed(seed),
            left: FROM_ONE_SEED,
        }
    }
}

/// A stream of bytes that is the same for the same seed and generation, on every machine.
///
/// Whoever knows the seed knows every secret, so a seeded server listens on loopback only.
#[derive(Debug)]
pub struct SeededRng(Mutex<ChaCha20Rng>);

impl SeededRng {
    /// `generation` counts the starts of a server on one data folder: each start reads a stream of
    /// its own of the same seed, so that a restart repeats nothing (docs/adr/0004-time-and-randomness.md).
    #[must_use]
    pub fn new(seed: u64, generation: u64) -> Self {
        let mut stream = ChaCha20Rng::seed_from_u64(seed);
        stream.set_stream(generation);
        Self(Mutex::new(stream))
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(seed: u64, generation: u64) -> [u8; 16] {
        let mut bytes = [0; 16];
        SeededRng::new(seed, generation).fill(&mut bytes);
        bytes
    }

    #[test]
    fn a_seed_repeats_and_a_restart_does_not() {
        assert_eq!(first(0, 0), first(0, 0));
        assert_ne!(first(0, 0), first(0, 1));
        assert_ne!(first(0, 0), first(1, 0));
    }

    #[test]
    fn the_system_never_repeats() {
        let drawn = || {
            let mut seen = std::collections::HashSet::new();
            // Past several seeds, with draws of a size that does not divide them.
            for _ in 0..20_000 {
                let mut bytes = [0; 17];
                SystemRng.fill(&mut bytes);
                assert!(seen.insert(bytes));
            }
            seen
        };
        let other = std::thread::spawn(drawn);
        assert!(drawn().is_disjoint(&other.join().unwrap()));
        let mut large = vec![0; 3 * FROM_ONE_SEED];
        SystemRng.fill(&mut large);
        assert!(large.chunks(16).all(|chunk| chunk != [0; 16]));
    }

    #[test]
    fn draws_stay_in_their_range() {
        let rng = SeededRng::new(7, 0);
        for _ in 0..1000 {
            let number = rng.number(-3.0, 5.0);
            assert!((-3.0..5.0).contains(&number));
            assert!(rng.below(3) < 3);
        }
        assert_eq!(rng.below(0), 0);
    }
}
