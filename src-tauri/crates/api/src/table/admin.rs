//! What an administrator does before a run: signing in, searching, choosing apps.

use crate::arguments::{Id, Keep};
use crate::command::commands;
use uncouple_domain::OrganisationId;
use uncouple_engine::ExportFormat;
use uncouple_engine::view::{
    AccessAsk, AccessList, AdminSignInResult, AdminView, AppView, Exported, Paces, SignedOutView, UnreadList,
};
use uncouple_engine::wire::Suite;
use uuid::Uuid;

commands! {
    /// The organisations, what is under way in them, and the runs.
    SuperAdmin admin() -> AdminView => engine |engine| engine.admin().await;

    /// Signs an administrator in. `expect`: the account that has to sign in again. Answers when the person has come back
    /// from the browser, which can take minutes.
    SuperAdmin admin_sign_in { suite: Suite, read_only: bool, expect: Option<String> } -> AdminSignInResult
        => engine |engine| engine.admin_sign_in(suite, read_only, expect.as_deref()).await;

    /// Goes on with an administrator's sign-in whose token the keyring did not take.
    Own finish_admin_sign_in(pending: Id<Uuid>, keep: Keep) -> AdminSignInResult
        => engine |engine| engine.finish_admin_sign_in(pending.0, keep.for_this_run()).await;

    /// Drops an administrator's sign-in whose token the keyring did not take.
    Own drop_admin_sign_in(pending: Id<Uuid>) -> () => engine |engine| engine.drop_admin_sign_in(pending.0).await;

    /// Signs an administrator out.
    SuperAdmin admin_sign_out(organisation: Id<OrganisationId>) -> SignedOutView
        => engine |engine| engine.admin_sign_out(organisation.0).await;

    /// Begins a search of the organisation.
    SuperAdmin search_organisation(organisation: Id<OrganisationId>) -> ()
        => engine |engine| engine.begin_search(organisation.0).await;

    /// Stops it. The next one resumes there.
    SuperAdmin stop_search(organisation: Id<OrganisationId>) -> ()
        => engine |engine| engine.stop_search(organisation.0).await;

    /// The apps that people let in.
    SuperAdmin directory_apps(organisation: Id<OrganisationId>, text: Option<String>) -> Vec<AppView>
        => engine |engine| engine.directory_apps(organisation.0, text).await;

    /// One app by its client id.
    SuperAdmin look_up_app(organisation: Id<OrganisationId>, client_id: String) -> AppView
        => engine |engine| engine.look_up_app(organisation.0, &client_id).await;

    /// Marks an app as HubSpot's, or not any more. Rejects with `app_not_hubspot` where the app is not plainly HubSpot's
    /// and `named` does not repeat its name.
    SuperAdmin choose_app { organisation: Id<OrganisationId>, app: String, chosen: bool, named: Option<String> } -> ()
        => engine |engine| engine.choose_app(organisation.0, &app, chosen, named.as_deref()).await;

    /// A page of what the searches found.
    SuperAdmin accesses(ask: AccessAsk) -> AccessList => engine |engine| engine.accesses(&ask).await;

    /// Writes all of it to a file.
    SuperAdmin export_accesses(ask: AccessAsk, format: ExportFormat, path: String) -> Exported
        => engine |engine| engine.export_accesses(&ask, format, &path).await;

    /// A page of the people whose lists the searches could not read: their grants are not known.
    SuperAdmin unread_people(organisation: Id<OrganisationId>, offset: u64, limit: u32) -> UnreadList
        => engine |engine| engine.unread(organisation.0, offset, limit).await;

    /// Writes all of them to a file.
    SuperAdmin export_unread_people(organisation: Id<OrganisationId>, format: ExportFormat, path: String) -> Exported
        => engine |engine| engine.export_unread(organisation.0, format, &path).await;

    /// How hard the providers may be worked.
    SuperAdmin save_paces(paces: Paces) -> () => engine |engine| engine.save_paces(paces).await;
}
