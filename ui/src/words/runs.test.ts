import { beforeEach, describe, expect, test } from "vitest";
import { AppFailure } from "../backend";
import type { ItemStateView } from "../backend/generated/ItemStateView";
import type { Left } from "../backend/generated/Left";
import left from "../backend/generated/Left.ts?raw";
import type { LineRefusal } from "../backend/generated/LineRefusal";
import lines from "../backend/generated/LineRefusal.ts?raw";
import type { PauseReason } from "../backend/generated/PauseReason";
import pauses from "../backend/generated/PauseReason.ts?raw";
import { setLocale } from "../paraglide/runtime";
import { missingWords, whyWords } from "./admin";
import { errorWords } from "./errors";
import { durationWords } from "./numbers";
import { itemWords, leftAdvice, pauseWords, refusalWords, sumWords } from "./runs";

const AT = "2026-11-23T05:02:00Z";
const named = <Name extends string>(source: string) =>
  [...source.matchAll(/"([a-z_]+)"/g)].map((found) => found[1] as Name);

beforeEach(() => void setLocale("en", { reload: false }));

test("no sum is marked as done while anything is not proven", () => {
  for (let bits = 0; bits < 729; bits += 1) {
    const digit = (place: number) => Math.floor(bits / 3 ** place) % 3;
    const counts = {
      planned: digit(0),
      under_way: digit(1),
      proven: digit(2),
      left: digit(3),
      restored: digit(4),
      restoring: digit(5),
    };
    const open = counts.planned + counts.under_way + counts.left;
    const back = counts.restored + counts.restoring;
    const { mark, words } = sumWords({ counts, apps: [] }, "en");
    expect(mark).toBe(open + back === 0 ? "ok" : "warn");
    if (open > 0) expect(words).toContain(`${open} left`);
  }
});

describe.each(["en", "ja"] as const)("in %s", (language) => {
  beforeEach(() => void setLocale(language, { reload: false }));

  test("every reason has words, and an advice where there is something to do", () => {
    const reasons = named<Left>(left);
    expect(reasons).toContain("consented_again");
    for (const why of reasons) expect(leftAdvice(why).length, why).toBeGreaterThan(5);
    for (const why of named<LineRefusal>(lines)) expect(refusalWords(why).length, why).toBeGreaterThan(5);
    for (const why of named<PauseReason>(pauses)) {
      expect(pauseWords(why).why, why).not.toBe(pauseWords(why).advice);
    }
  });

  test("only a proven access is called so", () => {
    const proven = language === "en" ? "Proven:" : "証明済み:";
    const states: ItemStateView[] = [
      { is: "planned" },
      { is: "under_way", deleted: false },
      { is: "under_way", deleted: true },
      { is: "left", why: "still_listed", at: AT },
      { is: "proven", read: AT, nobody_there: false, logged: AT, log_late: false, already_gone: false },
      { is: "proven", read: AT, nobody_there: true, logged: null, log_late: false, already_gone: false },
    ];
    expect(states.map((state) => itemWords(state, "google", language).words.startsWith(proven))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

test("what the log adds is said only where it was asked", () => {
  const proven = { is: "proven", read: AT, nobody_there: false, already_gone: false } as const;
  const detail = (more: { logged: string | null; log_late: boolean }) =>
    itemWords({ ...proven, ...more }, "microsoft", "en").detail;
  expect(detail({ logged: AT, log_late: false })).toContain("The log has the removal");
  expect(detail({ logged: null, log_late: true })).toContain("no entry yet");
  expect(detail({ logged: null, log_late: false })).toBeNull();
});

test.each([
  [1, "about 1 second"],
  [22.2, "about 23 seconds"],
  [90, "about 2 minutes"],
  [5400, "about 2 hours"],
])("%d seconds are told as %s", (seconds, words) => {
  expect(durationWords(seconds, "en")).toBe(words);
});

test("a permission of a newer version stands as it came", () => {
  expect(missingWords("fly" as never)).toBe("fly");
  expect(whyWords("fly" as never)).toBe("fly");
});

test("a missing permission is named in words in an error", () => {
  const failure = new AppFailure("not_permitted", { permission: "revoke" });
  expect(errorWords(failure)).toBe(
    "The administrator’s sign-in does not allow this: revoke an app’s access. Sign in again and allow it.",
  );
});
