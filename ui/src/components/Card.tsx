import { type ReactNode, useId } from "react";
import css from "./Card.module.css";

/** A white card with a heading. */
export function Card({
  title,
  aside,
  children,
  flush = false,
  testid,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children?: ReactNode;
  /** The content brings its own padding. */
  flush?: boolean;
  testid?: string;
}) {
  const id = useId();
  return (
    <section className={css.card} aria-labelledby={id} data-testid={testid}>
      <div className={css.head}>
        <h2 id={id} className={css.title}>
          {title}
        </h2>
        {aside}
      </div>
      <div className={css.body} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}
