import { useRef } from "react";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import type { ReportFormat } from "../../backend/generated/ReportFormat";
import type { RunView } from "../../backend/generated/RunView";
import { Card } from "../../components/Card";
import { FileForm, type FileFormat, LIST_FORMATS } from "../../components/FileForm";
import { ForeignHosts } from "../../components/ForeignHosts";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useArrival, useKeptFocus } from "../../state/focus";
import { useLocale } from "../../state/locale";
import { toHash } from "../../state/route";
import { providerOf, suiteWords } from "../../words/admin";
import { counted } from "../../words/numbers";
import { runTitle } from "../../words/runs";
import { whole } from "../../words/sides";
import { whenWords } from "../../words/times";
import settings from "../settings/Settings.module.css";
import { GoingCard } from "./GoingCard";
import { ItemsCard } from "./ItemsCard";
import { PlanCard } from "./PlanCard";
import { RefusedCard } from "./RefusedCard";
import { ResultCard } from "./ResultCard";
import css from "./Runs.module.css";

/** One plan or run, from the plan to the proof. */
export function RunPage({ run, organisations }: { run: RunView; organisations: OrganisationView[] }) {
  const locale = useLocale();
  const organisation = organisations.find((one) => one.id === run.organisation) ?? null;
  const page = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useArrival(heading, run.state);
  useKeptFocus(page, (box) =>
    box.querySelector<HTMLElement>("[data-testid=run-resume], [data-testid=run-pause]"),
  );
  const planned = run.state === "planned" || run.state === "scheduled";
  return (
    <div ref={page} data-testid="run-page" data-state={run.state}>
      <a className={css.back} href={toHash({ screen: "runs" })} data-testid="runs-back">
        <span aria-hidden="true">‹ </span>
        {m.runs_heading()}
      </a>
      <h1 className={settings.title} ref={heading} tabIndex={-1}>
        {runTitle(run, locale)}
      </h1>
      <div className={settings.stack}>
        <p className={css.about}>
          {[
            m.organisation_at({ name: run.organisation_name, provider: suiteWords(run.suite) }),
            m.run_planned_by({ name: whole(run.by), time: whenWords(run.planned, locale) }),
            run.started && m.run_started_at({ time: whenWords(run.started, locale) }),
            run.ended && restWords(run.state, whenWords(run.ended, locale)),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
        <ForeignHosts at={run.suite} named={run.hosts} />
        {run.hosts.length > 0 && (
          <Note tone="warn" title={m.run_hosts()} testid="run-hosts">
            <T>
              {m.run_hosts_hint({
                provider: providerOf(run.suite),
                hosts: run.hosts.join(", "),
              })}
            </T>
          </Note>
        )}
        {run.partial && (
          <Note tone="warn" title={m.plan_partial()} testid="run-partial">
            <T>{m.plan_partial_hint()}</T>{" "}
            <a className={css.link} href={toHash({ screen: "access", organisation: run.organisation })}>
              {m.runs_to_access()}
            </a>
          </Note>
        )}
        {planned && <PlanCard run={run} organisation={organisation} />}
        {(run.state === "running" || run.state === "paused") && <GoingCard run={run} />}
        {(run.state === "ended" || run.state === "cancelled") && <ResultCard run={run} />}
        {planned && run.refused > 0 && <RefusedCard run={run} />}
        <ItemsCard run={run} planned={planned} />
        {!planned && run.refused > 0 && <RefusedCard run={run} />}
        {planned ? <PlanFile run={run} /> : run.actions.includes("report") && <ReportFile run={run} />}
      </div>
    </div>
  );
}

/** When it came to rest, for now or for good. */
function restWords(state: RunView["state"], time: string): string {
  return state === "paused" ? m.run_paused_at({ time }) : m.run_ended_at({ time });
}

function PlanFile({ run }: { run: RunView }) {
  const locale = useLocale();
  return (
    <Card title={m.plan_export()} testid="plan-file">
      <FileForm
        formats={LIST_FORMATS}
        what="plan"
        write={(backend, format, path) => backend.exportPlan(run.id, format, path)}
        submit={m.history_export()}
        written={({ entries, path }) => m.lines_exported({ ...counted(entries, locale), path })}
      />
    </Card>
  );
}

function ReportFile({ run }: { run: RunView }) {
  const locale = useLocale();
  const formats: FileFormat<ReportFormat>[] = [
    { key: "page", label: m.report_page(), ending: "html" },
    ...LIST_FORMATS,
  ];
  return (
    <Card title={m.report_heading()} testid="report-file">
      <FileForm
        formats={formats}
        what="report"
        write={(backend, format, path) => backend.reportRun(run.id, format, path)}
        submit={m.report_write()}
        written={({ entries, path }) => m.report_written({ ...counted(entries, locale), path })}
      />
    </Card>
  );
}
