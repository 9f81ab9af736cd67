import { describe, expect, test } from "vitest";
import events from "../../../src-tauri/crates/domain/src/event.rs?raw";
import en from "../../messages/en.json";
import ja from "../../messages/ja.json";
import { AppFailure } from "../backend";
import codes from "../backend/generated/ErrorCode.ts?raw";
import { errorWords } from "./errors";
import { EVENT_KINDS } from "./history";

const sources = import.meta.glob("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

type Messages = Record<string, unknown>;
const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const values = (message: unknown): string[] =>
  [...new Set([...text(message).matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? ""))].sort();
const snake = (name: string) => name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
const errorCodes = [...codes.matchAll(/"([a-z_]+)"/g)].map((found) => found[1] as AppFailure["code"]);

describe("messages", () => {
  test("both languages have the same keys", () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
  });

  test("both languages use the same values in every message", () => {
    const differing = Object.keys(en).filter(
      (key) => values((en as Messages)[key]).join() !== values((ja as Messages)[key]).join(),
    );
    expect(differing).toEqual([]);
  });

  test("no message is empty", () => {
    for (const [key, message] of [...Object.entries(en), ...Object.entries(ja)]) {
      expect(text(message).length, key).toBeGreaterThan(0);
    }
  });

  test("every message is used", () => {
    const code = Object.values(sources).join("\n");
    // Looked up by a code from Rust, or said by Rust in the sentences of the history.
    const byCode = /^(error_|kind_|event_|stepname_|end_|answer_|page_|\$schema)/;
    const unused = Object.keys(en).filter(
      (key) => !byCode.test(key) && !new RegExp(`m\\.${key}\\b`).test(code),
    );
    expect(unused).toEqual([]);
  });

  test("the article's mistranslation is not repeated", () => {
    expect(JSON.stringify(ja)).not.toContain("受信拒否通知");
  });

  test("Japanese sentences use full-width punctuation", () => {
    const japanese = /[ぁ-んァ-ヶ一-龠]/;
    const wrong = Object.entries(ja).filter(
      ([key, message]) =>
        key !== "$schema" && japanese.test(text(message)) && /[ぁ-んァ-ヶ一-龠][(),?!]/.test(text(message)),
    );
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  test.each([
    ["dialog_disable_yes", "Yes, disable it", "はい、無効にします"],
    ["remove", "Remove", "削除"],
    ["dialog_remove_yes", "Yes, remove inbox", "はい、受信トレイを削除します"],
    ["delete_channel", "Delete", "削除"],
    ["dialog_delete_yes", "Yes, delete", "はい、削除"],
    ["inbox_settings", "Inbox Settings", "受信トレイ設定"],
    ["channels_heading", "Channels", "チャンネル"],
    ["nav_conversations", "Conversations", "コミュニケーション"],
    ["inbox_heading", "Inbox", "受信トレイ"],
    ["inbox_view", "Current view", "現在のビュー"],
    ["inbox_name", "Team inbox name", "チーム受信トレイ名"],
  ])("%s is worded as in HubSpot's article", (key, english, japanese) => {
    expect((en as Messages)[key]).toBe(english);
    expect((ja as Messages)[key]).toBe(japanese);
  });

  test("every error code has words of its own", () => {
    expect(errorCodes.length).toBeGreaterThan(70);
    const fallback = errorWords(new AppFailure("internal"));
    for (const code of errorCodes) {
      expect(Object.keys(en), code).toContain(`error_${code}`);
      if (code !== "internal") expect(errorWords(new AppFailure(code)), code).not.toBe(fallback);
    }
  });

  test("an error's details stand in its words", () => {
    const failure = new AppFailure("address_in_use", { address: "a@example.com" });
    expect(errorWords(failure)).toContain("a@example.com");
  });

  test("every kind of event has words", () => {
    const body = events.slice(events.indexOf("pub enum EventKind"));
    const kinds = [...body.matchAll(/^ {4}([A-Z]\w+)(?: \{|,)/gm)].map((found) => snake(found[1] ?? ""));
    expect(kinds.length).toBeGreaterThan(15);
    expect([...EVENT_KINDS].sort()).toEqual(kinds.sort());
  });
});
