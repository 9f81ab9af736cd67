import { type RefObject, useRef, useState } from "react";

/** Where somebody is in a long list, and its top, to which turning a page leads back. */
export function usePaging(): {
  offset: number;
  setOffset: (offset: number) => void;
  top: RefObject<HTMLDivElement | null>;
  turn: (offset: number) => void;
} {
  const [offset, setOffset] = useState(0);
  const top = useRef<HTMLDivElement>(null);
  const turn = (to: number) => {
    setOffset(to);
    top.current?.scrollIntoView({ block: "start" });
  };
  return { offset, setOffset, top, turn };
}
