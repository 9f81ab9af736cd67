import type { ReactNode } from "react";
import css from "./Fold.module.css";

/** Something that most people don't need, one click away. */
export function Fold({ title, children, testid }: { title: string; children: ReactNode; testid?: string }) {
  return (
    <details className={css.fold} data-testid={testid}>
      <summary className={css.title}>{title}</summary>
      <div className={css.body}>{children}</div>
    </details>
  );
}
