//! Notices.

use crate::command::commands;
use uncouple_domain::NoticeId;
use uncouple_engine::settings::NoticeSettings;
use uncouple_engine::view::{NoticeAsk, NoticeList};

commands! {
    /// A page of the acting member's notices, newest first. `before`: the `next` of the page before.
    Anyone notices { text: Option<String>, before: Option<u64> } -> NoticeList
        => engine |engine| engine.notices(NoticeAsk { text, before }).await;

    /// Marks one as read.
    Own read_notice(notice: u64) -> () => engine |engine| engine.read_notice(NoticeId(notice)).await;

    /// Marks all of them as read.
    Anyone read_all_notices() -> () => engine |engine| engine.read_all_notices().await;

    /// Which notices pop up on the desktop, and when.
    Anyone save_notice_settings(notices: NoticeSettings) -> ()
        => engine |engine| engine.save_notice_settings(notices).await;
}
