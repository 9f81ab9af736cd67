import { AppFailure } from "../../backend";
import type { AdminView } from "../../backend/generated/AdminView";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useAdmin, useAdminProgress } from "../../state/admin";
import { useOverview } from "../../state/overview";
import { type Route, toHash } from "../../state/route";
import settings from "../settings/Settings.module.css";
import { RunList } from "./RunList";
import { RunPage } from "./RunPage";
import css from "./Runs.module.css";

type Props = Omit<Extract<Route, { screen: "runs" }>, "screen">;

/** Plans and runs: all of them, or one. */
export function RunsScreen({ run }: Props) {
  const { me } = useOverview();
  const admin = useAdmin();
  useAdminProgress();
  const { data } = admin;
  const one = run && data?.runs.find((candidate) => candidate.id === run);
  if (one && data) return <RunPage key={one.id} run={one} organisations={data.organisations} />;
  return (
    <>
      <h1 className={settings.title}>{m.runs_heading()}</h1>
      <div className={settings.stack}>
        <p className={settings.lead} data-testid="runs-lead">
          <T>{me.super_admin ? m.runs_lead() : m.access_not_super()}</T>
        </p>
        <ErrorNote failure={admin.error} />
        {me.super_admin && data && <All admin={data} missing={run !== undefined} />}
      </div>
    </>
  );
}

function All({ admin, missing }: { admin: AdminView; missing: boolean }) {
  return (
    <>
      {missing && (
        <ErrorNote failure={new AppFailure("unknown_run")}>
          <a className={css.link} href={toHash({ screen: "runs" })}>
            {m.runs_show_all()}
          </a>
        </ErrorNote>
      )}
      <RunList runs={admin.runs} />
    </>
  );
}
