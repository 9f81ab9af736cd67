import type { AdminSignInResult } from "../../generated/AdminSignInResult";
import type { Suite } from "../../generated/Suite";
import type { Play } from "../team";
import { notLookedAt } from "./state";

export const domainOf = (suite: Suite): string => (suite === "google" ? "example.co.jp" : "example.com");
export const adminOf = (suite: Suite): string => `admin@${domainOf(suite)}`;

/** What the fake's sign-in comes back with. */
export function adminSignedIn({ world }: Play, suite: Suite, readOnly: boolean): AdminSignInResult {
  const { admin, overview } = world();
  const name = domainOf(suite);
  const asked = admin.asked(suite, false);
  const permissions = admin.asked(suite, readOnly);
  let one = admin.of(suite);
  if (!one) {
    one = {
      view: {
        id: `org-${suite}`,
        suite,
        name,
        sign_in: null,
        chosen: [],
        candidates: 0,
        accesses: 0,
        searched: null,
        searching: null,
        search_failed: null,
        rows_without_access: [],
        not_looked_at: notLookedAt(suite),
        consent_rule: null,
      },
      apps: [],
      accesses: [],
      people: 180,
    };
    admin.organisations.push(one);
  }
  one.view.sign_in = {
    account: adminOf(suite),
    read_only: readOnly,
    permissions,
    missing: asked.filter((permission) => !permissions.includes(permission)),
    this_run_only: false,
    kept_on: null,
    by: overview.me.name,
    at: world().at(),
    refused_since: null,
    refused_by: null,
  };
  one.view.search_failed = null;
  return { is: "signed_in", organisation: one.view.id };
}
