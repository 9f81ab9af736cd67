import type { CheckResult } from "../backend/generated/CheckResult";
import type { DisconnectCard } from "../backend/generated/DisconnectCard";
import type { EvidenceView } from "../backend/generated/EvidenceView";
import type { KeyringTrouble } from "../backend/generated/KeyringTrouble";
import type { Language } from "../backend/generated/Language";
import type { NotNeeded } from "../backend/generated/NotNeeded";
import type { OtherKind } from "../backend/generated/OtherKind";
import type { Proof } from "../backend/generated/Proof";
import type { Provider } from "../backend/generated/Provider";
import type { PurposeView } from "../backend/generated/PurposeView";
import type { StepKind } from "../backend/generated/StepKind";
import { m } from "../paraglide/messages";
import { whenWords } from "./times";

const PROVIDERS: Record<Provider, () => string> = {
  google: m.provider_google,
  microsoft365: m.provider_microsoft365,
  outlook_com: m.provider_outlook_com,
  imap: m.provider_imap,
  hosted: m.provider_hosted,
};
export const providerWords = (provider: Provider): string => PROVIDERS[provider]();

const OTHERS: Record<OtherKind, () => string> = {
  chat: m.other_chat,
  form: m.other_form,
  messenger: m.other_messenger,
  whatsapp: m.other_whatsapp,
  calling: m.other_calling,
};
export const otherKindWords = (kind: OtherKind): string => OTHERS[kind]();

const PROOFS: Record<Proof, (inputs: { time: string }) => string> = {
  store: m.proof_store,
  google_revoke: m.proof_google_revoke,
  microsoft_consent: m.proof_microsoft_consent,
  keyring_absent: m.proof_keyring_absent,
  google_directory: m.proof_google_directory,
  microsoft_directory: m.proof_microsoft_directory,
};

/** How a step is known to be done. Says no more than the evidence does. */
export function evidenceWords(evidence: EvidenceView, locale: Language): string {
  const time = whenWords(evidence.at, locale);
  const name = evidence.by ?? "";
  switch (evidence.rank) {
    case "proven":
      if (evidence.hosts.length > 0) {
        const provider = evidence.proof?.startsWith("google") ? m.apps_google() : m.apps_microsoft();
        return m.evidence_other_hosts({ hosts: evidence.hosts.join(", "), provider, time });
      }
      return evidence.proof ? PROOFS[evidence.proof]({ time }) : m.evidence_proven({ time });
    case "confirmed":
      return m.evidence_confirmed({ name, time });
    case "unverified":
      return m.evidence_unverified({ name, time, reason: evidence.reason ?? "" });
  }
}

const NOT_NEEDED: Record<NotNeeded, () => string> = {
  removal_confirmed: m.not_needed_removal_confirmed,
  superseded: m.not_needed_superseded,
  no_token: m.not_needed_no_token,
  by_hub_spot: m.not_needed_by_hubspot,
};
export const notNeededWords = (why: NotNeeded): string => NOT_NEEDED[why]();

type Job = Pick<DisconnectCard, "provider"> & {
  holder: { here: boolean };
  inbox?: DisconnectCard["inbox"];
  purpose?: PurposeView;
};

/** What a step asks for, named after the side it happens on. */
export function stepWords(kind: StepKind, job: Job): string {
  const here = job.holder.here;
  const provider = providerWords(job.provider);
  switch (kind) {
    case "disable_in_crm":
      return here ? m.step_disable_in_crm_here() : m.step_disable_in_crm_hubspot();
    case "remove_from_crm":
      if (job.inbox) return here ? m.step_delete_here() : m.step_delete_hubspot();
      return here ? m.step_remove_from_crm_here() : m.step_remove_from_crm_hubspot();
    case "revoke_grant":
      return here ? m.step_revoke_grant_here({ provider }) : m.step_revoke_grant_hubspot({ provider });
    case "withdraw_password":
      return m.step_withdraw_password();
    case "remove_forwarding":
      return m.step_remove_forwarding();
    case "connect_again":
      return connectWords(job.purpose);
    case "forget_secret":
      return m.step_forget_secret();
  }
}

function connectWords(purpose: PurposeView | undefined): string {
  switch (purpose?.is) {
    case "move":
      return m.step_connect_move({ provider: providerWords(purpose.to) });
    case "to_team":
      return m.step_connect_team({ inbox: purpose.inbox });
    case "to_personal":
      return m.step_connect_personal();
    default:
      return m.step_connect_again();
  }
}

/** What a job is for, where it is more than to disconnect. */
export function purposeWords(purpose: PurposeView): string | null {
  switch (purpose.is) {
    case "leave":
      return null;
    case "move":
      return m.purpose_move({ provider: providerWords(purpose.to) });
    case "to_team":
      return m.purpose_team({ inbox: purpose.inbox });
    case "to_personal":
      return m.purpose_personal({ name: purpose.owner });
  }
}

const CHECKS: Record<CheckResult, () => string> = {
  works: m.check_works,
  no_consent: m.check_no_consent,
  refused: m.check_refused,
  policy: m.check_policy,
  interaction: m.check_interaction,
  session_over: m.check_session_over,
  app_refused: m.check_app_refused,
  account_refused: m.check_account_refused,
  no_answer: m.check_no_answer,
};
export const checkWords = (result: CheckResult): string => CHECKS[result]();

/** The same result as the answer to "is it gone?". */
export function stepCheckWords(result: CheckResult): string {
  if (result === "works") return m.step_check_works();
  if (result === "no_consent") return m.step_check_no_consent();
  return checkWords(result);
}

const KEYRING: Record<KeyringTrouble, () => string> = {
  absent: m.keyring_absent,
  no_collection: m.keyring_no_collection,
  locked: m.keyring_locked,
  silent: m.keyring_silent,
  failed: m.keyring_failed,
};
export const keyringWords = (trouble: KeyringTrouble | null): string =>
  trouble ? KEYRING[trouble]() : m.keyring_works();
