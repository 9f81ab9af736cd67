import { expect, test } from "vitest";
import { suggestedPath } from "./exportPath";
import { fromHash, placeRoute, type Route, toHash } from "./route";

test.each<Route>([
  { screen: "email" },
  { screen: "email", job: "a-1" },
  { screen: "email", open: "track" },
  { screen: "history", mailbox: "b-2" },
  { screen: "email", job: "a-1", mailbox: "b-2" },
  { screen: "inbox", inbox: "i-1" },
  { screen: "channels" },
  { screen: "channels", inbox: "i-1", job: "a-1", mailbox: "b-2" },
  { screen: "channels", open: "other" },
  { screen: "members" },
  { screen: "alerts" },
  { screen: "about" },
  { screen: "notices" },
  { screen: "apps" },
  { screen: "storage" },
  { screen: "access" },
  { screen: "access", organisation: "o-1", view: "unused" },
  { screen: "runs" },
  { screen: "runs", run: "r-1" },
])("a route survives the address: %o", (route) => {
  expect(fromHash(toHash(route))).toEqual(route);
});

test.each(["", "#/nowhere", "#/settings/general/email?open=elsewhere"])(
  "%s leads to the Email tab",
  (hash) => {
    expect(fromHash(hash)).toEqual({ screen: "email" });
  },
);

test("the suggested export path follows the folder's own separator", () => {
  const day = new Date(2026, 0, 5);
  expect(suggestedPath("/home/a/Documents", "csv", day)).toBe(
    "/home/a/Documents/uncouple-history-2026-01-05.csv",
  );
  expect(suggestedPath("/", "html", day, "report")).toBe("/uncouple-report-2026-01-05.html");
  expect(suggestedPath("/", "csv", day)).toBe("/uncouple-history-2026-01-05.csv");
  expect(suggestedPath("C:\\Users\\a", "json", day)).toBe("C:\\Users\\a\\uncouple-history-2026-01-05.json");
});

test("a notice leads to its row and its job", () => {
  expect(placeRoute({ screen: "notices" })).toEqual({ screen: "notices" });
  expect(placeRoute({ screen: "email", job: null, mailbox: "b-2" })).toEqual({
    screen: "email",
    mailbox: "b-2",
  });
  expect(placeRoute({ screen: "channels", inbox: "i-1", job: "a-1", mailbox: null })).toEqual({
    screen: "channels",
    inbox: "i-1",
    job: "a-1",
  });
});
