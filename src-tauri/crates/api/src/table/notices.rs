//! Notices.

use crate::command::commands;
use uncouple_domain::NoticeId;
use uncouple_engine::settings::NoticeSettings;
use uncouple_engine::view::NoticeList;

commands! {
    /// The acting member's notices, newest first.
    Anyone notices() -> NoticeList => engine |engine| engine.notices().await;

    /// Marks one as read.
    Own read_notice(notice: u64) -> () => engine |engine| engine.read_notice(NoticeId(notice)).await;

    /// Marks all of them as read.
    Anyone read_all_notices() -> () => engine |engine| engine.read_all_notices().await;

    /// Which notices pop up on the desktop, and when.
    Anyone save_notice_settings(notices: NoticeSettings) -> ()
        => engine |engine| engine.save_notice_settings(notices).await;
}
