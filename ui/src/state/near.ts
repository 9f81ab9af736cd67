import { type RefObject, useEffect, useState } from "react";

type Watch = { observer: IntersectionObserver; seen: Map<Element, () => void> };

const watches = new WeakMap<Element, Watch>();

/** One observer for each scrolling area, however many rows it has. */
function watchOf(area: Element): Watch {
  const known = watches.get(area);
  if (known) return known;
  const seen = new Map<Element, () => void>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) seen.get(target)?.();
      }
    },
    { root: area, rootMargin: "800px 0px" },
  );
  const watch = { observer, seen };
  watches.set(area, watch);
  return watch;
}

/**
 * Whether an element has been near the visible part of the window's main area. It stays true from then on,
 * so that nothing above the reader changes its height again.
 */
export function useNear(element: RefObject<HTMLElement | null>, already: boolean): boolean {
  const [near, setNear] = useState(already || typeof IntersectionObserver === "undefined");
  useEffect(() => {
    const target = element.current;
    const area = target?.closest("main");
    if (near || !target) return;
    if (!area) {
      setNear(true);
      return;
    }
    const { observer, seen } = watchOf(area);
    const leave = () => {
      observer.unobserve(target);
      seen.delete(target);
    };
    seen.set(target, () => {
      leave();
      setNear(true);
    });
    observer.observe(target);
    return leave;
  }, [element, near]);
  return near;
}
