import type { AccessLine } from "../backend/generated/AccessLine";
import type { AppView } from "../backend/generated/AppView";
import type { Left } from "../backend/generated/Left";
import type { NotRead } from "../backend/generated/NotRead";
import type { Permission } from "../backend/generated/Permission";
import type { Reach } from "../backend/generated/Reach";
import type { Suite } from "../backend/generated/Suite";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { type Mark, whole } from "./sides";

const SUITES: Record<Suite, () => string> = { google: m.suite_google, microsoft: m.suite_microsoft };
/** The product's name, in one piece. */
export const suiteWords = (suite: Suite): string => whole(SUITES[suite]());

const PERMISSIONS: Record<Permission, () => string> = {
  people: m.permission_people,
  accesses: m.permission_accesses,
  apps: m.permission_apps,
  revoke: m.permission_revoke,
  log: m.permission_log,
  policy: m.permission_policy,
};
/** What a permission is for. A permission of a newer version stands as it came. */
export const permissionWords = (permission: Permission): string => PERMISSIONS[permission]?.() ?? permission;

const LEFT: Record<Left, () => string> = {
  still_listed: m.left_still_listed,
  consented_again: m.left_consented_again,
  covered: m.left_covered,
  still_reached: m.left_still_reached,
  forbidden: m.left_forbidden,
  unreadable: m.left_unreadable,
  no_answer: m.left_no_answer,
  not_read: m.left_not_read,
  cancelled: m.left_cancelled,
};
/** Why an access was left. */
export const leftWords = (why: Left): string => LEFT[why]?.() ?? why;

const NOT_READ: Record<NotRead, () => string> = {
  forbidden: m.not_read_forbidden,
  unreadable: m.not_read_unreadable,
  no_answer: m.not_read_no_answer,
  not_asked: m.not_read_not_asked,
  clock_behind: m.not_read_clock_behind,
};
/** Why a list could not be read. */
export const notReadWords = (why: NotRead): string => NOT_READ[why]?.() ?? why;

/** The provider behind a suite, as sentences name it. */
export const providerOf = (suite: Suite): string =>
  suite === "google" ? m.provider_google() : m.provider_microsoft();

/** An organisation in a list of them: one name can be known to both providers. */
export const organisationWords = ({ name, suite }: { name: string; suite: Suite }): string =>
  m.organisation_at({ name, provider: providerOf(suite) });

/** Sentences one after another. Japanese ones have no space between them. */
export const sentences = (parts: string[]): string => parts.join(getLocale() === "ja" ? "" : " ");

/** What a permission is asked for. */
export const whyWords = (permission: Permission): string => WHY[permission]?.() ?? permission;

const WHY: Record<Permission, () => string> = {
  people: m.why_people,
  accesses: m.why_accesses,
  apps: m.why_apps,
  revoke: m.why_revoke,
  log: m.why_log,
  policy: m.why_policy,
};

const MISSING: Record<Permission, () => string> = {
  people: m.missing_people,
  accesses: m.missing_accesses,
  apps: m.missing_apps,
  revoke: m.missing_revoke,
  log: m.missing_log,
  policy: m.missing_policy,
};
/** What is not possible without a permission, and what still is. */
export const missingWords = (permission: Permission): string => MISSING[permission]?.() ?? permission;

/** Who published an app, and whether the provider vouches for that. */
export function publisherWords(
  { publisher, verified }: Pick<AppView, "publisher" | "verified">,
  suite: Suite,
): string {
  const provider = providerOf(suite);
  if (verified === null) return publisher ?? m.publisher_untold({ provider });
  if (!publisher) return m.publisher_none();
  return verified
    ? m.publisher_verified({ publisher, provider })
    : m.publisher_unverified({ publisher, provider });
}

const REACHES: Record<Reach, (suite: Suite) => string> = {
  mail: () => m.reach_mail(),
  calendar: () => m.reach_calendar(),
  contacts: () => m.reach_contacts(),
  files: (suite) => (suite === "google" ? m.reach_drive() : m.reach_onedrive()),
  search_console: () => m.reach_search_console(),
  identity: () => m.reach_identity(),
  other: () => m.reach_other(),
};
/** What an app reaches, in the words that people know: the parts of one list, each with its comma. */
export function reachesWords(reaches: Reach[], suite: Suite): string[] {
  if (reaches.length === 0) return [m.reach_nothing()];
  const words = reaches.map((reach) => REACHES[reach]?.(suite) ?? reach);
  return words.map((word, index) => {
    const shown = index === 0 ? capital(word) : word;
    return index < words.length - 1 ? shown + m.list_comma() : shown;
  });
}

/** English list items are written small; a line begins large. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What this workspace knows of HubSpot's side of an access. */
export function knownWords({ crm }: Pick<AccessLine, "crm">): { mark: Mark; words: string } {
  switch (crm?.usage) {
    case undefined:
      return { mark: "none", words: m.crm_unknown() };
    case "in_use":
      return { mark: "said", words: m.side_hubspot({ state: m.use_in_use() }) };
    case "disabled":
      return { mark: "off", words: m.side_hubspot({ state: m.use_disabled() }) };
    case "removed":
      return { mark: "gone", words: m.side_hubspot({ state: m.use_removed() }) };
  }
}
