import { m } from "../../paraglide/messages";
import type { EventKind } from "../../words/history";
import { AppFailure } from "../failure";
import type { DisconnectCard } from "../generated/DisconnectCard";
import type { EvidenceView } from "../generated/EvidenceView";
import type { HistoryRow } from "../generated/HistoryRow";
import type { MailboxRow } from "../generated/MailboxRow";
import type { NoticeKind } from "../generated/NoticeKind";
import type { Overview } from "../generated/Overview";
import type { Provider } from "../generated/Provider";
import type { PurposeView } from "../generated/PurposeView";
import type { SignInApp } from "../generated/SignInApp";
import type { StepKind } from "../generated/StepKind";
import type { StepView } from "../generated/StepView";
import { AdminWorld } from "./admin/state";
import { People } from "./people";
import { hasConsent, movesTo, newSteps, rowActions, settle } from "./rules";
import { toldOf } from "./told";

const NO_APP: SignInApp = {
  client_id: "",
  client_secret: null,
  authorize_url: null,
  token_url: null,
  revoke_url: null,
  jwks_url: null,
  issuer: null,
  api_url: null,
};

export type RowSeed = {
  address: string;
  provider: Provider;
  here?: boolean;
  account?: string;
  /** Minutes ago. */
  ago?: number;
  /** A member. The acting one, if nothing is said. */
  owner?: string;
  /** A team address of this inbox. */
  inbox?: string;
  connectedBy?: string;
};

/** What is known of a removal when it is recorded. */
function removedNotice(card: DisconnectCard, row: MailboxRow, evidence: EvidenceView): NoticeKind {
  return {
    kind: "removed",
    inbox: card.inbox?.name ?? null,
    here: row.holder.here,
    rank: evidence.rank,
    moving: card.purpose.is !== "leave",
    rest: null,
  };
}

/** A workspace in memory: the state that the fake commands change, without any I/O. */
export class World {
  readonly overview: Overview;
  /** All rows, those removed from the CRM included. */
  readonly rows: MailboxRow[] = [];
  /** All jobs, whoever may see them. */
  cards: DisconnectCard[] = [];
  readonly people = new People();
  readonly admin = new AdminWorld(this);
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
        reaches_members: false,
        first_start: false,
        export_folder: "/home/hanako/Documents",
        devices: [
          {
            id: "d1",
            name: "desk",
            this: true,
            earlier: false,
            file: "/home/hanako/.local/share/dev.uncouple.desktop/workspace.uncouple",
            since: "2026-11-23T09:00:00Z",
            origin: "began",
            gone: false,
          },
        ],
        origin: null,
      },
      me: { id: "m1", name, super_admin: true, language: null },
      mailboxes: [],
      others: [],
      inboxes: [],
      channels: [],
      other_channels: [],
      members: [],
      unread: 0,
      disconnects: [],
      settings: {
        welcomed: true,
        language: null,
        appearance: "system",
        notices: {
          disconnected: true,
          lost: true,
          asked: true,
          reminders: true,
          digest_at: "09:00",
          quiet_from: null,
          quiet_to: null,
          keep_days: 90,
        },
        google: { ...NO_APP },
        microsoft: { ...NO_APP },
        paces: {
          google: { calls_per_minute: 2400, connections: 16 },
          microsoft: { calls_per_minute: 2400, connections: 16 },
        },
      },
      system_language: "ja",
      foreign_hosts: { google: [], microsoft: [] },
    };
    this.people.members.push({ id: "m1", name, superAdmin: true, language: null });
    this.publish();
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
      sentence: {
        ja: m[`kind_${kind as EventKind}`]({}, { locale: "ja" }),
        en: m[`kind_${kind as EventKind}`]({}, { locale: "en" }),
      },
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
        entered: !here,
        link: here ? { is: "ok", at } : { is: "unknown" },
        unreachable_since: null,
      },
      consent: !hasConsent(seed.provider)
        ? { is: "no_consent" }
        : here
          ? { is: "active", at }
          : { is: "unknown" },
      this_run_only: false,
      kept_on: null,
      owner: seed.inbox ? null : this.person(seed.owner ?? this.people.acting),
      inbox: seed.inbox ?? null,
      owner_language: seed.inbox ? null : this.people.member(seed.owner ?? this.people.acting).language,
      connected_by: seed.connectedBy ? this.person(seed.connectedBy) : null,
      added_at: at,
      asked: null,
      moves_to: [],
      told: [],
      disconnect: null,
      moving: false,
      actions: [],
    };
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
    const card = this.cards.find((one) => one.id === id);
    if (!card) throw new AppFailure("unknown_disconnect");
    return card;
  }

  step(card: DisconnectCard, kind: StepKind): StepView {
    const step = card.steps.find((one) => one.kind === kind);
    if (!step) throw new AppFailure("unknown_step");
    return step;
  }

  person(id: string): { id: string; name: string } {
    return { id, name: this.people.member(id).name };
  }

  /** The open job of a row, or a new one. */
  job(row: MailboxRow, purpose: PurposeView = { is: "leave" }): DisconnectCard {
    const open = this.cards.find((one) => one.mailbox === row.id && !one.completion.complete);
    if (open) return open;
    const card: DisconnectCard = {
      id: this.fresh("job"),
      mailbox: row.id,
      address: row.address,
      inbox: row.inbox ? { id: row.inbox, name: this.people.inbox(row.inbox).name } : null,
      purpose,
      provider: row.provider,
      holder: row.holder,
      opened_at: this.at(),
      opened_by: this.overview.me.name,
      steps: newSteps(row, purpose),
      completion: { complete: false, weakest: null, done: 0, total: 0 },
      in_sight: false,
      half: false,
      snoozed_until: null,
      shared_with: [],
      actions: [],
    };
    this.cards.push(card);
    row.asked = null;
    this.tell("disconnect_opened", row.address, { disconnect: card.id, purpose });
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
      const before = card.steps.find((one) => one.kind === "disable_in_crm");
      if (before && !before.evidence) before.not_needed = "removal_confirmed";
      this.announce(row, removedNotice(card, row, evidence), evidence.at);
    }
    if (kind === "connect_again") this.connectAgain(card, row);
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
      entered: false,
    };
  }

  /** Tells everybody whom the rules name about a row. */
  announce(row: MailboxRow, what: NoticeKind, at = this.at()): void {
    const { people } = this;
    const inbox = row.inbox ? people.inbox(row.inbox) : null;
    const owner = row.owner?.id;
    const to = inbox
      ? [...people.superAdmins(), ...inbox.access, ...(row.connected_by ? [row.connected_by.id] : [])]
      : [...(owner ? [owner] : []), ...(owner === people.acting ? [] : people.superAdmins())];
    const place = inbox
      ? ({ screen: "channels", inbox: inbox.id, job: row.disconnect, mailbox: row.id } as const)
      : ({ screen: "email", job: row.disconnect, mailbox: row.id } as const);
    people.tell(to, { what, at, by: people.me.name, address: row.address, mailbox: row.id, place });
    this.publish();
  }

  /** The last step of a move: the same row goes on with its new provider or its new place. */
  private connectAgain(card: DisconnectCard, row: MailboxRow): void {
    const { purpose } = card;
    if (purpose.is === "move") row.provider = purpose.to;
    if (purpose.is === "to_team") {
      row.inbox = this.people.inboxes.find((one) => one.name === purpose.inbox)?.id ?? null;
      row.connected_by = row.owner;
      row.owner = null;
    }
    if (purpose.is === "to_personal") {
      row.inbox = null;
      row.owner = this.person(this.people.acting);
    }
    this.use(row, "in_use", this.confirmed());
    row.crm.link = { is: "unknown" };
    row.consent = { is: "unknown" };
  }

  proven(proof: NonNullable<EvidenceView["proof"]>, minutesAgo = 0): EvidenceView {
    return { rank: "proven", proof, by: null, at: this.at(minutesAgo), reason: null, hosts: [] };
  }

  confirmed(minutesAgo = 0): EvidenceView {
    return {
      rank: "confirmed",
      proof: null,
      by: this.overview.me.name,
      at: this.at(minutesAgo),
      reason: null,
      hosts: [],
    };
  }

  unverified(reason: string): EvidenceView {
    return { rank: "unverified", proof: null, by: this.overview.me.name, at: this.at(), reason, hosts: [] };
  }

  drop(card: DisconnectCard): void {
    this.cards = this.cards.filter((one) => one !== card);
    this.row(card.mailbox).disconnect = null;
    this.publish();
  }

  refresh(card: DisconnectCard): void {
    settle(card, this.row(card.mailbox));
    this.publish();
  }

  /** Works out what the acting member may see. */
  publish(): void {
    const { people, overview } = this;
    const { me } = people;
    const inboxes = people.inboxes.filter((inbox) => people.sees(inbox));
    const viewer = { id: me.id, superAdmin: me.superAdmin, inboxes: inboxes.length };
    for (const row of this.rows) {
      row.moves_to = movesTo(row);
      row.actions = rowActions(row, viewer);
      row.told = row.actions.includes("delete") ? toldOf(row, people) : [];
      const open = this.cards.find((card) => card.id === row.disconnect);
      row.moving = open !== undefined && open.purpose.is !== "leave";
    }
    const there = this.rows.filter((row) => row.crm.usage !== "removed");
    const seen = new Set(inboxes.map((inbox) => inbox.id));
    overview.me = { id: me.id, name: me.name, super_admin: me.superAdmin, language: me.language };
    overview.mailboxes = there.filter((row) => row.owner?.id === me.id);
    overview.others = me.superAdmin ? there.filter((row) => row.owner && row.owner.id !== me.id) : [];
    overview.channels = there.filter((row) => row.inbox && seen.has(row.inbox));
    overview.other_channels = people.others.filter((channel) => seen.has(channel.inbox));
    overview.inboxes = inboxes.map((inbox) => ({
      ...inbox,
      manage: me.superAdmin,
      open_jobs: this.cards.filter((card) => card.inbox?.id === inbox.id && !card.completion.complete).length,
    }));
    const admins = people.superAdmins();
    overview.members = people.members.map((member) => ({
      id: member.id,
      name: member.name,
      super_admin: member.superAdmin,
      language: member.language,
      me: member.id === me.id,
      last_super_admin: member.superAdmin && admins.length === 1,
      mailboxes: there.filter((row) => row.owner?.id === member.id).length,
      inboxes: people.inboxes.filter((inbox) => inbox.access.includes(member.id)).map((inbox) => inbox.id),
    }));
    overview.unread = people.mine().filter((notice) => notice.unread).length;
    const visible = this.cards.filter((card) =>
      card.inbox ? seen.has(card.inbox.id) : this.row(card.mailbox).owner?.id === me.id,
    );
    overview.disconnects = [
      ...visible.filter((card) => !card.completion.complete),
      ...visible.filter((card) => card.completion.complete),
    ];
  }
}
