import { useCallback, useDeferredValue, useState } from "react";
import type { AppFailure } from "../../backend";
import type { Action } from "../../backend/generated/Action";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import { go } from "../../state/route";
import { checkWords } from "../../words/facts";
import css from "./Email.module.css";
import { MailboxList, type RowNote } from "./MailboxList";

/** From here on a list is long enough to be searched. */
const MANY = 8;

type Props = {
  rows: MailboxRow[];
  anythingDone: boolean;
  /** A disconnect above wants the strong button. */
  urgent: boolean;
  onTrack: () => void;
  onConnect: () => void;
  onDisable: (row: MailboxRow) => void;
  onRemove: (row: MailboxRow) => void;
  onReconnect: (row: MailboxRow) => void;
  onFinish: (row: MailboxRow) => void;
};

/** The mailboxes in use or disabled, with what can be done about each. */
export function MailboxCard({ rows, anythingDone, urgent, onTrack, onConnect, ...on }: Props) {
  const { workspace } = useOverview();
  const [text, setText] = useState("");
  const [failed, setFailed] = useState<{ row: MailboxRow; failure: AppFailure } | null>(null);
  const [said, setSaid] = useState<{ row: string; words: string } | null>(null);
  const enable = useCommand((backend, row: MailboxRow) => backend.enableMailbox(row.id));
  const check = useCommand((backend, row: MailboxRow) => backend.checkMailbox(row.id));
  const busy = enable.busy || check.busy;

  const wanted = useDeferredValue(text.trim().toLocaleLowerCase());
  const shown = wanted ? rows.filter((row) => row.address.toLocaleLowerCase().includes(wanted)) : rows;

  // Rows are memoised, so what they call must not change with every render.
  const act = useLatest((row: MailboxRow, action: Action | "history") => {
    setFailed(null);
    setSaid(null);
    switch (action) {
      case "disable":
        return on.onDisable(row);
      case "remove":
        return on.onRemove(row);
      case "reconnect":
        return on.onReconnect(row);
      case "finish":
        return on.onFinish(row);
      case "history":
        return go({ screen: "history", mailbox: row.id });
      case "enable":
        return void enable.run(row, (failure) => setFailed({ row, failure }));
      case "check":
        return void check
          .run(row, (failure) => setFailed({ row, failure }))
          .then((checked) => checked && setSaid({ row: row.id, words: checkWords(checked.result) }));
    }
  });

  const note: RowNote | null = failed
    ? { row: failed.row.id, failure: failed.failure, dismiss: () => setFailed(null) }
    : said && { row: said.row, words: said.words };
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
          <ErrorNote failure={failedElsewhere.failure} onDismiss={() => setFailed(null)} />
        </div>
      )}
      {rows.length === 0 && (
        <div className={css.empty} data-testid="email-empty">
          <h3>{m.empty_title()}</h3>
          <p>
            <T>{anythingDone ? m.empty_done() : m.empty_text()}</T>
          </p>
          {!anythingDone && (
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
      {shown.length > 0 && <MailboxList rows={shown} busy={busy} note={note} onAction={act} />}
    </Card>
  );
}

/** A function that never changes and always does what the newest one does. */
function useLatest<Arguments extends unknown[]>(act: (...given: Arguments) => void) {
  const [box] = useState({ act });
  box.act = act;
  return useCallback((...given: Arguments) => box.act(...given), [box]);
}
