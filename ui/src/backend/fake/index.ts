import type { Backend } from "../backend";
import type { Appearance } from "../generated/Appearance";
import type { KeyringTrouble } from "../generated/KeyringTrouble";
import {
  adminWorld,
  rereadWorld,
  searchingWorld,
  troubledWorld,
  unchosenWorld,
  unsearchedWorld,
} from "./admin/scene";
import { fakeBackend } from "./backend";
import { emptyWorld, firstStart, manyChannels, manyWorld, sample, sampleWorld } from "./scenes";
import type { World } from "./world";

export {
  adminWorld,
  rereadWorld,
  searchingWorld,
  troubledWorld,
  unchosenWorld,
  unsearchedWorld,
} from "./admin/scene";
export { type Bend, type FakeBackend, fakeBackend } from "./backend";
export * from "./scenes";
export { World } from "./world";

const SCENES: Record<string, (name?: string) => World> = {
  work: sampleWorld,
  sample,
  empty: emptyWorld,
  first: firstStart,
  many: (name) => manyWorld(count(), name),
  channels: (name) => manyChannels(count(), name),
  admin: adminWorld,
  unsearched: unsearchedWorld,
  unchosen: unchosenWorld,
  troubled: troubledWorld,
  searching: searchingWorld,
  reread: rereadWorld,
};

const count = () => Number(new URLSearchParams(window.location.search).get("count") ?? 300);

/**
 * The fake for looking at screens in a browser: `?scene=work|sample|empty|first|many|channels`, `lang=ja|en`,
 * `look=light|dark`, `keyring=locked`, `delay=400`, `bare` (a desktop that offers nothing), `still` (searches and
 * runs stand still).
 */
export function fakeFromAddressBar(): Backend {
  const wanted = new URLSearchParams(window.location.search);
  const language = wanted.get("lang");
  const name = language === "en" ? "Hanako Sato" : undefined;
  const world = (SCENES[wanted.get("scene") ?? "work"] ?? sampleWorld)(name);
  if (language === "ja" || language === "en") world.overview.settings.language = language;
  world.overview.settings.appearance = (wanted.get("look") as Appearance | null) ?? "system";
  return fakeBackend(world, {
    delay: Number(wanted.get("delay") ?? 0),
    keyring: wanted.get("keyring") as KeyringTrouble | null,
    sample: () => sample(name),
    live: !wanted.has("still"),
    desktop: wanted.has("bare") ? { popups: false, tray: false, autostart: null } : {},
  });
}
