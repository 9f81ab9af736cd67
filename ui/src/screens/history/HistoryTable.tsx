import type { HistoryRow } from "../../backend/generated/HistoryRow";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { momentWords } from "../../words/times";
import css from "./History.module.css";

/** The entries, newest first. */
export function HistoryTable({ rows }: { rows: HistoryRow[] }) {
  const locale = useLocale();
  return (
    <table className={css.table} data-testid="history-table">
      <thead>
        <tr>
          <th scope="col">{m.history_col_time()}</th>
          <th scope="col">{m.history_col_what()}</th>
          <th scope="col">{m.history_col_address()}</th>
          <th scope="col">{m.history_col_who()}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.seq} data-testid="history-row" data-kind={row.kind} data-seq={row.seq}>
            <td className={css.time}>
              <time dateTime={row.at} title={m.history_hash({ seq: row.seq, hash: row.hash })}>
                {momentWords(row.at, locale)}
              </time>
            </td>
            <td>{row.sentence[locale]}</td>
            <td className={css.address}>{row.address}</td>
            <td className={css.who}>{row.by ?? m.history_by_app()}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
