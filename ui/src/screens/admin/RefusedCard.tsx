import type { RunView } from "../../backend/generated/RunView";
import { Card } from "../../components/Card";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { PAGE, useItems } from "../../state/admin";
import { useLocale } from "../../state/locale";
import { counted, numberWords } from "../../words/numbers";
import { refusalWords } from "../../words/runs";
import css from "./Runs.module.css";

/** Lines of a list that are not in the plan, each with its number and why. */
export function RefusedCard({ run }: { run: RunView }) {
  const locale = useLocale();
  const items = useItems(run.id, { filter: "all", text: null, offset: 0, limit: PAGE });
  const refused = items.data?.refused ?? [];
  const more = run.refused - refused.length;
  if (refused.length === 0) return null;
  return (
    <Card
      flush
      title={m.refused_heading()}
      aside={<span className={css.faint}>{m.refused_count(counted(run.refused, locale))}</span>}
      testid="refused-card"
    >
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col" className={css.line}>
              {m.refused_line()}
            </th>
            <th scope="col">{m.refused_text()}</th>
            <th scope="col">{m.refused_why()}</th>
          </tr>
        </thead>
        <tbody>
          {refused.map(({ line, text, why }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what was refused never changes places
            <tr key={index} data-testid="refused-row" data-why={why}>
              <td className={css.line}>{line > 0 ? numberWords(line, locale) : m.refused_no_line()}</td>
              <td className={css.raw}>{text}</td>
              <td>
                <T>{refusalWords(why)}</T>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <p className={css.foot} data-testid="refused-more">
          <T>{m.refused_more(counted(more, locale))}</T>
        </p>
      )}
    </Card>
  );
}
