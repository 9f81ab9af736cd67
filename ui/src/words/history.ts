import type { CheckResult } from "../backend/generated/CheckResult";
import type { EndReason } from "../backend/generated/EndReason";
import type { HistoryRow } from "../backend/generated/HistoryRow";
import type { Language } from "../backend/generated/Language";
import type { OtherKind } from "../backend/generated/OtherKind";
import type { Proof } from "../backend/generated/Proof";
import type { Provider } from "../backend/generated/Provider";
import type { Rank } from "../backend/generated/Rank";
import type { StepKind } from "../backend/generated/StepKind";
import type { Use } from "../backend/generated/Use";
import { m } from "../paraglide/messages";
import { adminEventWords, text } from "./adminHistory";
import { checkWords, otherKindWords, providerWords } from "./facts";
import { strengthOf, strengthWords } from "./headlines";
import { pageWords } from "./pages";
import { whenWords } from "./times";

/** Every kind of entry, in the order of the filter. */
export const EVENT_KINDS = [
  "workspace_begun",
  "member_renamed",
  "mailbox_tracked",
  "mailbox_connected",
  "use_changed",
  "disconnect_opened",
  "disconnect_ended",
  "step_done",
  "confirmation_withdrawn",
  "page_requested",
  "page_failed",
  "not_listed",
  "revocation_requested",
  "revocation_answered",
  "revocation_superseded",
  "secret_forgotten",
  "secret_run_over",
  "orphan_swept",
  "stray_consent",
  "checked",
  "snoozed",
  "history_exported",
  "member_added",
  "role_changed",
  "member_removed",
  "inbox_added",
  "inbox_renamed",
  "inbox_deleted",
  "access_changed",
  "other_channel_added",
  "other_channel_dropped",
  "owner_asked",
  "ask_declined",
  "loss_reported",
  "reconnected",
  "moved",
  "sign_in_app_changed",
  "administrator_signed_in",
  "administrator_signed_out",
  "administrator_forgotten",
  "app_chosen",
  "app_dropped",
  "organisation_searched",
  "directory_lists",
  "run_started",
  "run_paused",
  "run_cancelled",
  "run_ended",
  "run_verified",
  "access_revoked",
  "access_left",
  "restore_started",
  "access_restored",
  "run_reported",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const kindWords = (kind: EventKind): string => m[`kind_${kind}`]();

const STEP_NAMES: Record<StepKind, () => string> = {
  disable_in_crm: m.stepname_disable_in_crm,
  remove_from_crm: m.stepname_remove_from_crm,
  revoke_grant: m.stepname_revoke_grant,
  withdraw_password: m.stepname_withdraw_password,
  remove_forwarding: m.stepname_remove_forwarding,
  connect_again: m.stepname_connect_again,
  forget_secret: m.stepname_forget_secret,
};
const USES: Record<Use, () => string> = {
  in_use: m.use_in_use,
  disabled: m.use_disabled,
  removed: m.use_removed,
};
const ENDS: Record<EndReason, () => string> = {
  enabled: m.end_enabled,
  stopped: m.end_stopped,
  connected_again: m.end_connected_again,
  finished_before: m.end_finished_before,
};
const ANSWERS: Record<string, (() => string) | undefined> = {
  gone: m.answer_gone,
  already_invalid: m.answer_already_invalid,
  no_answer: m.answer_no_answer,
};

/** An address is stored with its key for comparison; what was typed is what people want to read. */
function addressText(value: unknown): string {
  if (typeof value === "object" && value !== null && "shown" in value) return text(value.shown);
  return text(value);
}

/** What a job was started for. Entries from before it was written down say no more than that one was. */
function openedWords(purpose: unknown): string {
  const { is, to } = (purpose ?? {}) as { is?: string; to?: Provider };
  switch (is) {
    case "leave":
      return m.event_disconnect_opened();
    case "move":
      return m.event_move_opened({ provider: to ? providerWords(to) : "" });
    case "to_team":
      return m.event_to_team_opened();
    case "to_personal":
      return m.event_to_personal_opened();
    default:
      return m.event_job_opened();
  }
}

/**
 * What an entry says. Entries of a newer version, or with a field missing, fall back to the name of their
 * kind: the history must stay readable.
 */
export function eventWords(row: Pick<HistoryRow, "kind" | "details">, locale: Language): string {
  const { details } = row;
  const evidence = (details.evidence ?? {}) as { rank?: Rank; proof?: Proof; reason?: string };
  const named = <Key extends string>(table: Partial<Record<Key, () => string>>, value: unknown) =>
    table[value as Key]?.() ?? text(value);
  const rank = evidence.rank
    ? strengthWords(strengthOf({ rank: evidence.rank, proof: evidence.proof ?? null }))
    : "";
  const step = named(STEP_NAMES, details.step);
  const provider = () => (details.provider ? providerWords(details.provider as Provider) : "");

  const name = text(details.name);
  const otherKind = () => (details.channel ? otherKindWords(details.channel as OtherKind) : "");

  switch (row.kind as EventKind) {
    case "workspace_begun":
      return m.event_workspace_begun();
    case "member_renamed":
      return m.event_member_renamed({ from: text(details.from), to: text(details.to) });
    case "mailbox_tracked":
      return details.again
        ? m.event_mailbox_tracked_again({ provider: provider() })
        : m.event_mailbox_tracked({ provider: provider() });
    case "mailbox_connected":
      return details.again
        ? m.event_mailbox_connected_again({ provider: provider() })
        : m.event_mailbox_connected({ provider: provider() });
    case "use_changed":
      return details.to === "removed"
        ? m.event_use_changed_removed({ rank })
        : m.event_use_changed({ from: named(USES, details.from), to: named(USES, details.to), rank });
    case "disconnect_opened":
      return openedWords(details.purpose);
    case "disconnect_ended":
      return m.event_disconnect_ended({ why: named(ENDS, details.why) });
    case "step_done":
      return evidence.reason
        ? m.event_step_done_reason({ step, rank, reason: evidence.reason })
        : m.event_step_done({ step, rank });
    case "confirmation_withdrawn":
      return m.event_confirmation_withdrawn({ step });
    case "page_requested":
      return m.event_page_requested({ page: pageWords(text(details.page)) });
    case "page_failed":
      return m.event_page_failed({ page: pageWords(text(details.page)) });
    case "not_listed": {
      const account = addressText(details.account);
      return account ? m.event_not_listed({ account }) : m.event_not_listed_unknown();
    }
    case "revocation_requested":
      return m.event_revocation_requested();
    case "revocation_answered":
      return m.event_revocation_answered({ answer: named(ANSWERS, details.answer) });
    case "revocation_superseded":
      return m.event_revocation_superseded();
    case "secret_forgotten":
      return m.event_secret_forgotten();
    case "secret_run_over":
      return m.event_secret_run_over();
    case "stray_consent": {
      const who = details.account ? `${provider()}, ${addressText(details.account)}` : provider();
      return details.revoked ? m.event_stray_consent_revoked({ who }) : m.event_stray_consent_left({ who });
    }
    case "orphan_swept":
      return m.event_orphan_swept();
    case "checked":
      return m.event_checked({ result: details.result ? checkWords(details.result as CheckResult) : "" });
    case "snoozed":
      return m.event_snoozed({ time: whenWords(text(details.until), locale) });
    case "history_exported":
      return m.event_history_exported({ count: Number(details.entries ?? 0) });
    case "member_added":
      return details.super_admin ? m.event_super_admin_added({ name }) : m.event_member_added({ name });
    case "role_changed":
      return details.super_admin ? m.event_role_given({ name }) : m.event_role_taken({ name });
    case "member_removed":
      return m.event_member_removed({ name });
    case "inbox_added":
      return m.event_inbox_added({ name });
    case "inbox_renamed":
      return m.event_inbox_renamed({ from: text(details.from), to: text(details.to) });
    case "inbox_deleted":
      return m.event_inbox_deleted({ name });
    case "access_changed": {
      const given = { inbox: text(details.inbox), member: text(details.member) };
      return details.access ? m.event_access_given(given) : m.event_access_taken(given);
    }
    case "other_channel_added":
      return m.event_other_channel_added({ kind: otherKind(), name });
    case "other_channel_dropped":
      return m.event_other_channel_dropped({ kind: otherKind(), name });
    case "owner_asked":
      return m.event_owner_asked();
    case "ask_declined":
      return m.event_ask_declined();
    case "loss_reported":
      return m.event_loss_reported();
    case "reconnected":
      return m.event_reconnected();
    case "moved":
      return m.event_moved({
        from: details.from ? providerWords(details.from as Provider) : "",
        to: details.to ? providerWords(details.to as Provider) : "",
      });
    case "sign_in_app_changed":
      return Array.isArray(details.hosts) && details.hosts.length > 0
        ? m.event_sign_in_app_hosts({ provider: provider(), hosts: details.hosts.map(text).join(", ") })
        : m.event_sign_in_app_changed({ provider: provider() });
    default:
      return adminEventWords(row) ?? row.kind;
  }
}
