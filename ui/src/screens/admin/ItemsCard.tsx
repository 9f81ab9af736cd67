import { useState } from "react";
import type { ItemFilter } from "../../backend/generated/ItemFilter";
import type { ItemView } from "../../backend/generated/ItemView";
import type { Language } from "../../backend/generated/Language";
import type { RunView } from "../../backend/generated/RunView";
import type { Suite } from "../../backend/generated/Suite";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { Pager } from "../../components/Pager";
import { Segments } from "../../components/Segments";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { PAGE, useItems } from "../../state/admin";
import { useLocale } from "../../state/locale";
import { usePaging } from "../../state/paging";
import { useSettled } from "../../state/settled";
import { numberWords } from "../../words/numbers";
import { itemWords, lookWords, totalOf, unreadOf } from "../../words/runs";
import { Person } from "./Person";
import { Reaches } from "./Reaches";
import { RestoreDialog } from "./RestoreDialog";
import css from "./Runs.module.css";

/** The accesses of a plan or run, one by one. */
export function ItemsCard({ run, planned }: { run: RunView; planned: boolean }) {
  const locale = useLocale();
  const [filter, setFilter] = useState<ItemFilter>("all");
  const [typed, setTyped] = useState("");
  const { offset, setOffset, top, turn } = usePaging();
  const text = useSettled(typed.trim());
  // A run that has got shorter, or a filter: the last page that there is.
  const query = useItems(run.id, { filter, text: text || null, offset, limit: PAGE });
  const items = query.data?.items ?? [];
  const total = query.data?.total ?? 0;
  if (query.isSuccess && !query.isPlaceholderData && offset > 0 && offset >= total) setOffset(0);
  const all = totalOf(run);
  const given = run.counts.restored + run.counts.restoring;
  const [giving, setGiving] = useState<ItemView | null>(null);
  const unread = run.verified ? unreadOf(run.verified) : 0;
  const segment = (key: ItemFilter, words: () => string, count: number) => ({
    key,
    label: words(),
    count: numberWords(count, locale),
    testid: `items-${key}`,
  });

  return (
    <div ref={top} className={css.anchor}>
      <Card flush title={planned ? m.items_planned() : m.items_heading()} testid="items-card">
        <div className={css.filter}>
          {!planned && (
            <Segments
              label={m.items_show()}
              value={filter}
              onChange={(key) => {
                setFilter(key);
                setOffset(0);
              }}
              segments={[
                segment("all", m.items_all, all),
                segment("open", m.items_open, all - run.counts.proven - run.counts.left - given),
                segment("proven", m.items_proven, run.counts.proven),
                segment("left", m.items_left, run.counts.left),
                ...(given > 0 ? [segment("restored", m.items_restored, given)] : []),
                ...(unread > 0 ? [segment("not_read", m.items_not_read, unread)] : []),
              ]}
            />
          )}
          <div className={css.search}>
            <TextField
              label={m.email_search()}
              hideLabel
              placeholder={m.email_search()}
              type="search"
              value={typed}
              onChange={(value) => {
                setTyped(value);
                setOffset(0);
              }}
              testid="items-text"
            />
          </div>
        </div>
        {query.error && (
          <div className={css.foot}>
            <ErrorNote failure={query.error} />
          </div>
        )}
        {query.isSuccess && items.length === 0 && (
          <p className={css.foot} data-testid="items-empty">
            {m.items_none()}
          </p>
        )}
        {items.length > 0 && (
          <table className={css.table} data-testid="items-table" data-planned={planned || undefined}>
            <thead>
              <tr>
                <th scope="col" className={css.who}>
                  {m.col_person()}
                </th>
                <th scope="col" className={css.app}>
                  {m.col_app()}
                </th>
                <th scope="col">{planned ? m.plan_stops() : m.col_state()}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Item
                  key={item.seq}
                  item={item}
                  suite={run.suite}
                  planned={planned}
                  locale={locale}
                  onRestore={
                    run.actions.includes("restore") && item.restorable ? () => setGiving(item) : null
                  }
                />
              ))}
            </tbody>
          </table>
        )}
        <Pager offset={offset} size={PAGE} total={total} label={m.items_pages()} onGo={turn} />
      </Card>
      {giving && <RestoreDialog run={run} item={giving} onClose={() => setGiving(null)} />}
    </div>
  );
}

function Item({
  item,
  suite,
  planned,
  locale,
  onRestore,
}: {
  item: ItemView;
  suite: Suite;
  planned: boolean;
  locale: Language;
  onRestore: (() => void) | null;
}) {
  const { mark, words, detail } = itemWords(item.state, suite, locale);
  return (
    <tr data-testid="item-row" data-seq={item.seq} data-state={item.state.is}>
      <td className={css.who}>
        <Person person={item.person} />
      </td>
      <td className={css.app}>{item.app}</td>
      <td>
        {planned ? (
          <Reaches reaches={item.reaches} suite={suite} />
        ) : (
          <span className={css.state}>
            <StateMark mark={mark} />
            <span>
              <T>{words}</T>
              {detail && (
                <span className={css.faint}>
                  <T>{detail}</T>
                </span>
              )}
              {item.look && (
                <span className={css.faint} data-testid="item-look">
                  <T>{lookWords(item.look, locale)}</T>
                </span>
              )}
            </span>
            {onRestore && (
              <Button small tone="quiet" onPress={onRestore} data-testid="item-restore">
                {m.restore_button()}
              </Button>
            )}
          </span>
        )}
      </td>
    </tr>
  );
}
