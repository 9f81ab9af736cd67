import { type RefObject, useEffect, useRef } from "react";

/**
 * Keeps the keyboard's place. When the focused button inside a box goes away because its work is done, the
 * focus would fall to the document and the next Tab would begin at the top of the window; it is given to
 * what `pick` names instead. Somebody who leaves the box by themselves is left alone.
 */
export function useKeptFocus(
  box: RefObject<HTMLElement | null>,
  pick: (box: HTMLElement) => HTMLElement | null | undefined,
): void {
  const inside = useRef(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const enter = () => {
      inside.current = true;
    };
    const leave = (event: FocusEvent) => {
      const left = event.target as Node;
      const to = event.relatedTarget as Node | null;
      if (to) {
        if (!element.contains(to)) inside.current = false;
        return;
      }
      // Taken away, or only left for an empty place? That is known once the change is done.
      queueMicrotask(() => {
        if (left.isConnected && document.hasFocus()) inside.current = false;
      });
    };
    element.addEventListener("focusin", enter);
    element.addEventListener("focusout", leave);
    return () => {
      element.removeEventListener("focusin", enter);
      element.removeEventListener("focusout", leave);
    };
  }, [box]);

  useEffect(() => {
    const element = box.current;
    if (!element || !inside.current || !focusIsLost()) return;
    pick(element)?.focus({ preventScroll: true });
  });
}

/** Nothing has the focus. */
export function focusIsLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/**
 * Gives a heading the focus when a place was come to or became another, and what had the focus went away with
 * it: a dialog's button, the row that led here. Somebody who is elsewhere by then is left alone.
 */
export function useArrival(heading: RefObject<HTMLElement | null>, place: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the place that counts
  useEffect(() => {
    // A dialog gives the focus back one frame after it has closed.
    const timer = window.setTimeout(() => {
      if (focusIsLost()) heading.current?.focus({ preventScroll: true });
    }, 100);
    return () => window.clearTimeout(timer);
  }, [heading, place]);
}
