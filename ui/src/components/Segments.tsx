import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import css from "./Segments.module.css";

export type Segment<Key extends string> = { key: Key; label: string; count: string; testid?: string };

/** One of a few parts of a list, all in sight. */
export function Segments<Key extends string>({
  label,
  segments,
  value,
  onChange,
}: {
  label: string;
  segments: Segment<Key>[];
  value: Key;
  onChange: (value: Key) => void;
}) {
  // Room for the longest number, so that nothing moves while they grow.
  const room = { minWidth: `${Math.max(...segments.map(({ count }) => count.length))}ch` };
  return (
    <ToggleButtonGroup
      className={css.segments}
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [key] = keys;
        if (key !== undefined) onChange(key as Key);
      }}
    >
      {segments.map((segment) => (
        <ToggleButton key={segment.key} id={segment.key} className={css.segment} data-testid={segment.testid}>
          {segment.label}{" "}
          <span className={css.count} style={room}>
            {segment.count}
          </span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
