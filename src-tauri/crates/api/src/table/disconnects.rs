//! Jobs and their steps.

use crate::arguments::Id;
use crate::command::commands;
use uncouple_domain::DisconnectId;
use uncouple_engine::view::{Checked, Opened};
use uncouple_engine::wire::StepKind;

commands! {
    /// Takes a removal here back.
    Row undo_removal(disconnect: Id<DisconnectId>) -> () => engine |engine| engine.undo_removal(disconnect.0).await;

    /// Ends a job that was a mistake.
    Row stop_disconnect(disconnect: Id<DisconnectId>) -> ()
        => engine |engine| engine.stop_disconnect(disconnect.0).await;

    /// The person says that a step is done.
    Row confirm_step(disconnect: Id<DisconnectId>, step: StepKind) -> ()
        => engine |engine| engine.confirm_step(disconnect.0, step).await;

    /// The person says that both steps in HubSpot are done.
    Row confirm_in_crm(disconnect: Id<DisconnectId>) -> ()
        => engine |engine| engine.confirm_in_crm(disconnect.0).await;

    /// The person did not find HubSpot in the list of an account.
    Row not_listed(disconnect: Id<DisconnectId>, account: Option<String>) -> ()
        => engine |engine| engine.not_listed(disconnect.0, account.as_deref()).await;

    /// Closes a step without knowing, with a reason.
    Row close_step(disconnect: Id<DisconnectId>, step: StepKind, reason: String) -> ()
        => engine |engine| engine.close_step(disconnect.0, step, &reason).await;

    /// Takes one's word back.
    Row withdraw_confirmation(disconnect: Id<DisconnectId>, step: StepKind) -> ()
        => engine |engine| engine.withdraw_confirmation(disconnect.0, step).await;

    /// Puts a job off for some days.
    Row remind(disconnect: Id<DisconnectId>, days: u8) -> () => engine |engine| engine.remind(disconnect.0, days).await;

    /// Opens the page of a step.
    Row open_page(disconnect: Id<DisconnectId>, step: StepKind) -> Opened
        => engine |engine| engine.open_page(disconnect.0, step).await;

    /// Does a step that Uncouple can do.
    Row run_step(disconnect: Id<DisconnectId>, step: StepKind) -> ()
        => engine |engine| engine.run_step(disconnect.0, step).await;

    /// Asks the provider about a step.
    Row check_step(disconnect: Id<DisconnectId>, step: StepKind) -> Checked
        => engine |engine| engine.check_step(disconnect.0, step).await;
}
