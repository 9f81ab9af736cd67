import { memo, useRef } from "react";
import type { AppFailure } from "../../backend";
import type { Action } from "../../backend/generated/Action";
import type { Language } from "../../backend/generated/Language";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Badge } from "../../components/Badge";
import { PlainButton, type Tone } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { ProviderIcon } from "../../components/ProviderIcon";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useKeptFocus } from "../../state/focus";
import { useDisablePainted } from "../../state/measure";
import { useNear } from "../../state/near";
import { keptOnHint, keptOnWords } from "../../words/devices";
import { consentSide, crmSide, type Side, whole } from "../../words/sides";
import { whenWords } from "../../words/times";
import css from "./MailboxList.module.css";

export type RowAction = Action | "history";
/** Something to tell about one row, in that row. */
export type RowNote = { row: string } & (
  | { failure: AppFailure; dismiss: () => void; words?: undefined }
  | { words: string; failure?: undefined }
);
/** What the line below the address tells. */
export type About = "holder" | "connection" | "owner";

const WORDS: Record<RowAction, () => string> = {
  disable: m.disable,
  enable: m.enable,
  remove: m.remove,
  finish: m.finish,
  check: m.check,
  reconnect: m.reconnect,
  delete: m.delete_channel,
  ask_owner: m.ask_owner,
  decline_ask: m.decline_ask,
  report_lost: m.report_lost,
  move: m.move,
  to_team: m.to_team,
  to_personal: m.to_personal,
  history: m.row_history,
};
export const rowActionWords = (action: RowAction): string => WORDS[action]();

/** The name of an action for tests: `row-ask`, `menu-report-lost`. */
const SHORT: Partial<Record<RowAction, string>> = { ask_owner: "ask", decline_ask: "decline" };
export const rowActionName = (action: RowAction): string => SHORT[action] ?? action.replaceAll("_", "-");

/** What stands as a button in the row; the rest is in the menu. */
const IN_ROW: Partial<Record<Action, { tone: Tone; label: (inputs: { address: string }) => string }>> = {
  disable: { tone: "danger", label: m.row_disable },
  remove: { tone: "danger", label: m.row_remove },
  enable: { tone: "plain", label: m.row_enable },
  finish: { tone: "plain", label: m.row_finish },
  reconnect: { tone: "plain", label: m.row_reconnect },
  delete: { tone: "danger", label: m.row_delete },
  ask_owner: { tone: "plain", label: m.row_ask },
};

type RowProps = {
  row: MailboxRow;
  /** Only here so that a change of language renders the memoised row again. */
  locale: Language;
  busy: boolean;
  note: RowNote | null;
  menuOpen: boolean;
  first: boolean;
  about: About;
  onAction: (row: MailboxRow, action: RowAction) => void;
  onMenu: (row: MailboxRow, button: HTMLElement) => void;
};

export const Row = memo(function Row(props: RowProps) {
  const { row, note, menuOpen } = props;
  const disabled = row.crm.usage === "disabled";
  const item = useRef<HTMLLIElement>(null);
  const near = useNear(item, props.first);
  useDisablePainted(disabled);
  useKeptFocus(item, firstButton);
  return (
    <li
      ref={item}
      className={css.row}
      data-testid="mailbox-row"
      data-mailbox={row.id}
      data-address={row.address}
      data-use={row.crm.usage}
      data-off={disabled || undefined}
      data-asked={row.actions.includes("decline_ask") || undefined}
      data-menu={menuOpen || undefined}
    >
      {near ? <RowContent {...props} disabled={disabled} /> : <span className={css.far}>{row.address}</span>}
      {note && (
        <div className={css.note}>
          {note.failure ? (
            <ErrorNote failure={note.failure} onDismiss={note.dismiss} />
          ) : (
            <p role="status" data-testid="row-result">
              {note.words}
            </p>
          )}
        </div>
      )}
    </li>
  );
});

function RowContent({
  row,
  locale,
  busy,
  menuOpen,
  disabled,
  about,
  onAction,
  onMenu,
}: RowProps & { disabled: boolean }) {
  const { address } = row;
  return (
    <>
      <ProviderIcon provider={row.provider} muted={disabled} />
      <div className={css.who}>
        <div className={css.address}>
          <span>{address}</span>
          {disabled && <Badge>{m.badge_disabled()}</Badge>}
          {row.kept_on && <Badge hint={keptOnHint(row.kept_on)}>{keptOnWords(row.kept_on)}</Badge>}
          {row.this_run_only && <Badge hint={m.badge_this_run_hint()}>{m.badge_this_run()}</Badge>}
          {row.actions.includes("finish") && (
            <Badge>{row.moving ? m.badge_moving() : m.badge_open_job()}</Badge>
          )}
        </div>
        <div className={css.detail}>
          <T>{aboutWords(row, about, locale)}</T>
        </div>
      </div>
      <SideView side={crmSide(row, locale)} testid="crm-side" />
      <SideView side={consentSide(row, locale)} testid="provider-side" />
      <div className={css.actions}>
        {row.actions.map((action) => {
          // To connect again is for the menu, as long as nothing is lost.
          const quiet = action === "reconnect" && row.crm.link.is !== "lost";
          const shown = quiet ? undefined : IN_ROW[action];
          return (
            shown && (
              <PlainButton
                key={action}
                tone={shown.tone}
                disabled={busy}
                aria-label={shown.label({ address })}
                onClick={() => onAction(row, action)}
                data-testid={`row-${rowActionName(action)}`}
              >
                {WORDS[action]()}
              </PlainButton>
            )
          );
        })}
        <button
          type="button"
          className={css.more}
          aria-label={m.row_menu({ address })}
          aria-haspopup="menu"
          aria-expanded={menuOpen}
          onClick={(event) => onMenu(row, event.currentTarget)}
          data-testid="row-menu"
        >
          <svg width="16" height="16" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
            <circle cx="3" cy="8" r="1.5" />
            <circle cx="8" cy="8" r="1.5" />
            <circle cx="13" cy="8" r="1.5" />
          </svg>
        </button>
      </div>
      {row.asked && (
        <div className={css.asked}>
          <span data-testid="row-asked">
            <T>{askedWords(row, locale)}</T>
          </span>
          {row.actions.includes("decline_ask") && (
            <PlainButton
              disabled={busy}
              aria-label={m.row_decline({ address })}
              onClick={() => onAction(row, "decline_ask")}
              data-testid="row-decline"
            >
              {WORDS.decline_ask()}
            </PlainButton>
          )}
        </div>
      )}
    </>
  );
}

/** To the owner it is a task; to who asked, it is what they did. */
function askedWords(row: MailboxRow, locale: Language): string {
  const { by, at } = row.asked ?? { by: "", at: "" };
  const given = { name: by, time: whenWords(at, locale) };
  return row.actions.includes("decline_ask") ? m.row_asked_you(given) : m.row_asked(given);
}

export function firstButton(row: HTMLElement): HTMLElement | null {
  return row.querySelector("button");
}

function aboutWords(row: MailboxRow, about: About, locale: Language): string {
  if (about === "owner") return m.row_owner({ name: row.owner?.name ?? "" });
  if (about === "holder") return holderWords(row);
  const time = whole(whenWords(row.added_at, locale));
  const name = row.connected_by && whole(row.connected_by.name);
  if (row.holder.here) return name ? m.row_connected_by({ name, time }) : m.row_connected({ time });
  return name ? m.row_added_by({ name, time }) : m.row_added({ time });
}

function holderWords(row: MailboxRow): string {
  const { here, account } = row.holder;
  if (here) return m.holder_here();
  return account ? m.holder_hubspot_account({ account }) : m.holder_hubspot();
}

export function SideView({ side, testid }: { side: Side; testid: string }) {
  return (
    <div className={css.side} data-testid={testid} data-mark={side.mark}>
      <span className={css.mark}>
        <StateMark mark={side.mark} />
      </span>
      <div>
        <div className={css.state}>{side.state}</div>
        <div className={css.detail}>
          <T>{side.detail}</T>
        </div>
      </div>
    </div>
  );
}
