//! Plans, and the bulk revocations that are made of them.

use crate::arguments::Id;
use crate::command::commands;
use uncouple_domain::RunId;
use uncouple_engine::ExportFormat;
use uncouple_engine::view::{Exported, ItemAsk, ItemList, PlanAsk, ReportFormat, RestoreAsk, RunView};

commands! {
    /// Makes a plan. Nothing is sent.
    SuperAdmin plan(ask: PlanAsk) -> RunView => engine |engine| engine.plan(ask).await;

    /// A page of the grants of a plan or run.
    SuperAdmin run_items(run: Id<RunId>, ask: ItemAsk) -> ItemList => engine |engine| engine.run_items(run.0, &ask).await;

    /// Writes a plan to a file.
    SuperAdmin export_plan(run: Id<RunId>, format: ExportFormat, path: String) -> Exported => engine |engine| {
        let format = match format {
            ExportFormat::Csv => ReportFormat::Csv,
            ExportFormat::Json => ReportFormat::Json,
        };
        engine.report_run(run.0, format, &path).await
    };

    /// Drops a plan that was not started.
    SuperAdmin drop_plan(run: Id<RunId>) -> () => engine |engine| engine.drop_plan(run.0).await;

    /// Starts a plan. Rejects with `everybody_unconfirmed` where it has consents for everybody and `everybody` is false.
    SuperAdmin start_run(run: Id<RunId>, everybody: bool) -> ()
        => engine |engine| engine.start_run(run.0, everybody).await;

    /// Pauses a run.
    SuperAdmin pause_run(run: Id<RunId>) -> () => engine |engine| engine.pause_run(run.0).await;

    /// Resumes a run.
    SuperAdmin resume_run(run: Id<RunId>) -> () => engine |engine| engine.resume_run(run.0).await;

    /// Cancels what is left of a run.
    SuperAdmin cancel_run(run: Id<RunId>) -> () => engine |engine| engine.cancel_run(run.0).await;

    /// Retries what is left of a run.
    SuperAdmin retry_run(run: Id<RunId>) -> () => engine |engine| engine.retry_run(run.0).await;

    /// Reads everything that a run revoked again.
    SuperAdmin verify_run(run: Id<RunId>) -> () => engine |engine| engine.verify_run(run.0).await;

    /// Gives back what a run revoked. Rejects with `restore_everybody` where consents for everybody are not meant.
    SuperAdmin restore_run(run: Id<RunId>, ask: RestoreAsk) -> ()
        => engine |engine| engine.begin_restore(run.0, &ask).await;

    /// Writes the report of a run to a file.
    SuperAdmin report_run(run: Id<RunId>, format: ReportFormat, path: String) -> Exported
        => engine |engine| engine.report_run(run.0, format, &path).await;
}
