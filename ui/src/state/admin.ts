import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { AppFailure, type Backend, useBackend } from "../backend";
import type { AccessAsk } from "../backend/generated/AccessAsk";
import type { AccessList } from "../backend/generated/AccessList";
import type { AdminView } from "../backend/generated/AdminView";
import type { AppView } from "../backend/generated/AppView";
import type { ItemAsk } from "../backend/generated/ItemAsk";
import type { ItemList } from "../backend/generated/ItemList";
import type { UnreadList } from "../backend/generated/UnreadList";
import { useOverview } from "./overview";
import { rereading } from "./rereading";

/** Lines on a page of a long list: a screen or three, and few enough for every webview. */
export const PAGE = 100;
/** The most that the backend gives at once. */
export const MOST = 500;

const ADMIN = ["admin"];
const ITEMS = ["admin-items"];

function useReading<T>(key: unknown[], read: (backend: Backend) => Promise<T>, enabled = true) {
  const backend = useBackend();
  return useQuery<T, AppFailure>({
    queryKey: key,
    queryFn: () => read(backend).catch((thrown) => Promise.reject(AppFailure.from(thrown))),
    enabled,
    // Keeps the lines before in place until those of the next page are there.
    placeholderData: keepPreviousData,
  });
}

/** Organisations and runs. Super admins only; anybody else is not even asked for. */
export function useAdmin() {
  const { me } = useOverview();
  return useReading<AdminView>(ADMIN, (backend) => backend.admin(), me.super_admin);
}

export const useAccesses = (ask: AccessAsk) =>
  useReading<AccessList>(["admin-accesses", ask], (backend) => backend.accesses(ask));

export const useUnread = (organisation: string, offset: number) =>
  useReading<UnreadList>(["admin-unread", organisation, offset], (backend) =>
    backend.unreadPeople(organisation, offset, PAGE),
  );

export const useApps = (organisation: string, text: string | null) =>
  useReading<AppView[]>(["admin-apps", organisation, text], (backend) =>
    backend.directoryApps(organisation, text),
  );

export const useItems = (run: string, ask: ItemAsk) =>
  useReading<ItemList>([...ITEMS, run, ask], (backend) => backend.runItems(run, ask));

/**
 * While a search or a run is under way its figures and the page of items in sight are read again. The list of
 * accesses is not: it would change under the pointer. It follows when the search is over.
 */
export function useAdminProgress(): void {
  const backend = useBackend();
  const client = useQueryClient();
  useEffect(() => {
    const read = () => Promise.all([ADMIN, ITEMS].map((queryKey) => client.invalidateQueries({ queryKey })));
    return backend.onAdminProgress(rereading(read));
  }, [backend, client]);
}
