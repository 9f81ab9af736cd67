//! `report`: a plan or run as a file.

use crate::arguments::{Format, Report};
use crate::failure::{Failure, Status};
use crate::out::Out;
use crate::session::Session;
use crate::terminal;
use crate::words::{count, say};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use uncouple_engine::view::ReportFormat;
use uncouple_engine::{AppError, ErrorCode, REPORT_ABOUT};

pub(crate) async fn report(session: &Session, ask: &Report, out: &mut Out) -> Result<Status, Failure> {
    let id = session.run_id(&ask.plan).await?;
    let format = match ask.format {
        Format::Page => ReportFormat::Page,
        Format::Csv => ReportFormat::Csv,
        Format::Json => ReportFormat::Json,
    };
    if ask.to == Path::new("-") {
        let folder = TempDir::new().map_err(|_| Failure::internal())?;
        let file = folder.path().join("report");
        let written = session.engine.report_run(id, format, text(&file)?).await?;
        let bytes = std::fs::read(&file).map_err(|_| Failure::internal())?;
        out.raw(&bytes);
        if ask.format == Format::Csv && out.text() {
            // A table has nothing but rows.
            terminal::note(&say("report_head", &[("head", &written.head)]));
        }
        return Ok(Status::Done);
    }
    let path = std::path::absolute(&ask.to).map_err(|_| no_file())?;
    let target = text(&path)?;
    // The engine replaces nobody's file, so the new one is made beside it and takes its place when it is whole.
    let beside = match path.parent() {
        Some(folder) if ask.force && path.is_file() => Some(TempDir::new_in(folder).map_err(|_| failed(&path))?),
        Some(_) | None => None,
    };
    let place = beside.as_ref().map_or_else(|| path.clone(), |folder| folder.path().join("report"));
    let mut written = session.engine.report_run(id, format, text(&place)?).await?;
    if beside.is_some() {
        let about = |path: &Path| PathBuf::from(format!("{}{REPORT_ABOUT}", path.display()));
        std::fs::rename(&place, &path).map_err(|_| failed(&path))?;
        if ask.format == Format::Csv {
            std::fs::rename(about(&place), about(&path)).map_err(|_| failed(&about(&path)))?;
        }
        target.clone_into(&mut written.path);
    }
    out.begin("report/1");
    out.field("report", &written);
    out.line(say("report_written", &[("items", &count("n_items", written.entries)), ("path", &written.path)]));
    if ask.format == Format::Csv {
        out.line(say("report_about", &[("path", &format!("{}{REPORT_ABOUT}", written.path))]));
    }
    out.line(say("report_head", &[("head", &written.head)]));
    out.id(&written.path);
    out.end();
    Ok(Status::Done)
}

fn text(path: &Path) -> Result<&str, Failure> {
    path.to_str().ok_or_else(no_file)
}

fn no_file() -> Failure {
    Failure::usage(&say("usage_to_file", &[]))
}

fn failed(path: &Path) -> Failure {
    Failure::from(AppError::new(ErrorCode::ExportFailed).with("path", path.display()))
}
