import { useState } from "react";

/**
 * Lines of a list that comes in pages: single ones by number, on whatever page they stand, or everything that a
 * filter finds but for single ones. Single ones stay when the filter changes; "everything" does not, as it would be
 * something else.
 */
export function useSelection(organisation: string | null, filter: string) {
  // With `all`, `ids` are the lines that are left out.
  const [state, setState] = useState({ organisation, filter, ids: new Set<number>(), all: false });
  let now = state;
  // A plan is made in one organisation.
  if (state.organisation !== organisation) now = { organisation, filter, ids: new Set(), all: false };
  else if (state.filter !== filter)
    now = { ...state, filter, ids: state.all ? new Set() : state.ids, all: false };
  if (now !== state) setState(now);
  return {
    all: now.all,
    ids: now.ids,
    has: (id: number) => now.all !== now.ids.has(id),
    /** How many lines are picked of so many that the filter finds. */
    count: (total: number) => (now.all ? Math.max(0, total - now.ids.size) : now.ids.size),
    // On what is there then: a row that was not written again since may hold an older one of these.
    set: (ids: number[], on: boolean) =>
      setState((current) => {
        const next = new Set(current.ids);
        for (const id of ids) {
          if (on !== current.all) next.add(id);
          else next.delete(id);
        }
        return { ...current, ids: next };
      }),
    everything: () => setState((current) => ({ ...current, ids: new Set(), all: true })),
    clear: () => setState((current) => ({ ...current, ids: new Set(), all: false })),
  };
}

export type Selection = ReturnType<typeof useSelection>;
