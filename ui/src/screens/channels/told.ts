import type { InboxView } from "../../backend/generated/InboxView";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import type { MemberView } from "../../backend/generated/MemberView";

/** Who hears of a deleted team address: super admins, members with account access, and who connected it. */
export function toldOf(row: MailboxRow, inbox: InboxView | undefined, members: MemberView[]): string[] {
  return members
    .filter(
      (member) =>
        member.super_admin || inbox?.access.includes(member.id) || row.connected_by?.id === member.id,
    )
    .map((member) => member.name);
}
