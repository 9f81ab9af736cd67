import { AppFailure } from "../../failure";
import type { AccessAsk } from "../../generated/AccessAsk";
import type { AccessLine } from "../../generated/AccessLine";
import type { AccessList } from "../../generated/AccessList";
import type { AdminView } from "../../generated/AdminView";
import type { AppView } from "../../generated/AppView";
import type { AskView } from "../../generated/AskView";
import type { ChosenAppView } from "../../generated/ChosenAppView";
import type { KnownRow } from "../../generated/KnownRow";
import type { LogView } from "../../generated/LogView";
import type { NotLookedAt } from "../../generated/NotLookedAt";
import type { OrganisationView } from "../../generated/OrganisationView";
import type { Suite } from "../../generated/Suite";
import type { UnreadView } from "../../generated/UnreadView";
import type { World } from "../world";
import { account } from "./people";
import { type FakeRun, tickRun, viewOf } from "./runs";

/** An organisation, with what its directory would answer. */
export type FakeOrganisation = {
  view: OrganisationView;
  apps: AppView[];
  accesses: AccessLine[];
  /** How many people a search looks at. */
  people: number;
};

const ASKS: Omit<AskView, "app">[] = [
  {
    suite: "google",
    read_only: false,
    scopes: [
      { scope: "https://www.googleapis.com/auth/admin.directory.user.readonly", permissions: ["people"] },
      {
        scope: "https://www.googleapis.com/auth/admin.directory.user.security",
        permissions: ["accesses", "apps", "revoke"],
      },
      { scope: "https://www.googleapis.com/auth/admin.reports.audit.readonly", permissions: ["log"] },
    ],
  },
  {
    suite: "google",
    read_only: true,
    scopes: [
      { scope: "https://www.googleapis.com/auth/admin.directory.user.readonly", permissions: ["people"] },
      { scope: "https://www.googleapis.com/auth/admin.reports.audit.readonly", permissions: ["log"] },
    ],
  },
  {
    suite: "microsoft",
    read_only: false,
    scopes: [
      { scope: "Directory.Read.All", permissions: ["people", "accesses"] },
      { scope: "Application.Read.All", permissions: ["apps"] },
      { scope: "DelegatedPermissionGrant.ReadWrite.All", permissions: ["revoke"] },
      { scope: "AuditLog.Read.All", permissions: ["log"] },
      { scope: "Policy.Read.All", permissions: ["policy"] },
    ],
  },
  {
    suite: "microsoft",
    read_only: true,
    scopes: [
      { scope: "Directory.Read.All", permissions: ["people", "accesses"] },
      { scope: "Application.Read.All", permissions: ["apps"] },
      { scope: "AuditLog.Read.All", permissions: ["log"] },
      { scope: "Policy.Read.All", permissions: ["policy"] },
    ],
  },
];

/** What a search at a provider does not look at. */
export const notLookedAt = (suite: Suite): NotLookedAt[] =>
  suite === "google"
    ? ["domain_wide_delegation", "domain_installs", "app_passwords", "forwarding"]
    : ["app_passwords", "forwarding"];
/** A log that was read to its end. Microsoft's has no uses. */
export function logOf(world: World, suite: Suite, minutes: number): LogView {
  return {
    read: true,
    at: world.at(minutes),
    from: world.at(180 * 24 * 60),
    tells_uses: suite === "google",
    why: null,
  };
}

export const NEVER_SEEN = "never-seen.apps.googleusercontent.com";

/** What administrators have found, planned and run. */
export class AdminWorld {
  readonly organisations: FakeOrganisation[] = [];
  runs: FakeRun[] = [];

  constructor(private readonly world: World) {}

  organisation(id: string): FakeOrganisation {
    const found = this.organisations.find((one) => one.view.id === id);
    if (!found) throw new AppFailure("unknown_organisation");
    return found;
  }

  of(suite: Suite): FakeOrganisation | undefined {
    return this.organisations.find((one) => one.view.suite === suite);
  }

  run(id: string): FakeRun {
    const found = this.runs.find((one) => one.view.id === id);
    if (!found) throw new AppFailure("unknown_run");
    return found;
  }

  view(): AdminView {
    const { settings } = this.world.overview;
    for (const organisation of this.organisations) this.count(organisation);
    return {
      organisations: this.organisations.map((one) => one.view),
      runs: this.runs.map((run) => viewOf(run)),
      asks: ASKS.map((ask) => ({ ...ask, app: settings[ask.suite].client_id !== "" })),
      paces: settings.paces,
    };
  }

  asked(suite: Suite, readOnly: boolean) {
    const ask = ASKS.find((one) => one.suite === suite && one.read_only === readOnly);
    return [...new Set(ask?.scopes.flatMap((scope) => scope.permissions))];
  }

  /** Lets searches and runs go on by a quarter of a second. Says whether anything moved. */
  tick(): "still" | "moved" | "ended" {
    let moved: "still" | "moved" | "ended" = "still";
    for (const { view, people } of this.organisations) {
      const { searching } = view;
      if (!searching) continue;
      moved = moved === "ended" ? moved : "moved";
      if (searching.waiting > 0) {
        searching.waiting -= 1;
        continue;
      }
      searching.known = Math.min(people, searching.known + 500);
      searching.people = Math.min(searching.known, searching.people + 9);
      searching.accesses = Math.min(view.accesses, Math.round(searching.people / 4));
      searching.rate = 36 + (searching.people % 5);
      searching.seconds_left = Math.ceil((people - searching.people) / 36);
      if (searching.people === people) {
        this.searched(view, true);
        moved = "ended";
      }
    }
    for (const run of this.runs) {
      if (run.view.state !== "running") continue;
      tickRun(run, this.world.at());
      moved = run.view.state === "running" && moved !== "ended" ? "moved" : "ended";
    }
    return moved;
  }

  searched(view: OrganisationView, complete: boolean): void {
    view.searched = {
      at: this.world.at(),
      people: view.searching?.people ?? 0,
      accesses: view.accesses,
      unread: complete ? 3 : 0,
      log_only: !view.sign_in?.permissions.includes("accesses"),
      complete,
      log: logOf(this.world, view.suite, 0),
      short: null,
    };
    view.searching = null;
  }

  /** The people whose lists the last search could not read. */
  unread(organisation: string): UnreadView[] {
    const { view } = this.organisation(organisation);
    const whys: UnreadView["why"][] = ["forbidden", "unreadable", "no_answer"];
    return Array.from({ length: view.searched?.unread ?? 0 }, (_, index) => ({
      ...account(index * 17 + 5, view.name, false),
      why: whys[index % whys.length] ?? "forbidden",
      at: view.searched?.at ?? this.world.at(),
    }));
  }

  accesses(ask: AccessAsk): AccessList {
    const found = this.matching(ask);
    return { rows: found.slice(ask.offset, ask.offset + ask.limit), total: found.length };
  }

  /** All lines of a query, whatever its page. */
  matching(ask: AccessAsk): AccessLine[] {
    const text = ask.text?.toLowerCase() ?? "";
    const tells = (one: FakeOrganisation) =>
      ask.view !== "unused" || one.view.searched?.log.tells_uses === true;
    const meant = this.organisations.filter(
      (one) => ask.organisation === null || one.view.id === ask.organisation,
    );
    if (meant.length > 0 && !meant.some(tells)) throw new AppFailure("uses_not_told");
    const before = new Date(this.world.at((ask.days ?? 0) * 24 * 60)).toISOString();
    const lines = this.organisations
      .filter((one) => meant.includes(one) && tells(one))
      .flatMap((one) => one.accesses.map((line) => ({ ...line, ...this.joined(one, line) })))
      .filter(
        (line) =>
          (!text ||
            `${line.person?.address} ${line.person?.name} ${line.app}`.toLowerCase().includes(text)) &&
          (!ask.app || line.app_key === ask.app) &&
          (ask.view !== "without_crm" || line.crm === null || line.crm.usage === "removed") &&
          (ask.view !== "unused" || !line.last_use || line.last_use < before),
      );
    const key = (line: AccessLine) => line.person?.address ?? "";
    return lines.sort((a, b) => {
      if (ask.order === "last_use") return (a.last_use ?? "").localeCompare(b.last_use ?? "");
      if (ask.order === "since") return (b.since ?? "").localeCompare(a.since ?? "");
      return key(a).localeCompare(key(b)) || a.id - b.id;
    });
  }

  private joined(one: FakeOrganisation, line: AccessLine): Pick<AccessLine, "chosen" | "crm"> {
    return {
      chosen: one.apps.some((app) => app.key === line.app_key && app.chosen),
      crm: this.known(line.person?.address),
    };
  }

  private known(address: string | undefined): KnownRow | null {
    const rows = this.world.rows.filter((row) => row.address === address && !row.holder.here);
    const row = rows.find((one) => one.crm.usage !== "removed") ?? rows[0];
    return row ? { mailbox: row.id, usage: row.crm.usage } : null;
  }

  private count({ view, apps, accesses }: FakeOrganisation): void {
    for (const app of apps) app.accesses = accesses.filter((line) => line.app_key === app.key).length;
    const chosen = apps.filter((app) => app.chosen);
    view.chosen = chosen.map((app) => {
      const known = view.chosen.find((one) => one.key === app.key);
      const fresh: ChosenAppView = {
        key: app.key,
        client_id: app.client_id,
        name: app.name,
        by_name: app.likeness === "named",
        roles: view.suite === "google" ? { is: "none" } : { is: "read", at: this.world.at(), roles: [] },
        by: this.world.overview.me.name,
        at: this.world.at(),
      };
      return known ?? fresh;
    });
    view.candidates = apps.filter((app) => !app.chosen && app.likeness !== "other").length;
    view.accesses = chosen.reduce((sum, app) => sum + (app.accesses ?? 0), 0);
    const provider = view.suite === "google" ? "google" : "microsoft365";
    const reached = new Set(accesses.map((line) => line.person?.address));
    const domain = `@${view.name}`;
    view.rows_without_access = view.searched
      ? this.world.rows
          .filter((row) => !row.holder.here && row.provider === provider && row.crm.usage !== "removed")
          .filter((row) => row.address.endsWith(domain) && !reached.has(row.address))
          .map((row) => ({ mailbox: row.id, address: row.address, inbox: row.inbox }))
      : [];
  }
}
