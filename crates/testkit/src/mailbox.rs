//! Letters that a test looks at.

use std::sync::{Arc, Mutex, PoisonError};

use carport_model::mail::{Mail, Mailer};

/// Keeps what a server under test sends.
#[derive(Debug, Clone, Default)]
pub struct Mailbox(Arc<Mutex<Vec<Mail>>>);

impl Mailbox {
    /// A mailer whose letters end here.
    #[must_use]
    pub fn mailer(&self) -> Mailer {
        let letters = self.0.clone();
        Mailer::new(move |mail| {
            letters
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(mail);
            Ok(())
        })
    }

    /// Takes the letters that came since the last call, the oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
