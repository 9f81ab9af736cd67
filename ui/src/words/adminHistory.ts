import type { HistoryRow } from "../backend/generated/HistoryRow";
import type { Left } from "../backend/generated/Left";
import type { Suite } from "../backend/generated/Suite";
import { m } from "../paraglide/messages";
import { leftWords, suiteWords } from "./admin";

export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What an entry about an administrator's work says. Null for an entry about anything else. */
export function adminEventWords({ kind, details }: Pick<HistoryRow, "kind" | "details">): string | null {
  const suite = details.suite ? suiteWords(details.suite as Suite) : "";
  const account = text(details.account);
  const app = text(details.app);
  const organisation = text(details.organisation);
  const person = text(details.person) || m.everybody();
  const apps = Array.isArray(details.apps) ? details.apps.map(text).join(m.list_comma()) : "";
  switch (kind) {
    case "administrator_signed_in":
      return details.read_only
        ? m.event_administrator_looks({ account, suite })
        : m.event_administrator_signed_in({ account, suite });
    case "administrator_signed_out":
      return m.event_administrator_signed_out({ account, suite });
    case "administrator_forgotten":
      return m.event_administrator_forgotten({ suite });
    case "app_chosen":
      return m.event_app_chosen({ app, organisation });
    case "app_dropped":
      return m.event_app_dropped({ app, organisation });
    case "organisation_searched": {
      const [people, accesses, unread] = [details.people, details.accesses, details.unread].map(text);
      const found = { organisation, people: people ?? "", accesses: accesses ?? "", unread: unread ?? "" };
      return details.complete
        ? m.event_organisation_searched(found)
        : m.event_organisation_searched_part(found);
    }
    case "directory_lists":
      if (apps) {
        return details.listed
          ? m.event_directory_lists_apps({ apps })
          : m.event_directory_lists_not_apps({ apps });
      }
      return details.listed ? m.event_directory_lists() : m.event_directory_lists_not();
    case "run_started":
      return m.event_run_started({ organisation, items: text(details.items) });
    case "run_paused":
      return m.event_run_paused();
    case "run_cancelled":
      return m.event_run_cancelled();
    case "run_ended":
      return m.event_run_ended({ proven: text(details.proven), left: text(details.left) });
    case "run_verified": {
      const [read, gone, back, unread] = [details.read, details.gone, details.back, details.unread].map(text);
      return m.event_run_verified({
        read: read ?? "",
        gone: gone ?? "",
        back: back ?? "",
        unread: unread ?? "",
      });
    }
    case "access_revoked":
      if (details.nobody_there) return m.event_access_revoked_nobody({ app, person });
      return details.already_gone
        ? m.event_access_already_gone({ app, person })
        : m.event_access_revoked({ app, person });
    case "restore_started":
      return m.event_restore_started({ items: text(details.items) });
    case "access_restored":
      return m.event_access_restored({ app, person });
    case "access_left":
      return m.event_access_left({ app, person, why: details.why ? leftWords(details.why as Left) : "" });
    case "run_reported":
      return m.event_run_reported();
    default:
      return null;
  }
}
