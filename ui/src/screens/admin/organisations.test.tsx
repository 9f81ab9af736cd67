import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import {
  adminWorld,
  emptyWorld,
  rereadWorld,
  sample,
  searchingWorld,
  troubledWorld,
  unchosenWorld,
  unsearchedWorld,
  type World,
} from "../../backend/fake";
import { at, expectAccessible, maybe, openApp } from "../../testing/open";

const ROUTE = { screen: "access" } as const;
const NAME = "Hanako Sato";

/** An organisation's own part of the screen. */
function organisation(id: "org-google" | "org-microsoft") {
  const section = screen.getAllByTestId("organisation").find((one) => one.dataset.organisation === id);
  if (!section) throw new Error(`no ${id}`);
  const box = within(section);
  return { section, at: (testid: string) => box.getByTestId(testid), maybe: box.queryByTestId };
}

/** The same with a few accesses only: the checker looks at every line. */
function few(world: World) {
  for (const one of world.admin.organisations) one.accesses.splice(3);
  return world;
}

/** Lets the fake's visit to the browser come back. */
async function comeBack() {
  await vi.advanceTimersByTimeAsync(3100);
}

describe("who may", () => {
  test("a member who is no super admin is told so, and nothing is asked of the backend", async () => {
    const world = adminWorld(NAME);
    world.people.acting = "m4";
    world.publish();
    const { backend } = await openApp(world, { route: ROUTE });
    expect(at("access-lead").textContent).toContain("Only a super admin");
    expect(maybe("organisations-card")).toBeNull();
    expect(backend.calls).not.toContain("admin");
  });

  test("in the sample nobody signs in, and it says so", async () => {
    await openApp(sample(NAME), { route: ROUTE });
    await waitFor(() => expect(at("organisations-card")).toBeTruthy());
    expect(at("access-sample").textContent).toContain("nobody signs in");
    expect(maybe("admin-sign-in")).toBeNull();
  });

  test("without an organisation the steps are shown, with the sign-in as the one strong button", async () => {
    await openApp(emptyWorld(NAME), { route: ROUTE });
    await waitFor(() => expect(at("organisations-empty").querySelectorAll("li")).toHaveLength(3));
    expect(at("admin-sign-in").dataset.tone).toBe("strong");
    expect(document.querySelectorAll("main [data-tone=strong]")).toHaveLength(1);
  });
});

describe("signing in", () => {
  test("names each scope with why, and what only looking means at Google", async () => {
    const { user } = await openApp(few(adminWorld(NAME)), { route: ROUTE });
    await user.click(await screen.findByTestId("admin-sign-in"));
    expect(at("admin-scopes").textContent).toContain("admin.directory.user.security");
    expect(at("admin-scopes").textContent).toContain(
      "To delete grants of the apps that you mark, once you start a plan.",
    );
    expect(at("admin-mode-look").textContent).toContain("not who has access now");
    await user.click(at("admin-mode-look"));
    expect(at("admin-scopes").textContent).not.toContain("admin.directory.user.security");
    await user.click(at("admin-microsoft"));
    expect(at("admin-mode-look").textContent).toContain("nothing can be revoked");
    expect(at("admin-scopes").textContent).not.toContain("DelegatedPermissionGrant");
    await user.click(at("admin-mode-revoke"));
    expect(at("admin-scopes").textContent).toContain("DelegatedPermissionGrant.ReadWrite.All");
  });

  test("without a sign-in app it says so and leads to where it is set up", async () => {
    const { user } = await openApp(emptyWorld(NAME), { route: ROUTE });
    await user.click(await screen.findByTestId("admin-sign-in"));
    expect(at("admin-no-app").textContent).toContain("Google");
    expect((at("dialog-confirm") as HTMLButtonElement).disabled).toBe(true);
    await user.click(at("connect-open-apps"));
    await waitFor(() => expect(window.location.hash).toBe("#/settings/sign-in-apps"));
  });

  test("waits for the browser, and can be called off", async () => {
    const { user } = await openApp(unsearchedWorld(NAME), { route: ROUTE });
    await user.click(await screen.findByTestId("admin-sign-in"));
    await user.click(at("dialog-confirm"));
    await user.click(await screen.findByTestId("dialog-cancel"));
    await waitFor(() => expect(at("error").dataset.code).toBe("sign_in_cancelled"));
  });

  test("a token that the keyring refuses can be kept for this run", async () => {
    const world = emptyWorld(NAME);
    world.overview.settings.google.client_id = "1";
    const { user } = await openApp(world, { route: ROUTE, bend: { keyring: "locked" } });
    await user.click(await screen.findByTestId("admin-sign-in"));
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await user.click(at("dialog-confirm"));
    await screen.findByTestId("dialog-waiting");
    await comeBack();
    expect((await screen.findByTestId("dialog-keyring")).textContent).toContain("admin@example.co.jp");
    await user.click(at("keyring-retry"));
    await waitFor(() => expect(at("keyring-why").textContent).toBe("The keyring is locked"));
    await user.click(at("keyring-this-run"));
    await waitFor(() =>
      expect(organisation("org-google").section.textContent).toContain("Until you close Uncouple"),
    );
    expect(maybe("dialog-keyring")).toBeNull();
  });

  test("an account that is refused signs in again as itself", async () => {
    const { user, backend } = await openApp(few(troubledWorld(NAME)), { route: ROUTE });
    await screen.findByTestId("organisations-card");
    const refused = organisation("org-microsoft");
    expect(refused.at("fact-sign-in").dataset.mark).toBe("lost");
    expect(refused.at("sign-in-refused").textContent).toContain("has refused the sign-in since");
    expect(refused.maybe("search-start")).toBeNull();
    const signIn = vi.spyOn(backend, "adminSignIn").mockResolvedValue({ is: "signed_in", organisation: "x" });
    await user.click(refused.at("organisation-sign-in"));
    expect(at("dialog-admin-sign-in").textContent).toContain("Sign in again as admin@example.com");
    await user.click(at("dialog-confirm"));
    const asked = { suite: "microsoft", readOnly: false, expect: "admin@example.com" };
    expect(signIn).toHaveBeenCalledWith(asked);
    await waitFor(() => expect(maybe("dialog-admin-sign-in")).toBeNull());
  });

  test("what is missing is in sight, with what is not possible without it", async () => {
    await openApp(few(troubledWorld(NAME)), { route: ROUTE });
    await screen.findByTestId("organisations-card");
    const one = organisation("org-google");
    expect(one.at("fact-sign-in").textContent).toContain("admin@example.co.jp");
    expect(one.at("fact-sign-in").textContent).toContain("Read-only");
    expect(one.at("missing").textContent).toContain("Nothing can be revoked.");
    expect(one.at("search-log-only").textContent).toContain("It does not show who has access now");
    expect(one.at("fact-search").dataset.mark).toBe("warn");
  });
});

describe("signing out", () => {
  test.each([
    ["org-google", {}, ["no longer in the keyring", "Google responded that"]],
    ["org-google", { revoked: false }, ["no longer in the keyring", "Google did not confirm"]],
    ["org-google", { revoked: false, shared: true }, ["uses the same grant", "was not revoked"]],
    ["org-microsoft", {}, ["no longer in the keyring", "Uncouple is still listed there"]],
    ["org-microsoft", { forgotten: false }, ["could not be deleted", "still listed there"]],
  ] as const)("from %s with %o says what came of it", async (id, signedOut, words) => {
    const { user } = await openApp(few(adminWorld(NAME)), { route: ROUTE, bend: { signedOut } });
    await screen.findByTestId("organisations-card");
    await user.click(organisation(id).at("organisation-sign-out"));
    expect(at("dialog-cancel")).toBe(document.activeElement);
    await user.click(at("dialog-confirm"));
    const result = await screen.findByTestId("dialog-signed-out");
    for (const word of words) expect(result.textContent).toContain(word);
    await user.click(at("dialog-close"));
    expect(organisation(id).at("fact-sign-in").textContent).toContain("No administrator is signed in");
  });
});

describe("a search", () => {
  test("shows how it goes and what holds it up, and tells what it came to", async () => {
    const { backend } = await openApp(few(searchingWorld(NAME)), { route: ROUTE });
    const bar = await screen.findByTestId("search-progress");
    expect(bar.getAttribute("aria-valuetext")).toBe("412 of 1,000 known so far");
    expect(at("waiting").textContent).toBe("Google asks to wait 6 s");
    for (let turn = 0; turn < 8; turn += 1) backend.tick();
    await waitFor(() => expect(at("waiting").textContent).toBe(""));
    expect(at("search-progress").getAttribute("aria-valuetext")).toMatch(/^4\d\d of 1,240/);
    for (let turn = 0; turn < 100; turn += 1) backend.tick();
    await waitFor(() => expect(maybe("search-progress")).toBeNull());
    expect(organisation("org-google").at("fact-search").textContent).toContain("1,240\u00a0people checked");
    expect(organisation("org-google").at("fact-search").textContent).toContain("3 people could not be read");
  });

  test("that is stopped says that older lines stand beside new ones", async () => {
    const { user } = await openApp(unsearchedWorld(NAME), { route: ROUTE });
    await screen.findByTestId("organisations-card");
    const one = organisation("org-google");
    expect(one.at("search-start").dataset.tone).toBe("strong");
    one.at("search-start").focus();
    await user.keyboard("{Enter}");
    await screen.findByTestId("search-stop");
    await waitFor(() => expect(document.activeElement).toBe(at("search-stop")));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(one.at("fact-search").textContent).toContain("stopped early"));
    expect(one.at("fact-search").dataset.mark).toBe("warn");
  });
});

describe("the choice of apps", () => {
  const rows = (id: "org-google" | "org-microsoft" = "org-google") =>
    within(organisation(id).at("apps-candidates")).getAllByTestId("app-row");
  const press = (row: HTMLElement | undefined) => within(row as HTMLElement).getByTestId("app-choose");

  test("is open until one is chosen, and does not close by itself", async () => {
    const { user } = await openApp(few(unchosenWorld(NAME)), { route: ROUTE });
    await screen.findAllByTestId("apps-candidates");
    expect(rows()).toHaveLength(3);
    await user.click(press(rows()[0]));
    await waitFor(() =>
      expect(organisation("org-google").at("fact-apps").textContent).toContain(
        "Marked as HubSpot’s: HubSpot",
      ),
    );
    expect(rows()).toHaveLength(3);
    await user.click(press(rows()[0]));
    await waitFor(() =>
      expect(organisation("org-google").at("fact-apps").textContent).toContain("No app is marked"),
    );
  });

  test("shows publisher and verification, and warns of a look-alike", async () => {
    await openApp(few(unchosenWorld(NAME)), { route: ROUTE });
    await screen.findAllByTestId("apps-candidates");
    const [own, alike] = rows("org-microsoft");
    expect(own?.textContent).toContain("HubSpot, Inc., verified by Microsoft");
    expect(alike?.textContent).toContain("Northwind Tools, not verified by Microsoft");
    expect(alike?.textContent).toContain("Careful");
    expect(rows()[0]?.textContent).toContain("Google does not name the publisher");
  });

  test("takes a second look at a look-alike: its name, letter for letter", async () => {
    const { user, backend } = await openApp(few(unchosenWorld(NAME)), { route: ROUTE });
    await screen.findAllByTestId("apps-candidates");
    await user.click(press(rows()[2]));
    expect(at("second-look-name")).toBe(document.activeElement);
    await user.type(at("second-look-name"), "HubSpot Mail Sync{Enter}");
    // The real name has a Greek letter in it.
    expect(await screen.findByText(/not its name, letter for letter/)).toBeTruthy();
    expect(backend.world().admin.organisation("org-google").apps[2]?.chosen).toBe(false);
    await user.clear(at("second-look-name"));
    await user.type(at("second-look-name"), "HubSp\u03bft Mail Sync{Enter}");
    await waitFor(() => expect(maybe("dialog-second-look")).toBeNull());
    expect(backend.world().admin.organisation("org-google").apps[2]?.chosen).toBe(true);
  });

  test("finds another app by name or by its client id, with the same second look", async () => {
    const { user } = await openApp(few(unchosenWorld(NAME)), { route: ROUTE });
    await screen.findAllByTestId("apps-candidates");
    const one = organisation("org-google");
    await user.click(within(one.at("apps-other")).getByText("HubSpot’s app has another name"));
    await user.type(one.at("apps-search"), "board");
    await waitFor(() => expect(one.at("apps-others").textContent).toContain("Team Boards"));
    await user.type(one.at("app-client-id"), "nobody");
    await user.click(one.at("app-look-up"));
    await waitFor(() => expect(at("error").dataset.code).toBe("unknown_app"));
    await user.clear(one.at("app-client-id"));
    await user.type(one.at("app-client-id"), "never-seen.apps.googleusercontent.com");
    await user.click(one.at("app-look-up"));
    await waitFor(() => expect(one.at("app-found").textContent).toContain("Payroll Export"));
    await user.click(within(one.at("app-found")).getByTestId("app-choose"));
    expect(at("dialog-second-look").textContent).toContain("Nothing in its name shows");
  });
});

test("how hard the providers may be worked is checked and saved", async () => {
  const { user, backend } = await openApp(few(adminWorld(NAME)), { route: ROUTE });
  await user.click(await screen.findByText("Change requests a minute and connections"));
  await user.clear(at("pace-google-connections"));
  await user.type(at("pace-google-connections"), "0");
  await user.click(at("paces-save"));
  expect(await screen.findByText("Enter a whole number from 1 to 64.")).toBeTruthy();
  await user.clear(at("pace-google-connections"));
  await user.type(at("pace-google-connections"), "8");
  await user.click(at("paces-save"));
  await waitFor(() => expect(backend.world().overview.settings.paces.google.connections).toBe(8));
});

describe.each(["en", "ja"] as const)("in %s", (language) => {
  test.each([
    ["unsearched", unsearchedWorld],
    ["unchosen", unchosenWorld],
  ] as const)("the %s organisations are accessible", async (_name, world) => {
    await openApp(few(world()), { language, route: ROUTE });
    await screen.findByTestId("organisations-card");
    await expectAccessible();
  });

  test("the dialogs are accessible", async () => {
    const { user } = await openApp(few(unchosenWorld()), { language, route: ROUTE });
    await user.click(await screen.findByTestId("admin-sign-in"));
    await expectAccessible();
    await user.keyboard("{Escape}");
    await user.click(organisation("org-google").at("organisation-sign-out"));
    await expectAccessible();
    await user.click(at("dialog-cancel"));
    await user.click(screen.getAllByTestId("app-choose")[2] as HTMLElement);
    await expectAccessible();
  });
});

describe("whoever could not be read", () => {
  test("is named with the reason, and can be exported", async () => {
    const { user, backend } = await openApp(few(adminWorld(NAME)), { route: ROUTE });
    const [card] = await screen.findAllByTestId("unread-card");
    if (!card) throw new Error("no card");
    const rows = await within(card).findAllByTestId("unread-row");
    expect(rows.map((row) => row.dataset.why)).toEqual(["forbidden", "unreadable", "no_answer"]);
    expect(rows[0]?.textContent).toContain("@example.co.jp");
    expect(rows[0]?.textContent).toContain("the administrator may not read this list");
    await user.click(within(card).getByTestId("unread-export"));
    expect((within(card).getByTestId("export-path") as HTMLInputElement).value).toMatch(/uncouple-unread-/);
    await user.click(within(card).getByTestId("export-submit"));
    await waitFor(() => expect(backend.calls).toContain("exportUnreadPeople"));
  });

  test("and a list that is not whole by its own count makes the search no clean one", async () => {
    await openApp(few(rereadWorld(NAME)), { route: ROUTE });
    await screen.findAllByTestId("unread-card");
    expect(organisation("org-microsoft").at("fact-search").textContent).toContain(
      "by the provider’s own count it has 44, and 41 came",
    );
  });
});
