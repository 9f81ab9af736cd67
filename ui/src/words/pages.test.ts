import { expect, test } from "vitest";
import hubspot from "../../../src-tauri/crates/hubspot/guides.json";
import providers from "../../../src-tauri/crates/providers/pages.json";
import { pageWords } from "./pages";

test("every page that a guide opens has a name for people in the history", () => {
  const guides = [...hubspot.guides, ...providers].map(({ guide }) => guide);
  // A step without a page of its own leaves no line about one.
  const ids = guides.map(({ id }) => id).filter((id) => id !== "imap-password" && id !== "hosted-forwarding");
  expect(ids.length).toBeGreaterThan(10);
  for (const id of ids) expect(pageWords(id), id).not.toBe(id);
});
