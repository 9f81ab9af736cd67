import type { Provider } from "../../backend/generated/Provider";
import type { StepKind } from "../../backend/generated/StepKind";
import { CopyButton } from "../../components/CopyButton";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import css from "./Finish.module.css";

type About = { kind: StepKind; provider: Provider; team: boolean; page: boolean };

/**
 * What an address is for on the page of a step. On the provider's page it is the account to sign in with. On HubSpot's
 * page people sign in as HubSpot users, and it is the row to look for. Without a page it is nothing.
 */
export function addressRole({ kind, page }: About): "account" | "row" | "connect" | null {
  switch (kind) {
    case "disable_in_crm":
    case "remove_from_crm":
      return "row";
    case "connect_again":
      return "connect";
    case "revoke_grant":
      return page ? "account" : null;
    case "withdraw_password":
    case "remove_forwarding":
    case "forget_secret":
      return null;
  }
}

const LABELS = { account: m.guide_account, row: m.guide_row, connect: m.guide_connect_address };

/** The address of a step's mailbox, under what it is for on that page. */
export function AccountHint({ address, ...about }: About & { address: string }) {
  const role = addressRole(about);
  if (!role) return null;
  return (
    <div data-testid="guide-account" data-role={role}>
      <p className={css.faint}>
        <T>{LABELS[role]()}</T>
      </p>
      <p className={css.account}>
        <strong data-testid="guide-address">{address}</strong>
        <CopyButton text={address} label={m.copy_address()} testid="copy-address" />
      </p>
      {role === "account" && (
        <p className={css.faint}>
          <T>{m.guide_account_hint()}</T>
        </p>
      )}
      {role !== "account" && about.team && (
        <p className={css.faint}>
          <T>{m.guide_team_account()}</T>
        </p>
      )}
    </div>
  );
}
