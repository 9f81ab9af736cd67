import type { AppFailure } from "../backend";
import type { Permission } from "../backend/generated/Permission";
import { m } from "../paraglide/messages";
import { permissionWords } from "./admin";

type Worded = Record<string, ((inputs: Record<string, string>) => string) | undefined>;

/** The words for a failure, with its details put in. */
export function errorWords(failure: AppFailure): string {
  const words = (m as unknown as Worded)[`error_${failure.code}`];
  if (!words) return m.error_internal();
  const { permission } = failure.details;
  return words(
    permission
      ? { ...failure.details, permission: permissionWords(permission as Permission) }
      : failure.details,
  );
}
