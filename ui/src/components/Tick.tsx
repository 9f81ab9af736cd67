import { useEffect, useRef } from "react";
import css from "./Tick.module.css";

/** A tick box for lists of hundreds: the webview's own, named for screen readers by what it picks. */
export function Tick({
  label,
  on,
  some = false,
  disabled = false,
  hint,
  onChange,
  testid,
}: {
  label: string;
  on: boolean;
  /** Some of what it stands for is picked. */
  some?: boolean;
  disabled?: boolean;
  hint?: string;
  onChange: (on: boolean) => void;
  testid?: string;
}) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = some && !on;
  }, [some, on]);
  return (
    <label className={css.tick} title={hint}>
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        checked={on}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        data-testid={testid}
      />
    </label>
  );
}
