//! Members and inboxes.

use crate::arguments::Id;
use crate::command::commands;
use uncouple_domain::{InboxId, MemberId};
use uncouple_engine::wire::Language;

commands! {
    /// Goes on as another member. In the sample only: it shows what the others see and protects nothing.
    Anyone act_as(member: Id<MemberId>) -> () => engine |engine| engine.act_as(member.0).await;

    /// A new member.
    SuperAdmin add_member { name: String, super_admin: bool, language: Option<Language> } -> Id<MemberId>
        => engine |engine| engine.add_member(&name, super_admin, language).await.map(Id);

    /// Changes a member. Nobody makes themselves a super admin.
    Oneself change_member {
        member: Id<MemberId>,
        name: String,
        super_admin: bool,
        language: Option<Language>
    } -> () => engine |engine| engine.change_member(member.0, &name, super_admin, language).await;

    /// Removes a member without mailboxes.
    SuperAdmin remove_member(member: Id<MemberId>) -> () => engine |engine| engine.remove_member(member.0).await;

    /// A new inbox.
    SuperAdmin add_inbox(name: String) -> Id<InboxId> => engine |engine| engine.add_inbox(&name).await.map(Id);

    /// Renames an inbox.
    SuperAdmin rename_inbox(inbox: Id<InboxId>, name: String) -> ()
        => engine |engine| engine.rename_inbox(inbox.0, &name).await;

    /// Deletes an inbox without channels.
    SuperAdmin delete_inbox(inbox: Id<InboxId>) -> () => engine |engine| engine.delete_inbox(inbox.0).await;

    /// Gives a member account access to an inbox, or takes it.
    SuperAdmin set_access(inbox: Id<InboxId>, member: Id<MemberId>, access: bool) -> ()
        => engine |engine| engine.set_access(inbox.0, member.0, access).await;
}
