import { describe, expect, test } from "vitest";
import hubspot from "../../../src-tauri/crates/hubspot/guides.json";
import providers from "../../../src-tauri/crates/providers/pages.json";

/**
 * Words that the product has given up, each with what stands in their place and why (docs/glossary.md). A new message
 * with one of them is a second word for one thing.
 */
const ENGLISH: [RegExp, string][] = [
  [
    /\b(let|lets|letting) (HubSpot |it |them |people )?in\b/i,
    "gave access: a grant is given, nobody is let in",
  ],
  [/\b(come|comes|came) across\b/i, "found"],
  [/\bcall(ed|s|ing)? (it |them )?off\b/i, "cancel"],
  [/\b(take|taken|took|takes) (it |them )?up\b/i, "retry or resume"],
  [/\baccesses\b/i, "grants: access has no plural"],
  [/\b(proven|consents? (is|are)) gone\b/i, "proven removed, revoked"],
  [/\b(stands|stand|stood) (there|beside|so|at|in|on)\b/i, "is, is shown, is recorded"],
  [/\bgo(es)? on\b(?! to HubSpot)/i, "continue, resume"],
  [/\bnotices?\b/i, "notification, as in HubSpot, Windows and macOS"],
  [/\blook(s|ed)? only\b/i, "read-only"],
  [/\b(named|called) as HubSpot|\bcalled so\b/i, "marked as HubSpot's"],
  [/\bas the system has it\b/i, "same as the system"],
  [/\bwithdr(aw|aws|awn|ew)\b/i, "undo a statement, revoke a grant"],
  [/\b(drop|throw) (it|them|the sample|the plan)( away)?\b|\bthrown away\b/i, "discard, don't connect"],
  [/\bworked? (less|so|too)? ?hard\b|\blet up\b|\bless hard\b/i, "request rate, the limit still applies"],
  [/\bhand out\b|\bputs? off\b|\bin another window\b/i, "plain words; the command line has no window"],
  [/\be-mail/i, "email"],
  [/\bmailbox(es)? HubSpot has\b|\bmailbox(es)? that HubSpot has\b/i, "connected to HubSpot"],
  [/\b(Google|Microsoft|provider|keyring) (answered|answers)\b/i, "responded: servers respond"],
];
const JAPANESE: [RegExp, string][] = [
  [/回答/, "サーバーは「応答」、人は「返答」"],
  [/一括解除/, "一括取り消し：解除はHubSpot側の操作"],
  [/確認済み(?!）|発行元)/, "人の言葉は「申告」"],
  [
    /(?<!共有)(?<!すべての)メールボックス/,
    "受信トレイ（共有メールボックスと、アプリの許可が及ぶすべてのメールボックスだけは別）",
  ],
  [/アカウントアクセス権(?!限)/, "アカウントアクセス権限：HubSpotの記事の表記"],
  [/現在の表示/, "現在のビュー：HubSpotの画面の表記"],
  [/ここ(に|へ)(の)?接続/, "Uncoupleに接続：「ここ」ではHubSpotと区別できない"],
  [/メールの提供元|提供元の画面/, "プロバイダー"],
  [/仕上げ|あとに回した|返事/, "ウィンドウと通知で同じ言葉にする：続ける、後回し、返答"],
  [/分から|分かり/, "わかる（かな書き）"],
  [/検索コンソール/, "Search Console：製品名"],
  [/ポインターを重ね/, "カーソルを重ねる：HubSpotの記事の表記"],
  [/確認の画面/, "ダイアログボックス：HubSpotの記事の表記"],
  [/(?<!大きな)組織を検索/, "組織内のアクセス権を検索：組織を探すのではない"],
  [/静かにする|負荷/, "通知を止める時間、リクエストの頻度"],
  [/連鎖/, "破損"],
  [/(?<!ホスティングされた)転送アドレス/, "ホスティングされたEメール：HubSpotの用語"],
  [/別の画面で/, "コマンドラインには画面がない"],
];

const files = import.meta.glob("../../messages/**/*.json", { import: "default", eager: true });

/** Every text of a message file with its key; of a selector each of its variants. */
function texts(value: unknown, key: string): [string, string][] {
  if (typeof value === "string") return [[key, value]];
  if (Array.isArray(value)) return value.flatMap((one) => texts(one, key));
  if (typeof value === "object" && value !== null) {
    const variants = (value as { match?: unknown }).match ?? value;
    return Object.entries(variants).flatMap(([name, one]) => texts(one, key ? `${key}.${name}` : name));
  }
  return [];
}

/** The texts of the guides in one language, with the place they are found at. */
function guideTexts(value: unknown, language: "ja" | "en", place: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((one, at) => guideTexts(one, language, `${place}[${at}]`));
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Record<string, unknown>;
  if (typeof fields.ja === "string" && typeof fields.en === "string")
    return [[place, fields[language] as string]];
  // Labels are printed as the page prints them, whatever our own words are.
  return Object.entries(fields)
    .filter(([name]) => name !== "labels" && name !== "section")
    .flatMap(([name, one]) => guideTexts(one, language, `${place}.${name}`));
}

function found(language: "ja" | "en", banned: [RegExp, string][]): string[] {
  const messages = Object.entries(files)
    .filter(([path]) => path.endsWith(`/${language}.json`))
    .flatMap(([path, all]) =>
      texts(all, "").map(([key, text]) => [`${path.slice(15)} ${key}`, text] as const),
    );
  const guides = guideTexts({ hubspot, providers }, language, "guides");
  return [...messages, ...guides].flatMap(([place, text]) =>
    banned
      // What is put into the places is named as in the code.
      .filter(([word]) => word.test(text.replace(/\{\w+\}/g, "{}")))
      .map(([word, instead]) => `${place}: ${word} in “${text}” (${instead})`),
  );
}

describe("the words given up", () => {
  test("are in no English text", () => {
    expect(found("en", ENGLISH)).toEqual([]);
  });

  test("are in no Japanese text", () => {
    expect(found("ja", JAPANESE)).toEqual([]);
  });

  test("would be found", () => {
    expect(Object.keys(files).length).toBeGreaterThan(7);
    expect(guideTexts({ hubspot, providers }, "ja", "").length).toBeGreaterThan(80);
    for (const [text, word] of [
      ["Nobody is kept from letting HubSpot in again.", 0],
      ["the search came across no app", 1],
      ["Call it off…", 2],
      ["Take up what is left…", 3],
      ["8 accesses of 8 people", 4],
      ["All 5 are proven gone", 5],
      ["It stands beside every step", 6],
    ] as const)
      expect(text).toMatch(ENGLISH[word]?.[0] as RegExp);
    expect("アカウントアクセス権限").not.toMatch(JAPANESE[4]?.[0] as RegExp);
    expect("アカウントアクセス権があります").toMatch(JAPANESE[4]?.[0] as RegExp);
  });
});
