import type { Left } from "../../generated/Left";
import type { RefusedView } from "../../generated/RefusedView";
import type { RunView } from "../../generated/RunView";
import type { World } from "../world";
import { ending, type FakeRun, itemsOf, viewOf } from "./runs";
import type { FakeOrganisation } from "./state";

const REFUSED: RefusedView[] = [
  { line: 0, text: "mai.sakamoto@example.com", why: "covered" },
  { line: 3, text: "山田部長（内線 204）", why: "no_address" },
  { line: 7, text: "yuka.mori@partner.example.net", why: "foreign_domain" },
  { line: 12, text: '=HYPERLINK("https://example.net/","saito")', why: "formula" },
  { line: 19, text: "hina.endo@example.co.jp", why: "twice" },
  { line: 24, text: "newcomer@example.co.jp", why: "no_access" },
  { line: 31, text: "\ufffd\ufffd\u0001", why: "not_text" },
  { line: 40, text: `${"x".repeat(80)}…`, why: "too_long" },
];

/** A plan from the chosen apps' accesses of an organisation. */
export function planOf(
  world: World,
  one: FakeOrganisation,
  count: number,
  more: Partial<RunView> = {},
): FakeRun {
  const chosen = new Set(one.apps.filter((app) => app.chosen).map((app) => app.key));
  const lines = one.accesses.filter((line) => chosen.has(line.app_key));
  const run: FakeRun = {
    view: blank(world, one, more),
    items: itemsOf(structuredClone(lines.slice(-count))),
    refused: [],
    fate: {},
  };
  viewOf(run);
  return run;
}

export function blank(world: World, { view }: FakeOrganisation, more: Partial<RunView>): RunView {
  return {
    id: world.fresh("run"),
    organisation: view.id,
    organisation_name: view.name,
    suite: view.suite,
    state: "planned",
    paused: null,
    leaver: null,
    by: world.overview.me.name,
    planned: world.at(),
    partial: false,
    column: null,
    not_before: null,
    started: null,
    ended: null,
    counts: { planned: 0, under_way: 0, proven: 0, left: 0, restored: 0, restoring: 0 },
    left: [],
    verified: null,
    deleted: null,
    refused: 0,
    everybody: 0,
    reaches: [],
    progress: null,
    elsewhere: false,
    apps: [],
    account: view.sign_in?.account ?? null,
    hosts: [],
    tenant: view.suite === "google" ? "C01abc2de" : "0f0f0f0f-0000-4000-8000-000000000001",
    not_looked_at: [...view.not_looked_at],
    reconsent: view.suite === "google" ? "unknown" : "administrator",
    reconsent_read: view.suite === "google" ? null : world.at(),
    restorable: 0,
    restoring: false,
    restored: null,
    actions: [],
    ...more,
  };
}

function ended(run: FakeRun, upTo: number, now: string): FakeRun {
  for (const item of run.items.slice(0, upTo)) item.state = ending(item.seq, run.fate[item.seq], now);
  viewOf(run);
  return run;
}

/** The large run that is over: two of its people are reached by another grant, and not every list was read again. */
export function readAgainLater(world: World): void {
  const over = world.admin.runs.find(({ view }) => view.state === "ended" && view.counts.left > 0);
  if (!over) return;
  over.fate = { ...over.fate, ...fates(["still_reached", [61, 140]]) };
  ended(over, over.items.length, world.at(5961));
  readAgain(over, world.at(30));
  const paused = world.admin.runs.find(({ view }) => view.state === "paused");
  if (paused) Object.assign(paused.view, { paused: "disk_full", deleted: 14 });
}

/** All lists were to be read again, and every fortieth could not be. */
function readAgain(run: FakeRun, at: string): void {
  const proven = run.items.filter(({ state }) => state.is === "proven");
  for (const item of proven) item.look = { at, not_read: item.seq % 40 === 0 ? "forbidden" : null };
  const count = proven.filter((item) => item.look?.not_read).length;
  const read = proven.length - count;
  run.view.verified = { at, read, gone: read, back: 0, not_read: [{ why: "forbidden", count }] };
}

const fates = (...left: [Left, number[]][]): Record<number, Left> =>
  Object.fromEntries(left.flatMap(([why, numbers]) => numbers.map((seq) => [seq, why])));

/** One of each: a run under way, plans, one for somebody who leaves, and runs that are over. */
export function withRuns(world: World): void {
  const { admin } = world;
  const google = admin.of("google");
  const microsoft = admin.of("microsoft");
  if (!google || !microsoft) return;
  const ago = (minutes: number) => world.at(minutes);

  const running = planOf(world, google, 214, { planned: ago(12), started: ago(9), state: "running" });
  running.fate = fates(["still_listed", [120, 181]], ["no_answer", [97]]);
  ended(running, 92, ago(1));
  const asked = planOf(world, google, 42, { planned: ago(50) });
  asked.refused = structuredClone(REFUSED);
  const all = planOf(world, microsoft, 39, { planned: ago(180) });
  const paused = planOf(world, microsoft, 30, {
    planned: ago(1500),
    started: ago(1440),
    state: "paused",
    paused: "sign_in",
  });
  ended(paused, 11, ago(1380));
  const leaver = planOf(world, google, 2, {
    planned: ago(400),
    state: "scheduled",
    leaver: "ken.tanaka@example.co.jp",
    not_before: world.at(-3 * 24 * 60),
  });
  const leaving = google.accesses.filter((line) => line.person?.address === leaver.view.leaver);
  leaver.items = itemsOf(structuredClone(leaving));
  const over = planOf(world, google, 200, {
    planned: ago(6000),
    started: ago(5990),
    ended: ago(5960),
    state: "ended",
  });
  over.fate = fates(
    ["still_listed", [8, 31, 46, 77, 102, 150, 163]],
    ["consented_again", [19, 88]],
    ["forbidden", [54, 120]],
    ["unreadable", [111]],
    ["no_answer", [199]],
  );
  ended(over, 200, ago(5961));
  const clean = planOf(world, google, 5, {
    planned: ago(9000),
    started: ago(8999),
    ended: ago(8998),
    state: "ended",
  });
  ended(clean, 5, ago(8998));
  const off = planOf(world, google, 60, {
    planned: ago(12_000),
    started: ago(11_990),
    ended: ago(11_980),
    state: "cancelled",
  });
  off.fate = fates(["cancelled", Array.from({ length: 36 }, (_, index) => index + 25)]);
  ended(off, 60, ago(11_981));
  admin.runs = [running, asked, all, leaver, paused, over, clean, off];
  for (const run of admin.runs) viewOf(run);
}
