import type { Backend, HistoryFilter } from "../backend";
import { AppFailure } from "../failure";
import type { DesktopView } from "../generated/DesktopView";
import type { HistoryView } from "../generated/HistoryView";
import type { KeyringTrouble } from "../generated/KeyringTrouble";
import type { NotRead } from "../generated/NotRead";
import type { Overview } from "../generated/Overview";
import type { PlaceView } from "../generated/PlaceView";
import type { Provider } from "../generated/Provider";
import type { SignedOutView } from "../generated/SignedOutView";
import type { SignInResult } from "../generated/SignInResult";
import { adminCommands } from "./admin/commands";
import { adminProgress } from "./admin/progress";
import { fakeEnabling } from "./guides";
import { noticeCommands } from "./notices";
import { teamCommands, unused } from "./team";
import type { World } from "./world";

const DOMAINS: Record<string, Provider> = {
  "gmail.com": "google",
  "outlook.com": "outlook_com",
  "hotmail.com": "outlook_com",
  "example.com": "microsoft365",
  "example.co.jp": "google",
};
const PAGE = 50;

/** What a test or a scene can bend. */
export type Bend = {
  /** Milliseconds that every command takes. */
  delay?: number;
  keyring?: KeyringTrouble | null;
  /** The worlds to go to and back. */
  sample?: () => World;
  /** What the desktop offers, where it differs from a full one. */
  desktop?: Partial<DesktopView>;
  /** What signing an administrator out comes to, where it differs. */
  signedOut?: Partial<SignedOutView>;
  /** No list can be read again, for this reason. */
  unreadable?: NotRead | null;
  /** Searches and runs go on by themselves, as in a browser. Else `tick` lets them. */
  live?: boolean;
  /** Fails the named command once. */
  failNext?: { command: keyof Backend; failure: AppFailure };
};

export type FakeBackend = Backend & {
  world: () => World;
  /** Plays a click on a pop-up. */
  goTo: (place: PlaceView) => void;
  bend: Bend;
  calls: string[];
  /** Lets searches and runs go on by a quarter of a second. */
  tick: () => void;
};

/** The backend's behaviour as far as the window can tell, in memory. */
export function fakeBackend(start: World, bend: Bend = {}): FakeBackend {
  let world = start;
  let own = start;
  const calls: string[] = [];
  const listeners = new Set<(revision: number) => void>();
  const placed = new Set<(place: PlaceView) => void>();
  let signIn: { cancel: () => void } | null = null;
  let pending: string | null = null;
  let pendingInbox: string | null = null;

  const reading = async <T>(name: keyof Backend, act: () => T): Promise<T> => {
    calls.push(name);
    if (bend.delay) await new Promise((done) => setTimeout(done, bend.delay));
    if (bend.failNext?.command === name) {
      const { failure } = bend.failNext;
      bend.failNext = undefined;
      throw failure;
    }
    return structuredClone(act());
  };
  const changing = async <T>(name: keyof Backend, act: () => T): Promise<T> => {
    const result = await reading(name, act);
    world.overview.revision += 1;
    for (const listener of listeners) listener(world.overview.revision);
    return result;
  };
  /** A visit to the browser takes three seconds, and can be called off. */
  const visit = <T>(come: () => T | Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        signIn = null;
        resolve(come());
      }, 3000);
      signIn = {
        cancel: () => {
          clearTimeout(timer);
          reject(new AppFailure("sign_in_cancelled"));
        },
      };
    });
  const connected = (address: string, inbox: string | null): SignInResult => {
    const known = world.rows.find((one) => one.address === address && one.holder.here);
    if (known) {
      world.use(known, "in_use", world.proven("store"));
      known.crm.link = { is: "ok", at: world.at() };
      world.publish();
      return { is: "connected", mailbox: known.id };
    }
    const team = inbox ? { inbox, connectedBy: world.people.acting } : {};
    const row = world.add({ address, provider: "google", here: true, ...team });
    return { is: "connected", mailbox: row.id };
  };

  const play = { world: () => world, reading, changing };
  return {
    world: () => world,
    goTo: (place) => {
      for (const listener of placed) listener(place);
    },
    bend,
    calls,
    overview: () => reading("overview", (): Overview => world.overview),
    beginEmpty: (name) =>
      changing("beginEmpty", () => {
        if (!name.trim()) throw new AppFailure("name_empty");
        world.people.me.name = name.trim();
        world.publish();
        world.overview.workspace.first_start = false;
      }),
    beginSample: () =>
      changing("beginSample", () => {
        own = world;
        world = bend.sample?.() ?? world;
        world.overview.revision = own.overview.revision;
      }),
    leaveSample: () =>
      changing("leaveSample", () => {
        if (!world.overview.workspace.sample) throw new AppFailure("not_sample");
        own.overview.revision = world.overview.revision;
        world = own;
      }),
    renameMe: (name) =>
      changing("renameMe", () => {
        if (!name.trim()) throw new AppFailure("name_empty");
        if (name.length > 100) throw new AppFailure("name_too_long", { most: "100" });
        world.tell("member_renamed", null, { from: world.overview.me.name, to: name });
        world.people.me.name = name;
        world.publish();
      }),
    renameDevice: (name) =>
      changing("renameDevice", () => {
        if (!name.trim()) throw new AppFailure("name_empty");
        const here = world.overview.workspace.devices.find((device) => device.this);
        if (here) here.name = name;
        world.publish();
      }),
    sayOrigin: () =>
      changing("sayOrigin", () => {
        world.overview.workspace.origin = null;
        world.publish();
      }),

    guessProvider: (address) =>
      reading("guessProvider", () => {
        if (!address.includes("@")) throw new AppFailure("address_no_at");
        const domain = address.split("@")[1] ?? "";
        const provider = DOMAINS[domain] ?? null;
        const known = domain === "gmail.com" || provider === "outlook_com";
        return { address, provider, how: provider ? (known ? "domain" : "mx") : "nothing" } as const;
      }),
    readHubspotPage: (text) =>
      reading("readHubspotPage", () => {
        const found = /^(?:https:\/\/)?(app(?:-[a-z0-9]+)?\.hubspot\.com)\/\D*(\d+)/.exec(text);
        if (!found?.[1] || !found[2]) throw new AppFailure("hubspot_page_invalid");
        return { host: found[1], account: found[2] };
      }),
    trackMailbox: ({ address, provider, hubspotPage }) =>
      changing("trackMailbox", () => {
        if (!address.trim()) throw new AppFailure("address_empty");
        if (!address.includes("@")) throw new AppFailure("address_no_at");
        if (provider === "hosted") throw new AppFailure("not_personal");
        unused(world, address);
        const account = /\d{3,}/.exec(hubspotPage ?? "")?.[0];
        return world.add({ address, provider, ...(account ? { account } : {}) }).id;
      }),
    connectMailbox: (at, expect, inbox) => {
      calls.push("connectMailbox");
      const app = world.overview.settings[at];
      if (!app.client_id) return Promise.reject(new AppFailure("sign_in_no_app"));
      return visit((): SignInResult | Promise<SignInResult> => {
        const address = expect ?? `new.person@${at === "google" ? "example.co.jp" : "example.com"}`;
        if (!bend.keyring) return changing("connectMailbox", () => connected(address, inbox));
        pending = "pending-1";
        pendingInbox = inbox;
        return { is: "keyring_refused", pending, address, why: bend.keyring };
      });
    },
    cancelSignIn: () => reading("cancelSignIn", () => signIn?.cancel()),
    finishSignIn: (which, keep) =>
      changing("finishSignIn", (): SignInResult => {
        if (which !== pending) throw new AppFailure("pending_gone");
        const address = "new.person@example.co.jp";
        if (keep === "keyring" && bend.keyring) {
          return { is: "keyring_refused", pending: which, address, why: bend.keyring };
        }
        pending = null;
        const result = connected(address, pendingInbox);
        if (result.is === "connected") world.row(result.mailbox).this_run_only = keep === "this_run";
        return result;
      }),
    dropSignIn: () =>
      reading("dropSignIn", () => {
        pending = null;
      }),

    disableMailbox: (id) =>
      changing("disableMailbox", () => {
        const row = world.row(id);
        if (row.crm.usage !== "in_use") throw new AppFailure("not_in_use");
        const job = world.job(row);
        if (row.holder.here) world.done(job, "disable_in_crm", world.proven("store"));
        return job.id;
      }),
    enableMailbox: (id) =>
      changing("enableMailbox", () => {
        const row = world.row(id);
        if (row.crm.usage !== "disabled") throw new AppFailure("not_disabled");
        world.drop(world.job(row));
        world.use(row, "in_use", row.holder.here ? world.proven("store") : world.confirmed());
        world.publish();
      }),
    enableGuide: (id) =>
      reading("enableGuide", () => {
        const row = world.row(id);
        if (row.holder.here) throw new AppFailure("not_in_hubspot");
        return fakeEnabling(row.holder.account);
      }),
    openEnablePage: (id) =>
      changing("openEnablePage", () => {
        const guide = fakeEnabling(world.row(id).holder.account);
        world.tell("page_requested", world.row(id).address, { page: guide.id });
        return { url: guide.page ?? "", opened: !world.overview.workspace.sample };
      }),
    removeMailbox: (id) =>
      changing("removeMailbox", () => {
        const row = world.row(id);
        if (row.crm.usage !== "disabled") throw new AppFailure("not_disabled");
        const job = world.job(row);
        if (row.holder.here) world.done(job, "remove_from_crm", world.proven("store"));
        return job.id;
      }),
    checkMailbox: (id) =>
      changing("checkMailbox", () => {
        const row = world.row(id);
        row.crm.link = { is: "ok", at: world.at() };
        world.tell("checked", row.address, { result: "works" });
        return { result: "works" } as const;
      }),

    undoRemoval: (id) =>
      changing("undoRemoval", () => {
        const card = world.card(id);
        const row = world.row(card.mailbox);
        world.step(card, "remove_from_crm").evidence = null;
        world.people.correct(row.id, ["removed"], world.at());
        if (row.inbox) {
          world.use(row, "in_use", world.proven("store"));
          return world.drop(card);
        }
        world.use(row, "disabled", world.proven("store"));
        world.refresh(card);
      }),
    stopDisconnect: (id) =>
      changing("stopDisconnect", () => {
        const card = world.card(id);
        world.tell("disconnect_ended", card.address, { disconnect: id, why: "stopped" });
        world.drop(card);
      }),
    confirmStep: (id, step) =>
      changing("confirmStep", () => world.done(world.card(id), step, world.confirmed())),
    confirmInCrm: (id) =>
      changing("confirmInCrm", () => {
        const card = world.card(id);
        for (const kind of ["disable_in_crm", "remove_from_crm"] as const) {
          if (!world.step(card, kind).evidence) world.done(card, kind, world.confirmed());
        }
      }),
    notListed: (id, account) =>
      changing("notListed", () => {
        const card = world.card(id);
        if (account !== null && !account.includes("@")) throw new AppFailure("address_no_at");
        const by = world.overview.me.name;
        world.step(card, "revoke_grant").finding = {
          is: "not_seen",
          account,
          same_account: account === null ? null : account === card.address,
          at: world.at(),
          by,
        };
        world.row(card.mailbox).consent = { is: "not_seen", account, at: world.at(), by };
        world.tell("not_listed", card.address, { account });
        world.refresh(card);
      }),
    closeStep: (id, step, reason) =>
      changing("closeStep", () => {
        if (!reason.trim()) throw new AppFailure("reason_empty");
        world.done(world.card(id), step, world.unverified(reason.trim()));
      }),
    withdrawConfirmation: (id, kind) =>
      changing("withdrawConfirmation", () => {
        const card = world.card(id);
        const step = world.step(card, kind);
        if (!step.evidence) throw new AppFailure("nothing_to_withdraw");
        if (step.evidence.rank === "proven") throw new AppFailure("proven");
        step.evidence = null;
        const row = world.row(card.mailbox);
        if (kind === "revoke_grant") row.consent = { is: "unknown" };
        if (kind === "remove_from_crm" && row.inbox) world.use(row, "in_use", world.confirmed());
        world.tell("confirmation_withdrawn", card.address, { disconnect: id, step: kind });
        world.refresh(card);
      }),
    remind: (id, days) =>
      changing("remind", () => {
        const card = world.card(id);
        card.snoozed_until = world.at(-24 * 60 * days);
        world.tell("snoozed", card.address, { until: card.snoozed_until });
      }),
    openPage: (id, kind) =>
      changing("openPage", () => {
        const card = world.card(id);
        const guide = world.step(card, kind).guide;
        if (!guide?.page) throw new AppFailure("no_page");
        world.tell("page_requested", card.address, { page: guide.id });
        return { url: guide.page, opened: !world.overview.workspace.sample };
      }),
    runStep: (id, kind) =>
      changing("runStep", () => {
        const proof = kind === "revoke_grant" ? "google_revoke" : "keyring_absent";
        world.done(world.card(id), kind, world.proven(proof));
      }),
    checkStep: () => changing("checkStep", () => ({ result: "works" }) as const),

    history: (filter) => reading("history", () => page(world, filter)),
    verifyHistory: () =>
      reading("verifyHistory", () => ({
        entries: world.history.length,
        head: world.history.at(-1)?.hash ?? "",
        broken_at: null,
        lost: 0,
      })),
    exportHistory: (_format, path) =>
      changing("exportHistory", () => {
        if (!path.startsWith("/home/")) throw new AppFailure("export_failed", { path });
        const entries = world.history.length;
        const head = world.history.at(-1)?.hash ?? "";
        world.tell("history_exported", null, { entries });
        return { path, entries, head };
      }),

    storage: () =>
      reading("storage", () => {
        const { path, export_folder } = world.overview.workspace;
        const file = { only_owner: true };
        return {
          folder: path.replace(/\/[^/]*$/, ""),
          files: [
            { ...file, path, kind: "workspace" as const, bytes: 262_144 },
            { ...file, path: `${path}-wal`, kind: "journal" as const, bytes: 32_768 },
            { ...file, path: `${path}.schema2.bak`, kind: "copy" as const, bytes: 196_608 },
          ],
          temporary: "/tmp",
          exports: export_folder,
        };
      }),
    keyring: () => reading("keyring", () => ({ trouble: bend.keyring ?? null })),
    saveSignInApp: (at, app) =>
      changing("saveSignInApp", () => {
        const bad = [app.authorize_url, app.token_url].some((url) => url && !url.startsWith("https://"));
        if (bad) throw new AppFailure("sign_in_bad_endpoint");
        world.overview.settings[at] = app;
        world.tell("sign_in_app_changed", null, { provider: at === "google" ? "google" : "microsoft365" });
      }),
    setLanguage: (language) =>
      changing("setLanguage", () => {
        world.overview.settings.language = language;
      }),
    setAppearance: (appearance) =>
      changing("setAppearance", () => {
        world.overview.settings.appearance = appearance;
      }),

    firstPaint: () => reading("firstPaint", () => undefined),
    onWorkspaceChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onPlace(listener) {
      placed.add(listener);
      return () => placed.delete(listener);
    },
    ...teamCommands(play),
    ...noticeCommands(play, bend),
    ...adminCommands(play, bend, visit),
    ...adminProgress(play, bend),
  };
}

function page(world: World, filter: HistoryFilter): HistoryView {
  const address = filter.mailbox && world.rows.find((row) => row.id === filter.mailbox)?.address;
  const text = filter.text?.toLowerCase();
  const all = world.history.filter(
    (row) =>
      (!filter.kind || row.kind === filter.kind) &&
      (!filter.mailbox || row.address === address) &&
      (!text || JSON.stringify(row).toLowerCase().includes(text)),
  );
  const left = all.filter((row) => filter.before === null || row.seq < filter.before).reverse();
  const rows = left.slice(0, PAGE);
  const last = rows.at(-1);
  return { rows, next: left.length > PAGE && last ? last.seq : null, total: all.length };
}
