import type { AccessLine } from "../../generated/AccessLine";
import type { AppView } from "../../generated/AppView";
import type { Permission } from "../../generated/Permission";
import type { Reach } from "../../generated/Reach";
import type { Suite } from "../../generated/Suite";
import { sampleWorld } from "../scenes";
import type { World } from "../world";
import { account } from "./people";
import { readAgainLater, withRuns } from "./runScene";
import { adminOf, domainOf } from "./signIn";
import { type FakeOrganisation, logOf, notLookedAt } from "./state";

const GOOGLE = "https://www.googleapis.com/auth/";
const SCOPES: Record<Suite, { scopes: string[]; reaches: Reach[] }[]> = {
  google: [
    {
      scopes: ["openid", `${GOOGLE}userinfo.email`, "https://mail.google.com/", `${GOOGLE}calendar`],
      reaches: ["mail", "calendar", "identity"],
    },
    {
      scopes: [
        "openid",
        `${GOOGLE}userinfo.email`,
        `${GOOGLE}gmail.modify`,
        `${GOOGLE}calendar`,
        `${GOOGLE}drive.file`,
        `${GOOGLE}contacts.readonly`,
        `${GOOGLE}webmasters.readonly`,
      ],
      reaches: ["mail", "calendar", "contacts", "files", "search_console", "identity"],
    },
    { scopes: [`${GOOGLE}userinfo.email`, `${GOOGLE}gmail.send`], reaches: ["mail", "identity"] },
  ],
  microsoft: [
    {
      scopes: ["Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "offline_access", "User.Read"],
      reaches: ["mail", "calendar", "identity"],
    },
    { scopes: ["Mail.Send", "offline_access", "openid", "email"], reaches: ["mail", "identity"] },
  ],
};

const app = (key: string, name: string, more: Partial<AppView> = {}): AppView => ({
  key,
  client_id: key,
  name,
  publisher: null,
  verified: null,
  likeness: "named",
  accesses: 0,
  chosen: true,
  ...more,
});

const google = (number: string, name: string) => `${number}-${name}.apps.googleusercontent.com`;
/** The letter after “HubSp” is a Greek one. */
const LOOK_ALIKE = "HubSp\u03bft Mail Sync";

const GOOGLE_APPS: AppView[] = [
  app(google("482913375120", "r4vq8mhjk2"), "HubSpot"),
  app(google("482913375120", "d81xkw0p5t"), "HubSpot Sales"),
  app(google("770215984463", "aa9tt3"), LOOK_ALIKE, { likeness: "look_alike", chosen: false }),
  app(google("105577249931", "boards"), "Team Boards", { likeness: "other", chosen: false }),
];
const MICROSOFT_APPS: AppView[] = [
  app("b1f2a7d0-9c7e-4a55-8f0e-2f6f6a0b9d11", "HubSpot Sales", {
    client_id: "5c3f0a42-31a8-4b5f-8c0e-77d5e2a1b0c4",
    publisher: "HubSpot, Inc.",
    verified: true,
  }),
  app("0d94e5b3-6a31-4d2b-b7f3-1c9d2a44ef02", "HubSpot Calendar Helper", {
    client_id: "91e7d2c4-0b6f-4f0a-a6a1-3e5b7c9d1f20",
    publisher: "Northwind Tools",
    verified: false,
    likeness: "look_alike",
    chosen: false,
  }),
];

const ALL: Permission[] = ["people", "accesses", "apps", "revoke", "log"];
const OF: Record<Suite, Permission[]> = { google: ALL, microsoft: [...ALL, "policy"] };

function organisation(world: World, suite: Suite, apps: AppView[]): FakeOrganisation {
  const name = domainOf(suite);
  return {
    view: {
      id: `org-${suite}`,
      suite,
      name,
      sign_in: {
        account: adminOf(suite),
        read_only: false,
        permissions: OF[suite],
        missing: [],
        this_run_only: false,
        kept_on: null,
        by: world.overview.me.name,
        at: world.at(3 * 24 * 60),
        refused_since: null,
        refused_by: null,
      },
      chosen: [],
      candidates: 0,
      accesses: 0,
      searched: null,
      searching: null,
      search_failed: null,
      rows_without_access: [],
      not_looked_at: notLookedAt(suite),
      consent_rule: null,
    },
    apps: structuredClone(apps),
    accesses: [],
    people: suite === "google" ? 1240 : 180,
  };
}

function line(world: World, one: FakeOrganisation, number: number, of: AppView): AccessLine {
  const { suite, name } = one.view;
  const japanese = !/[a-z]/i.test(world.overview.me.name);
  const kinds = SCOPES[suite];
  const kind = kinds[number % kinds.length] ?? { scopes: [], reaches: [] };
  const unused = number % 4 === 1;
  return {
    id: (suite === "google" ? 0 : 100_000) + one.accesses.length + 1,
    suite,
    person: account(number, name, japanese),
    app: of.name,
    app_key: of.key,
    chosen: of.chosen,
    scopes: kind.scopes,
    reaches: kind.reaches,
    since: number % 5 === 2 ? world.at((number % 170) * 1440 + 77 * number) : null,
    last_use: unused ? null : world.at(number % 7 === 3 ? (40 + (number % 130)) * 1440 : 13 * number + 25),
    read: world.at(42),
    crm: null,
  };
}

/** Two organisations with an administrator signed in to each, searched and with runs. */
export function adminWorld(name?: string): World {
  const world = sampleWorld(name);
  world.overview.settings.google.client_id = "1.apps.googleusercontent.com";
  world.overview.settings.microsoft.client_id = "11111111-2222-3333-4444-555555555555";
  const first = organisation(world, "google", GOOGLE_APPS);
  for (let number = 0; number < 214; number += 1)
    first.accesses.push(line(world, first, number, pick(first, 0)));
  for (let number = 0; number < 91; number += 1)
    first.accesses.push(line(world, first, number * 2, pick(first, 1)));
  for (let number = 0; number < 7; number += 1)
    first.accesses.push(line(world, first, number * 31 + 3, pick(first, 2)));
  const own = { 0: "hanako.sato", 3: "ken.tanaka", 6: "info", 220: "ken.tanaka" };
  for (const [index, address] of Object.entries(own)) {
    const target = first.accesses[Number(index)];
    if (target?.person)
      target.person = { ...target.person, address: `${address}@example.co.jp`, suspended: false };
  }
  const second = organisation(world, "microsoft", MICROSOFT_APPS);
  for (let number = 0; number < 38; number += 1)
    second.accesses.push(line(world, second, number * 3, pick(second, 0)));
  for (let number = 0; number < 2; number += 1)
    second.accesses.push(line(world, second, number * 5 + 1, pick(second, 1)));
  second.accesses.push({ ...line(world, second, 0, pick(second, 0)), person: null, last_use: null });
  for (const one of [first, second]) {
    const searched = { people: one.people, accesses: one.accesses.length, unread: 3, log_only: false };
    one.view.searched = {
      at: world.at(42),
      ...searched,
      complete: true,
      short: null,
      log: logOf(world, one.view.suite, 42),
    };
    world.admin.organisations.push(one);
  }
  world.admin.view();
  withRuns(world);
  return world;
}

const pick = (one: FakeOrganisation, index: number): AppView => one.apps[index] ?? app("?", "?");

/** Nothing was searched yet and no app was chosen. */
export function unsearchedWorld(name?: string): World {
  const world = adminWorld(name);
  for (const one of world.admin.organisations) {
    one.view.searched = null;
    one.accesses = [];
    one.apps = [];
  }
  world.admin.runs = [];
  return world;
}

/** Searched, with no app chosen yet. */
export function unchosenWorld(name?: string): World {
  const world = adminWorld(name);
  for (const one of world.admin.organisations) {
    for (const seen of one.apps) seen.chosen = false;
    one.view.chosen = [];
  }
  world.admin.runs = [];
  return world;
}

/** Sign-ins that are not what they should be: one by the log only, one refused since yesterday. */
export function troubledWorld(name?: string): World {
  const world = adminWorld(name);
  const [first, second] = world.admin.organisations;
  if (first?.view.sign_in && first.view.searched) {
    first.view.sign_in.read_only = true;
    first.view.sign_in.permissions = ["people", "log"];
    first.view.sign_in.missing = ["accesses", "apps", "revoke"];
    first.view.sign_in.this_run_only = true;
    first.view.searched = { ...first.view.searched, people: 0, unread: 0, log_only: true };
  }
  if (second?.view.sign_in && second.view.searched) {
    second.view.sign_in.refused_since = world.at(1300);
    second.view.searched = { ...second.view.searched, people: 96, complete: false };
    second.view.search_failed = { code: "admin_expired", details: {} };
  }
  return world;
}

/** A run whose lists were read again, not all of them; one that a full disk stopped; a list that is not whole. */
export function rereadWorld(name?: string): World {
  const world = adminWorld(name);
  readAgainLater(world);
  const second = world.admin.of("microsoft");
  if (second?.view.searched) second.view.searched.short = { told: 44, came: 41 };
  return world;
}

/** A search that is under way, and an organisation that nobody is signed in to any more. */
export function searchingWorld(name?: string): World {
  const world = adminWorld(name);
  const [first, second] = world.admin.organisations;
  if (first) {
    first.view.searching = {
      people: 412,
      unread: 0,
      known: 1000,
      accesses: 103,
      rate: 38,
      seconds_left: 22,
      waiting: 6,
      log: null,
    };
  }
  if (second) second.view.sign_in = null;
  // Made of what was found by then, and run since.
  for (const { view } of world.admin.runs) view.partial = view.state === "planned" || view.state === "ended";
  return world;
}
