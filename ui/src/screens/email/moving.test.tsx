import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { emptyWorld, sampleWorld } from "../../backend/fake";
import { at, cardOf, expectAccessible, maybe, openApp, rowOf } from "../../testing/open";

const MINE = "hanako.sato@example.co.jp";
const KENS = "ken.tanaka@example.co.jp";
const MISAKIS = "misaki@example.com";

type User = Awaited<ReturnType<typeof openApp>>["user"];

async function fromMenu(user: User, address: string, item: string) {
  await user.click(rowOf(address).at("row-menu"));
  await user.click(await screen.findByTestId(`menu-${item}`));
}

describe("other people's mailboxes", () => {
  test("show both sides and offer to ask the owner, and nothing else", async () => {
    const { user, backend } = await openApp(sampleWorld("Hanako Sato"));
    const backendCalls = () => backend.calls;
    expect(at("others-section").textContent).toContain("Owner: Misaki Takahashi");
    const row = rowOf(MISAKIS);
    expect(row.row.querySelectorAll("[data-testid^=row-]:not([data-testid=row-menu])")).toHaveLength(1);
    expect(row.row.querySelector("a")).toBeNull();
    await user.click(row.at("row-ask"));
    expect(at("message-subject").textContent).toContain(MISAKIS);
    expect(backendCalls()).not.toContain("askOwner");
    await user.click(at("dialog-confirm"));
    await waitFor(() =>
      expect(rowOf(MISAKIS).at("row-asked").textContent).toMatch(
        /^Hanako Sato noted that the owner is to be asked/,
      ),
    );
    expect(rowOf(MISAKIS).row.querySelector("[data-testid=row-ask]")).toBeNull();
  });

  test("are not there for somebody who is no super admin, nor for one alone", async () => {
    const world = sampleWorld("Hanako Sato");
    world.people.acting = "m3";
    world.publish();
    const { view } = await openApp(world);
    expect(maybe("others-section")).toBeNull();
    view.unmount();
    await openApp(emptyWorld());
    expect(maybe("others-section")).toBeNull();
  });

  test("are a task on the owner's own row, with a way to say not now", async () => {
    const world = sampleWorld("Hanako Sato");
    world.people.acting = "m4";
    world.publish();
    const { user, backend } = await openApp(world);
    const row = rowOf(KENS);
    expect(row.at("row-asked").textContent).toMatch(/^Hanako Sato asked you to disconnect this mailbox/);
    expect(row.at("row-disable")).toBeTruthy();
    await user.click(row.at("row-decline"));
    await waitFor(() => expect(rowOf(KENS).row.querySelector("[data-testid=row-asked]")).toBeNull());
    expect(rowOf(KENS).at("row-result").textContent).toContain("not now");
    expect(backend.world().people.notices.at(-1)).toMatchObject({ to: "m1", what: { kind: "declined" } });
  });
});

describe("reconnecting in HubSpot", () => {
  test("says what will be asked, opens the page, and the row goes on", async () => {
    const { user, world, backend } = await openApp(sampleWorld("Hanako Sato"));
    const id = world.overview.mailboxes.find((row) => row.address === MINE)?.id;
    await fromMenu(user, MINE, "report-lost");
    await waitFor(() => expect(rowOf(MINE).at("crm-side").dataset.mark).toBe("lost_said"));
    await user.click(rowOf(MINE).at("row-reconnect"));
    const asks = await screen.findByTestId("reconnect-asks");
    expect(asks.textContent).toContain("not verified");
    expect(at("reconnect-google-once").textContent).toContain("Search Console");
    await user.click(at("privacy-open"));
    await waitFor(() => expect(at("privacy-opened").textContent).not.toBe(""));
    expect(backend.calls).toContain("openPrivacyPage");
    await user.click(at("reconnect-open"));
    await waitFor(() => expect(at("reconnect-opened").textContent).toContain("was opened"));
    await user.click(at("reconnect-done"));
    await waitFor(() => expect(maybe("dialog-reconnect")).toBeNull());
    expect(rowOf(MINE).row.dataset.mailbox).toBe(id);
    expect(rowOf(MINE).at("crm-side").dataset.mark).toBe("said");
  });

  test("tells documented permissions from the others", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), { route: { screen: "channels" } });
    await fromMenu(user, "help@example.com", "reconnect");
    const asks = await screen.findByTestId("reconnect-asks");
    expect(asks.textContent).toContain("Mail.ReadWrite");
    expect(asks.querySelectorAll("[data-documented=false]")).toHaveLength(0);
    expect(maybe("reconnect-google-once")).toBeNull();
  });

  test("stays in the menu while nothing is lost", async () => {
    await openApp(sampleWorld());
    expect(rowOf(MINE).row.querySelector("[data-testid=row-reconnect]")).toBeNull();
  });

  test("is offered by a finished job", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"));
    const done = screen
      .getAllByTestId("done-item")
      .find((item) => item.dataset.address === "sato.hanako@outlook.com") as HTMLElement;
    await user.click(done.querySelector("[data-testid=job-connect-again]") as HTMLElement);
    await user.click(await screen.findByTestId("reconnect-done"));
    await waitFor(() => expect(rowOf("sato.hanako@outlook.com").row.dataset.use).toBe("in_use"));
  });
});

describe("moving to another provider", () => {
  test("leaves HubSpot's own steps to HubSpot, and ends with the new connection", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"));
    await fromMenu(user, MINE, "move");
    expect(at("dialog-move").textContent).toContain("disconnect notification");
    expect(at("move-microsoft365")).toBeTruthy();
    await user.click(at("dialog-confirm"));
    const card = await waitFor(() => cardOf(MINE));
    expect(card.at("job-purpose").textContent).toContain("Moving to Microsoft 365");
    expect(card.step("remove_from_crm").getByTestId("step-line").textContent).toMatch(
      /^Not needed by HubSpot’s article: .* HubSpot disconnects the old inbox itself/,
    );
    expect(card.step("revoke_grant").getByText("Revoke HubSpot’s access at Google")).toBeTruthy();
    await user.click(card.step("connect_again").getByTestId("step-show"));
    await user.click(cardOf(MINE).step("connect_again").getByTestId("step-confirm"));
    await waitFor(() => expect(rowOf(MINE).at("provider-side").textContent).toContain("Microsoft 365"));
    expect(cardOf(MINE).step("revoke_grant").getByText("To do")).toBeTruthy();
  });
});

describe("from personal to team and back", () => {
  test("is one guided job", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"));
    await fromMenu(user, MINE, "to-team");
    expect((at("dialog-confirm") as HTMLButtonElement).disabled).toBe(true);
    await user.click(at("to-team-i2"));
    await user.click(at("dialog-confirm"));
    const card = await waitFor(() => cardOf(MINE));
    expect(card.at("job-purpose").textContent).toContain("Moving to the team inbox Sales");
    expect(card.step("connect_again").getByText(/Connect it to the team inbox Sales/)).toBeTruthy();
  });

  test("goes to one's own mailbox", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), { route: { screen: "channels" } });
    await fromMenu(user, "help@example.com", "to-personal");
    await user.click(at("dialog-confirm"));
    await waitFor(() =>
      expect(cardOf("help@example.com").at("job-purpose").textContent).toContain("personal email of Hanako"),
    );
  });
});

test.each(["move", "to-team", "reconnect"])(
  "the dialog of %s is accessible in both languages",
  async (item) => {
    for (const language of ["en", "ja"] as const) {
      const { user, view } = await openApp(sampleWorld(), { language });
      await fromMenu(user, MINE, item);
      await screen.findByRole("dialog");
      await expectAccessible();
      view.unmount();
    }
  },
);
