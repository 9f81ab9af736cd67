import type { NoticeKind } from "../backend/generated/NoticeKind";
import type { NoticeView } from "../backend/generated/NoticeView";
import { m } from "../paraglide/messages";
import { providerWords } from "./facts";
import { noStepsLeftWords } from "./headlines";
import { lostWords } from "./sides";

type Removed = Extract<NoticeKind, { kind: "removed" }>;

/** No more than is known of the removal: by whose word, or that it was here. */
function removedWords({ here, rank }: Removed, address: string): string {
  if (rank === null) return m.notice_removed_back({ address });
  if (here) return m.notice_removed_here({ address });
  return rank === "unverified"
    ? m.notice_removed_unverified({ address })
    : m.notice_removed_stated({ address });
}

/** What is left to do, or how the whole is known once nothing is. */
function removedNext({ here, moving, rest }: Removed): string {
  if (rest) return noStepsLeftWords(rest === "confirmed" ? "stated" : rest);
  if (moving) return m.notice_removed_next_moving();
  return here ? m.notice_removed_next_here() : m.notice_removed_next();
}

function lostTitle(what: Extract<NoticeKind, { kind: "lost" }>, address: string): string {
  if (!what.here && what.stated) return m.notice_lost_stated({ address });
  if (!what.here && what.reason === "withdrawn") return m.notice_lost_listed({ address });
  return m.notice_lost({ address, reason: lostWords(what.reason) });
}

/** What a notice says, and what there is to do. */
export function noticeWords(notice: Pick<NoticeView, "what" | "address" | "by">): {
  title: string;
  next: string | null;
} {
  const address = notice.address ?? "";
  const name = notice.by ?? "";
  const { what } = notice;
  switch (what.kind) {
    case "removed": {
      const title = removedWords(what, address);
      return {
        title: what.inbox ? m.notice_of_inbox({ title, inbox: what.inbox }) : title,
        next: what.rank && removedNext(what),
      };
    }
    case "lost":
      return { title: lostTitle(what, address), next: m.notice_lost_next() };
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
      return {
        title:
          what.apps.length > 0
            ? m.notice_still_there_apps({ address, apps: what.apps.join(m.list_comma()) })
            : m.notice_still_there({ address }),
        next: m.notice_still_there_next(),
      };
    case "access_revoked":
      return {
        title:
          what.apps.length > 0
            ? m.notice_access_revoked_apps({ address, apps: what.apps.join(m.list_comma()) })
            : m.notice_access_revoked({ address }),
        next:
          what.deleted_here && notice.by
            ? m.notice_access_revoked_run({ name })
            : m.notice_access_revoked_next(),
      };
    case "reminder":
      return { title: m.notice_reminder({ address }), next: m.notice_reminder_next() };
    case "digest":
      return { title: m.notice_digest({ count: what.jobs }), next: m.notice_reminder_next() };
  }
}
