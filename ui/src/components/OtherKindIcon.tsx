import type { OtherKind } from "../backend/generated/OtherKind";
import { RowIcon } from "./RowIcon";

/** Drawings of our own: a bubble, a form, a bubble with a stroke, a bubble with a receiver, a receiver. */
const DRAWINGS: Record<OtherKind, React.ReactNode> = {
  chat: <path d="M4 5.5h16v10.5H11l-4.5 3.5V16H4zM8 9.3h8M8 12.3h5" />,
  form: <path d="M5 3.5h14v17H5zM8.5 8h7M8.5 12h7M8.5 16h4" />,
  messenger: <path d="M4 5.5h16v10.5H11l-4.5 3.5V16H4zM7.5 12.5l3-3 2.5 2 3.5-3" />,
  whatsapp: (
    <path d="M4 5.5h16v10.5H11l-4.5 3.5V16H4zM9.5 8.5c0 3 2 5 5 5l.8-1.6-1.9-.9-.8.8c-.9-.4-1.3-.9-1.7-1.7l.8-.8-.8-1.6z" />
  ),
  calling: (
    <path d="M7 4c-1.5.5-2.5 1.700-2.500 3C4.500 13 11 19.500 17 19.500c1.300 0 2.500-1 3-2.500l-3.500-2.500-2 1.500c-2.500-1-5-3.500-6-6l1.500-2z" />
  ),
};

/** The kind's drawing. The kind stands in words in the same row, so this one is silent. */
export function OtherKindIcon({ kind }: { kind: OtherKind }) {
  return <RowIcon muted>{DRAWINGS[kind]}</RowIcon>;
}
