import type { AppFailure } from "../backend";
import { m } from "../paraglide/messages";

type Worded = Record<string, ((inputs: Record<string, string>) => string) | undefined>;

/** The words for a failure, with its details put in. */
export function errorWords(failure: AppFailure): string {
  const words = (m as unknown as Worded)[`error_${failure.code}`];
  return words ? words(failure.details) : m.error_internal();
}
