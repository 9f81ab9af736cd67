import type { Left } from "../backend/generated/Left";
import type { Permission } from "../backend/generated/Permission";
import type { Suite } from "../backend/generated/Suite";
import { m } from "../paraglide/messages";

const SUITES: Record<Suite, () => string> = { google: m.suite_google, microsoft: m.suite_microsoft };
export const suiteWords = (suite: Suite): string => SUITES[suite]();

const PERMISSIONS: Record<Permission, () => string> = {
  people: m.permission_people,
  accesses: m.permission_accesses,
  apps: m.permission_apps,
  revoke: m.permission_revoke,
  log: m.permission_log,
};
/** What a permission is for. A permission of a newer version stands as it came. */
export const permissionWords = (permission: Permission): string => PERMISSIONS[permission]?.() ?? permission;

const LEFT: Record<Left, () => string> = {
  still_listed: m.left_still_listed,
  consented_again: m.left_consented_again,
  covered: m.left_covered,
  forbidden: m.left_forbidden,
  unreadable: m.left_unreadable,
  no_answer: m.left_no_answer,
  cancelled: m.left_cancelled,
};
/** Why an access was left. */
export const leftWords = (why: Left): string => LEFT[why]?.() ?? why;
