import { render, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { emptyWorld, sample, sampleWorld } from "../../backend/fake";
import { at, expectAccessible, maybe, openApp } from "../../testing/open";

const ROUTE = { screen: "members" } as const;

function memberOf(name: string) {
  const row = screen.getAllByTestId("member-row").find((one) => one.dataset.name === name);
  if (!row) throw new Error(`no row for ${name}`);
  return { row, at: (testid: string) => within(row).getByTestId(testid) };
}

describe("members", () => {
  test("are listed with what they may do", async () => {
    await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    expect(memberOf("Ichiro Suzuki").row.textContent).toContain("Super admin");
    expect(memberOf("Misaki Takahashi").row.textContent).toContain("Account access: Support");
    expect(memberOf("Ken Tanaka").row.textContent).toContain("No account access");
    expect(memberOf("Ken Tanaka").row.textContent).toContain("1 mailbox");
    // Nobody removes themselves.
    expect(within(memberOf("Hanako Sato").row).queryByTestId("member-remove")).toBeNull();
  });

  test("are added and changed", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    await user.click(at("member-add"));
    await user.click(at("dialog-confirm"));
    expect(await screen.findByText("Enter a name.")).toBeTruthy();
    await user.type(at("member-name"), "<b>Rin</b>");
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(memberOf("<b>Rin</b>").row.textContent).toContain("Member"));
    await user.click(memberOf("<b>Rin</b>").at("member-edit"));
    await user.click(at("member-super"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(memberOf("<b>Rin</b>").row.textContent).toContain("Super admin"));
  });

  test("with mailboxes are not removed, and it says why", async () => {
    const { user } = await openApp(sampleWorld("Hanako Sato"), { route: ROUTE });
    await user.click(memberOf("Ken Tanaka").at("member-remove"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(at("error").dataset.code).toBe("member_has_mailboxes"));
    await user.click(at("dialog-cancel"));
    await user.click(memberOf("Aoi Yamamoto").at("member-remove"));
    await user.click(at("dialog-confirm"));
    await waitFor(() => expect(screen.getAllByTestId("member-row")).toHaveLength(4));
  });

  test("keep one super admin, and say so", async () => {
    const { user } = await openApp(emptyWorld("Sato"), { route: ROUTE });
    expect(within(memberOf("Sato").row).queryByTestId("member-remove")).toBeNull();
    expect(at("member-last").textContent).toContain("last super admin");
    await user.click(at("member-edit"));
    expect(at("member-super").dataset.disabled).toBe("true");
  });

  test.each(["en", "ja"] as const)("the dialog is accessible in %s", async (language) => {
    const { user } = await openApp(sampleWorld(), { language, route: ROUTE });
    await user.click(at("member-add"));
    await expectAccessible();
  });
});

describe("acting as somebody else", () => {
  test("is in the sample only, and says what it is", async () => {
    const { view } = await openApp(sampleWorld(), { route: ROUTE });
    expect(maybe("act-as")).toBeNull();
    view.unmount();
    await openApp(sample());
    expect(at("sample-banner").textContent).toContain("a demonstration, not protection");
  });

  test("shows what they see, and takes the right to change members away", async () => {
    const { user } = await openApp(sample("Hanako Sato"), { route: ROUTE });
    await user.click(at("act-as").querySelector("button") as HTMLElement);
    await user.click(await screen.findByTestId("act-as-m4"));
    await waitFor(() => expect(at("nav-profile").textContent).toContain("Ken Tanaka"));
    expect(maybe("member-add")).toBeNull();
    expect(screen.queryAllByTestId("member-edit")).toEqual([]);
    expect(screen.getByText(/Only a super admin can change/)).toBeTruthy();
  });
});

describe("About", () => {
  test("tells the version", async () => {
    await openApp(emptyWorld(), { route: { screen: "about" } });
    await waitFor(() => expect(at("about-version").textContent).toBe("Version 0.1.0"));
    expect(at("licence-list")).toBeTruthy();
  });
});

test("licences are grouped, and what is folded is not written out", async () => {
  const { backend, user, view } = await openApp(emptyWorld());
  view.unmount();
  const { AboutScreen } = await import("../settings/AboutScreen");
  const { BackendProvider } = await import("../../backend");
  const { QueryClientProvider } = await import("@tanstack/react-query");
  const { newQueryClient } = await import("../../state/overview");
  const parts = Array.from({ length: 600 }, (_, number) => ({
    name: `part-${number}`,
    version: "1.0.0",
    licence: number % 3 ? "MIT" : "Apache-2.0",
  }));
  render(
    <BackendProvider value={backend}>
      <QueryClientProvider client={newQueryClient()}>
        <AboutScreen parts={parts} />
      </QueryClientProvider>
    </BackendProvider>,
  );
  expect(screen.getAllByTestId("licence-group").map((group) => group.dataset.licence)).toEqual([
    "MIT",
    "Apache-2.0",
  ]);
  expect(screen.queryByText(/part-1\b/)).toBeNull();
  await user.type(at("licence-search"), "part-59");
  await waitFor(() => expect(screen.getByText(/part-599/)).toBeTruthy());
  expect(document.querySelectorAll("[data-testid=licence-group] li")).toHaveLength(11);
});
