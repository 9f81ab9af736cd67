import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend } from "./backend";
import { AppFailure } from "./failure";
import { client } from "./generated/client";
import type { PlaceView } from "./generated/PlaceView";

async function call<Answer>(command: string, request: Record<string, unknown>): Promise<Answer> {
  try {
    return await invoke<Answer>(command, request);
  } catch (thrown) {
    throw AppFailure.from(thrown);
  }
}

/**
 * Listens to an event of the shell. The bridge takes a moment, in which events pass unheard; `listening` is called after
 * it. Returns the way to stop.
 */
function hear<Payload>(event: string, heard: (payload: Payload) => void, listening?: () => void): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  void listen<Payload>(event, ({ payload }) => heard(payload)).then((unlisten) => {
    // Stopped before the bridge had answered.
    if (stopped) {
      unlisten();
      return;
    }
    stop = unlisten;
    listening?.();
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

/** The backend behind the webview bridge. */
export const tauriBackend: Backend = {
  ...client(call),
  onWorkspaceChanged: (listener) =>
    hear<{ revision: number }>(
      "workspace-changed",
      ({ revision }) => listener(revision),
      () => listener(null),
    ),
  onAdminProgress: (listener) => hear<null>("admin-progress", () => listener(), listener),
  onPlace: (listener) => hear<PlaceView>("go-to", listener),
};
