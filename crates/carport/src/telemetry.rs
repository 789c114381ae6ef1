//! Logs. Tokens, secrets, VINs, positions, e-mails and bodies never reach them (docs/logging.md).

use std::fmt;
use std::io::IsTerminal as _;

use anyhow::Context as _;
use carport_model::RequestId;
use carport_web::layers;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::{self, Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::Log;

/// Starts logging to standard error.
///
/// # Errors
/// The level is not a filter.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter: Targets = log
        .level
        .parse()
        .with_context(|| format!("log.level {:?} is not a filter", log.level))?;
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder = tracing_subscriber::fmt()
        // The filter decides, below.
        .with_max_level(LevelFilter::TRACE)
        .with_writer(std::io::stderr)
        .with_ansi(colour);
    let lines = format::format().with_ansi(colour);
    // A second server in one process (tests) keeps the first one's logger.
    let started = if log.json {
        let lines = Named(lines.json());
        builder
            .json()
            .event_format(lines)
            .finish()
            .with(filter)
            .try_init()
    } else {
        builder
            .event_format(Named(lines))
            .finish()
            .with(filter)
            .try_init()
    };
    drop(started);
    Ok(())
}

/// Lines that name their request also where the level leaves out the span that would: a span for
/// each request costs more than many a request, a name on the rare line of a failure nothing.
struct Named<F>(F);

impl<S, N, L> FormatEvent<S, N> for Named<Format<L>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    Format<L>: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let request = layers::current_request().filter(|_| context.lookup_current().is_none());
        let Some(request) = request else {
            return self.0.format_event(context, writer, event);
        };
        let mut line = String::new();
        self.0
            .format_event(context, Writer::new(&mut line), event)?;
        writer.write_str(&named(&line, request))
    }
}

/// A line, of text or JSON, with the request's id at its end.
fn named(line: &str, request: RequestId) -> String {
    let line = line.trim_end();
    match line.strip_prefix('{').and(line.strip_suffix('}')) {
        Some(open) => format!("{open},\"request.id\":\"{request}\"}}\n"),
        None => format!("{line} request.id={request}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_their_request() {
        let id = RequestId::from_bytes([7; 16]);
        assert_eq!(
            named("now WARN x: it failed why=disk\n", id),
            "now WARN x: it failed why=disk request.id=07070707-0707-0707-0707-070707070707\n"
        );
        assert_eq!(
            named("{\"level\":\"WARN\"}\n", id),
            "{\"level\":\"WARN\",\"request.id\":\"07070707-0707-0707-0707-070707070707\"}\n"
        );
    }
}
