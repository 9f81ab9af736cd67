import type { Backend } from "../../backend";
import type { Bend } from "../backend";
import type { Play } from "../team";

/** Lets searches and runs go on: by themselves where that is wanted, or a quarter of a second for each call. */
export function adminProgress(
  { world, changing }: Play,
  bend: Bend,
): Pick<Backend, "onAdminProgress"> & { tick: () => void } {
  const listeners = new Set<() => void>();
  const tick = () => {
    const came = world().admin.tick();
    if (came !== "still") for (const listener of listeners) listener();
    // What has ended is a change of the workspace.
    if (came === "ended") void changing("admin", () => undefined);
  };
  if (bend.live) setInterval(tick, 250);
  return {
    tick,
    onAdminProgress(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
