import { isTauri } from "@tauri-apps/api/core";
import { createContext, useContext } from "react";
import type { Backend } from "./backend";
import { tauriBackend } from "./tauri";

export type * from "./backend";
export { AppFailure } from "./failure";

/**
 * The backend of this window. In a plain browser it is the one in memory; the condition is constant in a
 * production build, so the import goes away with it.
 */
export async function openBackend(): Promise<Backend> {
  if ((import.meta.env.DEV || import.meta.env.MODE === "fake") && !isTauri()) {
    const { fakeFromAddressBar } = await import("./fake");
    return fakeFromAddressBar();
  }
  return tauriBackend;
}

const BackendContext = createContext<Backend | null>(null);
export const BackendProvider = BackendContext.Provider;

export function useBackend(): Backend {
  const backend = useContext(BackendContext);
  if (!backend) throw new Error("no BackendProvider above");
  return backend;
}
