import type { ReactNode } from "react";
import css from "./Note.module.css";
import { StateMark } from "./StateMark";
import { T } from "./T";

/** A remark in a box. `warn` is for what a person should know before they act. */
export function Note({
  tone = "plain",
  title,
  children,
  live = false,
  testid,
}: {
  tone?: "plain" | "warn" | "good";
  title?: string;
  children: ReactNode;
  /** Announce it when it appears. */
  live?: boolean;
  testid?: string;
}) {
  return (
    <div className={css.note} data-tone={tone} role={live ? "status" : undefined} data-testid={testid}>
      {tone !== "plain" && <StateMark mark={tone === "warn" ? "warn" : "ok"} />}
      <div className={css.text}>
        {title && (
          <strong className={css.title}>
            <T>{title}</T>
          </strong>
        )}
        {typeof children === "string" ? <T>{children}</T> : children}
      </div>
    </div>
  );
}
