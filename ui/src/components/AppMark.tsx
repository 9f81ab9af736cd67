/** The app's own mark: a letter pulled in two. */
export function AppMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="36 84 440 344" aria-hidden="true">
      <path fill="#fff" d="M88 96h160l-58 320H88a40 40 0 0 1-40-40V136a40 40 0 0 1 40-40z" />
      <path fill="#f0612f" d="M424 96H322l-58 320h160a40 40 0 0 0 40-40V136a40 40 0 0 0-40-40z" />
      <path
        fill="none"
        stroke="#22313f"
        strokeWidth="34"
        strokeLinejoin="round"
        d="M36 132 256 280 476 132"
      />
    </svg>
  );
}
