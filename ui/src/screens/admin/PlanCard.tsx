import { type ReactNode, useState } from "react";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import type { RunAppView } from "../../backend/generated/RunAppView";
import type { RunView } from "../../backend/generated/RunView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { MOST, useItems } from "../../state/admin";
import { useLocale } from "../../state/locale";
import { useCommand, useOverview } from "../../state/overview";
import { go, toHash } from "../../state/route";
import { providerOf, sentences } from "../../words/admin";
import { appsWords, hasHubSpot, reconsentWords } from "../../words/beside";
import { counted } from "../../words/numbers";
import { columnWords, totalOf } from "../../words/runs";
import { whenWords } from "../../words/times";
import email from "../email/Email.module.css";
import { NotLooked, Roles } from "./Beside";
import { Reaches } from "./Reaches";
import css from "./Runs.module.css";
import { StartDialog } from "./StartDialog";

/** What a plan would do, what else stops with it, and what it can't do. Nothing was sent. */
export function PlanCard({ run, organisation }: { run: RunView; organisation: OrganisationView | null }) {
  const locale = useLocale();
  const [starting, setStarting] = useState(false);
  const drop = useCommand((backend) => backend.dropPlan(run.id).then(() => true as const));
  const scheduled = run.state === "scheduled";
  const google = run.suite === "google";
  const provider = providerOf(run.suite);
  const apps = appsWords(run.apps);
  const throwAway = async () => {
    if (await drop.run()) go({ screen: "runs" });
  };
  const { workspace } = useOverview();
  const hindrance =
    run.actions.includes("start") || scheduled ? null : hindranceWords(organisation, workspace.sample);

  return (
    <Card
      title={scheduled ? m.plan_scheduled_heading() : m.plan_heading()}
      testid="plan-card"
      aside={
        <>
          <span className={css.badge}>{m.plan_nothing_sent()}</span>
          <span className={email.spring} />
          <div className={email.buttons}>
            {run.actions.includes("drop") && (
              <Button busy={drop.busy} onPress={() => void throwAway()} data-testid="plan-drop">
                {m.plan_drop()}
              </Button>
            )}
            {run.actions.includes("start") && (
              <Button tone="danger" onPress={() => setStarting(true)} data-testid="plan-start">
                {run.not_before ? m.plan_schedule() : m.plan_start()}
              </Button>
            )}
          </div>
        </>
      }
    >
      <div className={css.stack}>
        <ErrorNote failure={drop.failure} onDismiss={drop.forget} />
        {hindrance && (
          <Note tone="warn" testid="plan-hindrance">
            <T>{hindrance}</T>
            <a className={css.link} href={toHash({ screen: "access", organisation: run.organisation })}>
              {m.runs_to_access()}
            </a>
          </Note>
        )}
        {run.not_before && (
          <Note tone={scheduled ? "plain" : "warn"} testid="plan-when">
            <T>{m.plan_not_before({ time: whenWords(run.not_before, locale) })}</T>
            <p>
              <T>{m.leaver_app_runs()}</T>
            </p>
          </Note>
        )}
        <dl className={css.plan}>
          <Line title={m.plan_removes()}>
            <Removes run={run} />
          </Line>
          <Line title={m.plan_stops()}>
            <p>
              <strong>
                <Reaches reaches={run.reaches} suite={run.suite} />
              </strong>
            </p>
            <p>
              <T>{stopsWords(run)}</T>
            </p>
          </Line>
          <Line title={m.plan_not_done()}>
            <ul className={css.points}>
              {hasHubSpot(run) && (
                <li>
                  <T>{m.plan_not_hubspot()}</T>
                </li>
              )}
              <li>
                <T>{m.plan_no_sessions({ provider })}</T>
              </li>
              <li>
                <T>{m.plan_no_block({ apps })}</T>
              </li>
              {run.refused > 0 && (
                <li data-testid="plan-refused">
                  <T>{m.plan_refused(counted(run.refused, locale))}</T>
                </li>
              )}
            </ul>
          </Line>
          <Line title={m.plan_afterwards()}>
            <p data-testid="plan-undo">
              <T>{google ? m.plan_undo_google({ apps }) : m.plan_undo_microsoft({ apps })}</T>
            </p>
            <p data-testid="plan-reconsent" data-reconsent={run.reconsent}>
              <T>{reconsentWords(run.reconsent, apps)}</T>{" "}
              {run.reconsent_read && (
                <T>{m.reconsent_read({ time: whenWords(run.reconsent_read, locale) })}</T>
              )}
            </p>
          </Line>
        </dl>
        <Roles apps={run.apps} />
        <NotLooked what={run.not_looked_at} />
        {run.everybody > 0 && (
          <Note tone="warn" title={m.plan_everybody(counted(run.everybody, locale))} testid="plan-everybody">
            <T>{m.plan_everybody_hint({ apps })}</T>
          </Note>
        )}
      </div>
      {starting && <StartDialog run={run} onClose={() => setStarting(false)} />}
    </Card>
  );
}

function Line({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How many accesses of how many people and which apps, as far as one page of the plan tells. */
function Removes({ run }: { run: RunView }) {
  const locale = useLocale();
  const total = totalOf(run);
  const items = useItems(run.id, { filter: "all", text: null, offset: 0, limit: MOST });
  const lines = items.data?.items ?? [];
  const whole_plan = items.data !== undefined && lines.length === total;
  const people = new Set(lines.flatMap(({ person }) => (person ? [person.address] : [])));
  const accesses = m.count_accesses(counted(total, locale));
  return (
    <>
      <p className={css.large} data-testid="plan-removes">
        {whole_plan && people.size > 0
          ? m.plan_accesses_of({ accesses, people: m.count_people(counted(people.size, locale)) })
          : accesses}
      </p>
      <p>{m.plan_apps()}</p>
      <ul className={css.points} data-testid="plan-apps">
        {run.apps.map((app) => (
          <li key={app.key}>
            <T>{app.name}</T> <span className={css.faint}>{appIdWords(app)}</span>
          </li>
        ))}
      </ul>
      {run.column && (
        <p data-testid="plan-column">
          <T>{m.plan_column({ column: columnWords(run.column) })}</T>
        </p>
      )}
    </>
  );
}

/** What tells an app from another one of that name. At Microsoft the object in the organisation has its own. */
function appIdWords({ client_id, key }: RunAppView): string {
  const ids = client_id ? [m.plan_app_client({ id: client_id })] : [];
  if (client_id !== key) ids.push(m.plan_app_object({ id: key }));
  return ids.join(m.list_comma());
}

/** What stops besides: HubSpot's article tells of HubSpot only. */
function stopsWords(run: RunView): string {
  const apps = appsWords(run.apps);
  if (run.suite === "microsoft") return m.plan_stops_microsoft({ apps });
  const others = run.apps.filter((app) => !app.by_name);
  const parts = hasHubSpot(run) ? [m.plan_stops_google()] : [];
  if (others.length > 0) parts.push(m.plan_stops_other({ apps: appsWords(others) }));
  return sentences(parts);
}

/** Why a plan can't be started now. */
function hindranceWords(organisation: OrganisationView | null, sample: boolean): string {
  if (sample) return m.hindrance_sample();
  const signIn = organisation?.sign_in;
  if (!signIn) return m.hindrance_signed_out();
  if (signIn.refused_since) return m.hindrance_refused();
  if (signIn.read_only) return m.hindrance_read_only();
  if (!signIn.permissions.includes("revoke")) return m.hindrance_not_granted();
  return m.hindrance_other();
}
