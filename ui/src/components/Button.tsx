import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import css from "./Button.module.css";

export type Tone = "strong" | "plain" | "danger" | "danger-fill" | "quiet";

export type ButtonProps = Omit<AriaButtonProps, "className" | "style" | "isPending"> & {
  /** `strong` once a screen; `danger` is outlined, `danger-fill` is for dialogs only. */
  tone?: Tone;
  small?: boolean;
  /** What it does is under way: it keeps the focus and does nothing more. */
  busy?: boolean;
  ref?: React.Ref<HTMLButtonElement>;
  "data-testid"?: string;
};

/**
 * React Aria's own pending state is not used: it announces by an image whose label is gone a moment later,
 * which is a finding for every accessibility checker. What a command did is announced where it shows.
 */
export function Button({ tone = "plain", small = false, busy = false, onPress, type, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      type={busy ? "button" : type}
      onPress={busy ? undefined : onPress}
      aria-disabled={busy || undefined}
      className={css.button}
      data-tone={tone}
      data-small={small || undefined}
      data-busy={busy || undefined}
    />
  );
}

type PlainButtonProps = Omit<React.ComponentProps<"button">, "className" | "style" | "type"> & {
  tone?: Tone;
};

/** The same button without React Aria, for lists of hundreds: it looks alike and costs a tenth. */
export function PlainButton({ tone = "plain", ...rest }: PlainButtonProps) {
  return <button {...rest} type="button" className={css.button} data-tone={tone} data-small />;
}
