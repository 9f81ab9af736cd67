import type { Column } from "../backend/generated/Column";
import type { ItemStateView } from "../backend/generated/ItemStateView";
import type { Language } from "../backend/generated/Language";
import type { Left } from "../backend/generated/Left";
import type { LineRefusal } from "../backend/generated/LineRefusal";
import type { LookView } from "../backend/generated/LookView";
import type { PauseReason } from "../backend/generated/PauseReason";
import type { RunView } from "../backend/generated/RunView";
import type { Suite } from "../backend/generated/Suite";
import type { ThroughView } from "../backend/generated/ThroughView";
import type { VerifiedView } from "../backend/generated/VerifiedView";
import { m } from "../paraglide/messages";
import { leftWords, notReadWords, providerOf, reachesWords, sentences } from "./admin";
import { rolesStand } from "./beside";
import { counted, numberWords } from "./numbers";
import { type Mark, whole } from "./sides";
import { whenWords } from "./times";

type Said = { mark: Mark | "warn"; words: string };

/** Items in all. */
export const totalOf = ({ counts }: Pick<RunView, "counts">): number =>
  counts.planned + counts.under_way + counts.proven + counts.left + counts.restored + counts.restoring;

/** What a plan or run is about. */
export function runTitle(
  run: Pick<RunView, "leaver" | "counts" | "organisation_name">,
  locale: Language,
): string {
  if (run.leaver) return m.run_title_leaver({ address: run.leaver });
  const accesses = whole(m.count_accesses(counted(totalOf(run), locale)));
  return m.run_title({ accesses, organisation: run.organisation_name });
}

type Summed = Pick<RunView, "counts" | "apps"> & Partial<Pick<RunView, "verified">>;

/** What a run came to: never more than was proven, never without what is left, and never as if a list had been read
 *  again that could not be. */
export function sumWords(run: Summed, locale: Language): Said {
  const sum = besideSum(run, locale);
  const verified = run.verified ?? null;
  const unread = verified ? unreadOf(verified) : 0;
  if (!verified || unread === 0) return sum;
  const [read, all] = [verified.read, verified.read + unread].map((number) => numberWords(number, locale));
  const time = whenWords(verified.at, locale);
  return {
    mark: "warn",
    words: m.run_sum_reread({ sum: sum.words, time, read: read ?? "", all: all ?? "" }),
  };
}

function besideSum(run: Pick<RunView, "counts" | "apps">, locale: Language): Said {
  const said = countWords(run, locale);
  const beside = besideWords(run);
  if (!beside) return said;
  return { mark: rolesStand(run.apps) ? "warn" : said.mark, words: sentences([said.words, beside]) };
}

/** What no count says: application permissions reach accounts without anybody's grant. */
function besideWords({ apps }: Pick<RunView, "apps">): string | null {
  const named = (of: RunView["apps"]) => of.map((app) => whole(app.name)).join(m.list_comma());
  if (rolesStand(apps)) {
    return m.run_roles_stand({ apps: named(apps.filter((app) => rolesStand([app]))) });
  }
  const unread = apps.filter(({ roles }) => roles.is === "unread" || roles.is === "not_read");
  return unread.length > 0 ? m.run_roles_unread({ apps: named(unread) }) : null;
}

function countWords(run: Pick<RunView, "counts">, locale: Language): Said {
  const total = totalOf(run);
  const { proven, restored, restoring } = run.counts;
  if (proven === total) return { mark: "ok", words: m.run_all_proven(counted(total, locale)) };
  const shown = (number: number) => numberWords(number, locale);
  return {
    mark: "warn",
    words: m.run_sum({
      proven: shown(proven),
      total: shown(total),
      left: shown(total - proven - restored - restoring),
    }),
  };
}

/** How many lists could not be read again. */
export const unreadOf = ({ not_read }: VerifiedView): number =>
  not_read.reduce((sum, { count }) => sum + count, 0);

/** What the last reading of all lists came to. */
export function verifiedWords(verified: VerifiedView, locale: Language): string {
  const shown = (number: number) => numberWords(number, locale);
  return m.verified_sum({
    time: whenWords(verified.at, locale),
    read: shown(verified.read),
    all: shown(verified.read + unreadOf(verified)),
    gone: shown(verified.gone),
    back: shown(verified.back),
  });
}

/** When an item's list was last to be read again, and why it was not. */
export function lookWords({ at, not_read }: LookView, locale: Language): string {
  const time = whenWords(at, locale);
  return not_read ? m.item_not_looked({ time, why: notReadWords(not_read) }) : m.item_looked({ time });
}

/** The grants by which HubSpot still reaches somebody. */
export function throughWords(through: ThroughView[], suite: Suite): string {
  const one = ({ app, everybody, reaches }: ThroughView) => {
    const what = { app: whole(app), reaches: reachesWords(reaches, suite).join("") };
    return everybody ? m.item_through_everybody(what) : m.item_through(what);
  };
  return through.map(one).join(m.list_comma());
}

/** Where a run stands, in one line. */
export function runStateWords(run: RunView, locale: Language): Said {
  switch (run.state) {
    case "planned":
      return { mark: "unknown", words: m.run_planned() };
    case "scheduled":
      return {
        mark: "waiting",
        words: m.run_scheduled({ time: run.not_before ? whenWords(run.not_before, locale) : "" }),
      };
    case "running": {
      const done = numberWords(run.progress?.done ?? run.counts.proven + run.counts.left, locale);
      const total = numberWords(totalOf(run), locale);
      return { mark: "waiting", words: m.run_running({ done, total }) };
    }
    case "paused":
      return { mark: "warn", words: m.run_paused({ why: pauseWords(run.paused ?? "by_member").why }) };
    case "ended":
      return sumWords(run, locale);
    case "cancelled":
      return { mark: "warn", words: m.run_cancelled({ sum: sumWords(run, locale).words }) };
  }
}

const PAUSES: Record<PauseReason, { why: () => string; advice: () => string }> = {
  by_member: { why: m.pause_by_member, advice: m.pause_by_member_advice },
  sign_in: { why: m.pause_sign_in, advice: m.pause_sign_in_advice },
  app_refused: { why: m.pause_app_refused, advice: m.pause_app_refused_advice },
  keyring: { why: m.pause_keyring, advice: m.pause_keyring_advice },
  forbidden: { why: m.pause_forbidden, advice: m.pause_forbidden_advice },
  limits: { why: m.pause_limits, advice: m.pause_limits_advice },
  no_answer: { why: m.pause_no_answer, advice: m.pause_no_answer_advice },
  disk_full: { why: m.pause_disk_full, advice: m.pause_disk_full_advice },
};
/** Why a run stopped, and what to do. */
export function pauseWords(reason: PauseReason): { why: string; advice: string } {
  const words = PAUSES[reason];
  return { why: words.why(), advice: words.advice() };
}

const ADVICE: Record<Left, () => string> = {
  still_listed: m.left_still_listed_advice,
  consented_again: m.left_consented_again_advice,
  covered: m.left_covered_advice,
  still_reached: m.left_still_reached_advice,
  forbidden: m.left_forbidden_advice,
  unreadable: m.left_unreadable_advice,
  no_answer: m.left_no_answer_advice,
  not_read: m.left_not_read_advice,
  cancelled: m.left_cancelled_advice,
};
/** What to do about accesses that were left for a reason. */
export const leftAdvice = (why: Left): string => ADVICE[why]();

const REFUSALS: Record<LineRefusal, () => string> = {
  no_address: m.refused_no_address,
  too_long: m.refused_too_long,
  not_text: m.refused_not_text,
  formula: m.refused_formula,
  comment: m.refused_comment,
  shifted: m.refused_shifted,
  twice: m.refused_twice,
  foreign_domain: m.refused_foreign_domain,
  unread: m.refused_unread,
  no_access: m.refused_no_access,
  covered: m.refused_covered,
};
/** Why a line of a list is not in the plan. */
export const refusalWords = (why: LineRefusal): string => REFUSALS[why]();

/** A column of a list, as it is called. */
export const columnWords = ({ index, name }: Column): string =>
  name ? m.list_column_named({ index: String(index), name }) : m.list_column_choice({ index: String(index) });

/** Where one access stands. Proven names the reading that proves it, and what the log adds or lacks. */
export function itemWords(
  state: ItemStateView,
  suite: Suite,
  locale: Language,
): Said & { detail: string | null } {
  const provider = providerOf(suite);
  switch (state.is) {
    case "planned":
      return { mark: "unknown", words: m.item_planned(), detail: null };
    case "under_way":
      return state.deleted
        ? {
            mark: "waiting",
            words: m.item_deleted({ provider }),
            detail: m.item_deleted_detail({ provider }),
          }
        : { mark: "waiting", words: m.item_under_way(), detail: null };
    case "proven": {
      const time = whenWords(state.read, locale);
      if (state.nobody_there) {
        return { mark: "ok", words: m.item_nobody({ time }), detail: m.item_nobody_detail({ provider }) };
      }
      return { mark: "ok", words: m.item_proven({ provider, time }), detail: logWords(state, locale) };
    }
    case "still_reached":
      return {
        mark: "lost",
        words: m.item_still_reached({ through: throughWords(state.through, suite) }),
        detail: m.item_read_at({ provider, time: whenWords(state.read, locale) }),
      };
    case "left":
      return {
        mark: "lost",
        words: m.item_left({ why: leftWords(state.why) }),
        detail: m.item_left_since({ time: whenWords(state.at, locale) }),
      };
    case "restoring":
      return {
        mark: "unknown",
        words: m.item_restoring({ time: whenWords(state.at, locale) }),
        detail: null,
      };
    case "restored":
      return {
        mark: "said",
        words: m.item_restored({ provider, time: whenWords(state.read, locale) }),
        detail: null,
      };
  }
}

function logWords(
  { logged, log_late, already_gone }: Extract<ItemStateView, { is: "proven" }>,
  locale: Language,
): string | null {
  if (already_gone) return m.item_already_gone();
  if (logged) return m.item_logged({ time: whenWords(logged, locale) });
  return log_late ? m.item_log_late() : null;
}
