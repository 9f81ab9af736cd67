import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import {
  adminWorld,
  emptyWorld,
  rereadWorld,
  searchingWorld,
  troubledWorld,
  type World,
} from "../../backend/fake";
import { planOf } from "../../backend/fake/admin/runScene";
import { ending, viewOf } from "../../backend/fake/admin/runs";
import type { Language } from "../../backend/generated/Language";
import type { RunView } from "../../backend/generated/RunView";
import { at, expectAccessible, maybe, openApp } from "../../testing/open";

const ROUTE = { screen: "runs" } as const;
const NAME = "Hanako Sato";

/** Opens the nth run of a state. */
async function openRun(
  state: RunView["state"],
  nth = 0,
  world: World = adminWorld(NAME),
  language: Language = "en",
) {
  const run = world.admin.runs.filter((one) => one.view.state === state)[nth];
  if (!run) throw new Error(`no run is ${state}`);
  const opened = await openApp(world, { language, route: { screen: "runs", run: run.view.id } });
  await screen.findByTestId("run-page");
  await waitFor(() => expect(screen.getAllByTestId("item-row").length).toBeGreaterThan(0));
  return { ...opened, run };
}

describe("the list of runs", () => {
  test("says where each stands, and never marks one as done that has anything left", async () => {
    await openApp(adminWorld(NAME), { route: ROUTE });
    const rows = await screen.findAllByTestId("run-row");
    const said = rows.map((row) => [row.dataset.state, row.dataset.mark, row.textContent]);
    expect(said).toContainEqual([
      "ended",
      "warn",
      expect.stringContaining("187 of 200 proven removed · 13 left"),
    ]);
    expect(said).toContainEqual(["ended", "ok", expect.stringContaining("All 5 are proven removed")]);
    expect(said).toContainEqual(["cancelled", "warn", expect.stringContaining("Cancelled: 24 of 60")]);
    expect(said).toContainEqual(["scheduled", "waiting", expect.stringContaining("Leaver: ken.tanaka@")]);
    expect(said).toContainEqual(["paused", "warn", expect.stringContaining("refuses the administrator’s")]);
  });

  test("helps where there is none", async () => {
    await openApp(emptyWorld(NAME), { route: ROUTE });
    expect((await screen.findByTestId("runs-empty")).textContent).toContain("No plan yet");
  });

  test("is for super admins", async () => {
    const world = adminWorld(NAME);
    world.people.acting = "m3";
    world.publish();
    await openApp(world, { route: ROUTE });
    expect(at("runs-lead").textContent).toContain("Only a super admin");
    expect(maybe("runs-card")).toBeNull();
  });

  test("tells of a run that is no longer there", async () => {
    await openApp(adminWorld(NAME), { route: { screen: "runs", run: "gone" } });
    await waitFor(() => expect(at("error").dataset.code).toBe("unknown_run"));
    expect(at("runs-card")).toBeTruthy();
  });
});

describe("a plan", () => {
  test("says what is removed, what stops, what it does not do, and that nothing was sent", async () => {
    await openRun("planned");
    const plan = at("plan-card").textContent;
    expect(at("plan-removes").textContent).toBe("42 grants for 42 people");
    expect(plan).toContain("Nothing was sent yet");
    expect(plan).toContain("Of these apps only:HubSpot");
    expect(plan).toContain("may also stop its calendar, meetings");
    expect(plan).toContain("the mailboxes of these people still have to be disabled and removed there");
    expect(plan).toContain("Nobody is signed out, and no app is removed from Google’s directory");
    expect(at("plan-undo").textContent).toContain("At Google a deleted grant can’t be given back");
    expect(at("plan-start").dataset.tone).toBe("danger");
    const refused = screen.getAllByTestId("refused-row").map((row) => row.dataset.why);
    expect(refused).toContain("covered");
    expect(refused).toHaveLength(8);
  });

  test("of a search that did not see everybody says so, and a run of it goes on saying it", async () => {
    await openRun("planned");
    expect(maybe("run-partial")).toBeNull();
    cleanup();
    const world = searchingWorld(NAME);
    await openRun("planned", 0, world);
    expect(at("run-partial").textContent).toContain("There may be grants that the plan lacks");
    cleanup();
    await openRun("ended", 0, world);
    expect(at("run-partial").textContent).toContain("This plan may not be complete");
  });

  test("is exported, and thrown away", async () => {
    const { user, run, backend } = await openRun("planned");
    await user.click(at("export-submit"));
    await waitFor(() => expect(at("export-result").textContent).toContain("42 lines written to"));
    await user.click(at("plan-drop"));
    await waitFor(() => expect(window.location.hash).toBe("#/admin/runs"));
    expect(backend.world().admin.runs).not.toContain(run);
  });

  test("asks once more, naming count and organisation, with the safe choice in focus", async () => {
    const { user } = await openRun("planned");
    await user.click(at("plan-start"));
    const dialog = at("dialog-start");
    expect(dialog.getAttribute("role")).toBe("alertdialog");
    expect(dialog.textContent).toContain("Revoke 42 grants?");
    expect(dialog.textContent).toContain("example.co.jp");
    expect(dialog.textContent).toContain("At Google it can’t be given back afterwards");
    expect(maybe("start-everybody")).toBeNull();
    expect(document.activeElement).toBe(at("dialog-cancel"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("run-page").dataset.state).toBe("running"));
  });

  test("with a consent for everybody does not start without a confirmation of its own", async () => {
    const { user } = await openRun("planned", 1);
    expect(at("plan-everybody").textContent).toContain("1 consent for the whole organisation");
    await user.click(at("plan-start"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("error").dataset.code).toBe("everybody_unconfirmed"));
    expect(at("run-page").dataset.state).toBe("planned");
    await user.click(at("start-everybody"));
    expect(maybe("error")).toBeNull();
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("run-page").dataset.state).toBe("running"));
  });

  test("for a leaver waits for its time and says that the app has to run then", async () => {
    await openRun("scheduled");
    expect(at("plan-when").textContent).toContain("and not before");
    expect(at("plan-when").textContent).toContain("Uncouple has to be running then");
    expect(at("plan-card").textContent).toContain("Nothing was sent yet");
  });

  test("that can't be started says why", async () => {
    const world = troubledWorld(NAME);
    const plan = world.admin.runs.find((run) => run.view.state === "planned");
    // The backend offers no start to somebody who is signed in to look only.
    Object.defineProperty(plan?.view, "actions", { get: () => ["drop"], set: () => undefined });
    await openRun("planned", 0, world);
    expect(maybe("plan-start")).toBeNull();
    expect(at("plan-hindrance").textContent).toContain("signed in read-only");
  });
});

describe("a run", () => {
  test("shows how far it is, goes on while one looks, and ends with its result", async () => {
    const { backend } = await openRun("running");
    const bar = at("run-progress");
    expect(bar.getAttribute("role")).toBe("progressbar");
    expect(bar.getAttribute("aria-valuetext")).toBe("92 of 214");
    expect(bar.getAttribute("aria-valuenow")).toBe("92");
    for (let turn = 0; turn < 12; turn += 1) backend.tick();
    await waitFor(() => expect(at("run-progress").getAttribute("aria-valuetext")).not.toBe("92 of 214"));
    expect(Number(at("items-proven").textContent?.replace(/\D/g, ""))).toBeGreaterThan(92);
    for (let turn = 0; turn < 400; turn += 1) backend.tick();
    await waitFor(() => expect(at("run-page").dataset.state).toBe("ended"));
    expect(at("run-sum").textContent).toBe("211 of 214 proven removed · 3 left");
  });

  test("says whom it waits for", async () => {
    const world = adminWorld(NAME);
    const running = world.admin.runs.find((run) => run.view.state === "running");
    if (running?.view.progress) running.view.progress.waiting = 30;
    await openRun("running", 0, world);
    expect(at("waiting").textContent).toBe("Google asks to wait 30 s");
  });

  test("says that it is stopping, and offers no second pause", async () => {
    const world = adminWorld(NAME);
    const running = world.admin.runs.find((run) => run.view.state === "running");
    if (running?.view.progress) running.view.progress.stopping = true;
    await openRun("running", 0, world);
    expect(at("going-card").textContent).toContain("Stopping…");
    expect(at("going-card").textContent).toContain("No further deletions are sent.");
  });

  test("is paused, goes on, and is called off after a question", async () => {
    const { user } = await openRun("running");
    await user.click(at("run-pause"));
    await waitFor(() => expect(at("run-paused").textContent).toContain("A member paused it"));
    await user.click(at("run-resume"));
    await waitFor(() => expect(maybe("run-paused")).toBeNull());
    await user.click(at("run-cancel"));
    expect(at("dialog-cancel-run").textContent).toContain("The 92 already proven removed stay removed.");
    expect(document.activeElement).toBe(at("dialog-cancel"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("run-page").dataset.state).toBe("cancelled"));
    expect(at("run-sum").dataset.mark).toBe("warn");
    expect(at("run-reasons").textContent).toContain("Nothing was deleted for these");
  });

  test("keeps the keyboard's place when its button becomes another, and after the dialog", async () => {
    const { user } = await openRun("planned");
    await user.click(at("plan-start"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
    at("run-pause").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.activeElement).toBe(at("run-resume")));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.activeElement).toBe(at("run-pause")));
  });

  test("that stopped by itself says why, and what to do where", async () => {
    await openRun("paused");
    expect(at("run-paused").textContent).toContain("refuses the administrator’s sign-in");
    expect(at("run-paused").textContent).toContain("Sign in again, and then resume");
    const link = within(at("run-paused")).getByRole("link");
    expect(link.getAttribute("href")).toBe("#/admin/access?organisation=org-microsoft");
  });
});

describe("a result", () => {
  test("is a sum with what is left and why, never one tick over failures", async () => {
    await openRun("ended");
    expect(at("run-sum").textContent).toBe("187 of 200 proven removed · 13 left");
    expect(at("run-sum").dataset.mark).toBe("warn");
    const reasons = [...at("run-reasons").querySelectorAll("li")];
    expect(
      reasons.map((reason) => [reason.dataset.why, reason.querySelector("strong")?.textContent]),
    ).toEqual([
      ["still_listed", "7"],
      ["consented_again", "2"],
      ["forbidden", "2"],
      ["unreadable", "1"],
      ["no_answer", "1"],
    ]);
    expect(at("run-reasons").textContent).toContain("Lists can lag");
  });

  test("of which nothing is left says so, and offers no retry", async () => {
    await openRun("ended", 1);
    expect(at("run-sum").textContent).toBe("All 5 are proven removed");
    expect(at("run-sum").dataset.mark).toBe("ok");
    expect(maybe("run-retry")).toBeNull();
    expect(maybe("run-reasons")).toBeNull();
  });

  test("names for each access the reading that proves it, and what the log adds or lacks", async () => {
    const { user } = await openRun("ended");
    const [first, , third] = screen.getAllByTestId("item-row");
    expect(first?.textContent).toMatch(/Proven: Google’s list was read .* and does not have it any more/);
    expect(first?.textContent).toContain("The log has the removal");
    expect(third?.textContent).toContain("The log has no entry yet");
    await user.click(at("items-left"));
    await waitFor(() => expect(screen.getAllByTestId("item-row")).toHaveLength(13));
    for (const row of screen.getAllByTestId("item-row")) expect(row.textContent).toContain("Left: ");
    expect(screen.getAllByTestId("item-row")[0]?.textContent).not.toContain("Proven");
  });

  test("is looked through by part, address and page", async () => {
    const { user } = await openRun("ended");
    expect(at("items-left").textContent).toBe("Left 13");
    expect(at("pager-where").textContent).toBe("1–100 of 200");
    await user.click(at("pager-next"));
    await waitFor(() => expect(at("pager-where").textContent).toBe("101–200 of 200"));
    await user.click(at("items-proven"));
    await waitFor(() => expect(at("pager-where").textContent).toBe("1–100 of 187"));
    await user.type(at("items-text"), "kimura");
    await waitFor(() => expect(maybe("pager")).toBeNull());
    for (const row of screen.getAllByTestId("item-row")) expect(row.textContent).toContain("kimura");
    await user.type(at("items-text"), "zzz");
    await waitFor(() => expect(at("items-empty")).toBeTruthy());
  });

  test("is taken up again after a question that names what was consented to again", async () => {
    const { user } = await openRun("ended");
    await user.click(at("run-retry"));
    expect(at("dialog-retry").textContent).toContain("Retry the remaining 13?");
    expect(at("retry-again").textContent).toContain("2 of them were consented to again");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("run-page").dataset.state).toBe("running"));
    expect(at("run-progress").getAttribute("aria-valuetext")).toBe("187 of 200");
  });

  test("that could not be read again says so, and keeps its proofs with their own time", async () => {
    const { user, backend } = await openRun("ended");
    backend.bend.unreadable = "forbidden";
    const before = backend.world().admin.runs.find(({ view }) => view.state === "ended")?.items[0]?.state;
    await user.click(at("run-verify"));
    await waitFor(() => expect(at("run-verified").dataset.read).toBe("0"));
    expect(at("run-verified").textContent).toContain("187 could not be read: the administrator may not");
    expect(at("run-sum").textContent).toContain("0 of 187 could be read");
    expect(at("run-sum").dataset.mark).toBe("warn");
    const after = backend.world().admin.runs.find(({ view }) => view.state === "ended")?.items[0]?.state;
    expect(after).toEqual(before);
    await user.click(at("items-not_read"));
    await waitFor(() => expect(screen.getAllByTestId("item-look").length).toBe(100));
    expect(screen.getAllByTestId("item-look")[0]?.textContent).toContain("could not be read again");
  });

  test("names the grants that still reach somebody, and plans them", async () => {
    const world = rereadWorld(NAME);
    const { user } = await openRun("ended", 0, world);
    await user.click(at("items-left"));
    await waitFor(() => {
      const rows = screen.getAllByTestId("item-row").filter((row) => row.dataset.state === "still_reached");
      expect(rows.length).toBe(2);
      const words = rows[0]?.textContent?.replaceAll(/\s/g, " ");
      expect(words).toContain("This person is still reached through HubSpot Sales (Mail)");
    });
    await user.click(at("run-plan-remaining"));
    await waitFor(() => expect(at("run-page").dataset.state).toBe("planned"));
  });

  test("that a full disk stopped says what was deleted, and can be resumed", async () => {
    const world = rereadWorld(NAME);
    const { user } = await openRun("paused", 0, world);
    await waitFor(() => expect(at("run-paused").textContent).toContain("The disk is full"));
    expect(at("run-deleted").textContent).toContain("14 were deleted at the provider");
    await user.click(at("run-resume"));
    await waitFor(() => expect(at("run-page").dataset.state).toBe("running"));
  });

  test("is verified again, and reported as a page", async () => {
    const { user, backend } = await openRun("ended");
    await user.click(at("run-verify"));
    await waitFor(() => expect(at("run-verified").textContent).toContain("187 of 187 could be read"));
    expect((at("export-path") as HTMLInputElement).value).toMatch(/uncouple-report-[\d-]+\.html$/);
    await user.click(at("export-submit"));
    await waitFor(() => expect(at("export-result").textContent).toContain("Report of 200 grants written to"));
    expect(at("export-result").textContent).toContain("Hash of the newest entry");
    await user.click(at("export-json"));
    expect((at("export-path") as HTMLInputElement).value).toMatch(/\.json$/);
    expect(backend.calls).toContain("reportRun");
  });
});

describe("at Microsoft a run that is over", () => {
  const over = () => {
    const world = adminWorld();
    const microsoft = world.admin.of("microsoft");
    if (!microsoft) throw new Error("no Microsoft");
    const run = planOf(world, microsoft, 4, { started: world.at(9), ended: world.at(8), state: "ended" });
    for (const item of run.items) item.state = ending(item.seq, undefined, world.at(8));
    viewOf(run);
    world.admin.runs.unshift(run);
    return { world, run };
  };

  test("gives back what it deleted after a question, and does not count it as removed any more", async () => {
    const { world } = over();
    const { user, backend } = await openRun("ended", 0, world);
    expect(at("run-sum").textContent).toBe("All 4 are proven removed");
    await user.click(screen.getAllByTestId("item-restore")[0] as HTMLElement);
    expect(at("dialog-restore").textContent).toContain("Only the permission comes back");
    expect(document.activeElement).toBe(at("dialog-cancel"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("run-restored").textContent).toBe("1 of 1 given back and read back"));
    expect(backend.calls).toContain("restoreRun");
    expect(at("run-sum").textContent).toContain("3 of 4 proven removed · 0 left");
    expect(at("run-given-back").textContent).toBe("Given back: 1");
    await user.click(at("items-restored"));
    await waitFor(() => expect(screen.getAllByTestId("item-row")).toHaveLength(1));
    expect(screen.getAllByTestId("item-row")[0]?.textContent).toContain("Not removed any more");
    await user.click(at("run-restore"));
    const everybody = maybe("restore-everybody");
    if (everybody) await user.click(everybody);
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("run-given-back").textContent).toBe("Given back: 4"));
    expect(maybe("run-restore")).toBeNull();
    await expectAccessible();
  });

  test("is not called clean while application permissions stand or were not read", async () => {
    const { world, run } = over();
    await openRun("ended", 0, world);
    expect(at("roles").textContent).toContain("No application permissions of HubSpot Sales");
    expect(at("not-looked-at").textContent).not.toContain("Application permissions");
    expect(run.view.apps).toHaveLength(1);
  });

  test("warns of application permissions that stand", async () => {
    const { world, run } = over();
    const role = { id: "r", value: "Mail.Read", resource: "Microsoft Graph", reach: "mail_read" } as const;
    run.roles = { is: "read", at: world.at(1), roles: [role] };
    viewOf(run);
    await openRun("ended", 0, world);
    expect(at("roles").textContent).toContain("HubSpot Sales has application permissions");
    expect(at("roles").textContent).toContain("Mail.Read (Microsoft Graph): reads mail in all mailboxes");
    expect(at("roles").textContent).toContain("Enterprise applications");
    expect(at("run-sum").dataset.mark).toBe("warn");
    expect(at("run-sum").textContent).toMatch(/Application permissions of HubSpot\sSales remain/);
    await expectAccessible();
  });
});

test("an app of another name keeps its name, and nothing of HubSpot is said of it", async () => {
  const world = adminWorld();
  for (const run of world.admin.runs) {
    for (const item of run.items) item.app = "Mail Sync";
    viewOf(run);
  }
  const { user } = await openRun("planned", 0, world);
  expect(at("plan-apps").textContent).toContain("Mail Sync");
  expect(at("plan-apps").textContent).toContain("client ID");
  await user.click(at("plan-start"));
  const said = `${at("plan-card").textContent} ${at("dialog-start").textContent}`;
  expect(said).toMatch(/grants of Mail\sSync are deleted/);
  expect(said).not.toContain("HubSpot");
});

test("a plan says what can be given back, who can allow it again, and what is not looked at", async () => {
  await openRun("planned", 0);
  expect(at("plan-undo").textContent).toContain("At Google a deleted grant can’t be given back");
  expect(at("plan-reconsent").dataset.reconsent).toBe("unknown");
  expect(at("not-looked-at").textContent).toContain("domain-wide delegation");
});

describe.each(["en", "ja"] as const)("in %s", (language) => {
  test.each([
    ["planned", 1],
    ["running", 0],
    ["paused", 0],
    ["ended", 0],
  ] as const)("a %s run is accessible", async (state, nth) => {
    const world = adminWorld();
    for (const run of world.admin.runs) run.items.splice(3, run.items.length - 6);
    await openRun(state, nth, world, language);
    await expectAccessible();
  });

  test("the list of runs and the dialogs are accessible", async () => {
    const world = adminWorld();
    for (const run of world.admin.runs) run.items.splice(3, run.items.length - 6);
    const { user } = await openRun("planned", 1, world, language);
    await user.click(at("plan-start"));
    await expectAccessible();
    await user.click(at("dialog-cancel"));
    await user.click(at("runs-back"));
    await screen.findByTestId("runs-card");
    await expectAccessible();
  });
});
