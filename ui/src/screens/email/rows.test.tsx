import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { AppFailure } from "../../backend";
import { emptyWorld, manyWorld } from "../../backend/fake";
import { at, cardOf, expectAccessible, maybe, openApp, rowOf } from "../../testing/open";

function twoRows() {
  const world = emptyWorld();
  world.add({ address: "here@example.com", provider: "google", here: true });
  world.add({ address: "there@example.com", provider: "google", account: "1234567" });
  return world;
}

describe("disabling a mailbox that is held here", () => {
  test("names the address, has the safe choice in focus, and greys the row", async () => {
    const { user } = await openApp(twoRows());
    await user.click(rowOf("here@example.com").at("row-disable"));
    const dialog = screen.getByRole("alertdialog");
    expect(within(dialog).getByText("here@example.com")).toBeTruthy();
    expect(document.activeElement).toBe(at("dialog-cancel"));

    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(maybe("dialog-confirm")).toBeNull());
    const { row } = rowOf("here@example.com");
    expect(row.dataset.use).toBe("disabled");
    expect(within(row).getByText("Disabled")).toBeTruthy();
    expect(maybe("disconnect-card")).toBeNull();
  });

  test("does nothing when it is cancelled, and gives the focus back", async () => {
    const { user, backend } = await openApp(twoRows());
    await user.click(rowOf("here@example.com").at("row-disable"));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(rowOf("here@example.com").row.dataset.use).toBe("in_use");
    expect(backend.calls).not.toContain("disableMailbox");
    await waitFor(() => expect(document.activeElement).toBe(rowOf("here@example.com").at("row-disable")));
  });

  test("keeps the dialog open with the words when it fails", async () => {
    const failure = new AppFailure("store_full");
    const { user } = await openApp(twoRows(), { bend: { failNext: { command: "disableMailbox", failure } } });
    await user.click(rowOf("here@example.com").at("row-disable"));
    await user.click(at("dialog-confirm"));
    const alert = await screen.findByRole("alert");
    expect(alert.dataset.code).toBe("store_full");
    expect(within(screen.getByRole("alertdialog")).getByText(/The disk is full/)).toBeTruthy();
  });

  test("leaves a measure from the pointer to the painted row", async () => {
    const { user } = await openApp(twoRows());
    performance.clearMeasures("disable-painted");
    await user.click(rowOf("here@example.com").at("row-disable"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(performance.getEntriesByName("disable-painted")).toHaveLength(1));
    expect(performance.getEntriesByName("disable-painted")[0]?.duration).toBeGreaterThan(0);
  });

  test("can be taken back, or gone on with", async () => {
    const { user } = await openApp(twoRows());
    await user.click(rowOf("here@example.com").at("row-disable"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(rowOf("here@example.com").row.dataset.use).toBe("disabled"));
    await waitFor(() => expect(document.activeElement).toBe(rowOf("here@example.com").at("row-enable")));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(rowOf("here@example.com").row.dataset.use).toBe("in_use"));
    await waitFor(() => expect(document.activeElement).toBe(rowOf("here@example.com").at("row-disable")));
  });
});

describe("disabling a mailbox that HubSpot holds", () => {
  test("greys nothing and leads to the guided step", async () => {
    const { user } = await openApp(twoRows());
    await user.click(rowOf("there@example.com").at("row-disable"));
    await user.click(at("dialog-confirm"));
    const card = await waitFor(() => cardOf("there@example.com"));
    expect(rowOf("there@example.com").row.dataset.use).toBe("in_use");
    expect(card.step("disable_in_crm").getByTestId("guide-page").textContent).toContain("1234567");
    await waitFor(() => expect(document.activeElement?.textContent).toContain("there@example.com"));
  });
});

describe("a row", () => {
  test("says both sides in words", async () => {
    await openApp(twoRows());
    const row = rowOf("there@example.com");
    expect(row.at("crm-side").textContent).toMatch(/^HubSpot: in use.*added by/);
    expect(row.at("provider-side").textContent).toBe("Google: not knownUncouple can't look into it");
  });

  test("has a menu with everything the row offers", async () => {
    const { user } = await openApp(twoRows());
    await user.click(rowOf("here@example.com").at("row-menu"));
    const items = await screen.findAllByRole("menuitem");
    expect(items.map((item) => item.textContent)).toEqual([
      "Disable",
      "Check the connection",
      "Show its history",
    ]);
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(at("row-result").textContent).toBe("The connection works"));
  });

  test("tells a failure where the action was", async () => {
    const failure = new AppFailure("no_token");
    const { user } = await openApp(twoRows(), { bend: { failNext: { command: "checkMailbox", failure } } });
    await user.click(rowOf("here@example.com").at("row-menu"));
    await user.click(await screen.findByTestId("menu-check"));
    await waitFor(() => expect(rowOf("here@example.com").at("error").dataset.code).toBe("no_token"));
    await user.click(rowOf("here@example.com").at("error-dismiss"));
    expect(maybe("error")).toBeNull();
  });

  test("removed by another window still tells why the action failed", async () => {
    const world = twoRows();
    const { user, backend } = await openApp(world);
    const gone = world.rows.find((row) => row.address === "here@example.com");
    await user.click(rowOf("here@example.com").at("row-menu"));
    const item = await screen.findByTestId("menu-check");
    if (gone) gone.crm.usage = "removed";
    world.overview.mailboxes = world.rows.filter((row) => row !== gone);
    backend.bend.failNext = { command: "checkMailbox", failure: new AppFailure("already_removed") };
    await user.click(item);
    await waitFor(() => expect(at("error").dataset.code).toBe("already_removed"));
    expect(screen.getAllByTestId("mailbox-row")).toHaveLength(1);
  });

  test("hands the focus on with the arrow keys", async () => {
    const { user } = await openApp(twoRows());
    rowOf("here@example.com").at("row-disable").focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toBe(rowOf("there@example.com").at("row-disable"));
    await user.keyboard("{ArrowUp}");
    expect(document.activeElement).toBe(rowOf("here@example.com").at("row-disable"));
  });
});

test("300 mailboxes can be searched", async () => {
  const { user } = await openApp(manyWorld(300));
  expect(screen.getAllByTestId("mailbox-row")).toHaveLength(300);
  await user.type(at("email-search"), "PERSON.12");
  await waitFor(() => expect(screen.getAllByTestId("mailbox-row")).toHaveLength(10));
  await user.type(at("email-search"), "zzz");
  await waitFor(() => expect(screen.queryAllByTestId("mailbox-row")).toHaveLength(0));
  await user.click(at("email-search-clear"));
  await waitFor(() => expect(screen.getAllByTestId("mailbox-row")).toHaveLength(300));
}, 20_000);

test("a change in another window is read again", async () => {
  const world = twoRows();
  const { backend } = await openApp(world);
  await backend.trackMailbox({ address: "new@example.com", provider: "imap", hubspotPage: null });
  await waitFor(() => expect(rowOf("new@example.com").row).toBeTruthy());
});

test.each(["en", "ja"] as const)("the dialogs are accessible in %s", async (language) => {
  const { user } = await openApp(twoRows(), { language });
  await user.click(rowOf("here@example.com").at("row-disable"));
  await expectAccessible();
});
