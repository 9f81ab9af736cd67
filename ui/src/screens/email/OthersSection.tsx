import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Card } from "../../components/Card";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import css from "./Email.module.css";
import { MailboxList } from "./MailboxList";
import type { RowAction } from "./MailboxRow";
import { useRowActions } from "./rowActions";

/**
 * Other people's mailboxes, for super admins. There is no way to HubSpot's Email page from here: it shows
 * one's own mailboxes, and somebody would disable the wrong one.
 */
export function OthersSection({
  rows,
  onAction,
}: {
  rows: MailboxRow[];
  onAction: (row: MailboxRow, action: RowAction) => void;
}) {
  const { workspace } = useOverview();
  const { act, busy, note } = useRowActions(onAction);
  return (
    <Card
      flush
      title={m.others_heading()}
      aside={<span className={css.count}>{m.email_count({ count: rows.length })}</span>}
      testid="others-section"
    >
      <p className={css.about}>
        <T>{workspace.reaches_members ? m.others_text_sample() : m.others_text()}</T>
      </p>
      <MailboxList
        rows={rows}
        label={m.others_heading()}
        about="owner"
        testid="others-list"
        busy={busy}
        note={note}
        onAction={act}
      />
    </Card>
  );
}
