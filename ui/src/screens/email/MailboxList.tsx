import { type KeyboardEvent, useRef, useState } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import menus from "../../components/MenuButton.module.css";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import css from "./MailboxList.module.css";
import {
  type About,
  firstButton,
  Row,
  type RowAction,
  type RowNote,
  rowActionName,
  rowActionWords,
} from "./MailboxRow";

/** Rows that are written out at once; the others when they come near. */
const FIRST = 12;

type Props = {
  rows: MailboxRow[];
  label: string;
  about?: About;
  testid?: string;
  busy: boolean;
  note: RowNote | null;
  onAction: (row: MailboxRow, action: RowAction) => void;
};

/** Mailboxes, one a row. Up and Down lead from row to row, so that 300 of them are not 900 Tab stops. */
export function MailboxList({
  rows,
  label,
  about = "holder",
  testid = "mailbox-list",
  busy,
  note,
  onAction,
}: Props) {
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
      <ul className={css.list} aria-label={label} onKeyDown={walkRows} data-testid={testid}>
        {rows.map((row, index) => (
          <Row
            key={row.id}
            row={row}
            locale={locale}
            busy={busy}
            note={note?.row === row.id ? note : null}
            menuOpen={menu?.row.id === row.id}
            first={index < FIRST}
            about={about}
            onAction={onAction}
            onMenu={openMenu}
          />
        ))}
      </ul>
      {current && (
        <Popover
          className={menus.popover}
          aria-label={m.row_menu({ address: current.address })}
          triggerRef={trigger}
          placement="bottom end"
          isOpen
          onOpenChange={(open) => {
            if (!open) setMenu(null);
          }}
        >
          <Menu
            className={menus.menu}
            aria-label={m.row_menu({ address: current.address })}
            autoFocus="first"
            onAction={(key) => {
              setMenu(null);
              onAction(current, key as RowAction);
            }}
            onClose={() => setMenu(null)}
          >
            {[...current.actions, "history" as const].map((action) => (
              <MenuItem
                key={action}
                id={action}
                className={menus.item}
                data-testid={`menu-${rowActionName(action)}`}
              >
                {rowActionWords(action)}
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

/** Gives the focus to a row, by the mailbox's id, where it is still shown. */
export function focusRow(id: string): void {
  const row = document.querySelector<HTMLElement>(`[data-mailbox="${CSS.escape(id)}"]`);
  if (!row) return;
  row.scrollIntoView?.({ block: "nearest" });
  const button = firstButton(row);
  if (button) button.focus();
  // A row far down is written out only when it comes near, which it has by now.
  else window.setTimeout(() => firstButton(row)?.focus(), 150);
}
