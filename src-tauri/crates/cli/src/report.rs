//! `report`: a plan or run as a file.

use crate::arguments::{Format, Report};
use crate::failure::{Failure, Status};
use crate::out::Out;
use crate::session::Session;
use uncouple_engine::view::ReportFormat;

pub(crate) async fn report(session: &Session, ask: &Report, out: &mut Out) -> Result<Status, Failure> {
    let path = std::path::absolute(&ask.to).map_err(|_| Failure::usage("--to wants a file"))?;
    let path = path.to_str().ok_or_else(|| Failure::usage("--to wants a path that is text"))?;
    let format = match ask.format {
        Format::Page => ReportFormat::Page,
        Format::Csv => ReportFormat::Csv,
        Format::Json => ReportFormat::Json,
    };
    let written = session.engine.report_run(ask.plan, format, path).await?;
    out.begin("report/1");
    out.field("report", &written);
    out.line(format!("{} items written to {}", written.entries, written.path));
    out.line(format!("Head hash of the history: {}", written.head));
    out.end();
    Ok(Status::Done)
}
