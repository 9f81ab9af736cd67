import type { MailboxRow } from "../generated/MailboxRow";
import type { People } from "./people";

/** Who hears of a deleted team address: super admins, members with account access, and who connected it. */
export function toldOf(row: MailboxRow, { members, inboxes }: Pick<People, "members" | "inboxes">): string[] {
  const access = inboxes.find((inbox) => inbox.id === row.inbox)?.access ?? [];
  return members
    .filter(({ id, superAdmin }) => superAdmin || access.includes(id) || row.connected_by?.id === id)
    .map((member) => member.name);
}
