import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import css from "./Button.module.css";

export type Tone = "strong" | "plain" | "danger" | "danger-fill" | "quiet";

export type ButtonProps = Omit<AriaButtonProps, "className" | "style"> & {
  /** `strong` once a screen; `danger` is outlined, `danger-fill` is for dialogs only. */
  tone?: Tone;
  small?: boolean;
  ref?: React.Ref<HTMLButtonElement>;
  "data-testid"?: string;
};

export function Button({ tone = "plain", small = false, ...rest }: ButtonProps) {
  return <AriaButton {...rest} className={css.button} data-tone={tone} data-small={small || undefined} />;
}

type PlainButtonProps = Omit<React.ComponentProps<"button">, "className" | "style" | "type"> & {
  tone?: Tone;
};

/** The same button without React Aria, for lists of hundreds: it looks alike and costs a tenth. */
export function PlainButton({ tone = "plain", ...rest }: PlainButtonProps) {
  return <button {...rest} type="button" className={css.button} data-tone={tone} data-small />;
}
