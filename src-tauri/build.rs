//! Tells Tauri's access control which commands exist: a command that is not in this list, or not in the
//! window's capability in `tauri.conf.json`, can't be called.

use std::{fs, path::Path};

const COMMANDS: &[&str] = &[
    "overview",
    "begin_empty",
    "begin_sample",
    "leave_sample",
    "first_paint",
    "guess_provider",
    "read_hubspot_page",
    "track_mailbox",
    "connect_mailbox",
    "cancel_sign_in",
    "finish_sign_in",
    "drop_sign_in",
    "disable_mailbox",
    "enable_mailbox",
    "enable_guide",
    "open_enable_page",
    "remove_mailbox",
    "check_mailbox",
    "undo_removal",
    "stop_disconnect",
    "confirm_step",
    "confirm_in_crm",
    "not_listed",
    "close_step",
    "withdraw_confirmation",
    "remind",
    "open_page",
    "run_step",
    "check_step",
    "history",
    "verify_history",
    "export_history",
    "act_as",
    "add_member",
    "change_member",
    "remove_member",
    "add_inbox",
    "rename_inbox",
    "delete_inbox",
    "set_access",
    "track_channel",
    "delete_channel",
    "add_other_channel",
    "drop_other_channel",
    "ask_owner",
    "decline_ask",
    "open_mail",
    "report_lost",
    "move_provider",
    "move_to_team",
    "move_to_personal",
    "reconnect_guide",
    "open_reconnect_page",
    "open_privacy_page",
    "open_source",
    "confirm_reconnected",
    "notices",
    "read_notice",
    "read_all_notices",
    "save_notice_settings",
    "desktop",
    "set_autostart",
    "rename_me",
    "keyring",
    "storage",
    "save_sign_in_app",
    "set_language",
    "set_appearance",
    "admin",
    "admin_sign_in",
    "finish_admin_sign_in",
    "drop_admin_sign_in",
    "admin_sign_out",
    "search_organisation",
    "stop_search",
    "directory_apps",
    "look_up_app",
    "choose_app",
    "accesses",
    "export_accesses",
    "unread_people",
    "export_unread_people",
    "plan",
    "run_items",
    "export_plan",
    "drop_plan",
    "start_run",
    "pause_run",
    "resume_run",
    "cancel_run",
    "retry_run",
    "restore_run",
    "verify_run",
    "report_run",
    "save_paces",
];

fn main() {
    // The window's files are put into the binary; without a build of them `cargo check` would stop.
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        let placeholder = "<!doctype html><title>Uncouple</title><p>Build the window first: cargo xtask run</p>";
        let written = fs::create_dir_all("ui/dist").and_then(|()| fs::write(page, placeholder));
        if let Err(error) = written {
            println!("cargo::warning=no ui/dist: {error}");
        }
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
    }
}
