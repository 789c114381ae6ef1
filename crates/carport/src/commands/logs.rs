//! `carport log` and `carport overview`: what was asked and answered, how owners fared in Connect, and who
//! changed what.

use carport_dashboard::Span;
use serde_json::Value;

use super::{configure, print_list, text};
use crate::admin::{self, LogPage, LogRequest, Request, RequestsWanted, RunsWanted};
use crate::cli::{Global, Log, Overview, Page, Status};

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: Log) -> anyhow::Result<()> {
    let (request, json, row): (_, _, fn(&Value) -> String) = match args {
        Log::Requests(args) => {
            let (page, json) = of_list(args.page);
            let wanted = RequestsWanted {
                page,
                id: args.id,
                vehicle: args.vehicle,
                status: args.status.map(Status::range),
                method: args.method,
                path: args.path,
                error: args.error,
                slower_than: args.slower_than,
            };
            (LogRequest::Requests(wanted), json, request_row)
        }
        Log::Runs(args) => {
            let (page, json) = of_list(args.page);
            let wanted = RunsWanted {
                page,
                mode: args.mode,
                brand: args.brand,
                owner: args.owner,
                ending: args.ending,
            };
            (LogRequest::Runs(wanted), json, run_row)
        }
        Log::Run { id, json } => (LogRequest::Run { id }, json, step_row),
        Log::Audit(args) => {
            let (page, json) = of_list(args.page);
            let request = LogRequest::Audit {
                page,
                actor: args.actor,
                action: args.action,
            };
            (request, json, audit_row)
        }
    };
    let answer = ask(global, request).await?;
    print_list(&answer, json, "Nothing that fits is kept.", row);
    Ok(())
}

/// Carries `carport overview` out.
///
/// # Errors
/// One line that says what to do.
pub async fn overview(global: &Global, args: Overview) -> anyhow::Result<()> {
    let span = if args.month { Span::Month } else { Span::Day };
    let request = LogRequest::Overview {
        application: args.app,
        span: span.name().to_owned(),
    };
    let answer = ask(global, request).await?;
    if args.json {
        println!("{answer}");
        return Ok(());
    }
    let connections = answer["connections"].as_object();
    let connections: Vec<String> = connections
        .into_iter()
        .flatten()
        .map(|(mode, count)| format!("{count} {mode}"))
        .collect();
    match connections.as_slice() {
        [] => println!("No vehicle is connected."),
        some => println!("Connected vehicles: {}", some.join(", ")),
    }
    println!(
        "{:<12}  {:>9}  {:>6}  {:>6}  {:>9}  {:>9}",
        text(&answer, "unit"),
        "requests",
        "4xx",
        "5xx",
        "p95 ms",
        "slowest"
    );
    for bin in answer["counts"].as_array().into_iter().flatten() {
        println!(
            "{:<12}  {:>9}  {:>6}  {:>6}  {:>9}  {:>9}",
            text(bin, "label"),
            bin["requests"].to_string(),
            bin["clientErrors"].to_string(),
            bin["serverErrors"].to_string(),
            millis(&bin["p95Micros"]),
            millis(&bin["slowestMicros"]),
        );
    }
    Ok(())
}

async fn ask(global: &Global, log: LogRequest) -> anyhow::Result<Value> {
    let config = configure(global, Vec::new())?;
    admin::carry_out(&config, &Request::Log { log }).await
}

fn of_list(page: Page) -> (LogPage, bool) {
    let wanted = LogPage {
        application: page.app,
        since: page.since,
        until: page.until,
        limit: page.limit,
    };
    (wanted, page.json)
}

fn request_row(entry: &Value) -> String {
    let error = match (text(entry, "errorType"), text(entry, "errorCode")) {
        ("", _) => String::new(),
        (kind, "") => format!("  {kind}"),
        (kind, code) => format!("  {kind}:{code}"),
    };
    format!(
        "{}  {}  {:<6}  {}  {} ms  {}{error}",
        text(entry, "at"),
        entry["status"],
        text(entry, "method"),
        route(entry),
        millis(&entry["tookMicros"]),
        text(entry, "id"),
    )
}

/// The route with the vehicle in its place.
fn route(entry: &Value) -> String {
    let route = text(entry, "route");
    match text(entry, "vehicleId") {
        "" => route.to_owned(),
        vehicle => route.replacen("{id}", vehicle, 1),
    }
}

fn run_row(run: &Value) -> String {
    let some = |member| match text(run, member) {
        "" => "-",
        text => text,
    };
    format!(
        "{}  {}  {:<9}  {:<12}  {}  application {}  owner {}",
        text(run, "at"),
        text(run, "id"),
        some("mode"),
        some("brand"),
        text(run, "ending"),
        text(run, "applicationId"),
        some("owner"),
    )
}

fn step_row(step: &Value) -> String {
    let line = format!(
        "{}  {:<20}  {}",
        text(step, "at"),
        text(step, "event"),
        text(step, "detail")
    );
    line.trim_end().to_owned()
}

fn audit_row(entry: &Value) -> String {
    let line = format!(
        "{}  {:<24}  {}  {}",
        text(entry, "at"),
        text(entry, "action"),
        text(entry, "actor"),
        text(entry, "detail"),
    );
    line.trim_end().to_owned()
}

/// Microseconds as milliseconds with one digit behind the point; `-` for none.
fn millis(micros: &Value) -> String {
    micros.as_u64().map_or_else(
        || "-".to_owned(),
        |micros| {
            let tenths = (micros + 50) / 100;
            format!("{}.{}", tenths / 10, tenths % 10)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_tell_what_was_asked_and_how_it_ended() {
        let entry = json!({
            "at": "2026-11-29T10:00:00.000Z", "id": "0197", "method": "GET", "status": 404,
            "route": "/v2.0/vehicles/{id}/odometer", "vehicleId": "36ab", "tookMicros": 1250,
            "errorType": "RESOURCE_NOT_FOUND", "errorCode": "PATH",
        });
        assert_eq!(
            request_row(&entry),
            "2026-11-29T10:00:00.000Z  404  GET     /v2.0/vehicles/36ab/odometer  1.3 ms  0197  \
             RESOURCE_NOT_FOUND:PATH"
        );
        assert_eq!(millis(&json!(null)), "-");
    }
}
