//! Delivers letters to the configured mail server.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use carport_model::Secret;
use carport_model::mail::{Mail, MailError, Mailer};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

/// Letters that wait at most.
const WAITING: usize = 256;
/// Connections to the mail server at once.
const CONNECTIONS: usize = 4;
/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Pauses before the attempts after the first.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
];

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// A mailer that delivers to the server at `url` in the name of `from`.
///
/// # Errors
/// Address or sender cannot be used.
pub(super) fn mailer(url: &Secret<String>, from: &str) -> anyhow::Result<Mailer> {
    let from: Mailbox = from.parse().context("smtp.from is no sender")?;
    // Not the library's own error: it may repeat the password.
    let transport = Transport::from_url(url.expose()).ok();
    let transport = transport.context("smtp.url cannot be used")?;
    let transport = transport.timeout(Some(PATIENCE)).build();
    let (waiting, sending) = (
        Arc::new(Semaphore::new(WAITING)),
        Arc::new(Semaphore::new(CONNECTIONS)),
    );
    let runtime = Handle::current();
    Ok(Mailer::new(move |mail| {
        let place = waiting.clone().try_acquire_owned().map_err(|_| MailError)?;
        let (from, transport, sending) = (from.clone(), transport.clone(), sending.clone());
        runtime.spawn(async move {
            if let Some(message) = message(from, mail) {
                deliver(&transport, &sending, message).await;
            }
            drop(place);
        });
        Ok(())
    }))
}

fn message(from: Mailbox, mail: Mail) -> Option<Message> {
    let to = Mailbox::new(None, mail.to.as_str().parse().ok()?);
    let message = Message::builder().from(from).to(to).subject(mail.subject);
    let message = message.header(ContentType::TEXT_PLAIN).body(mail.text);
    message
        .inspect_err(|error| tracing::error!(%error, "a letter could not be written"))
        .ok()
}

async fn deliver(transport: &Transport, sending: &Semaphore, message: Message) {
    let mut pauses = PAUSES.iter();
    loop {
        let sent = {
            let _place = sending.acquire().await;
            transport.send(message.clone()).await
        };
        let Err(error) = sent else { return };
        // What the server says may repeat the address of the letter: the kind must do.
        let (code, lasting) = (
            error.status().map(|code| code.to_string()),
            error.is_permanent(),
        );
        let Some(pause) = pauses.next().filter(|_| !lasting) else {
            tracing::error!(?code, "the mail server did not take a letter");
            return;
        };
        tracing::warn!(?code, "a letter was not taken; it is tried again");
        tokio::time::sleep(*pause).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::TcpListener;

    /// Takes one letter, as a mail server would, and returns its lines.
    async fn receive(listener: TcpListener) -> Vec<String> {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 here\r\n").await.unwrap();
        let (mut letter, mut is_letter) = (Vec::new(), false);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap() == 0 {
                return letter;
            }
            let line = line.trim_end().to_owned();
            let answer: &[u8] = match (is_letter, line.as_str()) {
                (false, "DATA") => {
                    is_letter = true;
                    b"354 go on\r\n"
                }
                (false, _) => b"250 well\r\n",
                (true, ".") => {
                    stream.write_all(b"250 taken\r\n").await.unwrap();
                    return letter;
                }
                (true, _) => {
                    letter.push(line);
                    continue;
                }
            };
            stream.write_all(answer).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_letter_reaches_the_server() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = Secret::new(format!("smtp://{address}"));
        let mailer = mailer(&url, "Carport <carport@example.org>").unwrap();
        let receiving = tokio::spawn(receive(listener));
        let mail = Mail {
            to: "ada@example.org".parse().unwrap(),
            subject: "Hello".to_owned(),
            text: "One line.\nAnother.\n".to_owned(),
        };
        mailer.send(mail).unwrap();
        let letter = receiving.await.unwrap().join("\n");
        for part in [
            "From: Carport <carport@example.org>",
            "To: ada@example.org",
            "Subject: Hello",
            "One line.\nAnother.",
        ] {
            assert!(letter.contains(part), "{letter}");
        }
    }
}
