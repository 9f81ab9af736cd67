import { useState } from "react";
import type { RunView } from "../../backend/generated/RunView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { Progress } from "../../components/Progress";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { toHash } from "../../state/route";
import { providerOf } from "../../words/admin";
import { durationWords, numberWords } from "../../words/numbers";
import { pauseWords, totalOf } from "../../words/runs";
import email from "../email/Email.module.css";
import { CancelDialog } from "./CancelDialog";
import { Figures } from "./Figures";
import css from "./Runs.module.css";

/** A run that is under way or stopped for now. */
export function GoingCard({ run }: { run: RunView }) {
  const locale = useLocale();
  const [cancelling, setCancelling] = useState(false);
  const pause = useCommand((backend) => backend.pauseRun(run.id));
  const resume = useCommand((backend) => backend.resumeRun(run.id));
  const { progress, counts, suite, actions } = run;
  const total = totalOf(run);
  const done = progress?.done ?? counts.proven + counts.left;
  const shown = (number: number) => numberWords(number, locale);
  const words = m.run_done_of({ done: shown(done), total: shown(total) });
  const none = m.figure_unknown();
  const waiting = progress && progress.waiting > 0 ? shown(progress.waiting) : null;

  return (
    <Card
      title={run.state === "running" ? m.going_heading() : m.paused_heading()}
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
        <div>
          <Progress label={m.run_progress()} done={done} total={total} words={words} testid="run-progress" />
          <Figures
            figures={[
              { label: m.figure_done(), value: words },
              { label: m.figure_proven(), value: shown(counts.proven) },
              {
                label: m.figure_rate(),
                value: progress ? m.rate_items({ rate: rateOf(progress.rate, locale) }) : none,
              },
              {
                label: m.figure_left(),
                value:
                  progress?.seconds_left === null || progress === null
                    ? none
                    : durationWords(progress.seconds_left, locale),
              },
              { label: m.figure_lagging(), value: progress ? shown(progress.lagging) : none },
              { label: m.figure_repeated(), value: progress ? shown(progress.repeated) : none },
            ]}
            waiting={waiting && m.provider_waits({ provider: providerOf(suite), seconds: waiting })}
          />
        </div>
        <p className={css.soft}>
          <T>{m.going_hint({ provider: providerOf(suite) })}</T>
        </p>
      </div>
      {cancelling && <CancelDialog run={run} onClose={() => setCancelling(false)} />}
    </Card>
  );
}

/** Slow runs have a figure behind the point. */
const rateOf = (rate: number, locale: "ja" | "en") =>
  numberWords(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate), locale);

function Paused({ run }: { run: RunView }) {
  const { why, advice } = pauseWords(run.paused ?? "by_member");
  const elsewhere = run.paused === "sign_in" || run.paused === "forbidden" || run.paused === "limits";
  return (
    <Note tone="warn" title={why} testid="run-paused">
      <T>{advice}</T>
      {elsewhere && (
        <a className={css.link} href={toHash({ screen: "access", organisation: run.organisation })}>
          {m.runs_to_access()}
        </a>
      )}
    </Note>
  );
}
