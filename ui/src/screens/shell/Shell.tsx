import { type ReactNode, useEffect, useRef } from "react";
import { AppMark } from "../../components/AppMark";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import { type Route, toHash, useRoute } from "../../state/route";
import { EmailScreen } from "../email/EmailScreen";
import { HistoryScreen } from "../history/HistoryScreen";
import { DisplayTab } from "../settings/DisplayTab";
import { GeneralTabs } from "../settings/GeneralTabs";
import { ProfileTab } from "../settings/ProfileTab";
import { SignInAppsScreen } from "../settings/SignInAppsScreen";
import { StorageScreen } from "../settings/StorageScreen";
import { SampleBanner } from "./SampleBanner";
import css from "./Shell.module.css";
import { Sidebar } from "./Sidebar";

/** The window: top bar, settings sidebar, and the screen that the route names. */
export function Shell() {
  const route = useRoute();
  const { workspace } = useOverview();
  const main = useRef<HTMLElement>(null);
  const inSettings = route.screen !== "history";

  const shown = useRef(route.screen);
  useEffect(() => {
    if (shown.current === route.screen) return;
    shown.current = route.screen;
    main.current?.scrollTo({ top: 0 });
  }, [route.screen]);

  return (
    <div className={css.window}>
      <button type="button" className={css.skip} onClick={() => main.current?.focus()}>
        {m.skip_to_content()}
      </button>
      <TopBar route={route} />
      {workspace.sample && <SampleBanner />}
      <div className={css.below}>
        {inSettings && <Sidebar route={route} />}
        <main className={css.main} ref={main} tabIndex={-1}>
          <div className={css.content}>
            <Screen route={route} />
          </div>
        </main>
      </div>
    </div>
  );
}

function TopBar({ route }: { route: Route }) {
  const { me, workspace } = useOverview();
  const initial = [...me.name.trim()][0] ?? "?";
  return (
    <header className={css.bar}>
      <span className={css.brand}>
        <AppMark />
        <span>{m.app_title()}</span>
        {workspace.sample && <span className={css.sample}>{m.sample_mark()}</span>}
      </span>
      <nav className={css.nav} aria-label={m.nav_main()}>
        <NavLink to={{ screen: "history" }} on={route.screen === "history"} testid="nav-history">
          {m.nav_history()}
        </NavLink>
        <NavLink to={{ screen: "email" }} on={route.screen !== "history"} testid="nav-settings">
          {m.nav_settings()}
        </NavLink>
      </nav>
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

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case "email":
      return (
        <GeneralTabs tab="email">
          <EmailScreen
            {...(route.job ? { job: route.job } : {})}
            {...(route.open ? { open: route.open } : {})}
          />
        </GeneralTabs>
      );
    case "profile":
      return (
        <GeneralTabs tab="profile">
          <ProfileTab />
        </GeneralTabs>
      );
    case "display":
      return (
        <GeneralTabs tab="display">
          <DisplayTab />
        </GeneralTabs>
      );
    case "apps":
      return <SignInAppsScreen />;
    case "storage":
      return <StorageScreen />;
    case "history":
      return <HistoryScreen />;
  }
}
