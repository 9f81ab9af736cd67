import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { AppFailure, useBackend } from "../../backend";
import type { HistoryView } from "../../backend/generated/HistoryView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { Picker, TextField } from "../../components/Field";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import { goInstead, useRoute } from "../../state/route";
import { useSettled } from "../../state/settled";
import { EVENT_KINDS, type EventKind, kindWords } from "../../words/history";
import { ExportForm } from "./ExportForm";
import css from "./History.module.css";
import { HistoryTable } from "./HistoryTable";
import { VerifyChain } from "./VerifyChain";

const ALL = "all";

/** Everything that was done, by whom, with which evidence. */
export function HistoryScreen() {
  const backend = useBackend();
  const route = useRoute();
  const mailbox = route.screen === "history" ? (route.mailbox ?? ALL) : ALL;
  const [typed, setTyped] = useState("");
  const [kind, setKind] = useState<EventKind | typeof ALL>(ALL);
  const text = useSettled(typed.trim());

  const query = useInfiniteQuery<HistoryView, AppFailure>({
    queryKey: ["history", text, kind, mailbox],
    initialPageParam: null,
    queryFn: ({ pageParam }) =>
      backend
        .history({
          text: text || null,
          kind: kind === ALL ? null : kind,
          mailbox: mailbox === ALL ? null : mailbox,
          before: pageParam as number | null,
        })
        .catch((thrown) => Promise.reject(AppFailure.from(thrown))),
    getNextPageParam: (page) => page.next,
    // Keeps the lines before in place until the filtered ones are there.
    placeholderData: (before) => before,
  });
  const rows = useDeferredValue(query.data?.pages.flatMap((page) => page.rows) ?? []);
  const total = query.data?.pages[0]?.total ?? 0;
  const filtered = text !== "" || kind !== ALL || mailbox !== ALL;

  return (
    <>
      <h1 className={css.title}>{m.history_heading()}</h1>
      <div className={css.stack}>
        <Card
          flush
          testid="history-card"
          title={m.history_entries()}
          aside={
            <span className={css.faint} role="status" data-testid="history-count">
              {m.history_count({ count: total })}
            </span>
          }
        >
          <search className={css.filter}>
            <TextField
              label={m.history_text()}
              type="search"
              value={typed}
              onChange={setTyped}
              testid="history-text"
            />
            <Picker
              label={m.history_kind()}
              value={kind}
              onChange={setKind}
              choices={[
                { key: ALL, label: m.history_kind_all() },
                ...EVENT_KINDS.map((key) => ({ key, label: kindWords(key) })),
              ]}
              testid="history-kind"
            />
            <MailboxPicker
              value={mailbox}
              onChange={(id) =>
                goInstead(id === ALL ? { screen: "history" } : { screen: "history", mailbox: id })
              }
            />
          </search>
          {query.error && (
            <div className={css.note}>
              <ErrorNote failure={query.error} />
            </div>
          )}
          {query.isSuccess && rows.length === 0 && (
            <div className={css.note}>
              <p className={css.faint} data-testid="history-empty">
                {filtered ? m.history_none_found() : m.history_empty()}
              </p>
              {filtered && (
                <Button
                  small
                  onPress={() => {
                    setTyped("");
                    setKind(ALL);
                    goInstead({ screen: "history" });
                  }}
                  data-testid="history-clear"
                >
                  {m.history_clear()}
                </Button>
              )}
            </div>
          )}
          {rows.length > 0 && <HistoryTable rows={rows} />}
          {query.hasNextPage && (
            <div className={css.more}>
              <Button
                busy={query.isFetchingNextPage}
                onPress={() => void query.fetchNextPage()}
                data-testid="history-more"
              >
                {m.history_more()}
              </Button>
            </div>
          )}
        </Card>
        <VerifyChain />
        <ExportForm />
      </div>
    </>
  );
}

function MailboxPicker({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { mailboxes, channels, others, disconnects } = useOverview();
  // Removed mailboxes are only known by their disconnects.
  const known = new Map<string, string>();
  for (const row of [...mailboxes, ...channels, ...others]) known.set(row.id, row.address);
  for (const card of disconnects) known.set(card.mailbox, card.address);
  return (
    <Picker
      label={m.history_mailbox()}
      value={value}
      onChange={onChange}
      choices={[
        { key: ALL, label: m.history_mailbox_all() },
        ...[...known].map(([key, label]) => ({ key, label })),
      ]}
      testid="history-mailbox"
    />
  );
}
