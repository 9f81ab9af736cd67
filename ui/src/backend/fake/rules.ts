import type { DisconnectCard } from "../generated/DisconnectCard";
import type { EvidenceView } from "../generated/EvidenceView";
import type { Guide } from "../generated/Guide";
import type { MailboxRow } from "../generated/MailboxRow";
import type { Provider } from "../generated/Provider";
import type { PurposeView } from "../generated/PurposeView";
import type { Rank } from "../generated/Rank";
import type { StepAction } from "../generated/StepAction";
import type { StepKind } from "../generated/StepKind";
import type { StepMode } from "../generated/StepMode";
import type { StepView } from "../generated/StepView";
import { fakeGuide } from "./guides";

const STRENGTH: Record<Rank, number> = { unverified: 0, confirmed: 1, proven: 2 };

export const hasConsent = (provider: Provider): boolean => provider !== "imap" && provider !== "hosted";

export const settled = (step: StepView): boolean => step.evidence !== null || step.not_needed !== null;

const blank = (kind: StepKind): StepView => ({
  kind,
  mode: "guided",
  state: "open",
  evidence: null,
  not_needed: null,
  finding: null,
  guide: null,
  kept_on: null,
  forget_by: null,
  actions: [],
});

/** The steps of a new job, in the order in which they are shown. */
export function newSteps(row: MailboxRow, purpose: PurposeView): StepView[] {
  // HubSpot disconnects the old inbox itself when another provider is connected.
  const byHubSpot = purpose.is === "move";
  const kinds: StepKind[] = row.inbox ? ["remove_from_crm"] : ["disable_in_crm", "remove_from_crm"];
  if (hasConsent(row.provider)) kinds.push("revoke_grant");
  else if (row.provider === "imap") kinds.push("withdraw_password");
  else kinds.push("remove_forwarding");
  if (row.holder.here && hasConsent(row.provider)) kinds.push("forget_secret");
  if (purpose.is !== "leave") kinds.push("connect_again");
  return kinds.map((kind) => ({
    ...blank(kind),
    not_needed: byHubSpot && inCrm(kind) ? "by_hub_spot" : null,
  }));
}

const inCrm = (kind: StepKind): boolean => kind === "disable_in_crm" || kind === "remove_from_crm";

/** Whether a step is about a team address: the last one of a move is about what the row becomes. */
function teamAt(kind: StepKind, card: DisconnectCard): boolean {
  if (kind !== "connect_again" || card.purpose.is === "move") return card.inbox !== null;
  return card.purpose.is === "to_team";
}

function modeOf(step: StepView, row: MailboxRow): StepMode {
  if (step.kind === "forget_secret") return "backend";
  if (step.kind === "connect_again") return "guided";
  if (!row.holder.here) return "guided";
  if (step.kind === "revoke_grant") return row.provider === "google" && !step.finding ? "backend" : "guided";
  return step.kind === "withdraw_password" ? "guided" : "backend";
}

function actionsOf(step: StepView, row: MailboxRow, guide: Guide | null, later: boolean): StepAction[] {
  if (step.evidence) return step.evidence.rank === "proven" ? [] : ["withdraw"];
  if (step.not_needed || later) return [];
  if (step.mode === "backend") return inCrm(step.kind) ? [] : ["run", "close"];
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
    const later =
      here &&
      !inCrm(step.kind) &&
      (!removed || (step.kind === "forget_secret" && revoked !== undefined && !settled(revoked)));
    step.mode = modeOf(step, row);
    step.guide =
      step.mode === "guided" && !settled(step)
        ? fakeGuide(step.kind, row.provider, here, row.holder.account, teamAt(step.kind, card))
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
  card.half = card.in_sight && (removed || started) && card.purpose.is !== "move";
  const open = (kind: StepKind) => card.steps.some((step) => step.kind === kind && !settled(step));
  card.actions = [];
  if (!here && open("remove_from_crm") && open("disable_in_crm")) card.actions.push("confirm_in_crm");
  if (here && removed && !started) card.actions.push("undo");
  if (row.crm.usage === "in_use" && !started) card.actions.push("stop");
  if (least === null) card.actions.push("remind");
  if (least !== null && !here && row.crm.usage === "removed" && card.purpose.is === "leave")
    card.actions.push("connect_again");

  row.disconnect = least === null ? card.id : null;
}

/** Who looks at a row. */
export type Viewer = { id: string; superAdmin: boolean; inboxes: number };

/** What a row offers to whoever looks at it. */
export function rowActions(row: MailboxRow, viewer: Viewer): MailboxRow["actions"] {
  const mine = row.inbox !== null || row.owner?.id === viewer.id;
  if (!mine) return viewer.superAdmin && !row.asked && !row.disconnect ? ["ask_owner"] : [];
  const { here } = row.holder;
  const { usage, link } = row.crm;
  const lost = link.is === "lost";
  const actions: MailboxRow["actions"] = [];
  if (usage === "in_use" && row.disconnect && !here) actions.push("finish");
  else if (usage === "in_use") {
    if (lost) actions.push("reconnect");
    actions.push(row.inbox ? "delete" : "disable");
    if (row.asked) actions.push("decline_ask");
  } else if (usage === "disabled") actions.push("enable", "remove");
  if (here && hasConsent(row.provider)) actions.push("check");
  if (usage === "in_use" && !here && !row.disconnect) {
    if (!lost) actions.push("report_lost", "reconnect");
    if (movesTo(row).length > 0) actions.push("move");
    if (!row.inbox && row.provider !== "imap" && viewer.inboxes > 0) actions.push("to_team");
    if (row.inbox && row.provider !== "hosted") actions.push("to_personal");
  }
  return actions;
}

/** Gmail and Office 365 can take one another's place on the same row. */
export function movesTo(row: MailboxRow): Provider[] {
  if (row.holder.here || row.crm.usage !== "in_use" || row.disconnect) return [];
  if (row.provider === "google") return ["microsoft365"];
  return row.provider === "microsoft365" ? ["google"] : [];
}
