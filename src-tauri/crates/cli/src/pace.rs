//! `pace`: the request rate at the providers.

use crate::arguments::{Pace, SuiteName};
use crate::failure::{Failure, Status};
use crate::out::Out;
use crate::session::Session;
use crate::words::{self, count, say};
use std::ops::RangeInclusive;
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, ErrorCode};

/// What the engine takes ([`uncouple_engine::Engine::save_paces`]).
const CONNECTIONS: RangeInclusive<u32> = 1..=64;

/// Calls a minute, likewise.
const CALLS: RangeInclusive<u32> = 0..=100_000;

pub(crate) async fn pace(session: &Session, ask: &Pace, out: &mut Out) -> Result<Status, Failure> {
    within("--connections", ask.connections.map(u32::from), CONNECTIONS)?;
    within("--calls-per-minute", ask.calls_per_minute, CALLS)?;
    let mut paces = session.engine.admin().await?.paces;
    if let Some(at) = ask.at {
        let pace = match at {
            SuiteName::Google => &mut paces.google,
            SuiteName::Microsoft => &mut paces.microsoft,
        };
        let before = *pace;
        pace.calls_per_minute = ask.calls_per_minute.unwrap_or(pace.calls_per_minute);
        pace.connections = ask.connections.unwrap_or(pace.connections);
        if *pace != before {
            session.engine.save_paces(paces).await?;
        }
    }
    out.begin("pace/1");
    for (suite, name, pace) in
        [(Suite::Google, "google", paces.google), (Suite::Microsoft, "microsoft", paces.microsoft)]
    {
        out.field(name, &pace);
        let connections = count("n_connections", u64::from(pace.connections));
        let calls = count("n_calls", u64::from(pace.calls_per_minute));
        let key = if pace.calls_per_minute == 0 { "pace_line_any" } else { "pace_line" };
        let places = [("suite", words::suite(suite)), ("calls", &calls), ("connections", &connections)];
        out.line(say(key, &places));
    }
    out.end();
    Ok(Status::Done)
}

/// Refuses a number that is out of its range, and names the range.
fn within(what: &str, value: Option<u32>, range: RangeInclusive<u32>) -> Result<(), Failure> {
    match value {
        Some(value) if !range.contains(&value) => Err(Failure::from(AppError::from(ErrorCode::BadArgument))
            .in_words("bad_argument", "pace_range")
            .with("what", what)
            .with("least", range.start())
            .with("most", range.end())
            .with("value", value)),
        Some(_) | None => Ok(()),
    }
}
