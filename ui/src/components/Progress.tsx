import { ProgressBar } from "react-aria-components";
import css from "./Progress.module.css";

/** How far something is. `words` says it, too. */
export function Progress({
  label,
  done,
  total,
  words,
  testid,
}: {
  label: string;
  done: number;
  total: number;
  words: string;
  testid?: string;
}) {
  return (
    <ProgressBar
      aria-label={label}
      value={done}
      maxValue={Math.max(total, 1)}
      valueLabel={words}
      className={css.progress}
      data-testid={testid}
    >
      {({ percentage }) => (
        <span className={css.track}>
          <span className={css.bar} style={{ width: `${percentage ?? 0}%` }} />
        </span>
      )}
    </ProgressBar>
  );
}
