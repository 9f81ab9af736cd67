import type { Language } from "../backend/generated/Language";
import { m } from "../paraglide/messages";

const made = new Map<Language, Intl.NumberFormat>();

/** A number in the way of the language: 1,240. */
export function numberWords(number: number, locale: Language): string {
  let format = made.get(locale);
  if (!format) {
    format = new Intl.NumberFormat(locale);
    made.set(locale, format);
  }
  return format.format(number);
}

/** A number for a message that has a form for one and for many. */
export const counted = (count: number, locale: Language) => ({ count, number: numberWords(count, locale) });

/** About how long. Rounded up, so that it is over sooner than it said. */
export function durationWords(seconds: number, locale: Language): string {
  if (seconds < 90) return m.about_seconds(counted(Math.ceil(seconds), locale));
  if (seconds < 90 * 60) return m.about_minutes(counted(Math.ceil(seconds / 60), locale));
  return m.about_hours(counted(Math.ceil(seconds / 3600), locale));
}

const sizes = new Map<string, Intl.NumberFormat>();

/** The size of a file, in the larger of kilobytes and megabytes that fits. */
export function bytesWords(bytes: number, locale: Language): string {
  const [unit, per] = bytes < 1_000_000 ? (["kilobyte", 1000] as const) : (["megabyte", 1_000_000] as const);
  const key = `${locale} ${unit}`;
  let format = sizes.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 });
    sizes.set(key, format);
  }
  return format.format(bytes / per);
}
