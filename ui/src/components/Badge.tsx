import css from "./Badge.module.css";

/** A word or two about what stands before it. */
export function Badge({ hint, children }: { hint?: string; children: string }) {
  return (
    <span className={css.badge} title={hint}>
      {children}
    </span>
  );
}
