import { memo, useMemo } from "react";
import type { AccessLine } from "../../backend/generated/AccessLine";
import type { Language } from "../../backend/generated/Language";
import type { Overview } from "../../backend/generated/Overview";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { Tick } from "../../components/Tick";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useOverview } from "../../state/overview";
import { type Route, toHash } from "../../state/route";
import { knownWords, suiteWords } from "../../words/admin";
import { counted } from "../../words/numbers";
import { whenWords } from "../../words/times";
import css from "./Access.module.css";
import { Person } from "./Person";
import { Reaches } from "./Reaches";
import type { Selection } from "./useSelection";

/** A page of accesses, with both sides of each. Without a selection it is only looked at. */
export function AccessTable({
  rows,
  selection,
  label,
  hushed,
}: {
  rows: AccessLine[];
  selection: Selection | null;
  label: string;
  /** The lines are those of the page before, until this one's are there. */
  hushed: boolean;
}) {
  const locale = useLocale();
  const routes = useRowRoutes();
  return (
    <table className={css.table} aria-label={label} aria-busy={hushed} data-testid="access-table">
      <thead>
        <tr>
          {selection && (
            <th scope="col" className={css.tick}>
              <span className="sr-only">{m.col_pick()}</span>
            </th>
          )}
          <th scope="col" className={css.who}>
            {m.col_person()}
          </th>
          <th scope="col" className={css.app}>
            {m.col_app()}
          </th>
          <th scope="col">{m.col_reaches()}</th>
          <th scope="col" className={css.crm}>
            {m.col_crm()}
          </th>
          <th scope="col" className={css.times}>
            {m.col_used()}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((line) => (
          <Row
            key={line.id}
            line={line}
            locale={locale}
            picking={selection !== null}
            picked={line.chosen && (selection?.has(line.id) ?? false)}
            route={line.crm ? (routes.get(line.crm.mailbox) ?? null) : null}
            onPick={selection ? (on) => selection.set([line.id], on) : undefined}
          />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = {
  line: AccessLine;
  locale: Language;
  picking: boolean;
  picked: boolean;
  route: Route | null;
  onPick: ((on: boolean) => void) | undefined;
};

const Row = memo(function Row({ line, locale, picking, picked, route, onPick }: RowProps) {
  const { person, crm } = line;
  const who = person?.address ?? m.everybody();
  const known = knownWords(line);
  return (
    <tr
      data-testid="access-row"
      data-address={person?.address ?? ""}
      data-everybody={person === null || undefined}
      data-picked={picked || undefined}
    >
      {picking && (
        <td className={css.tick}>
          <Tick
            label={m.pick({ who, app: line.app })}
            on={picked}
            disabled={!line.chosen}
            hint={line.chosen ? undefined : m.not_chosen_hint()}
            onChange={(on) => onPick?.(on)}
            testid="access-tick"
          />
        </td>
      )}
      <td className={css.who}>
        <Person person={person} />
      </td>
      <td className={css.app}>
        <span>{line.app}</span>
        <span className={css.faint}>{suiteWords(line.suite)}</span>
        {!line.chosen && (
          <span className={css.warn}>
            <T>{m.not_chosen()}</T>
          </span>
        )}
      </td>
      <td className={css.reaches}>
        <Reaches reaches={line.reaches} suite={line.suite} />
        <details className={css.scopes}>
          <summary>{m.scopes_of(counted(line.scopes.length, locale))}</summary>
          <ul>
            {line.scopes.map((scope) => (
              <li key={scope}>{scope}</li>
            ))}
          </ul>
        </details>
      </td>
      <td className={css.crm}>
        {person === null ? (
          <span className={css.faint}>{m.crm_everybody()}</span>
        ) : (
          <span className={css.side}>
            <StateMark mark={known.mark} />
            <span>
              <T>{known.words}</T>
              {crm && (
                <a
                  className={css.link}
                  href={toHash(route ?? { screen: "history", mailbox: crm.mailbox })}
                  aria-label={
                    route ? m.crm_show_label({ address: who }) : m.crm_history_label({ address: who })
                  }
                >
                  {route ? m.crm_show() : m.crm_history()}
                </a>
              )}
            </span>
          </span>
        )}
      </td>
      <td className={css.times}>
        <span>{line.last_use ? m.used_at({ time: whenWords(line.last_use, locale) }) : m.used_never()}</span>
        <span className={css.faint}>
          {line.since ? m.since_at({ time: whenWords(line.since, locale) }) : m.since_never()}
        </span>
        <span className={css.faint}>{m.read_at({ time: whenWords(line.read, locale) })}</span>
      </td>
    </tr>
  );
}, same);

/** A row is written again when it changes, not when the selection of another one does. */
function same(before: RowProps, after: RowProps): boolean {
  return (
    before.line === after.line &&
    before.locale === after.locale &&
    before.picking === after.picking &&
    before.picked === after.picked &&
    before.route === after.route
  );
}

/** Where each row that is not removed can be seen. */
export function useRowRoutes(): Map<string, Route> {
  const overview = useOverview();
  return useMemo(() => rowRoutes(overview), [overview]);
}

function rowRoutes({ mailboxes, others, channels }: Overview): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const { id } of [...mailboxes, ...others]) routes.set(id, { screen: "email", mailbox: id });
  for (const { id, inbox } of channels) {
    routes.set(id, { screen: "channels", ...(inbox ? { inbox } : {}), mailbox: id });
  }
  return routes;
}
