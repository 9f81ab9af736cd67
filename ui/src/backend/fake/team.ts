import type { Backend, MemberDraft } from "../backend";
import { AppFailure } from "../failure";
import type { MailboxRow } from "../generated/MailboxRow";
import { fakeReconnect } from "./reconnect";
import type { World } from "./world";

/** How a group of commands gets at the fake. */
export type Play = {
  world: () => World;
  reading: <T>(name: keyof Backend, act: () => T) => Promise<T>;
  changing: <T>(name: keyof Backend, act: () => T) => Promise<T>;
};

type Commands = Pick<
  Backend,
  | "actAs"
  | "addMember"
  | "changeMember"
  | "removeMember"
  | "addInbox"
  | "renameInbox"
  | "deleteInbox"
  | "setAccess"
  | "trackChannel"
  | "deleteChannel"
  | "addOtherChannel"
  | "dropOtherChannel"
  | "askOwner"
  | "declineAsk"
  | "openMail"
  | "moveProvider"
  | "moveToTeam"
  | "moveToPersonal"
  | "reportLost"
  | "reconnectGuide"
  | "openPrivacyPage"
  | "openSource"
  | "openReconnectPage"
  | "confirmReconnected"
>;

/** An address can't be personal and team at once, nor twice in the list. */
export function unused(world: World, address: string): void {
  const twin = world.rows.find((row) => row.address === address && row.crm.usage !== "removed");
  if (!twin) return;
  const where: Record<string, string> = twin.inbox ? { inbox: twin.inbox } : {};
  throw new AppFailure("address_in_use", { address, mailbox: twin.id, ...where });
}

function named(name: string): string {
  if (!name.trim()) throw new AppFailure("name_empty");
  if (name.trim().length > 100) throw new AppFailure("name_too_long", { most: "100" });
  return name.trim();
}

/** People, inboxes, team addresses, and what goes from one to another. */
export function teamCommands({ world, reading, changing }: Play): Commands {
  const people = () => world().people;
  const admin = () => {
    if (!people().me.superAdmin) throw new AppFailure("not_super_admin");
  };
  const row = (id: string): MailboxRow => {
    const found = world().row(id);
    if (found.crm.usage === "removed") throw new AppFailure("already_removed");
    return found;
  };
  const keepAnAdmin = (id: string, draft?: MemberDraft) => {
    const last = people().superAdmins().length === 1 && people().member(id).superAdmin;
    if (last && !draft?.superAdmin) throw new AppFailure("last_super_admin");
  };

  return {
    actAs: (member) =>
      changing("actAs", () => {
        if (!world().overview.workspace.sample) throw new AppFailure("act_as_sample_only");
        people().acting = people().member(member).id;
        world().publish();
      }),
    addMember: ({ name, superAdmin, language }) =>
      changing("addMember", () => {
        admin();
        const id = world().fresh("member");
        people().members.push({ id, name: named(name), superAdmin, language });
        world().publish();
        return id;
      }),
    changeMember: ({ member, ...draft }) =>
      changing("changeMember", () => {
        admin();
        keepAnAdmin(member, draft);
        Object.assign(people().member(member), { ...draft, name: named(draft.name) });
        world().publish();
      }),
    removeMember: (member) =>
      changing("removeMember", () => {
        admin();
        keepAnAdmin(member);
        if (member === people().acting) throw new AppFailure("not_yourself");
        const own = world().rows.some((one) => one.owner?.id === member && one.crm.usage !== "removed");
        if (own) throw new AppFailure("member_has_mailboxes");
        const { members, inboxes } = people();
        members.splice(members.indexOf(people().member(member)), 1);
        for (const inbox of inboxes) inbox.access = inbox.access.filter((one) => one !== member);
        world().publish();
      }),

    addInbox: (name) =>
      changing("addInbox", () => {
        admin();
        const id = world().fresh("inbox");
        people().inboxes.push({ id, name: named(name), access: [] });
        world().publish();
        return id;
      }),
    renameInbox: (id, name) =>
      changing("renameInbox", () => {
        admin();
        people().inbox(id).name = named(name);
        world().publish();
      }),
    deleteInbox: (id) =>
      changing("deleteInbox", () => {
        admin();
        const inbox = people().inbox(id);
        if (world().rows.some((one) => one.inbox === id && one.crm.usage !== "removed"))
          throw new AppFailure("inbox_has_channels");
        people().inboxes.splice(people().inboxes.indexOf(inbox), 1);
        world().publish();
      }),
    setAccess: (id, member, access) =>
      changing("setAccess", () => {
        admin();
        const inbox = people().inbox(id);
        const others = inbox.access.filter((one) => one !== people().member(member).id);
        inbox.access = access ? [...others, member] : others;
        world().publish();
      }),
    trackChannel: ({ inbox, address, provider, connectedBy, hubspotPage }) =>
      changing("trackChannel", () => {
        if (!address.trim()) throw new AppFailure("address_empty");
        if (!address.includes("@")) throw new AppFailure("address_no_at");
        if (provider === "imap") throw new AppFailure("not_for_teams");
        unused(world(), address);
        const account = /\d{3,}/.exec(hubspotPage ?? "")?.[0];
        return world().add({
          address,
          provider,
          inbox: people().inbox(inbox).id,
          ...(connectedBy ? { connectedBy } : {}),
          ...(account ? { account } : {}),
        }).id;
      }),
    deleteChannel: (id) =>
      changing("deleteChannel", () => {
        const channel = row(id);
        if (!channel.inbox) throw new AppFailure("not_a_team_address");
        const job = world().job(channel);
        if (channel.holder.here) world().done(job, "remove_from_crm", world().proven("store"));
        return job.id;
      }),
    addOtherChannel: (inbox, kind, name) =>
      changing("addOtherChannel", () => {
        const id = world().fresh("other");
        people().others.push({ id, inbox: people().inbox(inbox).id, kind, name: named(name) });
        world().publish();
        return id;
      }),
    dropOtherChannel: (id) =>
      changing("dropOtherChannel", () => {
        const at = people().others.findIndex((one) => one.id === id);
        if (at < 0) throw new AppFailure("unknown_channel");
        people().others.splice(at, 1);
        world().publish();
      }),

    askOwner: (id) =>
      changing("askOwner", () => {
        admin();
        const asked = row(id);
        if (asked.asked) throw new AppFailure("already_asked");
        asked.asked = { by: people().me.name, at: world().at() };
        people().tell(asked.owner ? [asked.owner.id] : [], {
          what: { kind: "asked" },
          at: world().at(),
          by: people().me.name,
          address: asked.address,
          mailbox: id,
          place: { screen: "email", job: null, mailbox: id },
        });
        world().publish();
      }),
    openMail: ({ to, subject, body }) =>
      changing("openMail", () => ({
        url: `mailto:${to ?? ""}?${new URLSearchParams({ subject, body })}`,
        opened: !world().overview.workspace.sample,
      })),
    declineAsk: (id) =>
      changing("declineAsk", () => {
        const asked = row(id);
        if (!asked.asked) throw new AppFailure("not_asked");
        const asker = people().members.find((one) => one.name === asked.asked?.by);
        asked.asked = null;
        people().tell(asker ? [asker.id] : [], {
          what: { kind: "declined" },
          at: world().at(),
          by: people().me.name,
          address: asked.address,
          mailbox: id,
          place: { screen: "email", job: null, mailbox: id },
        });
        world().publish();
      }),
    moveProvider: (id, to) =>
      changing("moveProvider", () => {
        const moving = row(id);
        if (!moving.moves_to.includes(to)) throw new AppFailure("cant_move_there");
        const job = world().job(moving, { is: "move", to });
        world().announce(moving, { kind: "moving", to });
        return job.id;
      }),
    moveToTeam: (id, inbox) =>
      changing("moveToTeam", () => {
        const moving = row(id);
        if (moving.provider === "imap") throw new AppFailure("not_for_teams");
        return world().job(moving, { is: "to_team", inbox: people().inbox(inbox).name }).id;
      }),
    moveToPersonal: (id) =>
      changing(
        "moveToPersonal",
        () => world().job(row(id), { is: "to_personal", owner: people().me.name }).id,
      ),
    reportLost: (id) =>
      changing("reportLost", () => {
        const lost = row(id);
        if (lost.holder.here) throw new AppFailure("not_in_hubspot");
        lost.crm.link = { is: "lost", reason: "unknown", at: world().at(), by: people().me.name };
        world().announce(lost, { kind: "lost", reason: "unknown", here: false, stated: true });
      }),
    reconnectGuide: (id) =>
      reading("reconnectGuide", () => {
        const found = world().row(id);
        if (found.holder.here) throw new AppFailure("not_in_hubspot");
        return fakeReconnect(found.provider, found.holder.account, found.inbox !== null);
      }),
    openPrivacyPage: () =>
      changing("openPrivacyPage", () => ({
        url: "https://legal.hubspot.com/privacy-policy",
        opened: !world().overview.workspace.sample,
      })),
    openSource: (url) => changing("openSource", () => ({ url, opened: !world().overview.workspace.sample })),
    openReconnectPage: (id) =>
      changing("openReconnectPage", () => {
        const found = world().row(id);
        const { guide } = fakeReconnect(found.provider, found.holder.account, found.inbox !== null);
        if (!guide.page) throw new AppFailure("no_page");
        world().tell("page_requested", found.address, { page: guide.id });
        return { url: guide.page, opened: !world().overview.workspace.sample };
      }),
    confirmReconnected: (id) =>
      changing("confirmReconnected", () => {
        const found = world().row(id);
        if (found.crm.usage === "removed") world().use(found, "in_use", world().confirmed());
        found.crm.link = { is: "unknown" };
        found.consent = { is: "unknown" };
        people().correct(id, ["lost", "removed"], world().at());
        world().publish();
      }),
  };
}
