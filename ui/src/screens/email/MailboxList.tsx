import { type KeyboardEvent, memo, useRef, useState } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";
import type { AppFailure } from "../../backend";
import type { Action } from "../../backend/generated/Action";
import type { Language } from "../../backend/generated/Language";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { PlainButton, type Tone } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { ProviderIcon } from "../../components/ProviderIcon";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useKeptFocus } from "../../state/focus";
import { useLocale } from "../../state/locale";
import { useDisablePainted } from "../../state/measure";
import { useNear } from "../../state/near";
import { consentSide, crmSide, type Side } from "../../words/sides";
import css from "./MailboxList.module.css";

export type RowAction = Action | "history";
/** Something to tell about one row, in that row. */
export type RowNote = { row: string } & (
  | { failure: AppFailure; dismiss: () => void; words?: undefined }
  | { words: string; failure?: undefined }
);

type Props = {
  rows: MailboxRow[];
  busy: boolean;
  note: RowNote | null;
  onAction: (row: MailboxRow, action: RowAction) => void;
};

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

/** Mailboxes, one a row. Up and Down lead from row to row, so that 300 of them are not 900 Tab stops. */
export function MailboxList({ rows, busy, note, onAction }: Props) {
  const locale = useLocale();
  const [menu, setMenu] = useState<{ row: MailboxRow; button: HTMLElement } | null>(null);
  const trigger = useRef<HTMLElement | null>(null);
  const [openMenu] = useState(() => (row: MailboxRow, button: HTMLElement) => {
    trigger.current = button;
    setMenu({ row, button });
  });
  const current = menu && (rows.find((row) => row.id === menu.row.id) ?? menu.row);

  return (
    <>
      <ul className={css.list} aria-label={m.email_heading()} onKeyDown={walkRows} data-testid="mailbox-list">
        {rows.map((row, index) => (
          <Row
            key={row.id}
            row={row}
            locale={locale}
            busy={busy}
            note={note?.row === row.id ? note : null}
            menuOpen={menu?.row.id === row.id}
            first={index < FIRST}
            onAction={onAction}
            onMenu={openMenu}
          />
        ))}
      </ul>
      {current && (
        <Popover
          className={css.popover}
          aria-label={m.row_menu({ address: current.address })}
          triggerRef={trigger}
          placement="bottom end"
          isOpen
          onOpenChange={(open) => {
            if (!open) setMenu(null);
          }}
        >
          <Menu
            className={css.menu}
            aria-label={m.row_menu({ address: current.address })}
            autoFocus="first"
            onAction={(key) => {
              setMenu(null);
              onAction(current, key as RowAction);
            }}
            onClose={() => setMenu(null)}
          >
            {[...current.actions, "history" as const].map((action) => (
              <MenuItem key={action} id={action} className={css.item} data-testid={`menu-${action}`}>
                {WORDS[action]()}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      )}
    </>
  );
}

function walkRows(event: KeyboardEvent<HTMLUListElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !(event.target instanceof HTMLButtonElement)) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-testid=mailbox-row]")];
  const from = rows.findIndex((row) => row.contains(event.target as Node));
  const next = rows[from + step];
  if (!next) return;
  const name = (event.target as HTMLElement).dataset.testid;
  const same = next.querySelector<HTMLElement>(`[data-testid=${name}]`);
  (same ?? next.querySelector<HTMLElement>("button"))?.focus();
  event.preventDefault();
}

/** Rows that are written out at once; the others when they come near. */
const FIRST = 12;

/** What stands as a button in the row; the rest is in the menu. */
const IN_ROW: Partial<Record<Action, { tone: Tone; label: (inputs: { address: string }) => string }>> = {
  disable: { tone: "danger", label: m.row_disable },
  remove: { tone: "danger", label: m.row_remove },
  enable: { tone: "plain", label: m.row_enable },
  finish: { tone: "plain", label: m.row_finish },
  reconnect: { tone: "plain", label: m.row_reconnect },
};

type RowProps = {
  row: MailboxRow;
  /** Only here so that a change of language renders the memoised row again. */
  locale: Language;
  busy: boolean;
  note: RowNote | null;
  menuOpen: boolean;
  first: boolean;
  onAction: Props["onAction"];
  onMenu: (row: MailboxRow, button: HTMLElement) => void;
};

const Row = memo(function Row(props: RowProps) {
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
          {disabled && <span className={css.badge}>{m.badge_disabled()}</span>}
          {row.this_run_only && (
            <span className={css.badge} title={m.badge_this_run_hint()}>
              {m.badge_this_run()}
            </span>
          )}
          {row.actions.includes("finish") && <span className={css.badge}>{m.badge_open_job()}</span>}
        </div>
        <div className={css.detail}>{holderWords(row)}</div>
      </div>
      <SideView side={crmSide(row, locale)} testid="crm-side" />
      <SideView side={consentSide(row, locale)} testid="provider-side" />
      <div className={css.actions}>
        {row.actions.map((action) => {
          const shown = IN_ROW[action];
          return (
            shown && (
              <PlainButton
                key={action}
                tone={shown.tone}
                disabled={busy}
                aria-label={shown.label({ address })}
                onClick={() => onAction(row, action)}
                data-testid={`row-${action}`}
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
    </>
  );
}

function firstButton(row: HTMLElement): HTMLElement | null {
  return row.querySelector("button");
}

/** Gives the focus to a row, by the mailbox's id, where it is still shown. */
export function focusRow(id: string): void {
  const row = document.querySelector<HTMLElement>(`[data-mailbox="${CSS.escape(id)}"]`);
  if (row) firstButton(row)?.focus();
}

function holderWords(row: MailboxRow): string {
  const { here, account } = row.holder;
  if (here) return m.holder_here();
  return account ? m.holder_hubspot_account({ account }) : m.holder_hubspot();
}

function SideView({ side, testid }: { side: Side; testid: string }) {
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
