import { beforeEach, describe, expect, test } from "vitest";
import type { EvidenceView } from "../backend/generated/EvidenceView";
import type { Proof } from "../backend/generated/Proof";
import { setLocale } from "../paraglide/runtime";
import { evidenceWords, stepWords } from "./facts";
import { completionWords } from "./headlines";
import { whenWords } from "./times";

const AT = "2026-11-23T05:02:00Z";
const proven = (proof: Proof): EvidenceView => ({
  rank: "proven",
  proof,
  by: null,
  at: AT,
  reason: null,
  hosts: [],
});
const confirmed: EvidenceView = {
  rank: "confirmed",
  proof: null,
  by: "佐藤",
  at: AT,
  reason: null,
  hosts: [],
};
const closed: EvidenceView = {
  rank: "unverified",
  proof: null,
  by: "佐藤",
  at: AT,
  reason: "left",
  hosts: [],
};

const title = (weakest: EvidenceView, ...all: EvidenceView[]) =>
  completionWords({
    completion: { complete: true, weakest, done: 3, total: 3 },
    steps: [weakest, ...all].map((evidence) => ({ evidence }) as never),
    purpose: { is: "leave" },
  });

beforeEach(() => void setLocale("en", { reload: false }));

test("an answer from another host is not called the provider's", () => {
  const answered = { ...proven("google_revoke"), hosts: ["https://proxy.example"] };
  for (const locale of ["ja", "en"] as const) {
    void setLocale(locale, { reload: false });
    const words = evidenceWords(answered, locale);
    expect(words).toContain("https://proxy.example");
    expect(words).not.toMatch(/Proven|証明/);
    expect(title(proven("store"), answered)).toContain("https://proxy.example");
    expect(title(proven("store"), answered)).not.toMatch(/by Google|Googleが/);
  }
});

describe("the title of a finished disconnect", () => {
  test.each([
    [proven("store"), [proven("google_revoke"), proven("keyring_absent")], "Done, proven by Google"],
    [proven("store"), [proven("microsoft_consent")], "Done, proven by Microsoft"],
    [proven("store"), [proven("google_directory")], "Done, proven by Google’s list"],
    [proven("store"), [proven("microsoft_directory")], "Done, proven by Microsoft’s list"],
    [proven("store"), [], "Done in Uncouple"],
    [confirmed, [proven("google_revoke")], "Done: 佐藤 says so, and Uncouple can’t check it"],
    [closed, [confirmed, proven("google_revoke")], "Closed as unverified by 佐藤"],
  ])("is no stronger than the weakest evidence", (weakest, others, words) => {
    expect(title(weakest, ...others)).toBe(words);
  });

  test("is in Japanese too", () => {
    void setLocale("ja", { reload: false });
    expect(title(confirmed)).toBe("完了（佐藤の申告。Uncoupleでは確かめられません）");
  });
});

test("evidence names who or what vouches for it", () => {
  expect(evidenceWords(proven("google_revoke"), "en")).toMatch(/^Proven: Google responded/);
  expect(evidenceWords(confirmed, "en")).toMatch(/^Stated by 佐藤, /);
  expect(evidenceWords(closed, "en")).toMatch(/^Closed as unverified by 佐藤, .*: left$/);
});

test("a step is named after the side on which it happens", () => {
  expect(stepWords("revoke_grant", { holder: { here: false }, provider: "google" })).toBe(
    "Revoke HubSpot’s access at Google",
  );
  expect(stepWords("revoke_grant", { holder: { here: true }, provider: "microsoft365" })).toBe(
    "Revoke Uncouple’s access at Microsoft 365",
  );
});

describe("a moment", () => {
  // The tests run in Japan's zone; 14:02 there.
  test.each([
    ["2026-11-23T10:00:00+09:00", "today\u00a014:02"],
    ["2026-11-24T00:10:00+09:00", "yesterday\u00a014:02"],
    ["2026-11-22T23:50:00+09:00", "tomorrow\u00a014:02"],
    ["2026-11-30T10:00:00+09:00", "Nov 23, 14:02"],
    ["2027-01-02T10:00:00+09:00", "Nov 23, 2026, 14:02"],
  ])("seen at %s reads %s", (now, words) => {
    expect(whenWords(AT, "en", new Date(now))).toBe(words);
  });

  test("at midnight is 0 o'clock, not 24", () => {
    expect(whenWords("2026-11-22T15:00:00Z", "en", new Date("2026-11-23T10:00:00+09:00"))).toMatch(/0?0:00$/);
  });

  test("that can't be read is shown as it came", () => {
    expect(whenWords("soon", "en")).toBe("soon");
  });
});
