import type { DisconnectCard } from "../backend/generated/DisconnectCard";
import type { EvidenceView } from "../backend/generated/EvidenceView";
import type { StepView } from "../backend/generated/StepView";
import { m } from "../paraglide/messages";
import { purposeWords } from "./facts";

/**
 * How far what is known carries, weakest last. "own" is a change in Uncouple's own workspace: certain, and no evidence
 * of anything outside of it.
 */
export type Strength = "proven" | "own" | "stated" | "unverified";

/** Weakest last, as groups are shown. */
export const STRENGTHS: readonly Strength[] = ["proven", "own", "stated", "unverified"];

/** The strength of one piece of evidence. */
export function strengthOf({ rank, proof }: Pick<EvidenceView, "rank" | "proof">): Strength {
  switch (rank) {
    case "unverified":
      return "unverified";
    case "confirmed":
      return "stated";
    case "proven":
      return proof === "store" ? "own" : "proven";
  }
}

type Job = Pick<DisconnectCard, "completion" | "steps" | "purpose">;

/** The strength of a job without open steps: that of its weakest evidence. Null while steps are left. */
export function jobStrength(job: Pick<DisconnectCard, "completion" | "steps">): Strength | null {
  const { weakest } = job.completion;
  if (!weakest) return null;
  if (weakest.rank !== "proven") return strengthOf(weakest);
  // Where no provider's answer is among the proofs, nobody outside has answered.
  return job.steps.some((step) => step.evidence && isProviders(step.evidence)) ? "proven" : "own";
}

const isProviders = ({ proof }: EvidenceView) =>
  proof !== null && proof !== "store" && proof !== "keyring_absent";

const TITLES = {
  google_directory: m.done_by_google_directory,
  microsoft_directory: m.done_by_microsoft_directory,
  google_revoke: m.done_by_google,
  microsoft_consent: m.done_by_microsoft,
} as const;
const ANSWERS = ["google_directory", "microsoft_directory", "google_revoke", "microsoft_consent"] as const;

/** The title of a job without open steps. Empty while steps are left. */
export function completionWords(job: Job): string {
  const strength = jobStrength(job);
  const name = job.completion.weakest?.by ?? "";
  switch (strength) {
    case null:
      return "";
    case "unverified":
      return m.done_unverified({ name });
    case "stated":
      return job.purpose.is === "leave" ? m.done_confirmed({ name }) : m.done_confirmed_move({ name });
    case "own":
      return m.done_by_workspace();
    case "proven": {
      const hosts = new Set(job.steps.flatMap((step) => step.evidence?.hosts ?? []));
      if (hosts.size > 0) return m.done_by_other_hosts({ hosts: [...hosts].join(", ") });
      const proofs = job.steps.map((step) => step.evidence?.proof);
      const answer = ANSWERS.find((one) => proofs.includes(one));
      return answer ? TITLES[answer]() : m.done_by_workspace();
    }
  }
}

/** The heading of a job's card: a move is no disconnect, and a job without open steps is not under way. */
export function cardWords(card: Pick<DisconnectCard, "address" | "completion" | "purpose">): string {
  const { address } = card;
  if (card.completion.complete) return address;
  return purposeWords(card.purpose) ? m.job_move({ address }) : m.job_card({ address });
}

const NO_STEPS_LEFT: Record<Strength, () => string> = {
  proven: m.no_steps_left_proven,
  own: m.no_steps_left_own,
  stated: m.no_steps_left_stated,
  unverified: m.no_steps_left_unverified,
};

/** That no step is left, and how strong what is known is. */
export const noStepsLeftWords = (strength: Strength): string => NO_STEPS_LEFT[strength]();

/** The heading above the jobs in their place: as strong as the weakest of them. */
export function finishWords(due: Pick<DisconnectCard, "completion" | "steps">[]): string {
  const strengths = due.map(jobStrength);
  if (strengths.some((strength) => strength === null)) return m.finish_heading();
  const weakest = STRENGTHS.findLast((strength) => strengths.includes(strength));
  return weakest ? NO_STEPS_LEFT[weakest]() : m.later_heading();
}

const GROUPS: Record<Strength, () => string> = {
  proven: m.done_group_proven,
  own: m.done_group_own,
  stated: m.done_group_stated,
  unverified: m.done_group_unverified,
};

/** The heading of a group of jobs without open steps. */
export const groupWords = (strength: Strength): string => GROUPS[strength]();

/** How a step or a job looks, and what screen readers hear of that. */
export type StepLook = Exclude<StepView["state"], "done"> | Strength;

export function stepLook(step: Pick<StepView, "state" | "evidence">): StepLook {
  if (step.state !== "done") return step.state;
  // Done without evidence does not happen; if it did, nothing would be known.
  return step.evidence ? strengthOf(step.evidence) : "unverified";
}

const MARKS: Record<StepLook, () => string> = {
  proven: m.mark_done_proven,
  own: m.mark_done_own,
  stated: m.mark_done_stated,
  unverified: m.mark_unverified,
  open: m.mark_open,
  later: m.mark_later,
  waiting: m.mark_waiting,
  not_needed: m.mark_not_needed,
};

export const stepMarkWords = (look: StepLook): string => MARKS[look]();

const RANKS: Record<Strength, () => string> = {
  proven: m.rank_proven,
  own: m.rank_own,
  stated: m.rank_confirmed,
  unverified: m.rank_unverified,
};

/** One word for how something is known, for lines of the history. */
export const strengthWords = (strength: Strength): string => RANKS[strength]();
