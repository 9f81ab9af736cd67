import { useState } from "react";
import type { MemberView } from "../../backend/generated/MemberView";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import settings from "../settings/Settings.module.css";
import { MemberDialog, RemoveMemberDialog } from "./MemberDialogs";
import css from "./Members.module.css";

type Asking = { what: "add" } | { what: "edit" | "remove"; member: MemberView };

/** The people of the workspace, what they may do, and which inboxes they use. */
export function MembersScreen() {
  const { members, me, workspace } = useOverview();
  const alone = !workspace.reaches_members;
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  return (
    <>
      <h1 className={settings.title}>{m.members_heading()}</h1>
      <div className={settings.stack}>
        <p className={settings.lead}>
          <T>
            {!me.super_admin ? m.members_read_only() : alone ? m.members_intro() : m.members_intro_sample()}
          </T>
        </p>
        <p className={settings.faint} data-testid="members-roles">
          <T>{m.members_roles()}</T>
        </p>
        <Card
          flush
          title={m.members_list()}
          aside={
            <>
              <span className={settings.status}>{m.members_count({ count: members.length })}</span>
              <span className={css.spring} />
              {me.super_admin && (
                <Button tone="strong" onPress={() => setAsking({ what: "add" })} data-testid="member-add">
                  {m.member_add()}
                </Button>
              )}
            </>
          }
        >
          <ul aria-label={m.members_list()} data-testid="members-list">
            {members.map((member) => (
              <Row
                key={member.id}
                member={member}
                canChange={me.super_admin}
                onEdit={() => setAsking({ what: "edit", member })}
                onRemove={() => setAsking({ what: "remove", member })}
              />
            ))}
          </ul>
        </Card>
      </div>
      {asking?.what === "add" && <MemberDialog member={null} onClose={close} />}
      {asking?.what === "edit" && <MemberDialog member={asking.member} onClose={close} />}
      {asking?.what === "remove" && <RemoveMemberDialog member={asking.member} onClose={close} />}
    </>
  );
}

function Row({
  member,
  canChange,
  onEdit,
  onRemove,
}: {
  member: MemberView;
  canChange: boolean;
  onEdit: () => void;
  onRemove: () => void;
}) {
  const names = useInboxNames(member);
  return (
    <li className={css.row} data-testid="member-row" data-name={member.name} data-member={member.id}>
      <div className={css.who}>
        <span className={css.name}>
          <span>{member.name}</span>
          {member.me && <Badge>{m.member_me()}</Badge>}
        </span>
        <span className={css.faint}>{member.super_admin ? m.member_super() : m.member_plain()}</span>
      </div>
      <span className={css.access}>
        <T>{accessWords(member, names)}</T>
      </span>
      <span className={css.faint}>{m.email_count({ count: member.mailboxes })}</span>
      <div className={css.actions}>
        {canChange && (
          <>
            <Button
              small
              onPress={onEdit}
              aria-label={m.member_edit_label({ name: member.name })}
              data-testid="member-edit"
            >
              {m.member_edit()}
            </Button>
            {!member.me && !member.last_super_admin && (
              <Button
                small
                tone="danger"
                onPress={onRemove}
                aria-label={m.member_remove_label({ name: member.name })}
                data-testid="member-remove"
              >
                {m.member_remove()}
              </Button>
            )}
          </>
        )}
      </div>
      {member.last_super_admin && (
        <p className={css.last} data-testid="member-last">
          <T>{m.member_last()}</T>
        </p>
      )}
    </li>
  );
}

/** The names of those inboxes that whoever looks may see. */
function useInboxNames(member: MemberView): string[] {
  const { inboxes } = useOverview();
  return inboxes.filter((inbox) => member.inboxes.includes(inbox.id)).map((inbox) => inbox.name);
}

function accessWords(member: MemberView, names: string[]): string {
  if (names.length > 0) return m.member_access({ inboxes: names.join(m.list_comma()) });
  return member.super_admin ? m.member_access_all() : m.member_access_none();
}
