import type { DisconnectCard } from "../generated/DisconnectCard";
import type { EvidenceView } from "../generated/EvidenceView";
import type { Guide } from "../generated/Guide";
import type { MailboxRow } from "../generated/MailboxRow";
import type { Provider } from "../generated/Provider";
import type { Rank } from "../generated/Rank";
import type { StepAction } from "../generated/StepAction";
import type { StepKind } from "../generated/StepKind";
import type { StepMode } from "../generated/StepMode";
import type { StepView } from "../generated/StepView";
import { fakeGuide } from "./guides";

const STRENGTH: Record<Rank, number> = { unverified: 0, confirmed: 1, proven: 2 };

export const hasConsent = (provider: Provider): boolean => provider !== "imap" && provider !== "hosted";

export const settled = (step: StepView): boolean => step.evidence !== null || step.not_needed !== null;

/** The steps of a new job, in the order in which they are shown. */
export function newSteps(row: MailboxRow): StepView[] {
  const kinds: StepKind[] = ["disable_in_crm", "remove_from_crm"];
  if (hasConsent(row.provider)) kinds.push("revoke_grant");
  else if (row.provider === "imap") kinds.push("withdraw_password");
  else kinds.push("remove_forwarding");
  if (row.holder.here && hasConsent(row.provider)) kinds.push("forget_secret");
  return kinds.map((kind) => ({
    kind,
    mode: "guided",
    state: "open",
    evidence: null,
    not_needed: null,
    finding: null,
    guide: null,
    forget_by: null,
    actions: [],
  }));
}

function modeOf(step: StepView, row: MailboxRow): StepMode {
  if (step.kind === "forget_secret") return "backend";
  if (!row.holder.here) return "guided";
  if (step.kind === "revoke_grant") return row.provider === "google" && !step.finding ? "backend" : "guided";
  return step.kind === "withdraw_password" ? "guided" : "backend";
}

function actionsOf(step: StepView, row: MailboxRow, guide: Guide | null, later: boolean): StepAction[] {
  if (step.evidence) return step.evidence.rank === "proven" ? [] : ["withdraw"];
  if (step.not_needed || later) return [];
  const inCrm = step.kind === "disable_in_crm" || step.kind === "remove_from_crm";
  if (step.mode === "backend") return inCrm ? [] : ["run", "close"];
  const actions: StepAction[] = guide?.page ? ["open", "confirm"] : ["confirm"];
  if (step.kind === "revoke_grant") actions.push("not_listed");
  if (step.kind === "revoke_grant" && row.holder.here && row.provider !== "google") actions.push("check");
  return [...actions, "close"];
}

function weakest(steps: StepView[]): EvidenceView | null {
  if (!steps.every(settled)) return null;
  const known = steps.flatMap((step) => (step.evidence ? [step.evidence] : []));
  return known.reduce<EvidenceView | null>(
    (least, next) => (least === null || STRENGTH[next.rank] < STRENGTH[least.rank] ? next : least),
    null,
  );
}

/** Computes everything that follows from the evidence of a job's steps, as the engine does. */
export function settle(card: DisconnectCard, row: MailboxRow): void {
  const here = row.holder.here;
  const removed = row.crm.usage === "removed";
  const revoked = card.steps.find((step) => step.kind === "revoke_grant");
  for (const step of card.steps) {
    const inCrm = step.kind === "disable_in_crm" || step.kind === "remove_from_crm";
    const later =
      here &&
      !inCrm &&
      (!removed || (step.kind === "forget_secret" && revoked !== undefined && !settled(revoked)));
    step.mode = modeOf(step, row);
    step.guide =
      step.mode === "guided" && !settled(step)
        ? fakeGuide(step.kind, row.provider, here, row.holder.account)
        : null;
    step.actions = actionsOf(step, row, step.guide, later);
    step.state = step.evidence ? "done" : step.not_needed ? "not_needed" : later ? "later" : "open";
    if (settled(step)) step.finding = null;
  }
  const least = weakest(card.steps);
  const started = Boolean(revoked?.evidence);
  card.completion = {
    complete: least !== null,
    weakest: least,
    done: card.steps.filter(settled).length,
    total: card.steps.length,
  };
  card.in_sight = least === null && (!here || removed || started);
  card.half = card.in_sight && (removed || started);
  const open = (kind: StepKind) => card.steps.some((step) => step.kind === kind && !settled(step));
  card.actions = [];
  if (!here && open("remove_from_crm") && open("disable_in_crm")) card.actions.push("confirm_in_crm");
  if (here && removed && !started) card.actions.push("undo");
  if (row.crm.usage === "in_use" && !started) card.actions.push("stop");
  if (least === null) card.actions.push("remind");

  row.disconnect = least === null ? card.id : null;
  row.actions = rowActions(row);
}

/** What a row offers. */
export function rowActions(row: MailboxRow): MailboxRow["actions"] {
  const actions: MailboxRow["actions"] = [];
  if (row.crm.usage === "in_use" && row.disconnect && !row.holder.here) actions.push("finish");
  else if (row.crm.usage === "in_use") {
    if (row.holder.here && row.crm.link.is === "lost") actions.push("reconnect");
    actions.push("disable");
  } else if (row.crm.usage === "disabled") actions.push("enable", "remove");
  if (row.holder.here && hasConsent(row.provider)) actions.push("check");
  return actions;
}
