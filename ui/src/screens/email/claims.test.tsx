import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { emptyWorld, sample, sampleWorld, World } from "../../backend/fake";
import type { StepKind } from "../../backend/generated/StepKind";
import { at, cardOf, maybe, openApp, rowOf } from "../../testing/open";
import { addressRole } from "./AccountHint";

const ADDRESS = "there@example.com";

function disabledInHubSpot(): World {
  const world = new World("Sato");
  const row = world.add({ address: ADDRESS, provider: "google", account: "1234567" });
  world.done(world.job(row), "disable_in_crm", world.confirmed());
  return world;
}

describe("enabling a mailbox of HubSpot's again", () => {
  test("asks first, shows the way, and is kept as the person's word", async () => {
    const { user, backend } = await openApp(disabledInHubSpot());
    await user.click(rowOf(ADDRESS).at("row-enable"));
    const dialog = within(await screen.findByTestId("dialog-enable"));
    expect(rowOf(ADDRESS).row.dataset.use).toBe("disabled");
    expect(backend.calls).not.toContain("enableMailbox");
    await user.click(await dialog.findByTestId("enable-open"));
    await waitFor(() => expect(at("enable-opened").textContent).toContain("was opened"));
    expect(rowOf(ADDRESS).row.dataset.use).toBe("disabled");
    expect(at("dialog-confirm").textContent).toBe("I enabled it again in HubSpot");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(rowOf(ADDRESS).row.dataset.use).toBe("in_use"));
    expect(rowOf(ADDRESS).at("crm-side").textContent).toContain("stated by Sato");
  });

  test("changes nothing when it is called off", async () => {
    const { user } = await openApp(disabledInHubSpot());
    await user.click(rowOf(ADDRESS).at("row-enable"));
    await user.click(await screen.findByTestId("dialog-cancel"));
    await waitFor(() => expect(maybe("dialog-enable")).toBeNull());
    expect(rowOf(ADDRESS).row.dataset.use).toBe("disabled");
  });
});

describe("jobs without open steps", () => {
  test("are grouped by how they are known, strongest first, and never called disconnected", async () => {
    await openApp(sampleWorld("Hanako Sato"));
    const groups = screen.getAllByTestId("done-group");
    expect(groups.map((group) => group.dataset.strength)).toEqual(["proven", "stated", "unverified"]);
    const headings = groups.map((group) => within(group).getAllByRole("heading")[0]?.textContent);
    expect(headings).toEqual(["Proven", "On a person’s word", "Closed as unverified"]);
    expect(at("done-section").textContent).not.toMatch(/disconnected/i);
  });

  test("say in their heading what the weakest step is", async () => {
    const world = disabledInHubSpot();
    const card = world.cards[0];
    if (!card) throw new Error("no job");
    const { user } = await openApp(world);
    await user.click(cardOf(ADDRESS).step("remove_from_crm").getByTestId("step-confirm"));
    await waitFor(() => expect(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-close")).toBeTruthy());
    await user.click(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-close"));
    await user.type(at("close-reason"), "has left");
    await user.click(at("close-submit"));
    await waitFor(() => expect(cardOf(ADDRESS).card.dataset.strength).toBe("unverified"));
    const section = at("finish-section");
    expect(within(section).getByRole("heading", { level: 2 }).textContent).toBe(
      "No steps left, and not all is known",
    );
    expect(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-withdraw").textContent).toBe("Reopen");
  });

  test("are heard by their rank, step by step", async () => {
    const { user } = await openApp(disabledInHubSpot());
    expect(cardOf(ADDRESS).step("disable_in_crm").getByText("Done, on a person’s word")).toBeTruthy();
    await user.click(cardOf(ADDRESS).step("remove_from_crm").getByTestId("step-confirm"));
    await waitFor(() =>
      expect(cardOf(ADDRESS).step("remove_from_crm").getByText("Done, on a person’s word")).toBeTruthy(),
    );
  });
});

test.each<[StepKind, boolean, ReturnType<typeof addressRole>]>([
  ["disable_in_crm", true, "row"],
  ["remove_from_crm", true, "row"],
  ["connect_again", true, "connect"],
  ["revoke_grant", true, "account"],
  ["revoke_grant", false, null],
  ["withdraw_password", false, null],
  ["remove_forwarding", false, null],
])("on the page of %s (page: %s) the address is for: %s", (kind, page, role) => {
  expect(addressRole({ kind, page, provider: "google", team: false })).toBe(role);
});

describe("who is told", () => {
  test("is nobody but oneself, and the members' screen says so", async () => {
    const { view } = await openApp(emptyWorld("Sato"), { route: { screen: "members" } });
    await waitFor(() => expect(document.body.textContent).toContain("Uncouple sends them nothing"));
    expect(at("members-roles").textContent).toContain("protect nothing");
    view.unmount();
    await openApp(sample("Hanako Sato"), { route: { screen: "members" } });
    await waitFor(() =>
      expect(document.body.textContent).toContain("In this sample you can act as any member"),
    );
  });

  test("is written to in their language, by the person's own mail program", async () => {
    const { user, backend } = await openApp(sampleWorld("Hanako Sato"));
    await user.click(rowOf("misaki@example.com").at("row-ask"));
    expect(at("message-body").getAttribute("lang")).toBe("ja");
    expect(at("message-body").textContent).toContain("Misaki Takahashiさん");
    await user.click(at("message-en"));
    await waitFor(() =>
      expect(at("message-body").textContent).toContain("please disconnect misaki@example.com"),
    );
    await user.click(at("message-open"));
    await waitFor(() =>
      expect(at("message-opened").textContent).toContain("Nothing is sent until you send it"),
    );
    expect(backend.calls).toContain("openMail");
    expect(backend.calls).not.toContain("askOwner");
  });
});

test("the storage screen lists every kind of thing that is kept, where, and who can open it", async () => {
  await openApp(emptyWorld("Sato"), { route: { screen: "storage" } });
  await waitFor(() => expect(screen.getAllByTestId("storage-file-row").length).toBeGreaterThan(2));
  const table = at("storage-table").textContent ?? "";
  for (const kept of [
    "What searches found about people",
    "Plans, bulk revocations",
    "client secret",
    "administrators",
    "Temporary files in /tmp",
    "Start with the system",
    "The sample",
  ]) {
    expect(table).toContain(kept);
  }
  expect(at("storage-files").textContent).toContain("Your account on this computer");
  expect(at("storage-erase").textContent).toContain("dev.uncouple.desktop");
});
