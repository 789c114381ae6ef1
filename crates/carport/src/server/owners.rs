//! How owners of cars come to their page, which differs between a `dev` server and others.

use std::io::Write as _;

use carport_connect::me::Owners;
use carport_connector::Registry;
use carport_model::{Mailer, Mode};
use carport_store::RequestLog;

/// On `dev` any car's account leads in, and without a mail server codes are printed in the
/// terminal. Elsewhere only real accounts do: any password opens those of cars that do not exist.
pub(super) fn of(
    is_dev: bool,
    connectors: &Registry,
    mailer: Option<Mailer>,
    log: Option<RequestLog>,
) -> Owners {
    let offered: &[Mode] = if is_dev {
        &[Mode::Live, Mode::Test, Mode::Simulated]
    } else {
        &[Mode::Live]
    };
    let modes = offered.iter().copied();
    Owners {
        modes: modes
            .filter(|mode| connectors.of(*mode).is_some())
            .collect(),
        mailer: mailer.or_else(|| is_dev.then(terminal)),
        log,
    }
}

/// Prints letters, so that whoever sits at the machine can go on. The log never has them.
fn terminal() -> Mailer {
    Mailer::new(|mail| {
        let letter = format!("\nTo {}: {}\n\n{}\n", mail.to, mail.subject, mail.text);
        // A terminal that is gone shows nothing.
        drop(std::io::stderr().write_all(letter.as_bytes()));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_lets_in_whom_it_can_prove() {
        let none = Registry::default();
        let serve = of(false, &none, None, None);
        assert!(!serve.lets_in(Mode::Test) && !serve.lets_in(Mode::Live));
        let dev = of(true, &none, None, None);
        assert!(dev.modes.is_empty() && dev.lets_in(Mode::Test));
        let post = Mailer::new(|_| Ok(()));
        assert!(of(false, &none, Some(post), None).lets_in(Mode::Test));
    }
}
