import { useState } from "react";
import type { RunView } from "../../backend/generated/RunView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { toHash } from "../../state/route";
import { providerOf } from "../../words/admin";
import { numberWords } from "../../words/numbers";
import { pauseWords, totalOf } from "../../words/runs";
import email from "../email/Email.module.css";
import { CancelDialog } from "./CancelDialog";
import { RunProgress } from "./RunProgress";
import css from "./Runs.module.css";

/** A run that is under way or stopped for now. */
export function GoingCard({ run }: { run: RunView }) {
  const [cancelling, setCancelling] = useState(false);
  const pause = useCommand((backend) => backend.pauseRun(run.id));
  const resume = useCommand((backend) => backend.resumeRun(run.id));
  const { actions } = run;

  return (
    <Card
      title={headingOf(run)}
      testid="going-card"
      aside={
        <>
          <span className={email.spring} />
          <div className={email.buttons}>
            {actions.includes("cancel") && (
              <Button tone="danger" onPress={() => setCancelling(true)} data-testid="run-cancel">
                {m.run_cancel()}
              </Button>
            )}
            {actions.includes("pause") && (
              <Button busy={pause.busy} onPress={() => void pause.run()} data-testid="run-pause">
                {m.run_pause()}
              </Button>
            )}
            {actions.includes("resume") && (
              <Button
                tone="strong"
                busy={resume.busy}
                onPress={() => void resume.run()}
                data-testid="run-resume"
              >
                {m.run_resume()}
              </Button>
            )}
          </div>
        </>
      }
    >
      <div className={css.stack}>
        {run.state === "paused" && <Paused run={run} />}
        {run.elsewhere && (
          <Note testid="run-elsewhere">
            <T>{m.run_elsewhere()}</T>
          </Note>
        )}
        <ErrorNote failure={pause.failure ?? resume.failure} />
        <RunProgress run={run} />
        <p className={css.soft}>
          <T>{hintOf(run)}</T>
        </p>
      </div>
      {cancelling && <CancelDialog run={run} onClose={() => setCancelling(false)} />}
    </Card>
  );
}

function headingOf({ state, progress }: RunView): string {
  if (progress?.stopping) return m.stopping_heading();
  return state === "running" ? m.going_heading() : m.paused_heading();
}

function hintOf({ state, progress, suite }: RunView): string {
  if (progress?.stopping) return m.stopping_hint();
  const provider = providerOf(suite);
  // What a member paused does not go on by itself at the next start.
  return state === "running" ? m.going_hint({ provider }) : m.paused_hint({ provider });
}

function Paused({ run }: { run: RunView }) {
  const locale = useLocale();
  const { why, advice } = pauseWords(run.paused ?? "by_member");
  const elsewhere = run.paused === "sign_in" || run.paused === "forbidden" || run.paused === "limits";
  return (
    <Note tone="warn" title={why} testid="run-paused">
      {run.paused === "disk_full" && run.deleted !== null && (
        <p data-testid="run-deleted">
          <T>
            {m.pause_disk_full_deleted({
              deleted: numberWords(run.deleted, locale),
              proven: numberWords(run.counts.proven, locale),
              total: numberWords(totalOf(run), locale),
            })}
          </T>
        </p>
      )}
      <T>{advice}</T>
      {elsewhere && (
        <a className={css.link} href={toHash({ screen: "access", organisation: run.organisation })}>
          {m.runs_to_access()}
        </a>
      )}
    </Note>
  );
}
