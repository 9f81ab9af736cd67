import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect } from "vitest";
import { App } from "../App";
import { type Bend, fakeBackend, type World } from "../backend/fake";
import type { Language } from "../backend/generated/Language";
import { type Route, toHash } from "../state/route";

/** Opens the whole window on a fake workspace. */
export async function openApp(world: World, { language = "en" as Language, route, bend = {} }: Options = {}) {
  world.overview.settings.language = language;
  if (route) window.location.hash = toHash(route);
  const backend = fakeBackend(world, bend);
  const user = userEvent.setup();
  const view = render(<App backend={backend} />);
  await screen.findByRole("main");
  return { backend, user, world, view };
}

type Options = { language?: Language; route?: Route; bend?: Bend };

export const at = (testid: string) => screen.getByTestId(testid);
export const maybe = (testid: string) => screen.queryByTestId(testid);

/** The row of an address, with its parts. */
export function rowOf(address: string) {
  const row = screen.getAllByTestId("mailbox-row").find((one) => one.dataset.address === address);
  if (!row) throw new Error(`no row for ${address}`);
  return { row, at: (testid: string) => within(row).getByTestId(testid) };
}

/** The card of an address, with its parts. */
export function cardOf(address: string) {
  const card = screen.getAllByTestId("disconnect-card").find((one) => one.dataset.address === address);
  if (!card) throw new Error(`no card for ${address}`);
  return {
    card,
    at: (testid: string) => within(card).getByTestId(testid),
    maybe: (testid: string) => within(card).queryByTestId(testid),
    step: (kind: string) => within(within(card).getByTestId(`step-${kind}`)),
  };
}

/** No accessibility finding in what is on the screen. Contrast needs a real layout and is looked at there. */
export async function expectAccessible() {
  const result = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(
    result.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`),
  ).toEqual([]);
}
