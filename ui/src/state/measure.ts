import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

export const DISABLE_START = "disable-start";
export const DISABLE_PAINTED = "disable-painted";

/** Marks the moment at which the pointer left the button, by the event's own clock. */
export function useDisableStart(button: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = button.current;
    if (!element) return;
    const mark = (event: PointerEvent) => {
      performance.clearMarks?.(DISABLE_START);
      // Events that a program made up may carry another clock.
      performance.mark(DISABLE_START, { startTime: Math.min(event.timeStamp, performance.now()) });
    };
    element.addEventListener("pointerup", mark, { capture: true });
    return () => element.removeEventListener("pointerup", mark, { capture: true });
  }, [button]);
}

/** Calls back once the frame that holds the present state is on the screen. */
export function afterPaint(done: () => void): void {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      done();
    };
    channel.port2.postMessage(null);
  });
}

/** Measures from the click on "Yes, disable it" to the painted grey row. */
export function useDisablePainted(disabled: boolean): void {
  const before = useRef(disabled);
  useLayoutEffect(() => {
    const turned = disabled && !before.current;
    before.current = disabled;
    if (!turned || performance.getEntriesByName?.(DISABLE_START).length === 0) return;
    afterPaint(() => {
      performance.measure?.(DISABLE_PAINTED, { start: DISABLE_START, end: performance.now() });
    });
  }, [disabled]);
}
