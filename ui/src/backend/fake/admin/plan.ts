import { AppFailure } from "../../failure";
import type { AccessLine } from "../../generated/AccessLine";
import type { Column } from "../../generated/Column";
import type { LineRefusal } from "../../generated/LineRefusal";
import type { PlanAsk } from "../../generated/PlanAsk";
import type { RefusedView } from "../../generated/RefusedView";
import type { Play } from "../team";
import { blank } from "./runScene";
import { type FakeRun, itemsOf } from "./runs";

/** A plan, as it was asked for. */
export function planned({ world }: Play, ask: PlanAsk): FakeRun {
  const { admin } = world();
  const id = ask.from === "all" ? ask.ask.organisation : ask.organisation;
  const one = admin.organisation(id ?? "");
  if (!one.apps.some((app) => app.chosen)) throw new AppFailure("no_app_chosen");
  const all = admin.matching({
    organisation: one.view.id,
    text: null,
    app: null,
    view: "all",
    days: null,
    order: "address",
    offset: 0,
    limit: 500,
  });
  const refused: RefusedView[] = [];
  let lines: AccessLine[] = [];
  let column: Column | null = null;
  if (ask.from === "lines") lines = all.filter((line) => ask.ids.includes(line.id));
  if (ask.from === "remaining") {
    const run = admin.run(ask.run);
    const reached = run.items.filter((item) => item.state.is === "still_reached");
    const people = new Set(reached.map((item) => item.person?.address));
    lines = all.filter((line) => people.has(line.person?.address));
  }
  if (ask.from === "all") lines = admin.matching(ask.ask).filter((line) => !ask.except.includes(line.id));
  if (ask.from === "leaver") lines = all.filter((line) => line.person?.address === ask.address.trim());
  if (ask.from === "file" && !ask.path.startsWith("/home/"))
    throw new AppFailure("list_unreadable", { path: ask.path });
  if (ask.from === "text" || ask.from === "file") {
    const text =
      ask.from === "text"
        ? ask.text
        : all
            .slice(0, 20)
            .map((line) => line.person?.address)
            .join("\n");
    if (!text.trim()) throw new AppFailure("list_empty");
    if (!text.includes("@")) throw new AppFailure("list_no_addresses", { line: "1" });
    column = columnOf(text, ask.column);
    lines = listed(text, column, all, one.view.name, refused);
  }
  lines = lines.filter((line) => line.chosen);
  if (lines.length === 0) throw new AppFailure("plan_empty");
  const leaver = ask.from === "leaver" ? { leaver: ask.address, not_before: ask.not_before } : {};
  const { searched, searching } = one.view;
  const whole =
    searched?.complete && !searched.log_only && searched.unread === 0 && !searched.short && !searching;
  const more = { ...leaver, column, partial: ask.from !== "leaver" && !whole };
  return { view: blank(world(), one, more), items: itemsOf(structuredClone(lines)), refused, fate: {} };
}

/** The column of a table that has the addresses; a person says which where several have some. */
function columnOf(text: string, wanted: string | null): Column | null {
  const [header = "", ...rows] = text.split(/\r?\n/);
  if (header.includes("@")) return null;
  const columns = header.split(",").map((name, at) => ({ index: at + 1, name }));
  if (wanted !== null) return columns.find(({ index }) => String(index) === wanted) ?? null;
  const among = columns.filter((_, at) => rows.some((row) => row.split(",")[at]?.includes("@")));
  if (among.length < 2) return among[0] ?? null;
  throw new AppFailure("list_columns", {
    columns: among.map(({ index, name }) => `${index} “${name}”`).join(", "),
    choices: JSON.stringify(among),
  });
}

function listed(
  text: string,
  column: Column | null,
  all: AccessLine[],
  domain: string,
  refused: RefusedView[],
): AccessLine[] {
  const seen = new Set<string>();
  return text.split(/\r?\n/).flatMap((raw, index) => {
    if (column !== null && index === 0) return [];
    const address = raw.split(",")[(column?.index ?? 1) - 1]?.trim() ?? "";
    const no = (why: LineRefusal) => {
      refused.push({ line: index + 1, text: raw, why });
      return [];
    };
    if (!address) return [];
    if (/^[=+@-]/.test(address)) return no("formula");
    if (!address.includes("@")) return no("no_address");
    if (seen.has(address)) return no("twice");
    seen.add(address);
    if (!address.endsWith(`@${domain}`)) return no("foreign_domain");
    const found = all.filter((line) => line.person?.address === address);
    return found.length > 0 ? found : no("no_access");
  });
}
