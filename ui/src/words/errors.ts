import type { AppFailure } from "../backend";
import type { Permission } from "../backend/generated/Permission";
import { m } from "../paraglide/messages";
import { permissionWords } from "./admin";

type Worded = Record<string, ((inputs: Record<string, string>) => string) | undefined>;

/** What became of a consent that came with a sign-in that was refused. */
const STRAY_CONSENTS: Record<string, (() => string) | undefined> = {
  revoked: m.consent_revoked,
  left_google: m.consent_left_google,
  left_microsoft: m.consent_left_microsoft,
};

/** The words for a failure, with its details put in. */
export function errorWords(failure: AppFailure): string {
  const words = (m as unknown as Worded)[`error_${failure.code}`];
  if (!words) return m.error_internal();
  const { permission, consent } = failure.details;
  const said = words(
    permission
      ? { ...failure.details, permission: permissionWords(permission as Permission) }
      : failure.details,
  );
  const became = consent ? STRAY_CONSENTS[consent]?.() : undefined;
  return became ? `${said} ${became}` : said;
}
