import type { ReactNode } from "react";
import css from "./RowIcon.module.css";

/** The frame of a row's drawing. What it means stands in words in the same row, so it is silent. */
export function RowIcon({ muted, children }: { muted: boolean; children: ReactNode }) {
  return (
    <span className={css.icon} data-muted={muted || undefined} aria-hidden="true">
      <svg
        width="22"
        height="22"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {children}
      </svg>
    </span>
  );
}
