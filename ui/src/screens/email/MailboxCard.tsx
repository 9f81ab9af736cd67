import { useDeferredValue, useState } from "react";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import css from "./Email.module.css";
import { MailboxList } from "./MailboxList";
import type { RowAction } from "./MailboxRow";
import { useRowActions } from "./rowActions";

/** From here on a list is long enough to be searched. */
const MANY = 8;

type Props = {
  rows: MailboxRow[];
  anythingDone: boolean;
  /** A disconnect above wants the strong button. */
  urgent: boolean;
  onTrack: () => void;
  onConnect: () => void;
  onAction: (row: MailboxRow, action: RowAction) => void;
};

/** The mailboxes in use or disabled, with what can be done about each. */
export function MailboxCard({ rows, anythingDone, urgent, onTrack, onConnect, onAction }: Props) {
  const { workspace } = useOverview();
  const [text, setText] = useState("");
  const { act, busy, note, failed, forget } = useRowActions(onAction);

  const wanted = useDeferredValue(text.trim().toLocaleLowerCase());
  const shown = wanted ? rows.filter((row) => row.address.toLocaleLowerCase().includes(wanted)) : rows;

  const failedElsewhere = failed && !shown.some((row) => row.id === failed.row.id) ? failed : null;

  return (
    <Card
      flush
      testid="mailbox-card"
      title={m.email_heading()}
      aside={
        <>
          <span className={css.count} role="status">
            {wanted
              ? m.email_found({ count: shown.length, total: rows.length })
              : m.email_count({ count: rows.length })}
          </span>
          <span className={css.spring} />
          <span className={css.buttons}>
            {!workspace.sample && (
              <Button onPress={onConnect} data-testid="open-connect">
                {m.connect()}
              </Button>
            )}
            <Button tone={urgent ? "plain" : "strong"} onPress={onTrack} data-testid="open-track">
              {m.track()}
            </Button>
          </span>
        </>
      }
    >
      {rows.length >= MANY && (
        <div className={css.filter}>
          <TextField
            label={m.email_search()}
            hideLabel
            placeholder={m.email_search()}
            type="search"
            value={text}
            onChange={setText}
            testid="email-search"
          />
          {text && (
            <Button tone="quiet" small onPress={() => setText("")} data-testid="email-search-clear">
              {m.email_clear_search()}
            </Button>
          )}
        </div>
      )}
      {failedElsewhere && (
        <div className={css.note}>
          <ErrorNote failure={failedElsewhere.failure} onDismiss={forget} />
        </div>
      )}
      {rows.length === 0 && (
        <div className={css.empty} data-testid="email-empty">
          <h3>{anythingDone || urgent ? m.empty_title_later() : m.empty_title()}</h3>
          <p>
            <T>{anythingDone ? m.empty_done() : urgent ? m.finish_heading() : m.empty_text()}</T>
          </p>
          {!anythingDone && !urgent && (
            <ol className={css.how}>
              <li>
                <T>{m.empty_step_add()}</T>
              </li>
              <li>
                <T>{m.empty_step_crm()}</T>
              </li>
              <li>
                <T>{m.empty_step_provider()}</T>
              </li>
            </ol>
          )}
        </div>
      )}
      {rows.length > 0 && shown.length === 0 && (
        <div className={css.empty}>
          <p>
            <T>{m.email_none_found({ text })}</T>
          </p>
        </div>
      )}
      {shown.length > 0 && (
        <MailboxList rows={shown} label={m.email_heading()} busy={busy} note={note} onAction={act} />
      )}
    </Card>
  );
}
