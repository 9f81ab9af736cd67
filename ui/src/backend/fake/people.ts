import { AppFailure } from "../failure";
import type { InboxView } from "../generated/InboxView";
import type { Language } from "../generated/Language";
import type { NoticeKind } from "../generated/NoticeKind";
import type { NoticeView } from "../generated/NoticeView";
import type { OtherChannelView } from "../generated/OtherChannelView";
import type { PlaceView } from "../generated/PlaceView";

export type Person = { id: string; name: string; superAdmin: boolean; language: Language | null };
export type TeamInbox = Pick<InboxView, "id" | "name" | "access">;
export type Kept = NoticeView & { to: string; mailbox: string | null };

type Notice = {
  what: NoticeKind;
  at: string;
  by: string | null;
  address: string | null;
  mailbox: string | null;
  place: PlaceView;
};

/** The people of a workspace, the inboxes they share and what they were told. */
export class People {
  readonly members: Person[] = [];
  readonly inboxes: TeamInbox[] = [];
  readonly others: OtherChannelView[] = [];
  readonly notices: Kept[] = [];
  acting = "m1";

  get me(): Person {
    return this.member(this.acting);
  }

  member(id: string): Person {
    const member = this.members.find((one) => one.id === id);
    if (!member) throw new AppFailure("unknown_member");
    return member;
  }

  inbox(id: string): TeamInbox {
    const inbox = this.inboxes.find((one) => one.id === id);
    if (!inbox) throw new AppFailure("unknown_inbox");
    return inbox;
  }

  sees(inbox: TeamInbox): boolean {
    return this.me.superAdmin || inbox.access.includes(this.acting);
  }

  superAdmins(): string[] {
    return this.members.filter((member) => member.superAdmin).map((member) => member.id);
  }

  /** One notice to each, however many reasons there are to tell them. */
  tell(to: string[], notice: Notice): void {
    for (const one of new Set(to)) {
      const id = this.notices.length + 1;
      this.notices.push({ ...notice, id, to: one, unread: true, corrected_at: null });
    }
  }

  /** What was told about a row of these kinds is not true any more. */
  correct(mailbox: string, kinds: NoticeKind["kind"][], at: string): void {
    for (const notice of this.notices) {
      if (notice.mailbox === mailbox && kinds.includes(notice.what.kind)) notice.corrected_at ??= at;
    }
  }

  /** Newest first, as the list shows them. */
  mine(): NoticeView[] {
    return this.notices
      .filter((notice) => notice.to === this.acting)
      .map(({ to: _to, mailbox: _mailbox, ...notice }) => notice)
      .sort((a, b) => b.at.localeCompare(a.at) || b.id - a.id);
  }
}
