import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, expect, test, vi } from "vitest";
import { AppFailure } from "./failure";
import { tauriBackend as backend } from "./tauri";

afterEach(clearMocks);

test("a request goes over the bridge under the names of the table", async () => {
  const heard: unknown[] = [];
  mockIPC((name, given) => {
    heard.push([name, given]);
  });
  await backend.overview();
  await backend.closeStep("d", "revoke_grant", "r");
  await backend.lookUpApp("o", "c");
  const draft = { name: "n", superAdmin: true, language: null };
  await backend.changeMember({ member: "m", ...draft, ...{ more: "than the command knows" } });
  expect(heard).toEqual([
    ["overview", {}],
    ["close_step", { disconnect: "d", step: "revoke_grant", reason: "r" }],
    ["look_up_app", { organisation: "o", clientId: "c" }],
    ["change_member", { member: "m", ...draft }],
  ]);
});

test("who begins to listen is told so: what came before the bridge had answered was not heard", async () => {
  mockIPC((name) => (name === "plugin:event|listen" ? 1 : undefined));
  const heard: unknown[] = [];
  backend.onWorkspaceChanged((revision) => heard.push(revision));
  backend.onAdminProgress(() => heard.push("progress"));
  expect(heard).toEqual([]);
  await vi.waitFor(() => expect(heard).toEqual([null, "progress"]));
});

test("a refusal keeps its code and details; anything else becomes internal", async () => {
  mockIPC(() => {
    throw { code: "address_in_use", details: { address: "a" } };
  });
  await expect(backend.overview()).rejects.toEqual(new AppFailure("address_in_use", { address: "a" }));
  await expect(backend.overview()).rejects.toMatchObject({ details: { address: "a" } });
  mockIPC(() => {
    throw "a plain text";
  });
  await expect(backend.overview()).rejects.toMatchObject({ code: "internal" });
});

const sources = import.meta.glob("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

test("only this folder knows the webview bridge", () => {
  const outside = Object.entries(sources).filter(
    ([path, source]) => path.startsWith("../") && String(source).includes("@tauri-apps/"),
  );
  expect(Object.keys(sources).length).toBeGreaterThan(40);
  expect(outside.map(([path]) => path)).toEqual([]);
});
