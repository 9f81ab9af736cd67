import { useSyncExternalStore } from "react";

/**
 * Where the window is, in the part of the address after `#`, so that a notice or a link can lead to a
 * place and Back works.
 */
export type Route =
  | { screen: "email"; job?: string; open?: "track" | "connect" }
  | { screen: "profile" }
  | { screen: "display" }
  | { screen: "apps" }
  | { screen: "storage" }
  | { screen: "history"; mailbox?: string };

const PATHS: Record<Route["screen"], string> = {
  email: "/settings/general/email",
  profile: "/settings/general/profile",
  display: "/settings/general/display",
  apps: "/settings/sign-in-apps",
  storage: "/settings/storage",
  history: "/history",
};

export function toHash(route: Route): string {
  const query = new URLSearchParams();
  if (route.screen === "email") {
    if (route.job) query.set("job", route.job);
    if (route.open) query.set("open", route.open);
  }
  if (route.screen === "history" && route.mailbox) query.set("mailbox", route.mailbox);
  const text = query.toString();
  return `#${PATHS[route.screen]}${text ? `?${text}` : ""}`;
}

export function fromHash(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  const screen = (Object.keys(PATHS) as Route["screen"][]).find((key) => PATHS[key] === path) ?? "email";
  const given = new URLSearchParams(query);
  if (screen === "history") {
    const mailbox = given.get("mailbox");
    return mailbox ? { screen, mailbox } : { screen };
  }
  if (screen !== "email") return { screen };
  const job = given.get("job");
  const open = given.get("open");
  return {
    screen,
    ...(job ? { job } : {}),
    ...(open === "track" || open === "connect" ? { open } : {}),
  };
}

export function go(route: Route): void {
  window.location.hash = toHash(route);
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
