import { notifyManager, QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect } from "react";
import { AppFailure, type Backend, useBackend } from "../backend";
import type { Overview } from "../backend/generated/Overview";
import { rereading } from "./rereading";
import { go, placeRoute } from "./route";

// The library tells its listeners in a timer, which browsers hold back by milliseconds. A change has to be on
// the screen sooner than that.
notifyManager.setScheduler(queueMicrotask);

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The backend is in the same machine: what it says is true at once, and asking again does not help.
      queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
}

const OVERVIEW = ["overview"];

export function useOverviewQuery() {
  const backend = useBackend();
  return useQuery<Overview, AppFailure>({
    queryKey: OVERVIEW,
    queryFn: () => backend.overview().catch((thrown) => Promise.reject(AppFailure.from(thrown))),
  });
}

/** Reads everything again after the workspace has changed, in this window or in another process. */
export function useWorkspaceChanges(): void {
  const backend = useBackend();
  const client = useQueryClient();
  useEffect(() => {
    const everything = rereading(async () => {
      // The first screen is not held up.
      await client
        .getQueryCache()
        .find({ queryKey: OVERVIEW })
        ?.promise?.catch(() => undefined);
      await client.invalidateQueries();
    });
    // What stands beside the overview was read at another moment, and may be older than its revision.
    const others = rereading(() =>
      client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== OVERVIEW[0] }),
    );
    return backend.onWorkspaceChanged((revision) => {
      const known = client.getQueryData<Overview>(OVERVIEW)?.revision;
      if (revision === null || known === undefined || revision > known) everything();
      else others();
    });
  }, [backend, client]);
}

/** Goes where a pop-up or the tray leads. */
export function usePlaces(): void {
  const backend = useBackend();
  useEffect(() => backend.onPlace((place) => go(placeRoute(place))), [backend]);
}

const OverviewContext = createContext<Overview | null>(null);
export const OverviewProvider = OverviewContext.Provider;

/** The workspace as it was last read. Only below `OverviewProvider`, which waits for the first reading. */
export function useOverview(): Overview {
  const overview = useContext(OverviewContext);
  if (!overview) throw new Error("no OverviewProvider above");
  return overview;
}

export type Command<Input, Output> = {
  /** Runs it. Resolves to undefined when it failed; the failure is then in `failure`. */
  run: (input: Input, failed?: (failure: AppFailure) => void) => Promise<Output | undefined>;
  busy: boolean;
  failure: AppFailure | null;
  forget: () => void;
};

/**
 * One command of the backend as a component uses it. Before it counts as finished the workspace is read
 * again, so that the screen never shows the state before beside the result. After a failure too: it may
 * come from what another window has done.
 */
export function useCommand<Output, Input = void>(
  act: (backend: Backend, input: Input) => Promise<Output>,
): Command<Input, Output> {
  const backend = useBackend();
  const client = useQueryClient();
  const mutation = useMutation<Output, AppFailure, Input>({
    mutationFn: async (input) => {
      try {
        return await act(backend, input);
      } catch (thrown) {
        throw AppFailure.from(thrown);
      } finally {
        // A reading that the change itself has set off is waited for, not begun anew.
        await client.invalidateQueries(undefined, { cancelRefetch: false });
      }
    },
  });
  return {
    run: (input, failed) =>
      mutation.mutateAsync(input).catch((failure: AppFailure) => {
        failed?.(failure);
        return undefined;
      }),
    busy: mutation.isPending,
    failure: mutation.error,
    forget: mutation.reset,
  };
}
