//! What an entry of the request log costs: processor time of the pushes and of the thread that
//! writes, at a steady rate.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use carport_model::{ApplicationId, Clock as _, RequestId, SystemClock, SystemRng, VehicleId};
use carport_store::RequestLog;
use carport_store::request_log::{Entry, Method};
use clap::Parser;

#[derive(Parser)]
struct Arguments {
    /// Entries a second.
    #[arg(long, default_value_t = 55_000)]
    rate: u32,
    /// Seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Applications that take turns.
    #[arg(long, default_value_t = 1)]
    applications: usize,
    /// Size at which the oldest entries make room.
    #[arg(long, default_value_t = 1 << 30)]
    bytes: u64,
    /// File to write.
    file: std::path::PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let log = RequestLog::spawn(&arguments.file, arguments.bytes)?;
    let applications: Vec<_> = (0..arguments.applications)
        .map(|_| ApplicationId::draw(&SystemRng))
        .collect();
    let vehicles: Vec<_> = (0..10_000).map(|_| VehicleId::draw(&SystemRng)).collect();
    let mut entry = Entry {
        at: SystemClock.now(),
        took_micros: 40,
        gate_micros: Some(5),
        read_micros: Some(20),
        method: Method::Get,
        route: log.route("/v2.0/vehicles/{id}/odometer"),
        status: 200,
        request: RequestId::draw(&SystemRng),
        application: None,
        vehicle: None,
        error: None,
    };
    // A millisecond's entries at a time, as an event loop answers them.
    let portion = (arguments.rate / 1000).max(1);
    let portions = arguments.rate * arguments.seconds / portion;
    let mut pushing = Duration::ZERO;
    let started = Instant::now();
    for turn in 0..portions {
        let due = Duration::from_secs(1) * portion / arguments.rate * turn;
        std::thread::sleep(due.saturating_sub(started.elapsed()));
        entry.at = SystemClock.now();
        let before = Instant::now();
        for number in 0..portion as usize {
            let number = turn as usize * portion as usize + number;
            entry.application = Some(applications[number % applications.len()]);
            entry.vehicle = Some(vehicles[number * 7919 % vehicles.len()]);
            log.push(entry);
        }
        pushing += before.elapsed();
    }
    log.flush();
    let writing = processor_time("carport-log")?;
    let entries = u64::from(portion * portions);
    println!(
        "{entries} entries in {:.1} s: {} written, {} dropped",
        started.elapsed().as_secs_f64(),
        log.written(),
        log.dropped()
    );
    let each = |time: Duration| time.as_nanos() / u128::from(entries);
    println!("push  {} ns an entry", each(pushing));
    println!("write {} ns an entry", each(writing));
    log.close();
    let size = fs::metadata(&arguments.file)?.len();
    println!("{} bytes an entry", size / entries);
    Ok(())
}

/// Processor time of this process's thread of this name.
fn processor_time(name: &str) -> anyhow::Result<Duration> {
    for task in fs::read_dir("/proc/self/task")? {
        let task = task?.path();
        if fs::read_to_string(task.join("comm"))?.trim() == name {
            let text = fs::read_to_string(task.join("schedstat"))?;
            let nanoseconds = text.split_whitespace().next().context("a number")?;
            return Ok(Duration::from_nanos(nanoseconds.parse()?));
        }
    }
    anyhow::bail!("there is no thread {name}")
}
