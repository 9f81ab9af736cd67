import type { Backend } from "../../backend";
import { AppFailure } from "../../failure";
import type { AdminSignInResult } from "../../generated/AdminSignInResult";
import type { AppView } from "../../generated/AppView";
import type { Exported } from "../../generated/Exported";
import type { KeyringTrouble } from "../../generated/KeyringTrouble";
import type { RunView } from "../../generated/RunView";
import type { Suite } from "../../generated/Suite";
import type { Bend } from "../backend";
import type { Play } from "../team";
import { planned } from "./plan";
import { type FakeRun, itemPage, viewOf } from "./runs";
import { adminOf, adminSignedIn } from "./signIn";
import { NEVER_SEEN } from "./state";

type Commands = Pick<
  Backend,
  | "admin"
  | "adminSignIn"
  | "finishAdminSignIn"
  | "dropAdminSignIn"
  | "adminSignOut"
  | "searchOrganisation"
  | "stopSearch"
  | "directoryApps"
  | "lookUpApp"
  | "chooseApp"
  | "accesses"
  | "exportAccesses"
  | "unreadPeople"
  | "exportUnreadPeople"
  | "plan"
  | "runItems"
  | "exportPlan"
  | "dropPlan"
  | "startRun"
  | "pauseRun"
  | "resumeRun"
  | "cancelRun"
  | "retryRun"
  | "verifyRun"
  | "restoreRun"
  | "reportRun"
  | "savePaces"
>;
type Pending = { suite: Suite; readOnly: boolean };
type Visit = <T>(come: () => T | Promise<T>) => Promise<T>;

const PENDING = "pending-admin";

const refused = ({ suite }: Pending, why: KeyringTrouble): AdminSignInResult => ({
  is: "keyring_refused",
  pending: PENDING,
  account: adminOf(suite),
  why,
});

/** What administrators do. */
export function adminCommands(play: Play, bend: Bend, visit: Visit): Commands {
  const { world, reading, changing } = play;
  let pending: Pending | null = null;
  const admin = () => {
    if (!world().people.me.superAdmin) throw new AppFailure("not_super_admin");
    return world().admin;
  };
  const run = (id: string, ...actions: RunView["actions"]): FakeRun => {
    const found = admin().run(id);
    if (actions.length > 0 && !viewOf(found).actions.some((action) => actions.includes(action))) {
      throw new AppFailure("run_not_now");
    }
    return found;
  };
  const written = (path: string, entries: number): Exported => {
    if (!path.startsWith("/home/")) throw new AppFailure("export_failed", { path });
    return { path, entries, head: world().history.at(-1)?.hash ?? "" };
  };

  return {
    admin: () =>
      reading("admin", () => {
        if (world().overview.workspace.sample) return { ...admin().view(), organisations: [], runs: [] };
        return admin().view();
      }),
    adminSignIn: async ({ suite, readOnly }) => {
      await reading("adminSignIn", () => {
        admin();
        if (world().overview.workspace.sample) throw new AppFailure("not_in_sample");
        if (!world().overview.settings[suite].client_id) throw new AppFailure("sign_in_no_app");
      });
      return visit((): AdminSignInResult | Promise<AdminSignInResult> => {
        if (!bend.keyring) {
          return changing("adminSignIn", () => adminSignedIn(play, suite, readOnly));
        }
        pending = { suite, readOnly };
        return refused(pending, bend.keyring);
      });
    },
    finishAdminSignIn: (which, keep) =>
      changing("finishAdminSignIn", (): AdminSignInResult => {
        if (!pending || which !== PENDING) throw new AppFailure("pending_gone");
        if (keep === "keyring" && bend.keyring) return refused(pending, bend.keyring);
        const result = adminSignedIn(play, pending.suite, pending.readOnly);
        const signed = admin().of(pending.suite)?.view.sign_in;
        if (signed) signed.this_run_only = keep === "this_run";
        pending = null;
        return result;
      }),
    dropAdminSignIn: () =>
      reading("dropAdminSignIn", () => {
        pending = null;
      }),
    adminSignOut: (organisation) =>
      changing("adminSignOut", () => {
        const { view } = admin().organisation(organisation);
        view.sign_in = null;
        const google = view.suite === "google";
        return { forgotten: true, revoked: google, shared: false, kept_on: null, ...bend.signedOut };
      }),

    searchOrganisation: (organisation) =>
      changing("searchOrganisation", () => {
        const { view } = admin().organisation(organisation);
        if (!view.sign_in) throw new AppFailure("not_signed_in");
        view.search_failed = null;
        view.searching = {
          people: 0,
          unread: 0,
          known: 0,
          accesses: 0,
          rate: 0,
          seconds_left: null,
          waiting: 0,
          log: null,
        };
      }),
    stopSearch: (organisation) =>
      changing("stopSearch", () => {
        const { view } = admin().organisation(organisation);
        if (view.searching) admin().searched(view, false);
      }),
    directoryApps: (organisation, text) =>
      reading("directoryApps", () => {
        const wanted = text?.toLowerCase() ?? "";
        admin().view();
        return admin()
          .organisation(organisation)
          .apps.filter((app) => `${app.name} ${app.client_id}`.toLowerCase().includes(wanted));
      }),
    lookUpApp: (organisation, clientId) =>
      changing("lookUpApp", (): AppView => {
        const { apps } = admin().organisation(organisation);
        const known = apps.find((app) => app.client_id === clientId);
        if (known) return known;
        if (clientId !== NEVER_SEEN) throw new AppFailure("unknown_app");
        const publisher = {
          publisher: null,
          verified: null,
          likeness: "other",
          accesses: 0,
          chosen: false,
        } as const;
        const found: AppView = { key: clientId, client_id: clientId, name: "Payroll Export", ...publisher };
        apps.push(found);
        return found;
      }),
    chooseApp: ({ organisation, app, chosen, named }) =>
      changing("chooseApp", () => {
        const found = admin()
          .organisation(organisation)
          .apps.find((one) => one.key === app);
        if (!found) throw new AppFailure("unknown_app");
        if (chosen && found.likeness !== "named" && named !== found.name) {
          throw new AppFailure("app_not_hubspot", { name: found.name });
        }
        found.chosen = chosen;
        const { view } = admin().organisation(organisation);
        const details = { organisation: view.name, app: found.name, key: found.key };
        world().tell(chosen ? "app_chosen" : "app_dropped", null, details);
      }),
    accesses: (ask) => reading("accesses", () => admin().accesses(ask)),
    exportAccesses: (ask, _format, path) =>
      reading("exportAccesses", () => written(path, admin().matching(ask).length)),
    unreadPeople: (organisation, offset, limit) =>
      reading("unreadPeople", () => {
        const all = admin().unread(organisation);
        return { people: all.slice(offset, offset + limit), total: all.length };
      }),
    exportUnreadPeople: (organisation, _format, path) =>
      reading("exportUnreadPeople", () => written(path, admin().unread(organisation).length)),

    plan: (ask) =>
      changing("plan", () => {
        const made = planned(play, ask);
        admin().runs.unshift(made);
        return viewOf(made);
      }),
    runItems: (id, ask) => reading("runItems", () => itemPage(run(id), ask)),
    exportPlan: (id, _format, path) => reading("exportPlan", () => written(path, run(id).items.length)),
    dropPlan: (id) =>
      changing("dropPlan", () => {
        const gone = run(id, "drop");
        admin().runs = admin().runs.filter((one) => one !== gone);
      }),
    startRun: (id, everybody) =>
      changing("startRun", () => {
        const found = run(id, "start");
        if (found.view.everybody > 0 && !everybody) throw new AppFailure("everybody_unconfirmed");
        found.view.state = found.view.not_before ? "scheduled" : "running";
        found.view.started = found.view.not_before ? null : world().at();
      }),
    pauseRun: (id) =>
      changing("pauseRun", () => {
        Object.assign(run(id, "pause").view, { state: "paused", paused: "by_member" });
      }),
    resumeRun: (id) =>
      changing("resumeRun", () => {
        Object.assign(run(id, "resume").view, { state: "running", paused: null });
      }),
    cancelRun: (id) =>
      changing("cancelRun", () => {
        const found = run(id, "cancel");
        for (const item of found.items) {
          if (item.state.is === "planned") item.state = { is: "left", why: "cancelled", at: world().at() };
          if (item.state.is === "under_way") {
            const why = item.state.deleted ? "not_read" : "no_answer";
            item.state = { is: "left", why, at: world().at() };
          }
        }
        Object.assign(found.view, { state: "cancelled", ended: world().at(), paused: null });
      }),
    retryRun: (id) =>
      changing("retryRun", () => {
        const found = run(id, "retry");
        for (const item of found.items) if (item.state.is === "left") item.state = { is: "planned" };
        found.fate = {};
        Object.assign(found.view, { state: "running", ended: null, verified: null });
      }),
    verifyRun: (id) =>
      changing("verifyRun", () => {
        const { view, items } = run(id, "verify");
        const at = world().at();
        const why = bend.unreadable ?? null;
        const wanted = items.filter(({ state }) => state.is === "proven" || state.is === "still_reached");
        // Proofs keep the time of their own reading.
        for (const item of wanted) item.look = { at, not_read: why };
        const read = why ? 0 : wanted.length;
        const back = why ? 0 : wanted.filter(({ state }) => state.is === "still_reached").length;
        const not_read = why ? [{ why, count: wanted.length }] : [];
        view.verified = { at, read, gone: read - back, back, not_read };
      }),
    restoreRun: (id, ask) =>
      changing("restoreRun", () => {
        const found = run(id, "restore");
        const meant = found.items.filter(
          (item) => item.restorable && (!ask.items || ask.items.includes(item.seq)),
        );
        if (meant.length === 0) throw new AppFailure("nothing_to_restore", { address: "*" });
        if (!ask.everybody && meant.some((item) => item.person === null)) {
          throw new AppFailure("restore_everybody");
        }
        for (const item of meant) item.state = { is: "restored", read: world().at() };
        found.view.restored = {
          asked: meant.length,
          restored: meant.length,
          failed: [],
          stopped: null,
          paused: null,
        };
      }),
    reportRun: (id, _format, path) =>
      changing("reportRun", () => written(path, run(id, "report").items.length)),
    savePaces: (paces) =>
      changing("savePaces", () => {
        admin();
        const all = [paces.google, paces.microsoft];
        if (all.some((pace) => pace.connections < 1 || pace.connections > 64))
          throw new AppFailure("bad_argument");
        world().overview.settings.paces = paces;
      }),
  };
}
