import type { AccessLine } from "../../generated/AccessLine";
import type { AppRolesView } from "../../generated/AppRolesView";
import type { ItemAsk } from "../../generated/ItemAsk";
import type { ItemList } from "../../generated/ItemList";
import type { ItemView } from "../../generated/ItemView";
import type { Left } from "../../generated/Left";
import type { Reach } from "../../generated/Reach";
import type { RefusedView } from "../../generated/RefusedView";
import type { RunAction } from "../../generated/RunAction";
import type { RunAppView } from "../../generated/RunAppView";
import type { RunView } from "../../generated/RunView";
import type { ThroughView } from "../../generated/ThroughView";

/** A plan or run with its items. `fate`: why an item will be left, by number; all others are proven. */
export type FakeRun = {
  view: RunView;
  items: ItemView[];
  refused: RefusedView[];
  fate: Record<number, Left>;
  /** What is known of its apps' application permissions, where that is not the usual. */
  roles?: AppRolesView;
};

const ACTIONS: Record<RunView["state"], RunAction[]> = {
  planned: ["start", "drop"],
  scheduled: ["drop"],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel", "report"],
  ended: ["verify", "report"],
  cancelled: ["verify", "report"],
};

/** Items that a quarter of a second begins. */
const STEP = 3;

export function itemsOf(lines: AccessLine[]): ItemView[] {
  return lines.map((line, index) => ({
    seq: index + 1,
    person: line.person,
    app: line.app,
    app_key: line.app_key,
    grant: null,
    scopes: line.scopes,
    restorable: false,
    reaches: line.reaches,
    state: { is: "planned" },
    look: null,
  }));
}

export function viewOf(run: FakeRun): RunView {
  const { view, items } = run;
  const count = (is: ItemView["state"]["is"]) => items.filter((item) => item.state.is === is).length;
  const left = new Map<Left, number>();
  for (const { state } of items) {
    const why = whyOf(state);
    if (why) left.set(why, (left.get(why) ?? 0) + 1);
  }
  view.counts = {
    planned: count("planned"),
    under_way: count("under_way"),
    proven: count("proven"),
    left: count("left") + count("still_reached"),
    restored: count("restored"),
    restoring: count("restoring"),
  };
  for (const item of items) item.restorable = view.suite === "microsoft" && canBeRestored(item.state);
  view.restorable = items.filter((item) => item.restorable).length;
  const apps = new Map<string, RunAppView>();
  for (const { app, app_key } of items) {
    const known = apps.get(app_key);
    if (known) known.items += 1;
    else {
      apps.set(app_key, {
        key: app_key,
        client_id: view.suite === "google" ? app_key : "b0b0b0b0-0000-4000-8000-000000000010",
        name: app,
        by_name: app.startsWith("HubSpot"),
        items: 1,
        roles:
          run.roles ??
          (view.suite === "google" ? { is: "none" } : { is: "read", at: view.planned, roles: [] }),
      });
    }
  }
  view.apps = [...apps.values()];
  view.left = [...left].map(([why, number]) => ({ why, count: number })).sort((a, b) => b.count - a.count);
  view.refused = run.refused.length;
  view.everybody = items.filter((item) => item.person === null).length;
  view.reaches = [...new Set(items.flatMap((item) => item.reaches))].sort(byReach);
  view.actions = [...ACTIONS[view.state]];
  if (view.state === "ended" && view.counts.left > 0) view.actions.unshift("retry");
  const over = view.state === "ended" || view.state === "cancelled";
  if (over && left.has("still_reached")) view.actions.push("plan_remaining");
  if (over && view.restorable > 0) view.actions.push("restore");
  view.progress = view.state === "running" ? progress(run) : null;
  return view;
}

const REACHES: Reach[] = ["mail", "calendar", "contacts", "files", "search_console", "identity", "other"];
const byReach = (a: Reach, b: Reach) => REACHES.indexOf(a) - REACHES.indexOf(b);

function progress({ view, items }: FakeRun): NonNullable<RunView["progress"]> {
  const done = view.counts.proven + view.counts.left;
  return {
    done,
    total: items.length,
    rate: 9.4,
    seconds_left: Math.ceil((items.length - done) / 9.4),
    repeated: Math.floor(done / 30),
    waiting: view.progress?.waiting ?? 0,
    lagging: items.filter((item) => item.state.is === "under_way" && item.state.deleted).length,
    stopping: view.progress?.stopping ?? false,
  };
}

/** Deletes a few more, and reads again what was deleted before. */
export function tickRun(run: FakeRun, now: string): void {
  const { items, view, fate } = run;
  if (view.progress && view.progress.waiting > 0) {
    view.progress.waiting -= 1;
    return;
  }
  for (const item of items) {
    if (item.state.is !== "under_way") continue;
    // Every seventh list lags behind for a while.
    if (item.state.deleted && item.seq % 7 === 0 && Math.random() < 0.7) continue;
    if (!item.state.deleted) item.state = { is: "under_way", deleted: true };
    else item.state = ending(item.seq, fate[item.seq], now);
  }
  const next = items.filter((item) => item.state.is === "planned").slice(0, STEP);
  for (const item of next) item.state = { is: "under_way", deleted: false };
  if (items.every(({ state }) => isOver(state))) {
    view.state = "ended";
    view.ended = now;
  }
}

const isLeft = ({ is }: ItemView["state"]) => is === "left" || is === "still_reached";
const isOver = (state: ItemView["state"]) =>
  state.is === "proven" || state.is === "restored" || state.is === "restoring" || isLeft(state);
const whyOf = (state: ItemView["state"]): Left | null => {
  if (state.is === "still_reached") return "still_reached";
  return state.is === "left" ? state.why : null;
};

const THROUGH: ThroughView = {
  app: "HubSpot Sales",
  app_key: "482913375120-d81xkw0p5t.apps.googleusercontent.com",
  grant: null,
  everybody: false,
  scopes: ["https://www.googleapis.com/auth/gmail.send"],
  reaches: ["mail"],
};

const canBeRestored = (state: ItemView["state"]) =>
  state.is === "restoring" || (state.is === "proven" && !state.nobody_there && !state.already_gone);

export function ending(seq: number, why: Left | undefined, now: string): ItemView["state"] {
  if (why === "still_reached") return { is: "still_reached", read: now, through: [THROUGH] };
  if (why) return { is: "left", why, at: now };
  const late = seq % 3 === 0;
  return {
    is: "proven",
    read: now,
    nobody_there: seq % 61 === 17,
    logged: late ? null : new Date(new Date(now).getTime() - 60_000).toISOString(),
    log_late: late,
    already_gone: false,
  };
}

function fits(filter: ItemAsk["filter"], state: ItemView["state"], restorable: boolean): boolean {
  if (filter === "restored") return state.is === "restored" || state.is === "restoring";
  return filter === "restorable" ? restorable : state.is === filter;
}

export function itemPage(run: FakeRun, ask: ItemAsk): ItemList {
  const text = ask.text?.toLowerCase();
  const matches = ({ state, look, restorable }: ItemView) => {
    switch (ask.filter) {
      case "all":
        return true;
      case "open":
        return !isOver(state);
      case "proven":
        return state.is === "proven";
      case "left":
        return isLeft(state);
      case "restored":
      case "restorable":
        return fits(ask.filter, state, restorable);
      case "not_read":
        return Boolean(look?.not_read);
    }
  };
  const found = run.items.filter(
    (item) => matches(item) && (!text || item.person?.address.toLowerCase().includes(text)),
  );
  return {
    items: found.slice(ask.offset, ask.offset + ask.limit),
    total: found.length,
    refused: run.refused.slice(0, 100),
  };
}
