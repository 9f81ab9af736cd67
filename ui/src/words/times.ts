import type { Language } from "../backend/generated/Language";
import { m } from "../paraglide/messages";

type Shape = "time" | "day_time" | "date_time" | "moment" | "day";

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs more than a row of the list does, so each is made once. */
function formatter(locale: Language, shape: Shape): Intl.DateTimeFormat {
  const key = `${locale} ${shape}`;
  const known = made.get(key);
  if (known) return known;
  const month = locale === "ja" ? ("numeric" as const) : ("short" as const);
  const time = { hour: "numeric", minute: "2-digit", hourCycle: "h23" } as const;
  const fresh = new Intl.DateTimeFormat(
    locale,
    {
      time,
      day_time: { month, day: "numeric" as const, ...time },
      date_time: { year: "numeric" as const, month, day: "numeric" as const, ...time },
      moment: {
        year: "numeric" as const,
        month: locale === "ja" ? ("2-digit" as const) : ("short" as const),
        day: locale === "ja" ? ("2-digit" as const) : ("numeric" as const),
        hour: "2-digit" as const,
        minute: "2-digit" as const,
        second: "2-digit" as const,
        hourCycle: "h23" as const,
      },
      day: { year: "numeric" as const, month, day: "numeric" as const },
    }[shape],
  );
  made.set(key, fresh);
  return fresh;
}

function dayOf(date: Date): number {
  return Math.round(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / 86_400_000);
}

/** A moment in the person's own zone, as short as it can be without doubt. */
export function whenWords(at: string, locale: Language, now: Date = new Date()): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const days = dayOf(date) - dayOf(now);
  const time = () => formatter(locale, "time").format(date);
  if (days === 0) return m.today_at({ time: time() });
  if (days === -1) return m.yesterday_at({ time: time() });
  if (days === 1) return m.tomorrow_at({ time: time() });
  const sameYear = date.getFullYear() === now.getFullYear();
  return formatter(locale, sameYear ? "day_time" : "date_time").format(date);
}

/** A moment in full, for the history. */
export function momentWords(at: string, locale: Language): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : formatter(locale, "moment").format(date);
}

/** A day without a time: `2026-11-02`. */
export function dayWords(day: string, locale: Language): string {
  const date = new Date(`${day}T12:00:00`);
  return Number.isNaN(date.getTime()) ? day : formatter(locale, "day").format(date);
}
