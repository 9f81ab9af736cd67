import type { Language } from "../backend/generated/Language";
import type { LostReason } from "../backend/generated/LostReason";
import type { MailboxRow } from "../backend/generated/MailboxRow";
import { m } from "../paraglide/messages";
import { evidenceWords, providerWords } from "./facts";
import { whenWords } from "./times";

/** The shape of a mark. It repeats what the words beside it say, for the eye only. */
export type Mark =
  | "ok"
  | "said"
  | "off"
  | "gone"
  | "gone_said"
  | "lost"
  | "lost_said"
  | "unknown"
  | "waiting"
  | "none";

/** One side of a row: a mark, the state in words, and how fresh and by whom. */
export type Side = { mark: Mark; state: string; detail: string };

/** Why a connection was lost. */
export const lostWords = (why: LostReason): string => LOST[why]();

const LOST: Record<LostReason, () => string> = {
  withdrawn: m.lost_withdrawn,
  password: m.lost_password,
  policy: m.lost_policy,
  session_over: m.lost_session_over,
  more_proof: m.lost_more_proof,
  app_refused: m.lost_app_refused,
  account_refused: m.lost_account_refused,
  moved: m.lost_moved,
  run_over: m.lost_run_over,
  unknown: m.lost_unknown,
};

/** A name or a moment that does not break between its parts. */
export const whole = (name: string): string => name.replaceAll(" ", "\u00a0");

function usageDetail(row: MailboxRow, locale: Language): string {
  const time = whenWords(row.crm.at, locale);
  const name = whole(row.crm.by);
  if (row.holder.here) return m.rank_here_by({ time, name });
  switch (row.crm.rank) {
    case "confirmed":
      return row.crm.entered ? m.rank_entered_by({ time, name }) : m.rank_confirmed_by({ time, name });
    case "unverified":
      return m.rank_unverified_by({ time, name });
    case "proven":
      return m.rank_proven_at({ time });
  }
}

/** What the CRM, or this workspace, says of a mailbox. */
export function crmSide(row: MailboxRow, locale: Language): Side {
  const { usage, link, unreachable_since } = row.crm;
  const at = (state: string) => (row.holder.here ? m.side_here({ state }) : m.side_hubspot({ state }));
  if (usage === "removed") {
    const stated = !row.holder.here && row.crm.rank !== "proven";
    const detail = usageDetail(row, locale);
    if (!stated) return { mark: "gone", state: at(m.use_removed()), detail };
    const words = row.crm.rank === "unverified" ? m.use_removed_unverified() : m.use_removed_stated();
    return { mark: "gone_said", state: at(words), detail };
  }
  if (usage === "disabled")
    return { mark: "off", state: at(m.use_disabled()), detail: usageDetail(row, locale) };
  if (link.is === "lost") {
    const time = whenWords(link.at, locale);
    if (!row.holder.here && link.reason === "withdrawn") {
      // Only the provider's list is known; what HubSpot shows nobody has said.
      const state = at(m.use_no_access({ provider: providerWords(row.provider) }));
      return { mark: "lost", state, detail: m.use_no_access_by({ time }) };
    }
    if (!row.holder.here) {
      const detail = link.by ? m.rank_here_by({ name: whole(link.by), time }) : time;
      return { mark: "lost_said", state: at(m.use_lost_stated()), detail };
    }
    return { mark: "lost", state: at(m.use_lost()), detail: m.since({ what: LOST[link.reason](), time }) };
  }
  if (unreachable_since) {
    const detail = m.link_unreachable({ time: whenWords(unreachable_since, locale) });
    return { mark: "unknown", state: at(m.use_in_use()), detail };
  }
  if (link.is === "ok") {
    return {
      mark: "ok",
      state: at(m.use_connected()),
      detail: m.link_checked({ time: whenWords(link.at, locale) }),
    };
  }
  if (row.holder.here) return { mark: "unknown", state: at(m.use_in_use()), detail: m.link_unknown() };
  return { mark: "said", state: at(m.use_in_use()), detail: usageDetail(row, locale) };
}

/** What the provider says of the access behind a mailbox. */
export function consentSide(row: MailboxRow, locale: Language): Side {
  const { consent } = row;
  const provider = providerWords(row.provider);
  const at = (state: string) => m.side_at({ provider, state });
  switch (consent.is) {
    case "no_consent":
      return {
        mark: "none",
        state: at(row.provider === "hosted" ? m.consent_hosted() : m.consent_none()),
        detail: row.provider === "hosted" ? m.consent_none_hosted() : m.consent_none_hint(),
      };
    case "unknown":
      return {
        mark: "unknown",
        state: at(m.consent_unknown()),
        detail: row.holder.here ? m.consent_unknown_here() : m.consent_unknown_hint(),
      };
    case "active":
      return {
        mark: "ok",
        state: at(m.consent_active()),
        detail: m.link_checked({ time: whenWords(consent.at, locale) }),
      };
    case "requested":
      return {
        mark: "waiting",
        state: at(m.consent_requested()),
        detail: m.consent_requested_by({ time: whenWords(consent.at, locale), name: whole(consent.by) }),
      };
    case "still_there":
      return {
        mark: "lost",
        state: at(m.consent_still_there()),
        detail: m.link_checked({ time: whenWords(consent.at, locale) }),
      };
    case "not_seen":
      return {
        mark: "unknown",
        state: at(m.consent_not_seen()),
        detail: m.rank_confirmed_by({ time: whenWords(consent.at, locale), name: whole(consent.by) }),
      };
    case "gone": {
      const proven = consent.evidence.rank === "proven";
      return {
        mark: proven ? "gone" : "gone_said",
        state: at(proven ? m.consent_gone() : m.consent_gone_stated()),
        detail: evidenceWords(consent.evidence, locale),
      };
    }
    case "superseded":
      return { mark: "none", state: at(m.consent_superseded()), detail: whenWords(consent.at, locale) };
  }
}
