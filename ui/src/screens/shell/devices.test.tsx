import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { emptyWorld } from "../../backend/fake";
import type { KeptOn } from "../../backend/generated/KeptOn";
import { at, expectAccessible, maybe, openApp, rowOf } from "../../testing/open";

function moved() {
  const world = emptyWorld();
  world.overview.workspace.origin = {
    devices: [],
    was_at: "/old/w.db",
    is_at: "/new/w.db",
    still_there: true,
  };
  return world;
}

test("a workspace that came from elsewhere asks what it is, on every screen, until somebody answers", async () => {
  const { user, backend } = await openApp(moved());
  const banner = at("origin-banner");
  expect(banner.textContent).toContain("/old/w.db");
  expect(banner.textContent).toContain("A file is still at the old place.");
  expect(banner.textContent).toContain("neither used nor deleted");
  await expectAccessible();
  await user.click(at("nav-history"));
  expect(maybe("origin-banner")).not.toBeNull();
  await user.click(at("origin-copied"));
  await waitFor(() => expect(maybe("origin-banner")).toBeNull());
  expect(backend.calls).toContain("sayOrigin");
});

test("a workspace that is new on this device names the devices that have used it", async () => {
  const world = emptyWorld();
  world.overview.workspace.origin = {
    devices: ["佐藤のノートPC", "tower"],
    was_at: null,
    is_at: "/new/w.db",
    still_there: false,
  };
  await openApp(world, { language: "ja" });
  expect(at("origin-banner").textContent?.replaceAll(/[\u200b\u00a0]/g, "")).toContain(
    "佐藤のノートPC、tower",
  );
});

test.each<[KeptOn, string, string]>([
  [{ is: "device", name: "Sato’s laptop" }, "Kept on Sato’s laptop", "Only Uncouple on that device"],
  [{ is: "other_file", file: "/old/w.db" }, "Kept for another file on this computer", "/old/w.db"],
  [{ is: "unknown" }, "Kept on an unknown device", "can’t be told from here"],
])("a row whose token is elsewhere says so: %j", async (kept, badge, hint) => {
  const world = emptyWorld();
  world.add({ address: "here@example.com", provider: "google", here: true }).kept_on = kept;
  await openApp(world);
  const shown = within(rowOf("here@example.com").row);
  const plain = (text: string) => text.replaceAll("\u00a0", " ");
  expect(plain(shown.getByText((text) => plain(text) === badge).title)).toContain(hint);
});

test("this device can be given another name, and the others are listed", async () => {
  const world = emptyWorld();
  world.overview.workspace.devices.push({
    id: "d2",
    name: "tower",
    this: false,
    earlier: false,
    file: "/w.db",
    since: "2026-11-23T09:00:00Z",
    origin: "moved",
    gone: true,
  });
  const { user, backend } = await openApp(world, { route: { screen: "storage" } });
  const name = at("device-name") as HTMLInputElement;
  expect(name.value).toBe("desk");
  await user.clear(name);
  await user.click(at("device-save"));
  expect(await screen.findByText("Enter a name.")).toBeTruthy();
  await user.type(name, "Sato’s laptop");
  await user.click(at("device-save"));
  await waitFor(() => expect(backend.world().overview.workspace.devices[0]?.name).toBe("Sato’s laptop"));
  expect(at("other-devices").textContent).toContain("tower");
  expect(at("other-devices").textContent).toContain("not used any more, as stated");
});
