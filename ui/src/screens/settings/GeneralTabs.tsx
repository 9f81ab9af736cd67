import type { ReactNode } from "react";
import { m } from "../../paraglide/messages";
import { type Route, toHash } from "../../state/route";
import css from "./Settings.module.css";

const TABS = [
  { screen: "profile", words: m.tab_profile, testid: "tab-profile" },
  { screen: "email", words: m.tab_email, testid: "tab-email" },
  { screen: "display", words: m.tab_display, testid: "tab-display" },
] as const satisfies { screen: Route["screen"]; words: () => string; testid: string }[];

/**
 * Settings > General with its tabs. They are links, not a tab widget: each has an address that a notice or
 * Back can lead to.
 */
export function GeneralTabs({
  tab,
  children,
}: {
  tab: (typeof TABS)[number]["screen"];
  children: ReactNode;
}) {
  return (
    <>
      <h1 className={css.title}>{m.side_general()}</h1>
      <nav className={css.tabs} aria-label={m.side_general()}>
        {TABS.map(({ screen, words, testid }) => (
          <a
            key={screen}
            href={toHash({ screen })}
            aria-current={screen === tab ? "page" : undefined}
            data-testid={testid}
          >
            {words()}
          </a>
        ))}
      </nav>
      {children}
    </>
  );
}
