import type { RunView } from "../../backend/generated/RunView";
import { Card } from "../../components/Card";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { toHash } from "../../state/route";
import { suiteWords } from "../../words/admin";
import { runStateWords, runTitle } from "../../words/runs";
import { whole } from "../../words/sides";
import { whenWords } from "../../words/times";
import email from "../email/Email.module.css";
import settings from "../settings/Settings.module.css";
import css from "./Runs.module.css";

/** All plans and runs, newest first. */
export function RunList({ runs }: { runs: RunView[] }) {
  const locale = useLocale();
  return (
    <Card
      flush
      title={m.runs_list()}
      aside={<span className={settings.status}>{m.runs_count({ count: runs.length })}</span>}
      testid="runs-card"
    >
      {runs.length === 0 ? (
        <div className={email.empty} data-testid="runs-empty">
          <p>
            <T>{m.runs_empty()}</T>
          </p>
          <a className={css.link} href={toHash({ screen: "access" })}>
            {m.runs_to_access()}
          </a>
        </div>
      ) : (
        <ul className={css.list} aria-label={m.runs_list()}>
          {runs.map((run) => {
            const { mark, words } = runStateWords(run, locale);
            return (
              <li
                key={run.id}
                data-testid="run-row"
                data-run={run.id}
                data-state={run.state}
                data-mark={mark}
              >
                <span className={css.what}>
                  <a href={toHash({ screen: "runs", run: run.id })} data-testid="run-open">
                    {runTitle(run, locale)}
                  </a>
                  <span className={css.faint}>
                    {run.leaver ? `${run.organisation_name} · ` : ""}
                    {suiteWords(run.suite)}
                  </span>
                </span>
                <span className={css.state}>
                  <StateMark mark={mark} />
                  <T>{words}</T>
                </span>
                <span className={css.by}>
                  {m.run_planned_by({ name: whole(run.by), time: whenWords(run.planned, locale) })}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
