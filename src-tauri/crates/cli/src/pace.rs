//! `pace`: how hard the providers may be worked.

use crate::arguments::{Pace, SuiteName};
use crate::failure::{Failure, Status};
use crate::out::Out;
use crate::session::Session;
use crate::words;
use uncouple_engine::wire::Suite;

pub(crate) async fn pace(session: &Session, ask: &Pace, out: &mut Out) -> Result<Status, Failure> {
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
        let calls = match pace.calls_per_minute {
            0 => "any number of".to_owned(),
            calls => format!("up to {calls}"),
        };
        out.line(format!("{}: {calls} calls a minute, {} at once", words::suite(suite), pace.connections));
    }
    out.end();
    Ok(Status::Done)
}
