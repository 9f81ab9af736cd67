//! What an administrator does.

use super::{for_this_run, id};
use crate::session::Session;
use tauri::State;
use uncouple_engine::view::{
    AccessAsk, AccessList, AdminSignInResult, AdminView, AppView, Exported, ItemAsk, ItemList, Paces, PlanAsk,
    ReportFormat, RestoreAsk, RunView, SignedOutView, UnreadList,
};
use uncouple_engine::wire::Suite;
use uncouple_engine::{AppError, ExportFormat};

#[tauri::command]
pub(crate) async fn admin(session: State<'_, Session>) -> Result<AdminView, AppError> {
    session.engine().await?.admin().await
}

#[tauri::command]
pub(crate) async fn admin_sign_in(
    session: State<'_, Session>,
    suite: Suite,
    read_only: bool,
    expect: Option<String>,
) -> Result<AdminSignInResult, AppError> {
    session.engine().await?.admin_sign_in(suite, read_only, expect.as_deref()).await
}

#[tauri::command]
pub(crate) async fn finish_admin_sign_in(
    session: State<'_, Session>,
    pending: String,
    keep: String,
) -> Result<AdminSignInResult, AppError> {
    session.engine().await?.finish_admin_sign_in(id(&pending)?, for_this_run(&keep)?).await
}

#[tauri::command]
pub(crate) async fn drop_admin_sign_in(session: State<'_, Session>, pending: String) -> Result<(), AppError> {
    session.engine().await?.drop_admin_sign_in(id(&pending)?).await
}

#[tauri::command]
pub(crate) async fn admin_sign_out(
    session: State<'_, Session>,
    organisation: String,
) -> Result<SignedOutView, AppError> {
    session.engine().await?.admin_sign_out(id(&organisation)?).await
}

#[tauri::command]
pub(crate) async fn search_organisation(session: State<'_, Session>, organisation: String) -> Result<(), AppError> {
    session.engine().await?.begin_search(id(&organisation)?).await
}

#[tauri::command]
pub(crate) async fn stop_search(session: State<'_, Session>, organisation: String) -> Result<(), AppError> {
    session.engine().await?.stop_search(id(&organisation)?).await
}

#[tauri::command]
pub(crate) async fn directory_apps(
    session: State<'_, Session>,
    organisation: String,
    text: Option<String>,
) -> Result<Vec<AppView>, AppError> {
    session.engine().await?.directory_apps(id(&organisation)?, text).await
}

#[tauri::command]
pub(crate) async fn look_up_app(
    session: State<'_, Session>,
    organisation: String,
    client_id: String,
) -> Result<AppView, AppError> {
    session.engine().await?.look_up_app(id(&organisation)?, &client_id).await
}

#[tauri::command]
pub(crate) async fn choose_app(
    session: State<'_, Session>,
    organisation: String,
    app: String,
    chosen: bool,
    named: Option<String>,
) -> Result<(), AppError> {
    session.engine().await?.choose_app(id(&organisation)?, &app, chosen, named.as_deref()).await
}

#[tauri::command]
pub(crate) async fn accesses(session: State<'_, Session>, ask: AccessAsk) -> Result<AccessList, AppError> {
    session.engine().await?.accesses(&ask).await
}

#[tauri::command]
pub(crate) async fn export_accesses(
    session: State<'_, Session>,
    ask: AccessAsk,
    format: ExportFormat,
    path: String,
) -> Result<Exported, AppError> {
    session.engine().await?.export_accesses(&ask, format, &path).await
}

#[tauri::command]
pub(crate) async fn unread_people(
    session: State<'_, Session>,
    organisation: String,
    offset: u64,
    limit: u32,
) -> Result<UnreadList, AppError> {
    session.engine().await?.unread(id(&organisation)?, offset, limit).await
}

#[tauri::command]
pub(crate) async fn export_unread_people(
    session: State<'_, Session>,
    organisation: String,
    format: ExportFormat,
    path: String,
) -> Result<Exported, AppError> {
    session.engine().await?.export_unread(id(&organisation)?, format, &path).await
}

#[tauri::command]
pub(crate) async fn plan(session: State<'_, Session>, ask: PlanAsk) -> Result<RunView, AppError> {
    session.engine().await?.plan(ask).await
}

#[tauri::command]
pub(crate) async fn run_items(session: State<'_, Session>, run: String, ask: ItemAsk) -> Result<ItemList, AppError> {
    session.engine().await?.run_items(id(&run)?, &ask).await
}

#[tauri::command]
pub(crate) async fn export_plan(
    session: State<'_, Session>,
    run: String,
    format: ExportFormat,
    path: String,
) -> Result<Exported, AppError> {
    let format = match format {
        ExportFormat::Csv => ReportFormat::Csv,
        ExportFormat::Json => ReportFormat::Json,
    };
    session.engine().await?.report_run(id(&run)?, format, &path).await
}

#[tauri::command]
pub(crate) async fn drop_plan(session: State<'_, Session>, run: String) -> Result<(), AppError> {
    session.engine().await?.drop_plan(id(&run)?).await
}

#[tauri::command]
pub(crate) async fn start_run(session: State<'_, Session>, run: String, everybody: bool) -> Result<(), AppError> {
    session.engine().await?.start_run(id(&run)?, everybody).await
}

#[tauri::command]
pub(crate) async fn pause_run(session: State<'_, Session>, run: String) -> Result<(), AppError> {
    session.engine().await?.pause_run(id(&run)?).await
}

#[tauri::command]
pub(crate) async fn resume_run(session: State<'_, Session>, run: String) -> Result<(), AppError> {
    session.engine().await?.resume_run(id(&run)?).await
}

#[tauri::command]
pub(crate) async fn cancel_run(session: State<'_, Session>, run: String) -> Result<(), AppError> {
    session.engine().await?.cancel_run(id(&run)?).await
}

#[tauri::command]
pub(crate) async fn retry_run(session: State<'_, Session>, run: String) -> Result<(), AppError> {
    session.engine().await?.retry_run(id(&run)?).await
}

#[tauri::command]
pub(crate) async fn verify_run(session: State<'_, Session>, run: String) -> Result<(), AppError> {
    session.engine().await?.verify_run(id(&run)?).await
}

#[tauri::command]
pub(crate) async fn restore_run(session: State<'_, Session>, run: String, ask: RestoreAsk) -> Result<(), AppError> {
    session.engine().await?.begin_restore(id(&run)?, &ask).await
}

#[tauri::command]
pub(crate) async fn report_run(
    session: State<'_, Session>,
    run: String,
    format: ReportFormat,
    path: String,
) -> Result<Exported, AppError> {
    session.engine().await?.report_run(id(&run)?, format, &path).await
}

#[tauri::command]
pub(crate) async fn save_paces(session: State<'_, Session>, paces: Paces) -> Result<(), AppError> {
    session.engine().await?.save_paces(paces).await
}
