//! Things that fall due, so that a clock that is moved forward can let them happen on the way.
//!
//! A task that waits for real time would sleep through a jump of the clock. What has such a task,
//! and matters to those who move the clock, is registered by the binary with the agenda of its
//! `dev` server. What follows from the time alone (expired tokens, simulated cars, windows of
//! faults, months of plans) needs nothing: it is asked with the new time.

use async_trait::async_trait;

use crate::Timestamp;

/// Something that falls due now and then. Its own timer goes on beside the agenda: each must take
/// what the other has done as done.
#[async_trait]
pub trait Due: Send + Sync {
    /// What it is, for the log.
    fn name(&self) -> &'static str;

    /// When it falls due next, if that is not after `until`, to which the clock is being moved.
    ///
    /// A chore that only tidies up says `until`, whatever has been missed: ten years of a chore of
    /// every ten minutes are one, at the end. What others see happen says its true instant, which
    /// may have gone by. After [`Due::run_due`] it must say a later instant or none.
    async fn next_due(&self, until: Timestamp) -> Option<Timestamp>;

    /// Does all that has fallen due by `now`, and returns when it is done. It logs its failures.
    async fn run_due(&self, now: Timestamp);
}
