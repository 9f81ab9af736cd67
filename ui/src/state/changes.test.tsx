import { QueryClientProvider, QueryObserver } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { type Backend, BackendProvider } from "../backend";
import { newQueryClient, useWorkspaceChanges } from "./overview";
import { rereading } from "./rereading";

/** A window that has read the workspace at a revision, and a list beside it. */
function open(revision: number) {
  let tell: (revision: number | null) => void = () => undefined;
  const backend = {
    onWorkspaceChanged(listener: typeof tell) {
      tell = listener;
      return () => undefined;
    },
  } as unknown as Backend;
  const client = newQueryClient();
  const read = { overview: 0, list: 0 };
  const watch = (key: string, queryFn: () => Promise<unknown>) =>
    new QueryObserver(client, { queryKey: [key], queryFn }).subscribe(() => undefined);
  watch("overview", async () => ({ revision, times: ++read.overview }));
  watch("list", async () => ++read.list);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>
      <BackendProvider value={backend}>{children}</BackendProvider>
    </QueryClientProvider>
  );
  renderHook(() => useWorkspaceChanges(), { wrapper });
  return { read, tell: (told: number | null) => tell(told) };
}

test("a list may be older than the overview's revision, and is read again", async () => {
  const { read, tell } = open(7);
  await waitFor(() => expect(read).toEqual({ overview: 1, list: 1 }));
  tell(7);
  await waitFor(() => expect(read).toEqual({ overview: 1, list: 2 }));
  tell(8);
  await waitFor(() => expect(read).toEqual({ overview: 2, list: 3 }));
});

test("whoever began to listen late reads once more, after the first reading and not in its place", async () => {
  const { read, tell } = open(7);
  tell(null);
  await waitFor(() => expect(read).toEqual({ overview: 2, list: 2 }));
});

test("what is told during a reading is read once more after it, however often it was told", async () => {
  let finish: () => void = () => undefined;
  let readings = 0;
  const tell = rereading(() => {
    readings += 1;
    return new Promise<void>((done) => {
      finish = done;
    });
  });
  tell();
  for (let times = 0; times < 5; times += 1) tell();
  expect(readings).toBe(1);
  finish();
  await waitFor(() => expect(readings).toBe(2));
  finish();
  await Promise.resolve();
  tell();
  await waitFor(() => expect(readings).toBe(3));
});
