import type { ReactNode } from "react";
import type { AppFailure } from "../backend";
import { m } from "../paraglide/messages";
import { errorWords } from "../words/errors";
import { Button } from "./Button";
import css from "./Note.module.css";
import { StateMark } from "./StateMark";
import { T } from "./T";

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
  // An address to open by hand, or the file that could not be used.
  const place = failure.details.url ?? (failure.code.startsWith("store_") ? failure.details.path : undefined);
  return (
    <div role="alert" className={css.note} data-tone="bad" data-testid="error" data-code={failure.code}>
      <StateMark mark="lost" />
      <div className={css.text}>
        <T>{errorWords(failure)}</T>
        {place && <code className={css.place}>{place}</code>}
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
