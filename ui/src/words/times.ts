import type { Language } from "../backend/generated/Language";
import { m } from "../paraglide/messages";

function dayOf(date: Date): number {
  return Math.round(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / 86_400_000);
}

/** A moment in the person's own zone, as short as it can be without doubt. */
export function whenWords(at: string, locale: Language, now: Date = new Date()): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const time = new Intl.DateTimeFormat(locale, {
    hour: "numeric",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(date);
  const days = dayOf(date) - dayOf(now);
  if (days === 0) return m.today_at({ time });
  if (days === -1) return m.yesterday_at({ time });
  if (days === 1) return m.tomorrow_at({ time });
  const sameYear = date.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(locale, {
    ...(sameYear ? {} : { year: "numeric" }),
    month: locale === "ja" ? "numeric" : "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(date);
}

/** A moment in full, for the history. */
export function momentWords(at: string, locale: Language): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: locale === "ja" ? "2-digit" : "short",
    day: locale === "ja" ? "2-digit" : "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(date);
}

/** A day without a time: `2026-11-02`. */
export function dayWords(day: string, locale: Language): string {
  const date = new Date(`${day}T12:00:00`);
  if (Number.isNaN(date.getTime())) return day;
  return new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: locale === "ja" ? "numeric" : "short",
    day: "numeric",
  }).format(date);
}
