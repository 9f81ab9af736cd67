import { type InvokeArgs, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend } from "./backend";
import { AppFailure } from "./failure";
import type { PlaceView } from "./generated/PlaceView";

async function call<T>(command: string, args?: InvokeArgs): Promise<T> {
  try {
    return await invoke<T>(command, args);
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
  overview: () => call("overview"),
  beginEmpty: (name) => call("begin_empty", { name }),
  beginSample: () => call("begin_sample"),
  leaveSample: () => call("leave_sample"),
  renameMe: (name) => call("rename_me", { name }),

  actAs: (member) => call("act_as", { member }),
  addMember: (member) => call("add_member", { ...member }),
  changeMember: (member) => call("change_member", { ...member }),
  removeMember: (member) => call("remove_member", { member }),

  guessProvider: (address) => call("guess_provider", { address }),
  readHubSpotPage: (text) => call("read_hubspot_page", { text }),
  trackMailbox: (mailbox) => call("track_mailbox", { ...mailbox }),
  connectMailbox: (at, expect, inbox) => call("connect_mailbox", { at, expect, inbox }),
  cancelSignIn: () => call("cancel_sign_in"),
  finishSignIn: (pending, keep) => call("finish_sign_in", { pending, keep }),
  dropSignIn: (pending) => call("drop_sign_in", { pending }),

  disableMailbox: (mailbox) => call("disable_mailbox", { mailbox }),
  enableMailbox: (mailbox) => call("enable_mailbox", { mailbox }),
  enableGuide: (mailbox) => call("enable_guide", { mailbox }),
  openEnablePage: (mailbox) => call("open_enable_page", { mailbox }),
  removeMailbox: (mailbox) => call("remove_mailbox", { mailbox }),
  checkMailbox: (mailbox) => call("check_mailbox", { mailbox }),

  addInbox: (name) => call("add_inbox", { name }),
  renameInbox: (inbox, name) => call("rename_inbox", { inbox, name }),
  deleteInbox: (inbox) => call("delete_inbox", { inbox }),
  setAccess: (inbox, member, access) => call("set_access", { inbox, member, access }),
  trackChannel: (channel) => call("track_channel", { ...channel }),
  deleteChannel: (mailbox) => call("delete_channel", { mailbox }),
  addOtherChannel: (inbox, kind, name) => call("add_other_channel", { inbox, kind, name }),
  dropOtherChannel: (channel) => call("drop_other_channel", { channel }),

  askOwner: (mailbox) => call("ask_owner", { mailbox }),
  declineAsk: (mailbox) => call("decline_ask", { mailbox }),
  openMail: (message) => call("open_mail", { ...message }),
  moveProvider: (mailbox, to) => call("move_provider", { mailbox, to }),
  moveToTeam: (mailbox, inbox) => call("move_to_team", { mailbox, inbox }),
  moveToPersonal: (mailbox) => call("move_to_personal", { mailbox }),
  reportLost: (mailbox) => call("report_lost", { mailbox }),
  reconnectGuide: (mailbox) => call("reconnect_guide", { mailbox }),
  openPrivacyPage: () => call("open_privacy_page"),
  openSource: (url) => call("open_source", { url }),
  openReconnectPage: (mailbox) => call("open_reconnect_page", { mailbox }),
  confirmReconnected: (mailbox) => call("confirm_reconnected", { mailbox }),

  undoRemoval: (disconnect) => call("undo_removal", { disconnect }),
  stopDisconnect: (disconnect) => call("stop_disconnect", { disconnect }),
  confirmStep: (disconnect, step) => call("confirm_step", { disconnect, step }),
  confirmInCrm: (disconnect) => call("confirm_in_crm", { disconnect }),
  notListed: (disconnect, account) => call("not_listed", { disconnect, account }),
  closeStep: (disconnect, step, reason) => call("close_step", { disconnect, step, reason }),
  withdrawConfirmation: (disconnect, step) => call("withdraw_confirmation", { disconnect, step }),
  remind: (disconnect, days) => call("remind", { disconnect, days }),
  openPage: (disconnect, step) => call("open_page", { disconnect, step }),
  runStep: (disconnect, step) => call("run_step", { disconnect, step }),
  checkStep: (disconnect, step) => call("check_step", { disconnect, step }),

  notices: () => call("notices"),
  readNotice: (notice) => call("read_notice", { notice }),
  readAllNotices: () => call("read_all_notices"),
  saveNoticeSettings: (notices) => call("save_notice_settings", { notices }),

  history: (filter) => call("history", { ...filter }),
  verifyHistory: () => call("verify_history"),
  exportHistory: (format, path) => call("export_history", { format, path }),

  keyring: () => call("keyring"),
  storage: () => call("storage"),
  desktop: () => call("desktop"),
  setAutostart: (on) => call("set_autostart", { on }),
  saveSignInApp: (at, app) => call("save_sign_in_app", { at, app }),
  setLanguage: (language) => call("set_language", { language }),
  setAppearance: (appearance) => call("set_appearance", { appearance }),

  admin: () => call("admin"),
  adminSignIn: (signIn) => call("admin_sign_in", { ...signIn }),
  finishAdminSignIn: (pending, keep) => call("finish_admin_sign_in", { pending, keep }),
  dropAdminSignIn: (pending) => call("drop_admin_sign_in", { pending }),
  adminSignOut: (organisation) => call("admin_sign_out", { organisation }),

  searchOrganisation: (organisation) => call("search_organisation", { organisation }),
  stopSearch: (organisation) => call("stop_search", { organisation }),
  directoryApps: (organisation, text) => call("directory_apps", { organisation, text }),
  lookUpApp: (organisation, clientId) => call("look_up_app", { organisation, clientId }),
  chooseApp: (choice) => call("choose_app", { ...choice }),
  accesses: (ask) => call("accesses", { ask }),
  exportAccesses: (ask, format, path) => call("export_accesses", { ask, format, path }),
  unreadPeople: (organisation, offset, limit) => call("unread_people", { organisation, offset, limit }),
  exportUnreadPeople: (organisation, format, path) =>
    call("export_unread_people", { organisation, format, path }),

  plan: (ask) => call("plan", { ask }),
  runItems: (run, ask) => call("run_items", { run, ask }),
  exportPlan: (run, format, path) => call("export_plan", { run, format, path }),
  dropPlan: (run) => call("drop_plan", { run }),
  startRun: (run, everybody) => call("start_run", { run, everybody }),
  pauseRun: (run) => call("pause_run", { run }),
  resumeRun: (run) => call("resume_run", { run }),
  cancelRun: (run) => call("cancel_run", { run }),
  retryRun: (run) => call("retry_run", { run }),
  verifyRun: (run) => call("verify_run", { run }),
  restoreRun: (run, ask) => call("restore_run", { run, ask }),
  reportRun: (run, format, path) => call("report_run", { run, format, path }),
  savePaces: (paces) => call("save_paces", { paces }),

  firstPaint: () => call("first_paint"),
  onWorkspaceChanged: (listener) =>
    hear<{ revision: number }>(
      "workspace-changed",
      ({ revision }) => listener(revision),
      () => listener(null),
    ),
  onAdminProgress: (listener) => hear<null>("admin-progress", () => listener(), listener),
  onPlace: (listener) => hear<PlaceView>("go-to", listener),
};
