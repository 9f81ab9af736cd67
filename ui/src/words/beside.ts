import type { AppRoleView } from "../backend/generated/AppRoleView";
import type { Language } from "../backend/generated/Language";
import type { NotLookedAt } from "../backend/generated/NotLookedAt";
import type { Reconsent } from "../backend/generated/Reconsent";
import type { RoleReach } from "../backend/generated/RoleReach";
import type { RunAppView } from "../backend/generated/RunAppView";
import type { RunView } from "../backend/generated/RunView";
import { m } from "../paraglide/messages";
import { counted } from "./numbers";
import { whole } from "./sides";

/** The apps of a run as a sentence names them: HubSpot where all go by that name, else each by its own. */
export function appsWords(apps: Pick<RunAppView, "name" | "by_name">[]): string {
  if (apps.every((app) => app.by_name)) return "HubSpot";
  return [...new Set(apps.map((app) => app.name))].map(whole).join(m.list_comma());
}

/** Whether anything of a run is HubSpot's by name, so that HubSpot's own side is worth a word. */
export const hasHubSpot = ({ apps }: Pick<RunView, "apps">): boolean =>
  apps.length === 0 || apps.some((app) => app.by_name);

const NOT_LOOKED: Record<NotLookedAt, () => string> = {
  domain_wide_delegation: m.not_looked_domain_wide_delegation,
  domain_installs: m.not_looked_domain_installs,
  application_permissions: m.not_looked_application_permissions,
  app_passwords: m.not_looked_app_passwords,
  forwarding: m.not_looked_forwarding,
};
/** What can reach mail and is not looked at. */
export const notLookedWords = (what: NotLookedAt): string => NOT_LOOKED[what]?.() ?? what;

const ROLES: Record<RoleReach, () => string> = {
  mail_read: m.role_mail_read,
  mail_change: m.role_mail_change,
  mail_send: m.role_mail_send,
  mailboxes: m.role_mailboxes,
  calendars: m.role_calendars,
  contacts: m.role_contacts,
  files: m.role_files,
  people: m.role_people,
};
/** An application permission: its name, or its identifier where nobody tells its name, and what it reaches if known. */
export function roleWords({ value, id, resource, reach }: AppRoleView): string {
  const name = `${value ?? id} (${resource})`;
  return reach ? `${name}: ${ROLES[reach]?.() ?? reach}` : name;
}

const RECONSENT: Record<Reconsent, (apps: { apps: string }) => string> = {
  people: m.reconsent_people,
  administrator: m.reconsent_administrator,
  unknown: m.reconsent_unknown,
};
/** Who can let the apps in again. */
export const reconsentWords = (who: Reconsent, apps: string): string =>
  (RECONSENT[who] ?? m.reconsent_unknown)({ apps });

/** Whether application permissions of the apps are known to stand: then nothing is called clean without saying so. */
export const rolesStand = (apps: Pick<RunAppView, "roles">[]): boolean =>
  apps.some(({ roles }) => roles.is === "read" && roles.roles.length > 0);

/** What was given back of a run, or may have been. Null where nothing was. */
export function givenBackWords({ counts }: Pick<RunView, "counts">, locale: Language): string[] {
  const parts: string[] = [];
  if (counts.restored > 0) parts.push(m.restore_given_back(counted(counts.restored, locale)));
  if (counts.restoring > 0) parts.push(m.restore_unclear(counted(counts.restoring, locale)));
  return parts;
}
