import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, expect, test, vi } from "vitest";
import { AppFailure } from "./failure";
import { tauriBackend as backend } from "./tauri";

afterEach(clearMocks);

const app = {
  client_id: "c",
  client_secret: null,
  authorize_url: null,
  token_url: null,
  revoke_url: null,
  jwks_url: null,
  issuer: null,
  api_url: null,
};

const access = {
  organisation: "o",
  text: null,
  app: null,
  view: "unused",
  days: 90,
  order: "last_use",
  offset: 100,
  limit: 100,
} as const;
const items = { filter: "left", text: "t", offset: 0, limit: 100 } as const;
const pace = { calls_per_minute: 1200, connections: 8 };
const paces = { google: pace, microsoft: pace };

const notices = {
  disconnected: true,
  lost: true,
  asked: false,
  reminders: true,
  digest_at: "09:00",
  quiet_from: null,
  quiet_to: null,
};

/** Every command with the arguments that Rust expects, by name. */
const CALLS: [string, () => Promise<unknown>, Record<string, unknown>][] = [
  ["overview", () => backend.overview(), {}],
  ["begin_empty", () => backend.beginEmpty("n"), { name: "n" }],
  ["begin_sample", () => backend.beginSample(), {}],
  ["leave_sample", () => backend.leaveSample(), {}],
  ["rename_me", () => backend.renameMe("n"), { name: "n" }],
  ["act_as", () => backend.actAs("m"), { member: "m" }],
  [
    "add_member",
    () => backend.addMember({ name: "n", superAdmin: false, language: "ja" }),
    { name: "n", superAdmin: false, language: "ja" },
  ],
  [
    "change_member",
    () => backend.changeMember({ member: "m", name: "n", superAdmin: true, language: null }),
    { member: "m", name: "n", superAdmin: true, language: null },
  ],
  ["remove_member", () => backend.removeMember("m"), { member: "m" }],
  ["guess_provider", () => backend.guessProvider("a"), { address: "a" }],
  ["read_hubspot_page", () => backend.readHubSpotPage("t"), { text: "t" }],
  [
    "track_mailbox",
    () => backend.trackMailbox({ address: "a", provider: "imap", hubspotPage: null }),
    { address: "a", provider: "imap", hubspotPage: null },
  ],
  [
    "connect_mailbox",
    () => backend.connectMailbox("google", null, "i"),
    { at: "google", expect: null, inbox: "i" },
  ],
  ["cancel_sign_in", () => backend.cancelSignIn(), {}],
  ["finish_sign_in", () => backend.finishSignIn("p", "this_run"), { pending: "p", keep: "this_run" }],
  ["drop_sign_in", () => backend.dropSignIn("p"), { pending: "p" }],
  ["disable_mailbox", () => backend.disableMailbox("m"), { mailbox: "m" }],
  ["enable_mailbox", () => backend.enableMailbox("m"), { mailbox: "m" }],
  ["enable_guide", () => backend.enableGuide("m"), { mailbox: "m" }],
  ["open_enable_page", () => backend.openEnablePage("m"), { mailbox: "m" }],
  ["remove_mailbox", () => backend.removeMailbox("m"), { mailbox: "m" }],
  ["check_mailbox", () => backend.checkMailbox("m"), { mailbox: "m" }],
  ["add_inbox", () => backend.addInbox("n"), { name: "n" }],
  ["rename_inbox", () => backend.renameInbox("i", "n"), { inbox: "i", name: "n" }],
  ["delete_inbox", () => backend.deleteInbox("i"), { inbox: "i" }],
  ["set_access", () => backend.setAccess("i", "m", true), { inbox: "i", member: "m", access: true }],
  [
    "track_channel",
    () =>
      backend.trackChannel({
        inbox: "i",
        address: "a",
        provider: "hosted",
        connectedBy: "m",
        hubspotPage: null,
      }),
    { inbox: "i", address: "a", provider: "hosted", connectedBy: "m", hubspotPage: null },
  ],
  ["delete_channel", () => backend.deleteChannel("m"), { mailbox: "m" }],
  [
    "add_other_channel",
    () => backend.addOtherChannel("i", "chat", "n"),
    { inbox: "i", kind: "chat", name: "n" },
  ],
  ["drop_other_channel", () => backend.dropOtherChannel("c"), { channel: "c" }],
  ["ask_owner", () => backend.askOwner("m"), { mailbox: "m" }],
  [
    "open_mail",
    () => backend.openMail({ to: null, subject: "s", body: "b" }),
    { to: null, subject: "s", body: "b" },
  ],
  ["decline_ask", () => backend.declineAsk("m"), { mailbox: "m" }],
  ["move_provider", () => backend.moveProvider("m", "microsoft365"), { mailbox: "m", to: "microsoft365" }],
  ["move_to_team", () => backend.moveToTeam("m", "i"), { mailbox: "m", inbox: "i" }],
  ["move_to_personal", () => backend.moveToPersonal("m"), { mailbox: "m" }],
  ["report_lost", () => backend.reportLost("m"), { mailbox: "m" }],
  ["reconnect_guide", () => backend.reconnectGuide("m"), { mailbox: "m" }],
  ["open_privacy_page", () => backend.openPrivacyPage(), {}],
  [
    "open_source",
    () => backend.openSource("https://support.google.com/"),
    { url: "https://support.google.com/" },
  ],
  ["open_reconnect_page", () => backend.openReconnectPage("m"), { mailbox: "m" }],
  ["confirm_reconnected", () => backend.confirmReconnected("m"), { mailbox: "m" }],
  ["undo_removal", () => backend.undoRemoval("d"), { disconnect: "d" }],
  ["stop_disconnect", () => backend.stopDisconnect("d"), { disconnect: "d" }],
  ["confirm_step", () => backend.confirmStep("d", "revoke_grant"), { disconnect: "d", step: "revoke_grant" }],
  ["confirm_in_crm", () => backend.confirmInCrm("d"), { disconnect: "d" }],
  ["not_listed", () => backend.notListed("d", "a"), { disconnect: "d", account: "a" }],
  [
    "close_step",
    () => backend.closeStep("d", "revoke_grant", "r"),
    { disconnect: "d", step: "revoke_grant", reason: "r" },
  ],
  [
    "withdraw_confirmation",
    () => backend.withdrawConfirmation("d", "revoke_grant"),
    { disconnect: "d", step: "revoke_grant" },
  ],
  ["remind", () => backend.remind("d", 3), { disconnect: "d", days: 3 }],
  ["open_page", () => backend.openPage("d", "revoke_grant"), { disconnect: "d", step: "revoke_grant" }],
  ["run_step", () => backend.runStep("d", "forget_secret"), { disconnect: "d", step: "forget_secret" }],
  ["check_step", () => backend.checkStep("d", "revoke_grant"), { disconnect: "d", step: "revoke_grant" }],
  ["notices", () => backend.notices(), {}],
  ["read_notice", () => backend.readNotice(3), { notice: 3 }],
  ["read_all_notices", () => backend.readAllNotices(), {}],
  ["save_notice_settings", () => backend.saveNoticeSettings(notices), { notices }],
  [
    "history",
    () => backend.history({ text: "t", kind: null, mailbox: null, before: 3 }),
    { text: "t", kind: null, mailbox: null, before: 3 },
  ],
  ["verify_history", () => backend.verifyHistory(), {}],
  ["export_history", () => backend.exportHistory("csv", "/p"), { format: "csv", path: "/p" }],
  ["keyring", () => backend.keyring(), {}],
  ["storage", () => backend.storage(), {}],
  ["desktop", () => backend.desktop(), {}],
  ["set_autostart", () => backend.setAutostart(true), { on: true }],
  ["save_sign_in_app", () => backend.saveSignInApp("google", app), { at: "google", app }],
  ["set_language", () => backend.setLanguage("ja"), { language: "ja" }],
  ["set_appearance", () => backend.setAppearance("dark"), { appearance: "dark" }],
  ["admin", () => backend.admin(), {}],
  [
    "admin_sign_in",
    () => backend.adminSignIn({ suite: "google", readOnly: true, expect: null }),
    { suite: "google", readOnly: true, expect: null },
  ],
  [
    "finish_admin_sign_in",
    () => backend.finishAdminSignIn("p", "keyring"),
    { pending: "p", keep: "keyring" },
  ],
  ["drop_admin_sign_in", () => backend.dropAdminSignIn("p"), { pending: "p" }],
  ["admin_sign_out", () => backend.adminSignOut("o"), { organisation: "o" }],
  ["search_organisation", () => backend.searchOrganisation("o"), { organisation: "o" }],
  ["stop_search", () => backend.stopSearch("o"), { organisation: "o" }],
  ["directory_apps", () => backend.directoryApps("o", "hub"), { organisation: "o", text: "hub" }],
  ["look_up_app", () => backend.lookUpApp("o", "c"), { organisation: "o", clientId: "c" }],
  [
    "choose_app",
    () => backend.chooseApp({ organisation: "o", app: "a", chosen: true, named: "n" }),
    { organisation: "o", app: "a", chosen: true, named: "n" },
  ],
  ["accesses", () => backend.accesses(access), { ask: access }],
  [
    "export_accesses",
    () => backend.exportAccesses(access, "csv", "/p"),
    { ask: access, format: "csv", path: "/p" },
  ],
  ["unread_people", () => backend.unreadPeople("o", 0, 100), { organisation: "o", offset: 0, limit: 100 }],
  [
    "export_unread_people",
    () => backend.exportUnreadPeople("o", "csv", "/p"),
    { organisation: "o", format: "csv", path: "/p" },
  ],
  [
    "plan",
    () => backend.plan({ from: "lines", organisation: "o", ids: [1, 2] }),
    { ask: { from: "lines", organisation: "o", ids: [1, 2] } },
  ],
  ["run_items", () => backend.runItems("r", items), { run: "r", ask: items }],
  ["export_plan", () => backend.exportPlan("r", "json", "/p"), { run: "r", format: "json", path: "/p" }],
  ["drop_plan", () => backend.dropPlan("r"), { run: "r" }],
  ["start_run", () => backend.startRun("r", true), { run: "r", everybody: true }],
  ["pause_run", () => backend.pauseRun("r"), { run: "r" }],
  ["resume_run", () => backend.resumeRun("r"), { run: "r" }],
  ["cancel_run", () => backend.cancelRun("r"), { run: "r" }],
  ["retry_run", () => backend.retryRun("r"), { run: "r" }],
  ["verify_run", () => backend.verifyRun("r"), { run: "r" }],
  [
    "restore_run",
    () => backend.restoreRun("r", { items: [1], people: [], everybody: false }),
    { run: "r", ask: { items: [1], people: [], everybody: false } },
  ],
  ["report_run", () => backend.reportRun("r", "page", "/p"), { run: "r", format: "page", path: "/p" }],
  ["save_paces", () => backend.savePaces(paces), { paces }],
  ["first_paint", () => backend.firstPaint(), {}],
];

test.each(CALLS)("%s carries what the command expects", async (command, call, args) => {
  const heard: unknown[] = [];
  mockIPC((name, given) => {
    heard.push([name, given ?? {}]);
  });
  await call();
  expect(heard).toEqual([[command, args]]);
});

test("no command of the seam is forgotten above", () => {
  // Three are not commands: they listen.
  expect(CALLS.length).toBe(Object.keys(backend).length - 3);
});

test("who begins to listen is told so: what came before the bridge had answered was not heard", async () => {
  mockIPC((name) => (name === "plugin:event|listen" ? 1 : undefined));
  const heard: unknown[] = [];
  backend.onWorkspaceChanged((revision) => heard.push(revision));
  backend.onAdminProgress(() => heard.push("progress"));
  expect(heard).toEqual([]);
  await vi.waitFor(() => expect(heard).toEqual([null, "progress"]));
});

test("a refusal keeps its code and details; anything else becomes internal", async () => {
  mockIPC(() => {
    throw { code: "address_in_use", details: { address: "a" } };
  });
  await expect(backend.overview()).rejects.toEqual(new AppFailure("address_in_use", { address: "a" }));
  await expect(backend.overview()).rejects.toMatchObject({ details: { address: "a" } });
  mockIPC(() => {
    throw "a plain text";
  });
  await expect(backend.overview()).rejects.toMatchObject({ code: "internal" });
});

const sources = import.meta.glob("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

test("only this folder knows the webview bridge", () => {
  const outside = Object.entries(sources).filter(
    ([path, source]) => path.startsWith("../") && String(source).includes("@tauri-apps/"),
  );
  expect(Object.keys(sources).length).toBeGreaterThan(40);
  expect(outside.map(([path]) => path)).toEqual([]);
});
