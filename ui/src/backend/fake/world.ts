import { AppFailure } from "../failure";
import type { DisconnectCard } from "../generated/DisconnectCard";
import type { EvidenceView } from "../generated/EvidenceView";
import type { HistoryRow } from "../generated/HistoryRow";
import type { MailboxRow } from "../generated/MailboxRow";
import type { Overview } from "../generated/Overview";
import type { Provider } from "../generated/Provider";
import type { SignInApp } from "../generated/SignInApp";
import type { StepKind } from "../generated/StepKind";
import type { StepView } from "../generated/StepView";
import { hasConsent, newSteps, rowActions, settle } from "./rules";

const NO_APP: SignInApp = {
  client_id: "",
  client_secret: null,
  authorize_url: null,
  token_url: null,
  revoke_url: null,
  jwks_url: null,
  issuer: null,
};

export type RowSeed = {
  address: string;
  provider: Provider;
  here?: boolean;
  account?: string;
  /** Minutes ago. */
  ago?: number;
};

/** A workspace in memory: the state that the fake commands change, without any I/O. */
export class World {
  readonly overview: Overview;
  /** All rows, those removed from the CRM included. */
  readonly rows: MailboxRow[] = [];
  history: HistoryRow[] = [];
  private count = 0;

  constructor(
    name: string,
    private readonly clock: () => Date = () => new Date(),
  ) {
    this.overview = {
      revision: 1,
      workspace: {
        path: "/home/hanako/.local/share/dev.uncouple.desktop/workspace.uncouple",
        sample: false,
        first_start: false,
        export_folder: "/home/hanako/Documents",
      },
      me: { id: "m1", name, super_admin: true },
      mailboxes: [],
      disconnects: [],
      settings: {
        welcomed: true,
        language: null,
        appearance: "system",
        google: { ...NO_APP },
        microsoft: { ...NO_APP },
      },
      system_language: "ja",
    };
  }

  fresh(kind: string): string {
    this.count += 1;
    return `${kind}-${this.count}`;
  }

  at(minutesAgo = 0): string {
    return new Date(this.clock().getTime() - minutesAgo * 60_000).toISOString();
  }

  tell(kind: string, address: string | null, details: Record<string, unknown> = {}, minutesAgo = 0): void {
    const seq = this.history.length + 1;
    const hash = Array.from({ length: 8 }, (_, part) =>
      ((seq * 2654435761 * (part + 7)) >>> 0).toString(16).padStart(8, "0"),
    ).join("");
    this.history.push({
      seq,
      at: this.at(minutesAgo),
      by: this.overview.me.name,
      address,
      kind,
      details,
      hash,
    });
  }

  add(seed: RowSeed): MailboxRow {
    const here = seed.here ?? false;
    const at = this.at(seed.ago ?? 0);
    const row: MailboxRow = {
      id: this.fresh("box"),
      address: seed.address,
      provider: seed.provider,
      holder: { here, host: seed.account ? "app-eu1.hubspot.com" : null, account: seed.account ?? null },
      crm: {
        usage: "in_use",
        rank: here ? "proven" : "confirmed",
        at,
        by: this.overview.me.name,
        link: here ? { is: "ok", at } : { is: "unknown" },
        unreachable_since: null,
      },
      consent: !hasConsent(seed.provider)
        ? { is: "no_consent" }
        : here
          ? { is: "active", at }
          : { is: "unknown" },
      this_run_only: false,
      disconnect: null,
      actions: [],
    };
    row.actions = rowActions(row);
    this.rows.push(row);
    this.publish();
    this.tell(
      here ? "mailbox_connected" : "mailbox_tracked",
      row.address,
      { provider: row.provider, again: false },
      seed.ago,
    );
    return row;
  }

  row(id: string): MailboxRow {
    const row = this.rows.find((one) => one.id === id);
    if (!row) throw new AppFailure("unknown_mailbox");
    return row;
  }

  card(id: string): DisconnectCard {
    const card = this.overview.disconnects.find((one) => one.id === id);
    if (!card) throw new AppFailure("unknown_disconnect");
    return card;
  }

  step(card: DisconnectCard, kind: StepKind): StepView {
    const step = card.steps.find((one) => one.kind === kind);
    if (!step) throw new AppFailure("unknown_step");
    return step;
  }

  /** The open job of a row, or a new one. */
  job(row: MailboxRow): DisconnectCard {
    const open = this.overview.disconnects.find((one) => one.mailbox === row.id && !one.completion.complete);
    if (open) return open;
    const card: DisconnectCard = {
      id: this.fresh("job"),
      mailbox: row.id,
      address: row.address,
      provider: row.provider,
      holder: row.holder,
      opened_at: this.at(),
      opened_by: this.overview.me.name,
      steps: newSteps(row),
      completion: { complete: false, weakest: null, done: 0, total: 0 },
      in_sight: false,
      half: false,
      snoozed_until: null,
      shared_with: [],
      actions: [],
    };
    this.overview.disconnects.push(card);
    this.tell("disconnect_opened", row.address, { disconnect: card.id });
    this.refresh(card);
    return card;
  }

  /** Gives a step its evidence, and the row and the consent what follows from it. */
  done(card: DisconnectCard, kind: StepKind, evidence: EvidenceView): void {
    const row = this.row(card.mailbox);
    const step = this.step(card, kind);
    if (step.evidence) throw new AppFailure("step_done");
    step.evidence = evidence;
    if (kind === "remove_from_crm") {
      const before = this.step(card, "disable_in_crm");
      if (!before.evidence) before.not_needed = "removal_confirmed";
    }
    if (kind === "disable_in_crm") this.use(row, "disabled", evidence);
    if (kind === "remove_from_crm") this.use(row, "removed", evidence);
    if (kind === "revoke_grant") row.consent = { is: "gone", evidence };
    this.tell("step_done", card.address, { disconnect: card.id, step: kind, evidence });
    this.refresh(card);
  }

  use(row: MailboxRow, usage: MailboxRow["crm"]["usage"], evidence: EvidenceView): void {
    this.tell("use_changed", row.address, { from: row.crm.usage, to: usage, evidence });
    row.crm = {
      ...row.crm,
      usage,
      rank: evidence.rank,
      at: evidence.at,
      by: evidence.by ?? this.overview.me.name,
    };
    row.actions = rowActions(row);
  }

  proven(proof: NonNullable<EvidenceView["proof"]>, minutesAgo = 0): EvidenceView {
    return { rank: "proven", proof, by: null, at: this.at(minutesAgo), reason: null };
  }

  confirmed(minutesAgo = 0): EvidenceView {
    return {
      rank: "confirmed",
      proof: null,
      by: this.overview.me.name,
      at: this.at(minutesAgo),
      reason: null,
    };
  }

  unverified(reason: string): EvidenceView {
    return { rank: "unverified", proof: null, by: this.overview.me.name, at: this.at(), reason };
  }

  drop(card: DisconnectCard): void {
    this.overview.disconnects = this.overview.disconnects.filter((one) => one !== card);
    const row = this.row(card.mailbox);
    row.disconnect = null;
    row.actions = rowActions(row);
    this.publish();
  }

  refresh(card: DisconnectCard): void {
    settle(card, this.row(card.mailbox));
    this.publish();
  }

  private publish(): void {
    this.overview.mailboxes = this.rows.filter((row) => row.crm.usage !== "removed");
    const open = this.overview.disconnects.filter((card) => !card.completion.complete);
    const complete = this.overview.disconnects.filter((card) => card.completion.complete);
    this.overview.disconnects = [...open, ...complete];
  }
}
