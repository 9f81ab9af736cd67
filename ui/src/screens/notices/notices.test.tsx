import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { emptyWorld, sampleWorld } from "../../backend/fake";
import { at, cardOf, maybe, openApp, rowOf } from "../../testing/open";
import { noticeWords } from "../../words/notices";

const rows = () => screen.getAllByTestId("notice-row");
const LOST = "sales-east@example.com";

describe("the list of notices", () => {
  test("says of a grant that is not in the list what was found, and who deleted it only where that is known", async () => {
    const world = emptyWorld("Hanako Sato");
    const row = world.add({ address: "a@example.co.jp", provider: "google" });
    world.announce(row, { kind: "access_revoked", deleted_here: false, apps: [] });
    world.announce(row, { kind: "access_revoked", deleted_here: false, apps: ["Mail Sync"] });
    await openApp(world, { route: { screen: "notices" } });
    await waitFor(() => expect(rows()).toHaveLength(2));
    const said = rows().map((one) => one.textContent ?? "");
    expect(said.some((text) => text.includes("no grant of HubSpot for a@example.co.jp"))).toBe(true);
    expect(said.some((text) => text.includes("no grant of Mail Sync for a@example.co.jp"))).toBe(true);
    for (const text of said) expect(text).toContain("Uncouple did not delete it");
    const what = { kind: "access_revoked", deleted_here: true, apps: [] as string[] } as const;
    const run = { what, address: "a@b.c" };
    expect(noticeWords({ ...run, by: "Hanako Sato" }).next).toBe("Deleted by Hanako Sato’s bulk revocation.");
  });

  test("is counted in the top bar and led to from there", async () => {
    const { user, world } = await openApp(sampleWorld("Hanako Sato"));
    expect(at("notice-count").textContent).toBe(String(world.overview.unread));
    expect(at("nav-notices").textContent).toBe(`Notifications (${world.overview.unread} unread)`);
    await user.click(at("nav-notices"));
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    expect(rows().filter((row) => row.dataset.unread)).toHaveLength(world.overview.unread);
  });

  test("names the mailbox and what to do, and a click marks it read and leads there", async () => {
    const { user, world } = await openApp(sampleWorld("Hanako Sato"), { route: { screen: "notices" } });
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    const before = world.overview.unread;
    const lost = rows().find((row) => row.textContent?.includes(LOST)) as HTMLElement;
    expect(lost.textContent).toContain("was lost (access revoked)");
    expect(lost.textContent).toContain("Reconnect it, or continue with the steps that are left.");
    await user.click(lost);
    await waitFor(() => expect(rowOf(LOST).row.contains(document.activeElement)).toBe(true));
    await waitFor(() => expect(at("notice-count").textContent).toBe(String(before - 1)));
  });

  test("shows what is no longer so as corrected", async () => {
    await openApp(sampleWorld("Hanako Sato"), { route: { screen: "notices" } });
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    const corrected = rows().filter((row) => row.dataset.corrected);
    expect(corrected).toHaveLength(1);
    expect(corrected[0]?.textContent).toContain("Corrected");
    expect(corrected[0]?.textContent).not.toContain("Reconnect it");
  });

  test("is marked read all at once", async () => {
    const { user } = await openApp(sampleWorld(), { route: { screen: "notices" } });
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    await user.click(at("notices-read-all"));
    await waitFor(() => expect(maybe("notice-count")).toBeNull());
    expect(rows().filter((row) => row.dataset.unread)).toEqual([]);
  });

  test("is read again when something has happened", async () => {
    const { backend } = await openApp(sampleWorld("Hanako Sato"), { route: { screen: "notices" } });
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    const before = rows().length;
    const job = await backend.deleteChannel(
      backend.world().overview.channels.find((row) => row.address === "help@example.com")?.id ?? "",
    );
    await backend.confirmStep(job, "remove_from_crm");
    await waitFor(() => expect(rows()).toHaveLength(before + 1));
    expect(rows()[0]?.textContent).toContain(
      "help@example.com was marked as removed from HubSpot (inbox Support)",
    );
  });

  test("says so when it is empty", async () => {
    await openApp(emptyWorld(), { route: { screen: "notices" } });
    await waitFor(() => expect(at("notices-empty")).toBeTruthy());
    expect(maybe("notice-count")).toBeNull();
  });
});

test("a deleted team address is told to each whom the rules name, once", async () => {
  const { backend } = await openApp(sampleWorld("Hanako Sato"));
  const { people } = backend.world();
  const id =
    backend.world().overview.channels.find((row) => row.address === "support@example.co.jp")?.id ?? "";
  const job = await backend.deleteChannel(id);
  const before = people.notices.length;
  await backend.confirmStep(job, "remove_from_crm");
  const told = people.notices.slice(before).map((notice) => notice.to);
  expect(told.sort()).toEqual(["m1", "m2", "m3", "m5"]);
});

describe("a click on a pop-up", () => {
  test("opens the right card", async () => {
    const { backend, world } = await openApp(sampleWorld("Hanako Sato"));
    const job = world.overview.disconnects.find((card) => card.address === "info@example.co.jp");
    backend.goTo({ screen: "channels", inbox: "i1", job: job?.id ?? null, mailbox: job?.mailbox ?? null });
    await waitFor(() => expect(cardOf("info@example.co.jp").card.dataset.open).toBe("true"));
    await waitFor(() => expect(document.activeElement?.textContent).toContain("info@example.co.jp"));
  });

  test("opens it again after it was folded", async () => {
    const { backend, user, world } = await openApp(sampleWorld("Hanako Sato"));
    const job = world.overview.disconnects.find((card) => card.address === "info@example.co.jp")?.id ?? null;
    const place = { screen: "channels", inbox: "i1", job, mailbox: null } as const;
    backend.goTo(place);
    await waitFor(() => expect(cardOf("info@example.co.jp").card.dataset.open).toBe("true"));
    await user.click(cardOf("info@example.co.jp").at("job-toggle"));
    await waitFor(() => expect(cardOf("info@example.co.jp").card.dataset.open).toBeUndefined());
    backend.goTo(place);
    await waitFor(() => expect(cardOf("info@example.co.jp").card.dataset.open).toBe("true"));
  });

  test("on the tray leads to the list", async () => {
    const { backend } = await openApp(sampleWorld());
    backend.goTo({ screen: "notices" });
    await waitFor(() => expect(at("notices-card")).toBeTruthy());
  });
});

describe("the settings of notices", () => {
  const ROUTE = { screen: "alerts" } as const;

  test("are saved together, and an empty time is none", async () => {
    const { user, backend } = await openApp(emptyWorld(), { route: ROUTE });
    await user.click(at("notice-asked"));
    await user.clear(at("digest-at"));
    await user.type(at("quiet-from"), "22:00");
    await user.type(at("quiet-to"), "07:30");
    await user.click(at("notices-save"));
    await waitFor(() =>
      expect(backend.world().overview.settings.notices).toEqual({
        disconnected: true,
        lost: true,
        asked: false,
        reminders: true,
        digest_at: null,
        quiet_from: "22:00",
        quiet_to: "07:30",
        keep_days: 90,
      }),
    );
    expect(screen.getByText("Saved")).toBeTruthy();
  });

  test("refuse what is no time", async () => {
    const { user } = await openApp(emptyWorld(), { route: ROUTE });
    await user.type(at("quiet-from"), "late");
    await user.click(at("notices-save"));
    await waitFor(() => expect(at("error").dataset.code).toBe("bad_time"));
  });

  test("say once that nothing can pop up, and what the desktop lacks", async () => {
    await openApp(emptyWorld(), {
      route: ROUTE,
      bend: { desktop: { popups: false, tray: false, autostart: null } },
    });
    await waitFor(() => expect(at("popups-state").dataset.popups).toBe("false"));
    expect(screen.getByText(/Notifications are still kept in the list/)).toBeTruthy();
    expect(at("tray-state").textContent).toContain("no tray");
    expect(at("autostart").textContent).toContain("not available here");
  });

  test("start the app with the system when that is wanted", async () => {
    const { user, backend } = await openApp(emptyWorld(), { route: ROUTE });
    await waitFor(() => expect(at("autostart").dataset.selected).toBeUndefined());
    await user.click(at("autostart"));
    await waitFor(() => expect(at("autostart").dataset.selected).toBe("true"));
    expect((await backend.desktop()).autostart).toBe(true);
  });
});
