import type { ReactNode } from "react";
import type { AppFailure } from "../backend";
import { m } from "../paraglide/messages";
import { errorWords } from "../words/errors";
import { Button } from "./Button";
import css from "./Note.module.css";
import { StateMark } from "./StateMark";

/** A failure in words, beside the action that failed. Renders nothing without one. */
export function ErrorNote({
  failure,
  onDismiss,
  children,
}: {
  failure: AppFailure | null;
  onDismiss?: () => void;
  children?: ReactNode;
}) {
  if (!failure) return null;
  return (
    <div role="alert" className={css.note} data-tone="bad" data-testid="error" data-code={failure.code}>
      <StateMark mark="lost" />
      <div className={css.text}>
        {errorWords(failure)}
        {children}
      </div>
      {onDismiss && (
        <Button tone="quiet" small onPress={onDismiss} data-testid="error-dismiss">
          {m.dismiss()}
        </Button>
      )}
    </div>
  );
}
