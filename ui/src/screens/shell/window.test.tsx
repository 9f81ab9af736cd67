import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { AppFailure } from "../../backend";
import { emptyWorld, firstStart, sample, sampleWorld } from "../../backend/fake";
import type { Route } from "../../state/route";
import { at, expectAccessible, maybe, openApp, rowOf } from "../../testing/open";

describe("the first start", () => {
  test("asks for a name and begins empty", async () => {
    const { user, backend } = await openApp(firstStart());
    await user.clear(at("welcome-name"));
    await user.click(at("welcome-empty"));
    expect(await screen.findByText("Enter a name.")).toBeTruthy();
    await user.type(at("welcome-name"), "Mika");
    await user.click(at("welcome-empty"));
    await waitFor(() => expect(at("email-empty")).toBeTruthy());
    expect(backend.world().overview.me.name).toBe("Mika");
  });

  test("goes straight to adding a mailbox", async () => {
    const { user } = await openApp(firstStart());
    await user.click(at("welcome-track"));
    await waitFor(() => expect(at("dialog-track")).toBeTruthy());
  });

  test("goes straight to connecting one", async () => {
    const { user } = await openApp(firstStart());
    await user.click(at("welcome-connect"));
    await waitFor(() => expect(at("dialog-connect")).toBeTruthy());
  });

  test("opens the sample, marked as one everywhere, and throws it away with one click", async () => {
    const { user } = await openApp(firstStart(), { bend: { sample: () => sample() } });
    await user.click(at("welcome-sample"));
    await waitFor(() => expect(at("sample-banner")).toBeTruthy());
    await user.click(at("nav-history"));
    expect(at("sample-banner")).toBeTruthy();
    await user.click(at("sample-leave"));
    await waitFor(() => expect(at("welcome")).toBeTruthy());
  });
});

describe("settings", () => {
  test("change the language at once, without losing the place or the focus", async () => {
    const { user } = await openApp(emptyWorld(), { route: { screen: "display" } });
    await user.click(at("language-ja"));
    await waitFor(() => expect(document.documentElement.lang).toBe("ja"));
    expect(at("tab-email").textContent).toBe("Eメール");
    expect(at("nav-settings").textContent).toBe("設定");
    expect(at("language-ja").contains(document.activeElement)).toBe(true);
  });

  test("change the language of rows that did not change themselves", async () => {
    const world = emptyWorld();
    world.add({ address: "a@example.com", provider: "google" });
    const { backend } = await openApp(world);
    expect(rowOf("a@example.com").at("row-disable").textContent).toBe("Disable");
    await backend.setLanguage("ja");
    await waitFor(() => expect(rowOf("a@example.com").at("row-disable").textContent).toBe("無効にする"));
  });

  test("put the appearance on the document", async () => {
    const { user } = await openApp(emptyWorld(), { route: { screen: "display" } });
    expect(document.documentElement.dataset.theme).toBe("light");
    await user.click(at("appearance-dark"));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
  });

  test("rename the person", async () => {
    const { user } = await openApp(emptyWorld(), { route: { screen: "profile" } });
    await user.clear(at("profile-name"));
    await user.click(at("profile-save"));
    expect(await screen.findByText("Enter a name.")).toBeTruthy();
    await user.type(at("profile-name"), "Mika");
    await user.click(at("profile-save"));
    await waitFor(() => expect(at("nav-profile").textContent).toContain("Mika"));
  });

  test("save a sign-in app, trimmed, and show a refused endpoint", async () => {
    const { user, backend } = await openApp(emptyWorld(), { route: { screen: "apps" } });
    expect(maybe("app-microsoft-client-secret")).toBeNull();
    await user.type(at("app-google-client-id"), " client-1 ");
    await user.type(at("app-google-client-secret"), "s");
    await user.click(at("app-google-save"));
    await waitFor(() => expect(backend.world().overview.settings.google.client_id).toBe("client-1"));
    await user.type(at("app-google-api_url"), "https://127.0.0.1:9");
    await user.click(at("app-google-save"));
    await waitFor(() => expect(backend.world().overview.settings.google.api_url).toBe("https://127.0.0.1:9"));
    await user.type(at("app-google-token_url"), "http://example.com");
    await user.click(at("app-google-save"));
    await waitFor(() => expect(at("error").dataset.code).toBe("sign_in_bad_endpoint"));
  });

  test("tell the state of the keyring, and look again", async () => {
    const { user, backend } = await openApp(emptyWorld(), {
      route: { screen: "storage" },
      bend: { keyring: "locked" },
    });
    await waitFor(() => expect(at("keyring-state").textContent).toBe("The keyring is locked"));
    backend.bend.keyring = null;
    await user.click(at("keyring-check"));
    await waitFor(() => expect(at("keyring-state").dataset.trouble).toBe("none"));
  });
});

describe("the history", () => {
  test("filters by text and clears the filter again", async () => {
    const { user } = await openApp(sampleWorld(), { route: { screen: "history" } });
    await waitFor(() => expect(screen.getAllByTestId("history-row").length).toBeGreaterThan(10));
    await user.type(at("history-text"), "gmail");
    await waitFor(() => {
      const rows = screen.getAllByTestId("history-row");
      expect(rows.every((row) => row.textContent?.includes("gmail"))).toBe(true);
    });
    await user.type(at("history-text"), "zzz");
    await waitFor(() => expect(at("history-empty").textContent).toBe("No entry matches."));
    await user.click(at("history-clear"));
    await waitFor(() => expect(screen.getAllByTestId("history-row").length).toBeGreaterThan(10));
  });

  test("filters by kind", async () => {
    const { user } = await openApp(sampleWorld(), { route: { screen: "history" } });
    await user.click(at("history-kind").querySelector("button") as HTMLElement);
    await user.click(await screen.findByRole("option", { name: "Mailbox connected to Uncouple" }));
    await waitFor(() => {
      const kinds = screen.getAllByTestId("history-row").map((row) => row.dataset.kind);
      expect(new Set(kinds)).toEqual(new Set(["mailbox_connected"]));
    });
  });

  test("of one mailbox opens from its row", async () => {
    const { user } = await openApp(sampleWorld());
    await user.click(rowOf("sato@imap.example.net").at("row-menu"));
    await user.click(await screen.findByTestId("menu-history"));
    await waitFor(() => expect(screen.getAllByTestId("history-row")).toHaveLength(1));
  });

  test("verifies the chain", async () => {
    const { user } = await openApp(sampleWorld(), { route: { screen: "history" } });
    await user.click(at("history-verify"));
    await waitFor(() => expect(at("verify-result").textContent).toMatch(/All \d+ entries are intact/));
  });

  test("exports to the suggested path, and tells a path that can't be written", async () => {
    const { user } = await openApp(sampleWorld(), { route: { screen: "history" } });
    const path = at("export-path") as HTMLInputElement;
    expect(path.value).toMatch(/^\/home\/hanako\/Documents\/uncouple-history-[\d-]+\.csv$/);
    await user.click(at("export-json"));
    expect(path.value).toMatch(/\.json$/);
    await user.click(at("export-submit"));
    await waitFor(() => expect(at("export-result").textContent).toContain(path.value));
    await user.clear(path);
    await user.type(path, "/proc/x.json");
    await user.click(at("export-submit"));
    await waitFor(() => expect(at("error").textContent).toContain("/proc/x.json"));
    expect(maybe("export-result")).toBeNull();
  });
});

test("a workspace that can't be read is told in words, with a way to try again", async () => {
  const world = emptyWorld();
  const failure = new AppFailure("store_newer", { found: "9", known: "1" });
  const { user } = await openApp(world, { bend: { failNext: { command: "overview", failure } } });
  expect(at("error").textContent).toContain("format 9");
  await user.click(at("start-retry"));
  await waitFor(() => expect(at("mailbox-card")).toBeTruthy());
});

test("the first screen is told once", async () => {
  const { backend } = await openApp(emptyWorld());
  await backend.renameMe("Other");
  await waitFor(() => expect(at("nav-profile").textContent).toContain("Other"));
  expect(backend.calls.filter((call) => call === "firstPaint")).toHaveLength(1);
});

const PLACES: Route[] = [
  { screen: "email" },
  { screen: "profile" },
  { screen: "display" },
  { screen: "inbox" },
  { screen: "channels" },
  { screen: "channels", inbox: "i2" },
  { screen: "members" },
  { screen: "alerts" },
  { screen: "notices" },
  { screen: "about" },
  { screen: "apps" },
  { screen: "storage" },
  { screen: "access" },
  { screen: "runs" },
  { screen: "history" },
];
describe.each(["en", "ja"] as const)("in %s", (language) => {
  test.each(PLACES)("$screen is accessible", async (route) => {
    await openApp(sample(), { language, route });
    await expectAccessible();
  });

  test("the welcome is accessible", async () => {
    await openApp(firstStart(), { language });
    await expectAccessible();
  });
});
