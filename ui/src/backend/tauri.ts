import { type InvokeArgs, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend } from "./backend";
import { AppFailure } from "./failure";

async function call<T>(command: string, args?: InvokeArgs): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw AppFailure.from(thrown);
  }
}

/** The backend behind the webview bridge. */
export const tauriBackend: Backend = {
  overview: () => call("overview"),
  beginEmpty: (name) => call("begin_empty", { name }),
  beginSample: () => call("begin_sample"),
  leaveSample: () => call("leave_sample"),
  renameMe: (name) => call("rename_me", { name }),

  guessProvider: (address) => call("guess_provider", { address }),
  readHubSpotPage: (text) => call("read_hubspot_page", { text }),
  trackMailbox: (mailbox) => call("track_mailbox", { ...mailbox }),
  connectMailbox: (at, expect) => call("connect_mailbox", { at, expect }),
  cancelSignIn: () => call("cancel_sign_in"),
  finishSignIn: (pending, keep) => call("finish_sign_in", { pending, keep }),
  dropSignIn: (pending) => call("drop_sign_in", { pending }),

  disableMailbox: (mailbox) => call("disable_mailbox", { mailbox }),
  enableMailbox: (mailbox) => call("enable_mailbox", { mailbox }),
  removeMailbox: (mailbox) => call("remove_mailbox", { mailbox }),
  checkMailbox: (mailbox) => call("check_mailbox", { mailbox }),

  undoRemoval: (disconnect) => call("undo_removal", { disconnect }),
  stopDisconnect: (disconnect) => call("stop_disconnect", { disconnect }),
  confirmStep: (disconnect, step) => call("confirm_step", { disconnect, step }),
  confirmInCrm: (disconnect) => call("confirm_in_crm", { disconnect }),
  notListed: (disconnect, account) => call("not_listed", { disconnect, account }),
  closeStep: (disconnect, step, reason) => call("close_step", { disconnect, step, reason }),
  withdrawConfirmation: (disconnect, step) => call("withdraw_confirmation", { disconnect, step }),
  remindTomorrow: (disconnect) => call("remind_tomorrow", { disconnect }),
  openPage: (disconnect, step) => call("open_page", { disconnect, step }),
  runStep: (disconnect, step) => call("run_step", { disconnect, step }),
  checkStep: (disconnect, step) => call("check_step", { disconnect, step }),

  history: (filter) => call("history", { ...filter }),
  verifyHistory: () => call("verify_history"),
  exportHistory: (format, path) => call("export_history", { format, path }),

  keyring: () => call("keyring"),
  saveSignInApp: (at, app) => call("save_sign_in_app", { at, app }),
  setLanguage: (language) => call("set_language", { language }),
  setAppearance: (appearance) => call("set_appearance", { appearance }),

  firstPaint: () => call("first_paint"),
  onWorkspaceChanged(listener) {
    let stopped = false;
    let stop: (() => void) | undefined;
    void listen<{ revision: number }>("workspace-changed", (event) => listener(event.payload.revision)).then(
      (unlisten) => {
        // Stopped before the bridge had answered.
        if (stopped) unlisten();
        else stop = unlisten;
      },
    );
    return () => {
      stopped = true;
      stop?.();
    };
  },
};
