import type { NoticeView } from "../backend/generated/NoticeView";
import { m } from "../paraglide/messages";
import { providerWords } from "./facts";
import { lostWords } from "./sides";

/** What a notice says, and what there is to do. */
export function noticeWords(notice: Pick<NoticeView, "what" | "address" | "by">): {
  title: string;
  next: string | null;
} {
  const address = notice.address ?? "";
  const name = notice.by ?? "";
  const { what } = notice;
  switch (what.kind) {
    case "disconnected":
      return {
        title: what.inbox
          ? m.notice_disconnected_team({ address, inbox: what.inbox })
          : m.notice_disconnected({ address }),
        next: m.notice_disconnected_next(),
      };
    case "lost":
      return {
        title: m.notice_lost({ address, reason: lostWords(what.reason) }),
        next: m.notice_lost_next(),
      };
    case "asked":
      return { title: m.notice_asked({ name, address }), next: m.notice_asked_next() };
    case "declined":
      return { title: m.notice_declined({ name, address }), next: null };
    case "moving":
      return {
        title: m.notice_moving({ address, provider: providerWords(what.to) }),
        next: m.notice_moving_next(),
      };
    case "still_there":
      return { title: m.notice_still_there({ address }), next: m.notice_still_there_next() };
    case "access_revoked":
      return { title: m.notice_access_revoked({ address }), next: m.notice_access_revoked_next() };
    case "reminder":
      return { title: m.notice_reminder({ address }), next: m.notice_reminder_next() };
    case "digest":
      return { title: m.notice_digest({ count: what.jobs }), next: m.notice_reminder_next() };
  }
}
