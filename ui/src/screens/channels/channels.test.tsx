import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { AppFailure } from "../../backend";
import { emptyWorld, manyChannels, oneInbox, sample, sampleWorld } from "../../backend/fake";
import { go } from "../../state/route";
import { at, cardOf, expectAccessible, maybe, openApp, rowOf } from "../../testing/open";

const ROUTE = { screen: "channels" } as const;
const HOSTED = "group@example.co.jp";

/** Chooses in a menu that a button opens. */
async function choose(user: Awaited<ReturnType<typeof openApp>>["user"], button: HTMLElement, item: string) {
  await user.click(button);
  await user.click(await screen.findByTestId(item));
}

describe("the way to Channels", () => {
  test("leads from Inbox over Inbox Settings, as in the article", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"));
    await user.click(at("nav-inbox"));
    expect(at("nav-inbox").textContent).toBe("Conversations › Inbox");
    expect(screen.getAllByTestId("inbox-address").map((line) => line.dataset.address)).toContain(HOSTED);
    expect(at("inbox-settings").textContent).toBe("Inbox Settings");
    await user.click(at("inbox-settings"));
    await waitFor(() => expect(at("channel-list")).toBeTruthy());
    expect(screen.getByRole("heading", { level: 1, name: "Channels" })).toBeTruthy();
    expect(at("side-channels").getAttribute("aria-current")).toBe("page");
  });

  test("says so when there is no inbox, to an admin and to others", async () => {
    const { user } = await openApp(emptyWorld(), { route: ROUTE });
    await user.click(at("open-inbox"));
    await user.type(at("inbox-name"), "Support");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("channel-card").textContent).toContain("Channels of Support"));
  });
});

describe("the list", () => {
  test("shows both sides, who connected it, and other kinds without Delete", async () => {
    await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    const row = rowOf("support@example.co.jp");
    expect(row.at("crm-side").textContent).toMatch(/^HubSpot: in use/);
    expect(row.at("provider-side").textContent).toContain("Google: not known");
    expect(row.row.textContent).toMatch(/Connected in HubSpot by Aoi\u00a0Yamamoto/);
    expect(rowOf(HOSTED).row.textContent).toContain("is not known");
    expect(rowOf(HOSTED).at("row-delete").textContent).toBe("Delete");
    const others = screen.getAllByTestId("other-channel");
    expect(others.map((other) => other.dataset.kind)).toEqual(["chat", "form", "whatsapp"]);
    for (const other of others) expect(within(other).queryByTestId("row-delete")).toBeNull();
  });

  test("changes with the inbox that is chosen", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    await user.click(at("inbox-switch").querySelector("button") as HTMLElement);
    await user.click(await screen.findByRole("option", { name: "Sales" }));
    await waitFor(() => expect(rowOf("sales@example.com").row).toBeTruthy());
    expect(screen.getAllByTestId("mailbox-row")).toHaveLength(1);
  });

  test("takes a channel of another kind off, and only off the list", async () => {
    const { user, backend } = await openApp(sampleWorld(), { route: ROUTE });
    const other = screen.getAllByTestId("other-channel")[0] as HTMLElement;
    await choose(user, within(other).getByTestId("other-menu"), "menu-drop");
    await waitFor(() => expect(screen.getAllByTestId("other-channel")).toHaveLength(2));
    expect(backend.calls).not.toContain("deleteChannel");
  });

  test("of 300 can be searched", async () => {
    const { user } = await openApp(manyChannels(300), { route: ROUTE });
    expect(screen.getAllByTestId("mailbox-row")).toHaveLength(300);
    await user.type(at("channel-search"), "team.12");
    await waitFor(() => expect(screen.getAllByTestId("mailbox-row")).toHaveLength(10));
  }, 20_000);
});

describe("deleting a channel", () => {
  test("of HubSpot's names who needs to know, greys nothing and opens the guided job", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    await user.click(rowOf("support@example.co.jp").at("row-delete"));
    const dialog = within(screen.getByRole("alertdialog"));
    expect(dialog.getByText("support@example.co.jp")).toBeTruthy();
    expect(at("delete-told").textContent).toBe(
      "Please tell these people yourself; Uncouple reaches nobody but you: Aoi Yamamoto, Ichiro Suzuki, Misaki Takahashi",
    );
    expect(at("message-body").textContent).toContain("support@example.co.jp");
    expect(document.activeElement).toBe(at("dialog-cancel"));
    expect(at("dialog-confirm").textContent).toBe("Yes, delete");
    await user.click(at("dialog-confirm"));
    const card = await waitFor(() => cardOf("support@example.co.jp"));
    expect(rowOf("support@example.co.jp").row.dataset.use).toBe("in_use");
    expect(card.step("remove_from_crm").getByText("Delete it from HubSpot’s channels")).toBeTruthy();
    expect(card.card.querySelector("[data-testid=step-disable_in_crm]")).toBeNull();
  });

  test("that is fed by forwarding asks for the rule", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    await user.click(rowOf(HOSTED).at("row-delete"));
    expect(screen.getByText(/The forwarding rule is removed instead/)).toBeTruthy();
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(cardOf(HOSTED).step("remove_forwarding")).toBeTruthy());
  });

  test("that is held here is done at once and can be undone", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), {
      route: { screen: "channels", inbox: "i2" },
    });
    await user.click(rowOf("sales@example.com").at("row-delete"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(maybe("mailbox-row")).toBeNull());
    await user.click(cardOf("sales@example.com").at("job-undo"));
    await waitFor(() => expect(rowOf("sales@example.com").row.dataset.use).toBe("in_use"));
  });

  test("stands on this screen, not on the Email tab", async () => {
    const { user } = await openApp(sampleWorld(), { route: ROUTE });
    expect(cardOf("info@example.co.jp").card.textContent).toContain("サポート");
    await user.click(at("side-general"));
    await waitFor(() => expect(at("mailbox-card")).toBeTruthy());
    const cards = screen.getAllByTestId("disconnect-card").map((card) => card.dataset.address);
    expect(cards).not.toContain("info@example.co.jp");
  });
});

describe("connecting a channel", () => {
  test("adds a team address with who connected it", async () => {
    const { user, backend } = await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    await user.click(at("open-channel"));
    expect(maybe("channel-imap")).toBeNull();
    expect(screen.getByText(/IMAP can’t be chosen/)).toBeTruthy();
    await user.type(at("channel-address"), "new@example.net");
    await user.click(at("channel-hosted"));
    expect(at("channel-hosted-note").textContent).toContain("forwarding rule");
    await user.click(at("channel-connected-by").querySelector("button") as HTMLElement);
    await user.click(await screen.findByTestId("connected-by-m3"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(maybe("dialog-channel")).toBeNull());
    expect(rowOf("new@example.net").row.textContent).toContain("Misaki");
    expect(backend.world().overview.channels.at(-1)?.connected_by?.id).toBe("m3");
  });

  test("refuses a personal address by name and leads to it", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    await user.click(at("open-channel"));
    await user.type(at("channel-address"), "hanako.sato@example.co.jp");
    await user.click(at("channel-google"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("in-use").textContent).toContain("personal email"));
    expect(at("in-use-link").textContent).toBe("Disconnect it there first");
    await user.click(at("in-use-link"));
    await waitFor(() => expect(at("mailbox-card")).toBeTruthy());
    await waitFor(() =>
      expect(rowOf("hanako.sato@example.co.jp").row.contains(document.activeElement)).toBe(true),
    );
  });

  test("and the other way round, a team address is refused on the Email tab", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"));
    await user.click(at("open-track"));
    await user.type(at("track-address"), "help@example.com");
    await user.click(at("track-microsoft365"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("in-use").textContent).toContain("team inbox Support"));
    await user.click(at("in-use-link"));
    await waitFor(() => expect(at("channel-list")).toBeTruthy());
    await waitFor(() => expect(rowOf("help@example.com").row.contains(document.activeElement)).toBe(true));
  });

  test("lists another kind", async () => {
    const { user } = await openApp(oneInbox(), { route: ROUTE });
    await user.click(at("open-channel"));
    await user.click(at("channel-way-other"));
    await user.click(at("other-calling"));
    await user.click(at("dialog-confirm"));
    expect(await screen.findByText("Enter a name.")).toBeTruthy();
    await user.type(at("other-name"), "Reception");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("other-channel").dataset.kind).toBe("calling"));
  });

  test("by sign-in asks in the browser, but not from the sample", async () => {
    const { user } = await openApp(oneInbox(), { route: ROUTE });
    await user.click(at("open-channel"));
    await user.click(at("channel-way-connect"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("dialog-connect").textContent).toContain("team address"));
    expect(at("connect-google")).toBeTruthy();
  });

  test("from the sample offers no sign-in", async () => {
    const { user } = await openApp(sample(), { route: ROUTE });
    await user.click(at("open-channel"));
    expect(maybe("channel-way-connect")).toBeNull();
  });
});

describe("an inbox", () => {
  test("is renamed and given access to", async () => {
    const { user, backend } = await openApp(sampleWorld(), { route: ROUTE });
    await choose(user, at("inbox-actions"), "inbox-rename");
    await user.clear(at("inbox-name"));
    await user.type(at("inbox-name"), "Help desk");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("channel-card").textContent).toContain("Help desk"));
    await choose(user, at("inbox-actions"), "inbox-access");
    await user.click(at("access-m4"));
    await waitFor(() => expect(backend.world().overview.inboxes[0]?.access).toContain("m4"));
    await waitFor(() => expect(at("access-m4").dataset.selected).toBe("true"));
  });

  test("with channels is not deleted, and says why", async () => {
    const { user } = await openApp(sampleWorld(), { route: ROUTE });
    await choose(user, at("inbox-actions"), "inbox-delete");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("error").dataset.code).toBe("inbox_has_channels"));
  });

  test("is not managed by somebody without the right", async () => {
    const world = sample("Hanako Sato");
    world.people.acting = "m3";
    world.publish();
    await openApp(world, { route: ROUTE });
    expect(maybe("inbox-actions")).toBeNull();
    expect(rowOf("support@example.co.jp").at("row-delete")).toBeTruthy();
    expect(screen.queryByText("sales@example.com")).toBeNull();
  });

  test("is none for somebody without access", async () => {
    const world = sample("Hanako Sato");
    world.people.acting = "m4";
    world.publish();
    await openApp(world, { route: ROUTE });
    expect(at("no-inbox").textContent).toContain("Ask a super admin");
    expect(maybe("open-inbox")).toBeNull();
  });
});

test("a failure is told in the dialog it belongs to", async () => {
  const failure = new AppFailure("no_access");
  const { user } = await openApp(sampleWorld(), {
    route: ROUTE,
    bend: { failNext: { command: "deleteChannel", failure } },
  });
  await user.click(rowOf("help@example.com").at("row-delete"));
  await user.click(at("dialog-confirm"));
  await waitFor(() => expect(at("error").dataset.code).toBe("no_access"));
});

describe.each(["en", "ja"] as const)("the dialogs in %s are accessible:", (language) => {
  test.each(["track", "other", "inbox"] as const)("%s", async (open) => {
    await openApp(sampleWorld(), { language, route: ROUTE });
    act(() => go({ screen: "channels", open }));
    await screen.findByRole("dialog");
    await expectAccessible();
  });

  test("delete", async () => {
    const { user } = await openApp(sampleWorld(), { language, route: ROUTE });
    await user.click(rowOf(HOSTED).at("row-delete"));
    await expectAccessible();
  });
});
