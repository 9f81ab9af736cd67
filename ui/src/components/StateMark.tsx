import type { Mark } from "../words/sides";

/** The shapes differ from one another without colour: filled, ringed, barred, crossed, dotted. */
const SHAPES: Record<Mark | "warn", { colour: string; path: React.ReactNode }> = {
  ok: {
    colour: "var(--good)",
    path: (
      <>
        <circle cx="8" cy="8" r="7" fill="currentColor" />
        <path d="M4.8 8.2l2.2 2.2 4.2-4.6" fill="none" stroke="var(--card)" strokeWidth="1.8" />
      </>
    ),
  },
  said: {
    colour: "var(--good)",
    path: (
      <>
        <circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <circle cx="8" cy="8" r="2.6" fill="currentColor" />
      </>
    ),
  },
  off: {
    colour: "var(--ink-faint)",
    path: (
      <>
        <circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <path d="M5 8h6" stroke="currentColor" strokeWidth="1.8" />
      </>
    ),
  },
  gone: {
    colour: "var(--ink-faint)",
    path: (
      <>
        <circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <path d="M5.2 8.1l2 2 3.6-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
      </>
    ),
  },
  gone_said: {
    colour: "var(--ink-faint)",
    path: (
      <>
        <rect x="2" y="2" width="12" height="12" rx="3" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <circle cx="8" cy="8" r="2.6" fill="currentColor" />
      </>
    ),
  },
  lost_said: {
    colour: "var(--danger)",
    path: (
      <>
        <rect x="2" y="2" width="12" height="12" rx="3" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <path d="M8 4.8v3.8M8 10.8v.5" stroke="currentColor" strokeWidth="1.8" />
      </>
    ),
  },
  lost: {
    colour: "var(--danger)",
    path: (
      <>
        <rect x="1.2" y="1.2" width="13.6" height="13.6" rx="3" fill="currentColor" />
        <path d="M8 4.2v4.6M8 11.3v.6" stroke="var(--card)" strokeWidth="2" />
      </>
    ),
  },
  warn: {
    colour: "var(--warn)",
    path: (
      <>
        <path
          d="M8 1.6l6.8 12.2H1.2z"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinejoin="round"
        />
        <path d="M8 6v3.6M8 11.2v.8" stroke="currentColor" strokeWidth="1.7" />
      </>
    ),
  },
  unknown: {
    colour: "var(--ink-faint)",
    path: (
      <circle
        cx="8"
        cy="8"
        r="6.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeDasharray="2.6 2.2"
      />
    ),
  },
  waiting: {
    colour: "var(--warn)",
    path: (
      <>
        <circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <path d="M8 4.6V8l2.4 1.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
      </>
    ),
  },
  none: {
    colour: "var(--ink-faint)",
    path: <path d="M3 8h10" stroke="currentColor" strokeWidth="1.8" />,
  },
};

/** A mark beside words that say the same; hidden from screen readers for that reason. */
export function StateMark({ mark, size = 16 }: { mark: Mark | "warn"; size?: number }) {
  const shape = SHAPES[mark];
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      color={shape.colour}
      aria-hidden="true"
      strokeLinecap="round"
    >
      {shape.path}
    </svg>
  );
}
