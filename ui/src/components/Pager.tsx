import { m } from "../paraglide/messages";
import { useLocale } from "../state/locale";
import { numberWords } from "../words/numbers";
import { PlainButton } from "./Button";
import css from "./Pager.module.css";

/** Leads through the pages of a long list, and says which lines are in sight. Nothing to see with one page. */
export function Pager({
  offset,
  size,
  total,
  label,
  onGo,
}: {
  offset: number;
  size: number;
  total: number;
  /** Of which list. */
  label: string;
  onGo: (offset: number) => void;
}) {
  const locale = useLocale();
  if (total <= size && offset === 0) return null;
  const last = Math.max(0, Math.floor((total - 1) / size) * size);
  const to = Math.min(offset + size, total);
  const shown = (number: number) => numberWords(number, locale);
  const steps = [
    { key: "first", words: m.pager_first(), to: 0, off: offset === 0 },
    { key: "previous", words: m.pager_previous(), to: Math.max(0, offset - size), off: offset === 0 },
    { key: "next", words: m.pager_next(), to: offset + size, off: offset >= last },
    { key: "last", words: m.pager_last(), to: last, off: offset >= last },
  ];
  return (
    <nav className={css.pager} aria-label={label} data-testid="pager">
      <span role="status" className={css.where} data-testid="pager-where">
        {m.pager_where({ from: shown(Math.min(offset + 1, to)), to: shown(to), total: shown(total) })}
      </span>
      <span className={css.steps}>
        {steps.map((step) => (
          // At either end a button keeps the focus that it has, and does nothing more.
          <PlainButton
            key={step.key}
            aria-disabled={step.off || undefined}
            onClick={() => {
              if (!step.off) onGo(step.to);
            }}
            data-testid={`pager-${step.key}`}
          >
            {step.words}
          </PlainButton>
        ))}
      </span>
    </nav>
  );
}
