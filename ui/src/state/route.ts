import { useSyncExternalStore } from "react";
import type { PlaceView } from "../backend/generated/PlaceView";

/**
 * Where the window is, in the part of the address after `#`, so that a notice or a link can lead to a
 * place and Back works.
 */
export type Route =
  | { screen: "inbox"; inbox?: string }
  | { screen: "email"; job?: string; mailbox?: string; open?: "track" | "connect" }
  | { screen: "profile" }
  | { screen: "display" }
  | { screen: "alerts" }
  | { screen: "channels"; inbox?: string; job?: string; mailbox?: string; open?: ChannelsOpen }
  | { screen: "members" }
  | { screen: "apps" }
  | { screen: "storage" }
  | { screen: "about" }
  | { screen: "notices" }
  | { screen: "access"; organisation?: string; view?: AccessTab; text?: string }
  | { screen: "runs"; run?: string }
  | { screen: "history"; mailbox?: string };

/** The views of the list of accesses, and the one of rows without any. */
export const ACCESS_TABS = ["all", "without_crm", "unused", "crm_only"] as const;
export type AccessTab = (typeof ACCESS_TABS)[number];

/** The dialogs that the Channels screen can begin with. */
export type ChannelsOpen = "track" | "connect" | "other" | "inbox";

const PATHS: Record<Route["screen"], string> = {
  inbox: "/inbox",
  email: "/settings/general/email",
  profile: "/settings/general/profile",
  display: "/settings/general/display",
  alerts: "/settings/notices",
  channels: "/settings/inbox/channels",
  members: "/settings/members",
  apps: "/settings/sign-in-apps",
  storage: "/settings/storage",
  about: "/settings/about",
  access: "/admin/access",
  runs: "/admin/runs",
  notices: "/notices",
  history: "/history",
};

/** What a screen takes from the address. */
const TAKES: Partial<Record<Route["screen"], string[]>> = {
  inbox: ["inbox"],
  email: ["job", "mailbox", "open"],
  channels: ["inbox", "job", "mailbox", "open"],
  access: ["organisation", "view", "text"],
  runs: ["run"],
  history: ["mailbox"],
};
/** What may stand there, where not anything may. */
const ONLY: Partial<Record<Route["screen"], Record<string, readonly string[]>>> = {
  email: { open: ["track", "connect"] },
  channels: { open: ["track", "connect", "other", "inbox"] },
  access: { view: ACCESS_TABS },
};

export function toHash(route: Route): string {
  const given: Record<string, string | undefined> = route;
  const query = new URLSearchParams();
  for (const name of TAKES[route.screen] ?? []) {
    const value = given[name];
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return `#${PATHS[route.screen]}${text ? `?${text}` : ""}`;
}

export function fromHash(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  const screen = (Object.keys(PATHS) as Route["screen"][]).find((key) => PATHS[key] === path) ?? "email";
  const route: Record<string, string> = { screen };
  const given = new URLSearchParams(query);
  for (const name of TAKES[screen] ?? []) {
    const value = given.get(name);
    const only = ONLY[screen]?.[name];
    if (value && (!only || only.includes(value))) route[name] = value;
  }
  return route as Route;
}

/** Where a notice leads. */
export function placeRoute(place: PlaceView): Route {
  if (place.screen === "notices") return { screen: "notices" };
  const job = place.job ? { job: place.job } : {};
  const mailbox = place.mailbox ? { mailbox: place.mailbox } : {};
  return place.screen === "email"
    ? { screen: "email", ...job, ...mailbox }
    : { screen: "channels", inbox: place.inbox, ...job, ...mailbox };
}

export function go(route: Route): void {
  const hash = toHash(route);
  if (window.location.hash !== hash) {
    window.location.hash = hash;
    return;
  }
  // A pop-up may lead to where one is already. What it is about is shown anew, for which the window has to
  // have been elsewhere in between.
  goInstead({ screen: route.screen });
  window.setTimeout(() => goInstead(route));
}

/** Changes the place without a new entry for Back. */
export function goInstead(route: Route): void {
  window.history.replaceState(null, "", toHash(route));
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

function listen(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

export function useRoute(): Route {
  return fromHash(useSyncExternalStore(listen, () => window.location.hash));
}
