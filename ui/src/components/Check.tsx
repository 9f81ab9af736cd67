import type { ReactNode } from "react";
import { Checkbox } from "react-aria-components";
import css from "./Check.module.css";
import { T } from "./T";

/** Something that is so or not, with a word on what it means. */
export function Check({
  label,
  hint,
  on,
  onChange,
  busy = false,
  disabled = false,
  testid,
}: {
  label: string;
  hint?: ReactNode;
  on: boolean;
  onChange: (on: boolean) => void;
  /** It keeps the focus and does nothing more. */
  busy?: boolean;
  disabled?: boolean;
  testid?: string;
}) {
  return (
    <Checkbox
      className={css.check}
      isSelected={on}
      isReadOnly={busy}
      isDisabled={disabled}
      onChange={onChange}
      data-testid={testid}
    >
      <span className={css.box} />
      <span>
        <T>{label}</T>
        {hint && <span className={css.hint}>{typeof hint === "string" ? <T>{hint}</T> : hint}</span>}
      </span>
    </Checkbox>
  );
}
