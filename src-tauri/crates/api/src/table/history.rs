//! The history.

use crate::arguments::Id;
use crate::command::commands;
use uncouple_domain::MailboxId;
use uncouple_engine::ExportFormat;
use uncouple_engine::history::HistoryFilter;
use uncouple_engine::view::{ChainView, Exported, HistoryView};

commands! {
    /// A page of the history, newest first. `before`: the line that the page before ended with.
    Anyone history {
        text: Option<String>,
        kind: Option<String>,
        mailbox: Option<Id<MailboxId>>,
        before: Option<u64>
    } -> HistoryView => engine |engine| {
        let mailbox = mailbox.map(|mailbox| mailbox.0);
        engine.history(HistoryFilter { text, kind, mailbox, before, limit: 0 }).await
    };

    /// Looks whether the chain of the history is whole.
    Anyone verify_history() -> ChainView => engine |engine| engine.verify_history().await;

    /// Writes the history to a file.
    Anyone export_history(format: ExportFormat, path: String) -> Exported
        => engine |engine| engine.export_history(format, &path).await;
}
