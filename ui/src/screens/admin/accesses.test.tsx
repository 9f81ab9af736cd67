import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { adminWorld, type World } from "../../backend/fake";
import type { PlanAsk } from "../../backend/generated/PlanAsk";
import { at, expectAccessible, maybe, openApp } from "../../testing/open";

const ROUTE = { screen: "access" } as const;
const MICROSOFT = { screen: "access", organisation: "org-microsoft" } as const;
const NAME = "Hanako Sato";

const rows = () => screen.queryAllByTestId("access-row");
const row = (index: number) => rows()[index] as HTMLElement;
const tick = (index: number) => within(row(index)).getByTestId("access-tick") as HTMLInputElement;

/** Fewer accesses, where pages don't matter: of each app some, and those that the tests name. */
function fewer(world: World): World {
  for (const one of world.admin.organisations) {
    const { accesses } = one;
    const kept = accesses.filter(
      ({ person, app }, index) =>
        index % 16 === 0 ||
        !person ||
        /^aya\.abe|hanako|ken\.|info@|kimura/.test(person.address) ||
        /Mail Sync/.test(app),
    );
    accesses.splice(0, accesses.length, ...kept);
  }
  return world;
}

/** Opens the list, and keeps what is asked for as a plan. */
async function openList(
  world: World = fewer(adminWorld(NAME)),
  route: Parameters<typeof openApp>[1] = { route: ROUTE },
) {
  const opened = await openApp(world, route);
  const plans: PlanAsk[] = [];
  const { plan } = opened.backend;
  opened.backend.plan = (ask) => {
    plans.push(ask);
    return plan(ask);
  };
  await waitFor(() => expect(rows().length).toBeGreaterThan(0));
  return { ...opened, plans };
}

type User = Awaited<ReturnType<typeof openApp>>["user"];

async function search(user: User, text: string) {
  await user.click(at("access-text"));
  await user.paste(text);
}

async function choose(user: User, picker: string, option: string) {
  await user.click(at(picker).querySelector("button") as HTMLElement);
  await user.click(await screen.findByRole("option", { name: option }));
}

describe("a line", () => {
  test("has both sides, what is reached, and what the log has and lacks", async () => {
    await openList();
    expect(row(0).textContent).toContain("@example.co.jp");
    expect(row(0).textContent).toContain("Not in this workspace");
    expect(within(row(0)).getByText("4 scopes").closest("details")?.textContent).toContain(
      "https://mail.google.com/",
    );
    expect(row(1).textContent).toContain("No use in the log");
  });

  test("leads to the mailbox that HubSpot has", async () => {
    const { user } = await openList();
    await search(user, "hanako.sato");
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(row(0).textContent).toContain("HubSpot: in use");
    await user.click(within(row(0)).getByText("Show the mailbox"));
    await waitFor(() => expect(window.location.hash).toMatch(/general\/email\?mailbox=/));
  });

  test("of an app that was not chosen can't be picked, and says why", async () => {
    const { user } = await openList();
    await search(user, "Mail Sync");
    await waitFor(() => expect(rows()).toHaveLength(7));
    expect(tick(0).disabled).toBe(true);
    expect(row(0).textContent).toContain("Not marked as HubSpot’s");
  });

  test("of a consent for everybody has words of its own", async () => {
    await openList(fewer(adminWorld(NAME)), { route: MICROSOFT });
    const everybody = rows().find((one) => one.dataset.everybody);
    expect(everybody?.textContent).toContain("Everybody in the organisation");
    expect(everybody?.textContent).toContain("It covers people who have given none themselves");
  });
});

describe("pages and selection", () => {
  test("picked lines stay picked on other pages, and go into one plan", async () => {
    const { user, plans } = await openList(adminWorld(NAME));
    expect(rows()).toHaveLength(100);
    expect(at("pager-where").textContent).toBe("1–100 of 312");
    await user.click(tick(0));
    await user.click(at("pager-next"));
    await waitFor(() => expect(at("pager-where").textContent).toBe("101–200 of 312"));
    await waitFor(() => expect(row(0).dataset.address).not.toBe("aya.abe@example.co.jp"));
    expect(at("select-count").textContent).toBe("1 selected, 1 of them not on this page");
    await user.click(tick(0));
    await user.click(tick(1));
    expect(at("select-count").textContent).toBe("3 selected, 1 of them not on this page");
    await user.click(at("pager-last"));
    await waitFor(() => expect(rows()).toHaveLength(12));
    await user.click(at("pager-first"));
    await waitFor(() => expect(tick(0).checked).toBe(true));
    await user.click(at("plan-selection"));
    await waitFor(() => expect(at("run-page").dataset.state).toBe("planned"));
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ from: "lines", organisation: "org-google" });
    expect(plans[0]?.from === "lines" && plans[0].ids).toHaveLength(3);
    expect(at("plan-removes").textContent).toContain("3 grants");
  });

  test("a whole page, and everything that a filter finds", async () => {
    const { user, plans } = await openList(adminWorld(NAME));
    await user.click(at("select-page"));
    const chosen = rows().filter((one) => one.dataset.picked);
    expect(at("select-count").textContent).toBe(`${chosen.length} selected`);
    await user.click(at("select-all"));
    expect(at("select-count").textContent).toBe("All 312 grants of this filter are selected");
    expect(at("select-only-chosen").textContent).toBe("Only grants of marked apps come into the plan.");
    await user.click(at("plan-selection"));
    await waitFor(() => expect(plans).toHaveLength(1));
    expect(plans[0]).toMatchObject({
      from: "all",
      ask: { organisation: "org-google", view: "all", text: null },
      except: [],
    });
  });

  test("everything but single lines, on whatever page they stand", async () => {
    const { user, plans } = await openList(adminWorld(NAME));
    await user.click(at("select-all"));
    await user.click(tick(1));
    expect(at("select-count").textContent).toBe("311 of all 312 grants of this filter selected");
    expect(tick(0).checked).toBe(true);
    expect(tick(1).checked).toBe(false);
    await user.click(at("pager-last"));
    await waitFor(() => expect(rows()).toHaveLength(12));
    await choose(user, "access-order", "Longest unused first");
    await waitFor(() => expect(at("pager-where").textContent).toBe("1–100 of 312"));
    expect(at("select-count").textContent).toBe("311 of all 312 grants of this filter selected");
    await user.click(at("pager-last"));
    await waitFor(() => expect(rows()).toHaveLength(12));
    const pickable = rows().filter((one) => one.dataset.picked).length;
    await user.click(at("select-page"));
    expect(at("select-count").textContent).toBe(
      `${311 - pickable} of all 312 grants of this filter selected`,
    );
    await user.click(at("select-page"));
    await user.click(at("plan-selection"));
    await waitFor(() => expect(at("run-page").dataset.state).toBe("planned"));
    expect(plans[0]?.from === "all" && plans[0].except).toHaveLength(1);
  });

  test("what was left out of everything is not what is picked under another filter", async () => {
    const { user } = await openList();
    await user.click(at("select-all"));
    await user.click(tick(0));
    await search(user, "kimura");
    await waitFor(() => expect(at("select-count").textContent).toBe("Nothing selected"));
    await user.clear(at("access-text"));
    await waitFor(() => expect(rows().length).toBeGreaterThan(1));
    expect(at("select-count").textContent).toBe("Nothing selected");
  });

  test("everything is not carried over to another filter; single lines are", async () => {
    const { user } = await openList();
    await user.click(at("select-all"));
    await search(user, "kimura");
    await waitFor(() => expect(at("select-count").textContent).toBe("Nothing selected"));
    await user.click(tick(0));
    await user.clear(at("access-text"));
    await waitFor(() => expect(rows().some((one) => !one.textContent?.includes("kimura"))).toBe(true));
    expect(at("select-count").textContent).toMatch(/^1 selected/);
  });

  test("another filter begins on its first page", async () => {
    const { user } = await openList(adminWorld(NAME));
    await user.click(at("pager-next"));
    await waitFor(() => expect(at("pager-where").textContent).toBe("101–200 of 312"));
    await choose(user, "access-order", "Longest unused first");
    await waitFor(() => expect(at("pager-where").textContent).toBe("1–100 of 312"));
  });

  test("at either end the pager's buttons keep the focus and do nothing", async () => {
    const { user } = await openList(adminWorld(NAME));
    await user.click(at("pager-last"));
    await waitFor(() => expect(at("pager-where").textContent).toBe("301–312 of 312"));
    at("pager-next").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(rows()).toHaveLength(12));
    expect(at("pager-where").textContent).toBe("301–312 of 312");
    expect(document.activeElement).toBe(at("pager-next"));
  });

  test("works by keyboard alone", async () => {
    const { user } = await openList();
    at("select-page").focus();
    await user.tab();
    expect(document.activeElement).toBe(at("select-all"));
    tick(0).focus();
    await user.keyboard(" ");
    await waitFor(() => expect(at("select-count").textContent).toBe("1 selected"));
    at("select-none").focus();
    await user.keyboard("{Enter}");
    // The button has gone, and the place next to it has the focus.
    await waitFor(() => expect(document.activeElement).toBe(at("select-page")));
    tick(1).focus();
    await user.keyboard(" ");
    at("plan-selection").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(at("run-page")).toBeTruthy());
  });

  test("nothing is picked over several organisations", async () => {
    const { user } = await openList();
    await user.click(tick(0));
    await choose(user, "access-organisation", "example.com (Microsoft)");
    await waitFor(() => expect(row(0).textContent).toContain("Microsoft"));
    expect(at("select-count").textContent).toBe("Nothing selected");
    await choose(user, "access-organisation", "All organisations");
    await waitFor(() => expect(at("select-where")).toBeTruthy());
    expect(screen.queryAllByTestId("access-tick")).toHaveLength(0);
    await waitFor(() =>
      expect(new Set(rows().map((one) => one.dataset.address?.split("@")[1])).size).toBe(3),
    );
  });
});

describe("the views", () => {
  test("show accesses without a CRM connection", async () => {
    const { user } = await openList();
    await search(user, "hanako");
    await waitFor(() => expect(rows()).toHaveLength(1));
    await user.click(at("view-without_crm"));
    await waitFor(() => expect(at("access-empty").textContent).toBe("No grant matches."));
  });

  test("show what was not used for so many days, and that the log may lack it", async () => {
    const { user, backend } = await openList();
    await user.click(at("view-unused"));
    await waitFor(() => expect(at("uses-known").textContent).toContain("every use since"));
    const asked: (number | null)[] = [];
    const { accesses } = backend;
    backend.accesses = (ask) => {
      asked.push(ask.days);
      return accesses(ask);
    };
    await choose(user, "access-days", "30 days");
    await waitFor(() => expect(asked).toContain(30));
    for (const one of rows()) expect(one.textContent).not.toContain("Last used today");
  });

  test.each([
    [{ why: "not_permitted" }, "may not read the audit log"],
    [{ why: "failed" }, "was not read"],
    [{ tells_uses: false, why: null }, "does not say when an app used its access"],
  ] as const)("say why it is not known what is unused: %o", async (log, words) => {
    const world = adminWorld();
    const searched = world.admin.organisations[0]?.view.searched;
    if (searched) Object.assign(searched.log, { read: false, from: null }, log);
    const { user } = await openList(world);
    await user.click(at("view-unused"));
    await waitFor(() => expect(at("uses-known").textContent).toContain(words));
  });

  test("show rows of the CRM without access, with the way there", async () => {
    const { user } = await openList();
    await user.click(at("view-crm_only"));
    const line = await screen.findByTestId("crm-only-row");
    expect(line.dataset.address).toBe("support@example.co.jp");
    await user.click(at("crm-only-show"));
    await waitFor(() => expect(window.location.hash).toMatch(/inbox\/channels\?inbox=i1&mailbox=/));
  });
});

test("what the filter shows is exported, to a path of its own", async () => {
  const { user } = await openList(adminWorld(NAME));
  await user.click(within(at("access-export")).getByText(/Export these 312 lines/));
  expect((at("export-path") as HTMLInputElement).value).toMatch(/uncouple-access-[\d-]+\.csv$/);
  await user.click(at("export-submit"));
  await waitFor(() => expect(at("export-result").textContent).toContain("312 lines written to"));
});

describe("a list of addresses", () => {
  test("becomes a plan, with its refused lines by number, text and reason", async () => {
    const { user } = await openList();
    await user.click(at("plan-list"));
    await user.click(at("list-text"));
    await user.paste("email\naya.abe@example.co.jp\nx@other.example\n=1+1\naya.abe@example.co.jp");
    await user.click(at("dialog-confirm"));
    const refused = await screen.findAllByTestId("refused-row");
    expect(refused.map((line) => line.textContent)).toEqual([
      "3x@other.exampleThe domain was not seen in this organisation",
      "4=1+1It starts like a spreadsheet’s formula",
      "5aya.abe@example.co.jpThe address is in an earlier line already",
    ]);
    expect(at("plan-refused").textContent).toContain("3 lines of the list are not in the plan");
    expect(at("plan-column").textContent).toBe("Read from the list: Column 1, “email”");
  });

  test("with different addresses in two columns is planned only after a choice, and the plan says which", async () => {
    const { user } = await openList();
    await user.click(at("plan-list"));
    await user.click(at("list-text"));
    await user.paste("requester,leaver\nx@other.example,aya.abe@example.co.jp");
    await user.click(at("dialog-confirm"));
    expect(await screen.findByText(/Several columns have different email addresses/)).toBeTruthy();
    await user.click(at("list-column-2"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("plan-column").textContent).toBe("Read from the list: Column 2, “leaver”"));
    expect(screen.queryAllByTestId("refused-row")).toEqual([]);
  });

  test("that is changed after the question is asked of anew", async () => {
    const { user } = await openList();
    await user.click(at("plan-list"));
    await user.click(at("list-text"));
    await user.paste("requester,leaver\nx@other.example,aya.abe@example.co.jp");
    await user.click(at("dialog-confirm"));
    await user.click(await screen.findByTestId("list-column-1"));
    await user.type(at("list-text"), "x");
    expect(screen.queryByTestId("list-column-1")).toBeNull();
  });

  test("that is empty or can't be read is told at its field", async () => {
    const { user } = await openList();
    await user.click(at("plan-list"));
    await user.click(at("dialog-confirm"));
    expect(await screen.findByText("The list is empty. Enter at least one address.")).toBeTruthy();
    await user.click(at("list-file"));
    await user.type(at("list-path"), "/etc/shadow");
    await user.click(at("dialog-confirm"));
    expect(await screen.findByText(/The list can’t be read/)).toBeTruthy();
    expect(at("list-path").getAttribute("aria-invalid")).toBe("true");
  });
});

describe("somebody who leaves", () => {
  test("gets a plan with everything of theirs", async () => {
    const { user, plans } = await openList();
    await user.click(at("plan-leaver"));
    await user.type(at("leaver-address"), " ken.tanaka@example.co.jp ");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(plans).toHaveLength(1));
    expect(plans[0]).toEqual({
      from: "leaver",
      organisation: "org-google",
      address: "ken.tanaka@example.co.jp",
      not_before: null,
    });
  });

  test("on a day that is typed part by part, with the word that the app has to run then", async () => {
    const { user, plans } = await openList();
    await user.click(at("plan-leaver"));
    await user.type(at("leaver-address"), "ken.tanaka@example.co.jp");
    await user.click(at("leaver-then"));
    expect(at("dialog-leaver").textContent).toContain("Uncouple has to be running then");
    await user.click(at("dialog-confirm"));
    expect(await screen.findByText("Enter the day and the time.")).toBeTruthy();
    await user.click(within(at("leaver-moment")).getAllByRole("spinbutton")[0] as HTMLElement);
    await user.keyboard("12312099");
    await user.keyboard("1830");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(plans).toHaveLength(1));
    // The tests run in Japan's zone.
    expect(plans[0]).toMatchObject({ not_before: "2099-12-31T09:30:00.000Z" });
    await waitFor(() => expect(at("plan-when").textContent).toContain("It starts"));
  });
});

describe.each(["en", "ja"] as const)("in %s", (language) => {
  test("the list and its dialogs are accessible", async () => {
    const world = adminWorld();
    for (const one of world.admin.organisations) one.accesses.splice(0, one.accesses.length - 4);
    const { user } = await openApp(world, { language, route: MICROSOFT });
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    await user.click(tick(1));
    await expectAccessible();
    await user.click(at("plan-list"));
    await expectAccessible();
    await user.click(at("dialog-cancel"));
    await user.click(at("plan-leaver"));
    await user.click(at("leaver-then"));
    await expectAccessible();
    await user.click(at("dialog-cancel"));
    await user.click(at("view-crm_only"));
    await waitFor(() => expect(maybe("access-table")).toBeNull());
    await expectAccessible();
  });
});
