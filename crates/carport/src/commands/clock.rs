//! `carport clock`: the time of a `dev` server.

use anyhow::Context as _;
use carport_management_api::simulator::clock::ClockView;

use super::configure;
use crate::admin::{self, ClockRequest, Request};
use crate::cli::{Clock, ClockCommand, Global};

/// Carries the subcommand out and shows the clock.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: ClockCommand) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let clock = match args.command {
        Clock::Show => ClockRequest::Show,
        Clock::Freeze => ClockRequest::Freeze,
        Clock::Set { instant } => ClockRequest::Set { to: instant },
        Clock::Advance { duration } => ClockRequest::Advance { by: duration },
        Clock::Speed { factor } => ClockRequest::Speed { factor },
        Clock::Resume => ClockRequest::Resume,
    };
    let request = Request::Clock { clock };
    let answer = admin::carry_out(&config, &request).await?;
    if args.json {
        println!("{answer}");
        return Ok(());
    }
    let view: ClockView =
        serde_json::from_value(answer).context("the server's answer is not understood")?;
    println!("{}", for_people(&view));
    Ok(())
}

fn for_people(view: &ClockView) -> String {
    let how = if view.is_frozen {
        "stands".to_owned()
    } else if (view.speed - 1.0).abs() < f64::EPSILON {
        "runs".to_owned()
    } else {
        format!("runs {} times as fast", view.speed)
    };
    format!("{}  {how}, {} s ahead", view.now, view.ahead_seconds)
}
