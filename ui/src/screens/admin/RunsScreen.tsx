import { m } from "../../paraglide/messages";
import type { Route } from "../../state/route";
import settings from "../settings/Settings.module.css";

type Props = Omit<Extract<Route, { screen: "runs" }>, "screen">;

/** Plans and runs. */
export function RunsScreen(_props: Props) {
  return <h1 className={settings.title}>{m.runs_heading()}</h1>;
}
