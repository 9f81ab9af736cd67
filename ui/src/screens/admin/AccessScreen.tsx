import { m } from "../../paraglide/messages";
import type { Route } from "../../state/route";
import settings from "../settings/Settings.module.css";

type Props = Omit<Extract<Route, { screen: "access" }>, "screen">;

/** Who in the organisation HubSpot can reach. */
export function AccessScreen(_props: Props) {
  return <h1 className={settings.title}>{m.access_heading()}</h1>;
}
