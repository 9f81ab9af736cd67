import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { AppFailure } from "../../backend";
import { adminWorld, emptyWorld, sample } from "../../backend/fake";
import type { Provider } from "../../backend/generated/Provider";
import { at, cardOf, expectAccessible, maybe, openApp, rowOf } from "../../testing/open";

const ADDRESS = "mika@example.com";

/** A mailbox of HubSpot's with an open job. */
function open(provider: Provider = "google", doneInCrm = false) {
  const world = emptyWorld("Sato");
  const row = world.add({ address: ADDRESS, provider });
  const job = world.job(row);
  if (doneInCrm) {
    world.done(job, "disable_in_crm", world.confirmed());
    world.done(job, "remove_from_crm", world.confirmed());
  }
  return world;
}

/** A mailbox held here, removed, with its access still there. */
function removedHere(provider: Provider = "google") {
  const world = emptyWorld("Sato");
  const job = world.job(world.add({ address: ADDRESS, provider, here: true }));
  world.done(job, "disable_in_crm", world.proven("store"));
  world.done(job, "remove_from_crm", world.proven("store"));
  return world;
}

describe("the access of an account that a search of the organisation came across", () => {
  const ALL = { organisation: null, app: null, view: "all", days: null, order: "address" } as const;

  /** A job whose last step is open, of an account that was found, or of one whose address is a part of that one's. */
  async function found(cut = 0, more: (world: ReturnType<typeof adminWorld>) => void = () => undefined) {
    const world = adminWorld("Sato");
    const lines = world.admin.matching({ ...ALL, text: null, offset: 0, limit: 1 });
    const line = lines.find(({ chosen, person, suite }) => chosen && person && suite === "google");
    const address = line?.person?.address.slice(cut) ?? "";
    const job = world.job(world.add({ address, provider: "google" }));
    world.done(job, "disable_in_crm", world.confirmed());
    world.done(job, "remove_from_crm", world.confirmed());
    more(world);
    const looked = vi.spyOn(world.admin, "accesses");
    return { address, looked, ...(await openApp(world, { route: { screen: "email", job: job.id } })) };
  }

  test("leads a super admin to where it is revoked and proven", async () => {
    const { user, address } = await found();
    const note = await screen.findByTestId("guide-organisation");
    expect(note.textContent).toContain("revoke the access and keep the proof");
    await user.click(within(note).getByRole("link"));
    await waitFor(() => expect(screen.getByDisplayValue(address)).toBeTruthy());
    await waitFor(() => {
      const rows = screen.getAllByTestId("access-row");
      expect(rows.every((row) => row.textContent?.includes(address))).toBe(true);
    });
  });

  test("is not taken for that of somebody whose address is a part of it", async () => {
    const { looked } = await found(1);
    await waitFor(() => expect(looked).toHaveReturnedWith(expect.objectContaining({ total: 1 })));
    await screen.findByTestId("step-open");
    expect(maybe("guide-organisation")).toBeNull();
  });

  test("leads nobody there who could not revoke it", async () => {
    await found(0, (world) => {
      for (const { view } of world.admin.organisations) if (view.sign_in) view.sign_in.read_only = true;
    });
    await screen.findByTestId("step-open");
    expect(maybe("guide-organisation")).toBeNull();
  });
});

describe("the steps in HubSpot", () => {
  test("are confirmed one by one, and the row follows", async () => {
    const { user } = await openApp(open());
    await user.click(cardOf(ADDRESS).step("disable_in_crm").getByTestId("step-confirm"));
    await waitFor(() => expect(rowOf(ADDRESS).row.dataset.use).toBe("disabled"));
    const step = cardOf(ADDRESS).step("disable_in_crm");
    expect(step.getByTestId("step-line").textContent).toMatch(/^Stated by Sato, /);
    expect(step.getByText("Done, on a person’s word")).toBeTruthy();
    await user.click(cardOf(ADDRESS).step("remove_from_crm").getByTestId("step-confirm"));
    await waitFor(() => expect(screen.queryByTestId("mailbox-row")).toBeNull());
  });

  test("hand the keyboard on to the next step when they are done", async () => {
    const { user } = await openApp(open());
    cardOf(ADDRESS).step("disable_in_crm").getByTestId("step-confirm").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Remove it from HubSpot"));
  });

  test("leave somebody alone who has gone elsewhere", async () => {
    const { backend, world } = await openApp(open());
    cardOf(ADDRESS).step("disable_in_crm").getByTestId("step-confirm").focus();
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    (document.activeElement as HTMLElement).blur();
    await backend.confirmStep(world.overview.disconnects[0]?.id ?? "", "disable_in_crm");
    await waitFor(() => expect(rowOf(ADDRESS).row.dataset.use).toBe("disabled"));
    expect(document.activeElement).toBe(document.body);
  });

  test("are confirmed with one tick", async () => {
    const { user } = await openApp(open());
    await user.click(at("confirm-both"));
    await waitFor(() => expect(maybe("confirm-both")).toBeNull());
    const { card } = cardOf(ADDRESS);
    expect(card.querySelectorAll("[data-state=done]")).toHaveLength(2);
    expect(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-open")).toBeTruthy();
  });

  test("can be done in any order", async () => {
    const { user } = await openApp(open());
    await user.click(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-show"));
    expect(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-open")).toBeTruthy();
    expect(cardOf(ADDRESS).step("disable_in_crm").queryByTestId("step-open")).toBeNull();
  });

  test("can be called off before anything was done", async () => {
    const { user } = await openApp(open());
    await user.click(at("job-stop"));
    await waitFor(() => expect(maybe("disconnect-card")).toBeNull());
    expect(rowOf(ADDRESS).at("row-disable")).toBeTruthy();
  });
});

describe("the guided step at the provider", () => {
  test("says what else stops before the button that opens the page", async () => {
    await openApp(open("google", true));
    const stops = at("guide-stops");
    expect(stops.textContent).toContain("Google Calendar");
    expect(stops.compareDocumentPosition(at("step-open"))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(at("guide-page").textContent).toBe("myaccount.google.com/linkedapps");
    expect(at("guide-address").textContent).toBe(ADDRESS);
  });

  test("opens a source through the backend, but not its own page past the record", async () => {
    const world = open("google", true);
    const { user, backend } = await openApp(world);
    const opened = vi.spyOn(backend, "openSource");
    const sources = screen.getAllByTestId("source-open");
    expect(sources).toHaveLength(2);
    await user.click(sources[0] as HTMLElement);
    await waitFor(() =>
      expect(screen.getAllByTestId("source-opened")[0]?.textContent).toContain("was opened"),
    );
    expect(opened).toHaveBeenCalledWith(
      "https://knowledge.hubspot.com/connected-email/disconnect-your-inbox-from-hubspot",
    );
    expect(at("guide-sources").textContent).toContain("March 7, 2024");
    expect(at("guide-section").textContent).toContain("Remove the HubSpot connection");
  });

  test("names buttons in both languages, each marked as such", async () => {
    await openApp(open("google", true));
    const caps = [...document.querySelectorAll("kbd")].map((cap) => `${cap.lang}:${cap.textContent}`);
    expect(caps).toEqual(expect.arrayContaining(["en:Remove access", "ja:アクセス権を削除"]));
  });

  test("asks whether it worked when the person comes back", async () => {
    const { user } = await openApp(open("google", true));
    expect(at("answers-title").textContent).toBe("When you have done it");
    await user.click(at("step-open"));
    await waitFor(() => expect(at("step-opened").textContent).toContain("was opened"));
    expect(at("answers-title").textContent).toBe("When you have done it");
    window.dispatchEvent(new Event("focus"));
    await waitFor(() => expect(at("answers-title").textContent).toBe("Did it work?"));
  });

  test("opens nothing in the sample and says so", async () => {
    const { user } = await openApp(sample());
    await user.click(at("step-open"));
    await waitFor(() => expect(at("step-opened").textContent).toContain("not opened"));
  });

  test("completes the job, and the title says no more than is known", async () => {
    const { user } = await openApp(open("google", true));
    await user.click(at("step-confirm"));
    await waitFor(() =>
      expect(at("completion-title").textContent).toBe("Done: Sato says so, and Uncouple can’t check it"),
    );
    await user.click(at("job-put-away"));
    await waitFor(() => expect(at("done-section")).toBeTruthy());
    expect(maybe("finish-section")).toBeNull();
  });

  test("can be taken back after a click by mistake", async () => {
    const { user } = await openApp(open("google", true));
    await user.click(at("step-confirm"));
    await waitFor(() => at("completion-title"));
    await user.click(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-withdraw"));
    await waitFor(() => expect(maybe("completion-title")).toBeNull());
    expect(at("step-confirm")).toBeTruthy();
  });
});

describe('"It was not listed"', () => {
  test.each([
    ["not-listed-this", null, /did not find it/, /Ask your administrator/],
    [
      "not-listed-other",
      "ken@example.com",
      /another account, ken@example\.com/,
      /Sign in as mika@example\.com/,
    ],
    [
      "not-listed-unknown",
      null,
      /Whose list it was is not known/,
      /mika@example\.com is shown at the top right/,
    ],
  ])("%s leads to its own advice", async (choice, typed, what, advice) => {
    const { user } = await openApp(open("google", true));
    await user.click(at("step-not-listed"));
    expect((at("not-listed-submit") as HTMLButtonElement).disabled).toBe(true);
    await user.click(at(choice));
    if (typed) await user.type(at("not-listed-address"), typed);
    await user.click(at("not-listed-submit"));
    await waitFor(() => expect(at("step-finding").textContent).toMatch(what));
    expect(at("step-finding").textContent).toMatch(advice);
    expect(maybe("not-listed-form")).toBeNull();
    expect(cardOf(ADDRESS).step("revoke_grant").getByText("To do")).toBeTruthy();
  });

  test.each([
    ["google", "ken@gmail.com", /each account that you use/],
    ["google", "ken@example.com", /Ask your administrator/],
    ["microsoft365", "ken@example.com", /lower part of the window/],
    ["outlook_com", "ken@outlook.com", /each account that you use/],
  ] as const)("advises at %s for %s what that list can show", async (provider, address, advice) => {
    const world = emptyWorld("Sato");
    const job = world.job(world.add({ address, provider }));
    world.done(job, "disable_in_crm", world.confirmed());
    world.done(job, "remove_from_crm", world.confirmed());
    const { user } = await openApp(world);
    await user.click(at("step-not-listed"));
    await user.click(at("not-listed-this"));
    await user.click(at("not-listed-submit"));
    await waitFor(() => expect(at("step-finding").textContent).toMatch(advice));
  });

  test("keeps the form when the typed address is refused", async () => {
    const { user } = await openApp(open("google", true));
    await user.click(at("step-not-listed"));
    await user.click(at("not-listed-other"));
    await user.type(at("not-listed-address"), "nobody");
    await user.click(at("not-listed-submit"));
    await waitFor(() => expect(at("error").dataset.code).toBe("address_no_at"));
    expect((at("not-listed-address") as HTMLInputElement).value).toBe("nobody");
  });
});

describe("closing as unverified", () => {
  test("takes a reason and names who closed it", async () => {
    const { user } = await openApp(open("google", true));
    await user.click(at("step-close"));
    await user.click(at("close-submit"));
    await waitFor(() => expect(at("error").dataset.code).toBe("reason_empty"));
    await user.type(at("close-reason"), "has left");
    await user.click(at("close-submit"));
    await waitFor(() => expect(at("completion-title").textContent).toBe("Closed as unverified by Sato"));
    expect(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-line").textContent).toContain("has left");
  });
});

describe("a mailbox that was held here", () => {
  test("at Google is revoked by the backend, then forgotten, and the title says who proved it", async () => {
    const { user } = await openApp(removedHere());
    expect(cardOf(ADDRESS).step("forget_secret").getByText("Not yet")).toBeTruthy();
    await user.click(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-run"));
    await waitFor(() =>
      expect(cardOf(ADDRESS).step("revoke_grant").getByTestId("step-line").textContent).toMatch(
        /^Proven: Google responded/,
      ),
    );
    await user.click(cardOf(ADDRESS).step("forget_secret").getByTestId("step-run"));
    await waitFor(() => expect(at("completion-title").textContent).toBe("Done, proven by Google"));
    expect(maybe("step-withdraw")).toBeNull();
  });

  test("offers to undo the removal in the card", async () => {
    const { user } = await openApp(removedHere());
    await user.click(at("job-undo"));
    await waitFor(() => expect(rowOf(ADDRESS).row.dataset.use).toBe("disabled"));
  });

  test("tells why the undo was refused", async () => {
    const failure = new AppFailure("revocation_started");
    const { user } = await openApp(removedHere(), {
      bend: { failNext: { command: "undoRemoval", failure } },
    });
    await user.click(at("job-undo"));
    await waitFor(() => expect(at("error").dataset.code).toBe("revocation_started"));
  });

  test("at Microsoft is guided, and can be asked whether it is gone", async () => {
    const { user } = await openApp(removedHere("microsoft365"));
    await user.click(at("step-check"));
    await waitFor(() => expect(at("step-checked").textContent).toBe("The access is still there"));
  });
});

test('"Remind me tomorrow" puts the job off, and it stays reachable', async () => {
  const { user } = await openApp(open("google", true));
  await user.click(at("job-remind"));
  await user.click(await screen.findByTestId("remind-1"));
  await waitFor(() => expect(screen.getByText("Postponed")).toBeTruthy());
  expect(cardOf(ADDRESS).card.textContent).toContain("postponed until tomorrow");
});

test("of several jobs one is open", async () => {
  const world = open("google", true);
  world.job(world.add({ address: "second@example.com", provider: "microsoft365" }));
  const { user } = await openApp(world);
  expect(cardOf(ADDRESS).card.dataset.open).toBe("true");
  await user.click(cardOf("second@example.com").at("job-toggle"));
  expect(cardOf("second@example.com").card.dataset.open).toBe("true");
  expect(cardOf(ADDRESS).card.dataset.open).toBeUndefined();
  await user.click(cardOf("second@example.com").at("job-toggle"));
  expect(document.querySelectorAll("[data-testid=disconnect-card][data-open]")).toHaveLength(0);
});

test("IMAP has text and no page", async () => {
  await openApp(open("imap", true));
  const step = cardOf(ADDRESS).step("withdraw_password");
  expect(step.queryByTestId("step-open")).toBeNull();
  expect(step.getByTestId("step-confirm").textContent).toBe("I changed or deleted it");
});

test.each(["en", "ja"] as const)("the checklist is accessible in %s", async (language) => {
  const { user } = await openApp(open("google", true), { language });
  await user.click(at("step-not-listed"));
  await expectAccessible();
});
