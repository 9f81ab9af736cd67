import { expect, test } from "vitest";
import { phrases } from "./phrases";

test.each([
  ["サインイン用アプリを設定します。", ["サインイン用アプリを", "設定します。"]],
  ["続く手順で取り消してください。", ["続く", "手順で", "取り消してください。"]],
  ["GoogleでHubSpotのアクセス権を取り消す", ["Googleで", "HubSpotの", "アクセス権を", "取り消す"]],
  ["佐藤が確認（今日 14:02）", ["佐藤が", "確認", "（今日 14:02）"]],
])("%s breaks only after phrases", (text, expected) => {
  expect(phrases(text)).toEqual(expected);
});

test("nothing is lost or added", () => {
  const text = "「ここに接続」でサインインするには、GoogleまたはMicrosoftに登録したアプリのIDが必要です。";
  expect(phrases(text).join("")).toBe(text);
});

test("English is left to the engine", () => {
  expect(phrases("Remove HubSpot’s access at Google")).toEqual(["Remove HubSpot’s access at Google"]);
});
