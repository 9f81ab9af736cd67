//! Typed IPC. Each command parses what the window sent, calls one function of the engine and hands its
//! answer or its error back. The list here, the one in `build.rs`, the window's capability and the window's
//! own calls must be the same; `tests/house` holds them together.

mod admin;
mod channels;
mod desktop;
mod disconnects;
mod history;
mod mailboxes;
mod moving;
mod notices;
mod people;
mod settings;
mod welcome;

use std::str::FromStr;
use tauri::ipc::Invoke;
use uncouple_domain::HubSpotAccount;
use uncouple_engine::{AppError, ErrorCode};
use uncouple_hubspot::PageError;

/// The handler of all commands.
pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        welcome::overview,
        welcome::begin_empty,
        welcome::begin_sample,
        welcome::leave_sample,
        welcome::first_paint,
        mailboxes::guess_provider,
        mailboxes::read_hubspot_page,
        mailboxes::track_mailbox,
        mailboxes::connect_mailbox,
        mailboxes::cancel_sign_in,
        mailboxes::finish_sign_in,
        mailboxes::drop_sign_in,
        mailboxes::disable_mailbox,
        mailboxes::enable_mailbox,
        mailboxes::enable_guide,
        mailboxes::open_enable_page,
        mailboxes::remove_mailbox,
        mailboxes::check_mailbox,
        disconnects::undo_removal,
        disconnects::stop_disconnect,
        disconnects::confirm_step,
        disconnects::confirm_in_crm,
        disconnects::not_listed,
        disconnects::close_step,
        disconnects::withdraw_confirmation,
        disconnects::remind,
        disconnects::open_page,
        disconnects::run_step,
        disconnects::check_step,
        history::history,
        history::verify_history,
        history::export_history,
        people::act_as,
        people::add_member,
        people::change_member,
        people::remove_member,
        people::add_inbox,
        people::rename_inbox,
        people::delete_inbox,
        people::set_access,
        channels::track_channel,
        channels::delete_channel,
        channels::add_other_channel,
        channels::drop_other_channel,
        channels::ask_owner,
        channels::decline_ask,
        channels::open_mail,
        channels::report_lost,
        moving::move_provider,
        moving::move_to_team,
        moving::move_to_personal,
        moving::reconnect_guide,
        moving::open_reconnect_page,
        moving::open_privacy_page,
        moving::open_source,
        moving::confirm_reconnected,
        notices::notices,
        notices::read_notice,
        notices::read_all_notices,
        notices::save_notice_settings,
        desktop::desktop,
        desktop::set_autostart,
        settings::rename_me,
        settings::keyring,
        settings::storage,
        settings::save_sign_in_app,
        settings::set_language,
        settings::set_appearance,
        admin::admin,
        admin::admin_sign_in,
        admin::finish_admin_sign_in,
        admin::drop_admin_sign_in,
        admin::admin_sign_out,
        admin::search_organisation,
        admin::stop_search,
        admin::directory_apps,
        admin::look_up_app,
        admin::choose_app,
        admin::accesses,
        admin::export_accesses,
        admin::unread_people,
        admin::export_unread_people,
        admin::plan,
        admin::run_items,
        admin::export_plan,
        admin::drop_plan,
        admin::start_run,
        admin::pause_run,
        admin::resume_run,
        admin::cancel_run,
        admin::retry_run,
        admin::verify_run,
        admin::restore_run,
        admin::report_run,
        admin::save_paces,
    ]
}

/// Where a person wants a token kept that the keyring did not take: in memory, for this run, or in the keyring after all.
fn for_this_run(keep: &str) -> Result<bool, AppError> {
    match keep {
        "keyring" => Ok(false),
        "this_run" => Ok(true),
        _ => Err(ErrorCode::BadArgument.into()),
    }
}

/// An id as the window sends it.
fn id<T: FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| ErrorCode::BadArgument.into())
}

/// HubSpot's account, from the page address that a person may have pasted.
fn account(page: Option<&str>) -> Result<Option<HubSpotAccount>, AppError> {
    let page = page.map(str::trim).filter(|text| !text.is_empty());
    page.map(hubspot_page).transpose()
}

/// HubSpot's account of a page. Each reason that there is none in it has its own words.
fn hubspot_page(text: &str) -> Result<HubSpotAccount, AppError> {
    uncouple_hubspot::parse_page(text).map_err(|error| {
        AppError::from(match error {
            PageError::NotAnAddress => ErrorCode::HubspotPageNoAddress,
            PageError::NotPlain => ErrorCode::HubspotPageNotPlain,
            PageError::NotHubSpot => ErrorCode::HubspotPageInvalid,
            PageError::NoAccount => ErrorCode::HubspotPageNoAccount,
            PageError::SignIn => ErrorCode::HubspotPageSignIn,
        })
    })
}
