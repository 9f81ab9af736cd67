import type { KeptOn } from "../backend/generated/KeptOn";
import type { OriginQuestion } from "../backend/generated/OriginQuestion";
import { m } from "../paraglide/messages";
import { whole } from "./sides";

/** Where something is kept that this device can neither use nor call deleted, as a badge names it. */
export function keptOnWords(kept: KeptOn): string {
  switch (kept.is) {
    case "device":
      return m.kept_on_device({ name: whole(kept.name) });
    case "other_file":
      return m.kept_on_file();
    case "unknown":
      return m.kept_on_unknown();
  }
}

/** The same as a sentence, with what follows from it. */
export function keptOnHint(kept: KeptOn): string {
  switch (kept.is) {
    case "device":
      return m.kept_on_device_hint({ name: whole(kept.name) });
    case "other_file":
      return m.kept_on_file_hint({ file: kept.file });
    case "unknown":
      return m.kept_on_unknown_hint();
  }
}

/** What is known of where the workspace was before. */
export function originWords({ devices, was_at, is_at, still_there }: OriginQuestion): string[] {
  if (was_at === null) return [m.origin_devices({ devices: devices.map(whole).join(m.list_comma()) })];
  const lines = [m.origin_was_at({ from: was_at, to: is_at })];
  if (still_there) lines.push(m.origin_still_there());
  return lines;
}
