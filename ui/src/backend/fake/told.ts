import type { MailboxRow } from "../generated/MailboxRow";
import type { ReaderView } from "../generated/ReaderView";
import type { People } from "./people";

/** Who else needs to know of a deleted team address: super admins, members with account access, and who connected it. */
export function toldOf(
  row: MailboxRow,
  { members, inboxes, acting }: Pick<People, "members" | "inboxes" | "acting">,
): ReaderView[] {
  const access = inboxes.find((inbox) => inbox.id === row.inbox)?.access ?? [];
  return members
    .filter(({ id, superAdmin }) => superAdmin || access.includes(id) || row.connected_by?.id === id)
    .filter(({ id }) => id !== acting)
    .map(({ name, language }) => ({ name, language }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
