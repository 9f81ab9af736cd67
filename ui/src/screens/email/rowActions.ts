import { useCallback, useState } from "react";
import type { AppFailure, Backend } from "../../backend";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { go } from "../../state/route";
import { checkWords } from "../../words/facts";
import type { RowAction, RowNote } from "./MailboxRow";

/** What needs no question first. Resolves to what there is to say about it, if anything. */
const AT_ONCE: Partial<Record<RowAction, (backend: Backend, row: MailboxRow) => Promise<string | null>>> = {
  enable: async (backend, row) => {
    await backend.enableMailbox(row.id);
    return null;
  },
  check: async (backend, row) => checkWords((await backend.checkMailbox(row.id)).result),
  decline_ask: async (backend, row) => {
    await backend.declineAsk(row.id);
    return m.row_declined();
  },
  report_lost: async (backend, row) => {
    await backend.reportLost(row.id);
    return m.row_lost_reported();
  },
};

/**
 * The actions of a list of rows: those that are done at once, with their answer or failure for the row they
 * belong to. The others, which ask something first, are handed on.
 */
export function useRowActions(onOther: (row: MailboxRow, action: RowAction) => void) {
  const [failed, setFailed] = useState<{ row: MailboxRow; failure: AppFailure } | null>(null);
  const [said, setSaid] = useState<{ row: string; words: string } | null>(null);
  const command = useCommand((backend, { row, action }: { row: MailboxRow; action: RowAction }) =>
    (AT_ONCE[action] ?? (() => Promise.resolve(null)))(backend, row),
  );

  // Rows are memoised, so what they call must not change with every render.
  const act = useLatest((row: MailboxRow, action: RowAction) => {
    setFailed(null);
    setSaid(null);
    if (action === "history") return go({ screen: "history", mailbox: row.id });
    // What happens in HubSpot is asked about first; here it is done at once.
    const asks = action === "enable" && !row.holder.here;
    if (!AT_ONCE[action] || asks) return onOther(row, action);
    void command
      .run({ row, action }, (failure) => setFailed({ row, failure }))
      .then((words) => words && setSaid({ row: row.id, words }));
  });

  const forget = () => setFailed(null);
  const note: RowNote | null = failed
    ? { row: failed.row.id, failure: failed.failure, dismiss: forget }
    : said && { row: said.row, words: said.words };
  return { act, busy: command.busy, note, failed, forget };
}

/** A function that never changes and always does what the newest one does. */
function useLatest<Arguments extends unknown[]>(act: (...given: Arguments) => void) {
  const [box] = useState({ act });
  box.act = act;
  return useCallback((...given: Arguments) => box.act(...given), [box]);
}
