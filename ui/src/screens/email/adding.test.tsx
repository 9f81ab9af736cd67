import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { emptyWorld } from "../../backend/fake";
import { at, expectAccessible, maybe, openApp, rowOf } from "../../testing/open";

const radio = (testid: string) => at(testid).querySelector("input") as HTMLInputElement;

describe("adding a mailbox that HubSpot has", () => {
  test("finds the provider when the address is left", async () => {
    const { user } = await openApp(emptyWorld());
    await user.click(at("open-track"));
    await user.type(at("track-address"), "mika@gmail.com");
    await user.tab();
    await waitFor(() => expect(radio("track-google").checked).toBe(true));
    expect(at("track-guess").textContent).toContain("Found from the domain");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(maybe("dialog-track")).toBeNull());
    expect(rowOf("mika@gmail.com").at("provider-side").textContent).toContain("Google");
  });

  test("never overrides a choice made by hand", async () => {
    const { user } = await openApp(emptyWorld());
    await user.click(at("open-track"));
    await user.click(at("track-imap"));
    await user.type(at("track-address"), "mika@gmail.com");
    await user.tab();
    await new Promise((done) => setTimeout(done, 50));
    expect(radio("track-imap").checked).toBe(true);
  });

  test("wants a choice where nothing was found", async () => {
    const { user, backend } = await openApp(emptyWorld());
    await user.click(at("open-track"));
    await user.type(at("track-address"), "mika@unknown.example");
    await user.tab();
    await waitFor(() => expect(at("track-guess").textContent).toContain("Please choose"));
    await user.click(at("dialog-confirm"));
    expect(screen.getByText("Choose the provider.")).toBeTruthy();
    expect(backend.calls).not.toContain("trackMailbox");
  });

  test("shows a refused address at its field", async () => {
    const world = emptyWorld();
    world.add({ address: "mika@gmail.com", provider: "google" });
    const { user } = await openApp(world);
    await user.click(at("open-track"));
    await user.type(at("track-address"), "mika@gmail.com");
    await user.click(at("track-google"));
    await user.click(at("dialog-confirm"));
    await waitFor(() =>
      expect(screen.getByText("mika@gmail.com is already in the list. Look for its row.")).toBeTruthy(),
    );
    const field = at("track-address");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ");
    expect(
      described.some((id) => document.getElementById(id)?.textContent?.includes("already in the list")),
    ).toBe(true);
  });

  test("reads the account from a HubSpot page, or says that it can't", async () => {
    const { user } = await openApp(emptyWorld());
    await user.click(at("open-track"));
    await user.type(at("track-page"), "https://app-eu1.hubspot.com/contacts/1234567/x");
    await user.tab();
    await waitFor(() =>
      expect(screen.getByText("HubSpot account 1234567 at app-eu1.hubspot.com")).toBeTruthy(),
    );
    await user.clear(at("track-page"));
    await user.type(at("track-page"), "https://example.com");
    await user.tab();
    await waitFor(() => expect(screen.getByText(/page of another site/)).toBeTruthy());
  });
});

describe("connecting a mailbox here", () => {
  function withApp() {
    const world = emptyWorld();
    world.overview.settings.google.client_id = "client";
    return world;
  }

  test("without a sign-in app leads to its settings", async () => {
    const { user } = await openApp(emptyWorld());
    await user.click(at("open-connect"));
    await user.click(at("connect-google"));
    await waitFor(() => expect(at("error").dataset.code).toBe("sign_in_no_app"));
    await user.click(at("connect-open-apps"));
    await waitFor(() => expect(at("app-google")).toBeTruthy());
  });

  test("waits for the browser and can be cancelled", async () => {
    const { user } = await openApp(withApp());
    await user.click(at("open-connect"));
    await user.click(at("connect-google"));
    await waitFor(() => expect(at("dialog-waiting")).toBeTruthy());
    await user.click(at("dialog-cancel"));
    await waitFor(() => expect(at("error").dataset.code).toBe("sign_in_cancelled"));
    expect(screen.queryByTestId("mailbox-row")).toBeNull();
  });

  test("lets the person choose when the keyring refuses", async () => {
    const { user } = await openApp(withApp(), { bend: { keyring: "locked" } });
    await user.click(at("open-connect"));
    await user.click(at("connect-google"));
    await waitFor(() => expect(at("keyring-why").textContent).toBe("The keyring is locked"), {
      timeout: 5000,
    });
    await user.click(at("keyring-retry"));
    await waitFor(() => expect(at("keyring-why")).toBeTruthy());
    await user.click(at("keyring-this-run"));
    const row = await waitFor(() => rowOf("new.person@example.co.jp"));
    expect(within(row.row).getByText("Until you close Uncouple")).toBeTruthy();
  }, 10_000);

  test("keeps nothing when the person drops it", async () => {
    const { user, backend } = await openApp(withApp(), { bend: { keyring: "absent" } });
    await user.click(at("open-connect"));
    await user.click(at("connect-google"));
    await waitFor(() => expect(at("keyring-drop")).toBeTruthy(), { timeout: 5000 });
    await user.click(at("keyring-drop"));
    await waitFor(() => expect(maybe("dialog-keyring")).toBeNull());
    expect(backend.calls).toContain("dropSignIn");
    expect(screen.queryByTestId("mailbox-row")).toBeNull();
  }, 10_000);
});

test.each(["en", "ja"] as const)("the forms are accessible in %s", async (language) => {
  const { user } = await openApp(emptyWorld(), { language });
  await user.click(at("open-track"));
  await user.type(at("track-address"), "nobody");
  await user.tab();
  await expectAccessible();
});
