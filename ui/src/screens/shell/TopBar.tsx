import type { ReactNode } from "react";
import { AppMark } from "../../components/AppMark";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import { type Route, toHash } from "../../state/route";
import css from "./Shell.module.css";

/** Beyond this the number says only that there are many. */
const MOST = 99;
const SLOT = "\u{f8ff}";

/** The dark bar: where one is, what is new, and who one is. */
export function TopBar({ route }: { route: Route }) {
  const { me, workspace, unread } = useOverview();
  const initial = [...me.name.trim()][0] ?? "?";
  const { screen } = route;
  const elsewhere = screen === "history" || screen === "inbox" || screen === "notices";
  return (
    <header className={css.bar}>
      <span className={css.brand}>
        <AppMark />
        <span>{m.app_title()}</span>
        {workspace.sample && <span className={css.sample}>{m.sample_mark()}</span>}
      </span>
      <nav className={css.nav} aria-label={m.nav_main()}>
        <NavLink to={{ screen: "inbox" }} on={screen === "inbox"} testid="nav-inbox">
          <span className={css.before}>{m.nav_conversations()} › </span>
          {m.inbox_heading()}
        </NavLink>
        <NavLink to={{ screen: "history" }} on={screen === "history"} testid="nav-history">
          {m.nav_history()}
        </NavLink>
        <NavLink to={{ screen: "email" }} on={!elsewhere} testid="nav-settings">
          {m.nav_settings()}
        </NavLink>
      </nav>
      <a
        className={css.bell}
        href={toHash({ screen: "notices" })}
        aria-current={screen === "notices" ? "page" : undefined}
        title={m.nav_notices()}
        data-testid="nav-notices"
      >
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <path
            d="M10 2.500a5 5 0 0 0-5 5v3.500l-1.500 3h13l-1.500-3v-3.500a5 5 0 0 0-5-5zM8 16.500a2 2 0 0 0 4 0"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
            strokeLinejoin="round"
            strokeLinecap="round"
          />
        </svg>
        <Unread count={unread} />
      </a>
      <a
        className={css.me}
        href={toHash({ screen: "profile" })}
        title={m.nav_profile({ name: me.name })}
        data-testid="nav-profile"
      >
        <span className={css.initial} data-initial={initial} />
        <span className={css.name}>{me.name}</span>
      </a>
    </header>
  );
}

/** The bell's name. The number in it is the one that is seen. */
function Unread({ count }: { count: number }) {
  if (count === 0) return <span className="sr-only">{m.nav_notices()}</span>;
  const [before = "", after = ""] = m.nav_notices_unread({ count: SLOT }).split(SLOT);
  return (
    <>
      <span className="sr-only">{before}</span>
      <span className={css.count} data-testid="notice-count">
        {count > MOST ? `${MOST}+` : count}
      </span>
      <span className="sr-only">{after}</span>
    </>
  );
}

function NavLink({
  to,
  on,
  testid,
  children,
}: {
  to: Route;
  on: boolean;
  testid: string;
  children: ReactNode;
}) {
  return (
    <a href={toHash(to)} aria-current={on ? "page" : undefined} data-testid={testid}>
      {children}
    </a>
  );
}
