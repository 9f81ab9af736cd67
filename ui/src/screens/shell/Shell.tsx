import { useEffect, useRef } from "react";
import { m } from "../../paraglide/messages";
import { useOverview } from "../../state/overview";
import { type Route, useRoute } from "../../state/route";
import { AccessScreen } from "../admin/AccessScreen";
import { RunsScreen } from "../admin/RunsScreen";
import { ChannelsScreen } from "../channels/ChannelsScreen";
import { EmailScreen } from "../email/EmailScreen";
import { HistoryScreen } from "../history/HistoryScreen";
import { InboxScreen } from "../inbox/InboxScreen";
import { MembersScreen } from "../members/MembersScreen";
import { NoticesScreen } from "../notices/NoticesScreen";
import { AboutScreen } from "../settings/AboutScreen";
import { DisplayTab } from "../settings/DisplayTab";
import { GeneralTabs } from "../settings/GeneralTabs";
import { NoticeSettingsScreen } from "../settings/NoticeSettingsScreen";
import { ProfileTab } from "../settings/ProfileTab";
import { SignInAppsScreen } from "../settings/SignInAppsScreen";
import { StorageScreen } from "../settings/StorageScreen";
import { OriginBanner } from "./OriginBanner";
import { SampleBanner } from "./SampleBanner";
import css from "./Shell.module.css";
import { Sidebar } from "./Sidebar";
import { TopBar } from "./TopBar";

/** Screens that are not settings. */
const OUTSIDE: ReadonlySet<Route["screen"]> = new Set(["inbox", "notices", "history"]);

/** The window: top bar, settings sidebar, and the screen that the route names. */
export function Shell() {
  const route = useRoute();
  const { workspace, me } = useOverview();
  const main = useRef<HTMLElement>(null);
  const inSettings = !OUTSIDE.has(route.screen);

  // One run is a page of its own, and so is the list of them.
  const place = route.screen === "runs" ? `runs ${route.run ?? ""}` : route.screen;
  const shown = useRef(place);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    main.current?.scrollTo({ top: 0 });
  }, [place]);

  return (
    <div className={css.window}>
      <button type="button" className={css.skip} onClick={() => main.current?.focus()}>
        {m.skip_to_content()}
      </button>
      <TopBar route={route} />
      {workspace.sample && <SampleBanner />}
      <OriginBanner />
      <div className={css.below}>
        {inSettings && <Sidebar route={route} />}
        <main className={css.main} ref={main} tabIndex={-1}>
          <div className={css.content}>
            {/* Another person begins with fresh forms. */}
            <Screen key={me.id} route={route} />
          </div>
        </main>
      </div>
    </div>
  );
}

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case "inbox":
      return <InboxScreen {...without(route)} />;
    case "email":
      return (
        <GeneralTabs tab="email">
          <EmailScreen {...without(route)} />
        </GeneralTabs>
      );
    case "channels":
      return <ChannelsScreen {...without(route)} />;
    case "alerts":
      return <NoticeSettingsScreen />;
    case "members":
      return <MembersScreen />;
    case "about":
      return <AboutScreen />;
    case "notices":
      return <NoticesScreen />;
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
    case "access":
      return <AccessScreen {...without(route)} />;
    case "runs":
      return <RunsScreen {...without(route)} />;
    case "history":
      return <HistoryScreen />;
  }
}

/** What a route says besides its screen. */
function without<R extends Route>({ screen: _screen, ...rest }: R): Omit<R, "screen"> {
  return rest;
}
