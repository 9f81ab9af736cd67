import { useEffect, useRef, useState } from "react";
import { m } from "../../paraglide/messages";
import { type Route, toHash } from "../../state/route";
import css from "./Sidebar.module.css";

type Place = { route: Route; on: Route["screen"][]; words: () => string; testid: string };

/** Groups as in HubSpot's settings. A new screen gets its line here. */
const GROUPS: { words: () => string; places: Place[] }[] = [
  {
    words: m.side_personal,
    places: [
      {
        route: { screen: "email" },
        on: ["email", "profile", "display"],
        words: m.side_general,
        testid: "side-general",
      },
      { route: { screen: "alerts" }, on: ["alerts"], words: m.side_notices, testid: "side-notices" },
    ],
  },
  {
    words: m.inbox_heading,
    places: [
      {
        route: { screen: "channels" },
        on: ["channels"],
        words: m.channels_heading,
        testid: "side-channels",
      },
    ],
  },
  {
    words: m.side_administration,
    places: [
      { route: { screen: "access" }, on: ["access"], words: m.access_heading, testid: "side-access" },
      { route: { screen: "runs" }, on: ["runs"], words: m.runs_heading, testid: "side-runs" },
    ],
  },
  {
    words: m.side_workspace,
    places: [
      { route: { screen: "members" }, on: ["members"], words: m.members_heading, testid: "side-members" },
      { route: { screen: "apps" }, on: ["apps"], words: m.side_sign_in_apps, testid: "side-apps" },
      { route: { screen: "storage" }, on: ["storage"], words: m.side_storage, testid: "side-storage" },
      { route: { screen: "about" }, on: ["about"], words: m.about_heading, testid: "side-about" },
    ],
  },
];

/** The settings sections; a button and a panel below it where the window is narrow. */
export function Sidebar({ route }: { route: Route }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const leave = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("keydown", onKey);
    };
  }, [open]);

  return (
    <div className={css.side} ref={box} data-open={open || undefined}>
      <button
        type="button"
        ref={button}
        className={css.fold}
        aria-expanded={open}
        aria-controls="settings-sections"
        onClick={() => setOpen(!open)}
        data-testid="side-menu"
      >
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <path d="M2 4.5h14M2 9h14M2 13.5h14" stroke="currentColor" strokeWidth="1.8" />
        </svg>
        {m.side_menu()}
      </button>
      <nav id="settings-sections" className={css.sections} aria-label={m.side_label()}>
        {GROUPS.map((group) => (
          <div key={group.places[0]?.testid} className={css.group}>
            <h2>{group.words()}</h2>
            <ul>
              {group.places.map((place) => (
                <li key={place.testid}>
                  <a
                    href={toHash(place.route)}
                    aria-current={place.on.includes(route.screen) ? "page" : undefined}
                    onClick={() => setOpen(false)}
                    data-testid={place.testid}
                  >
                    {place.words()}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </div>
  );
}
