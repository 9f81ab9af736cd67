import { useState } from "react";
import { AppFailure } from "../../backend/failure";
import type { RestoreView } from "../../backend/generated/RestoreView";
import type { RunView } from "../../backend/generated/RunView";
import type { VerifiedView } from "../../backend/generated/VerifiedView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { go, toHash } from "../../state/route";
import { leftWords, notReadWords } from "../../words/admin";
import { appsWords, givenBackWords, hasHubSpot } from "../../words/beside";
import { errorWords } from "../../words/errors";
import { numberWords } from "../../words/numbers";
import { leftAdvice, sumWords, unreadOf, verifiedWords } from "../../words/runs";
import email from "../email/Email.module.css";
import { NotLooked, Roles } from "./Beside";
import { RetryDialog } from "./CancelDialog";
import { RestoreDialog } from "./RestoreDialog";
import { RunProgress } from "./RunProgress";
import css from "./Runs.module.css";

/** What a run came to, with everything that was left and why. */
export function ResultCard({ run }: { run: RunView }) {
  const locale = useLocale();
  const [retrying, setRetrying] = useState(false);
  const [restoring, setRestoring] = useState(false);
  const stop = useCommand((backend) => backend.pauseRun(run.id));
  const verify = useCommand((backend) => backend.verifyRun(run.id).then(() => true as const));
  const sum = sumWords(run, locale);
  const plan = useCommand((backend) =>
    backend.plan({ from: "remaining", organisation: run.organisation, run: run.id }),
  );
  const planRemaining = async () => {
    const made = await plan.run();
    if (made) go({ screen: "runs", run: made.id });
  };
  return (
    <Card
      title={run.state === "cancelled" ? m.result_cancelled() : m.result_heading()}
      testid="result-card"
      aside={
        <>
          <span className={email.spring} />
          <div className={email.buttons}>
            {run.actions.includes("verify") && (
              <Button busy={verify.busy} onPress={() => void verify.run()} data-testid="run-verify">
                {m.run_verify()}
              </Button>
            )}
            {run.actions.includes("plan_remaining") && (
              <Button busy={plan.busy} onPress={() => void planRemaining()} data-testid="run-plan-remaining">
                {m.run_plan_remaining()}
              </Button>
            )}
            {run.restoring && run.actions.includes("pause") && (
              <Button busy={stop.busy} onPress={() => void stop.run()} data-testid="restore-stop">
                {m.restore_stop()}
              </Button>
            )}
            {run.actions.includes("restore") && (
              <Button onPress={() => setRestoring(true)} data-testid="run-restore">
                {m.restore_button()}
              </Button>
            )}
            {run.actions.includes("retry") && (
              <Button tone="danger" onPress={() => setRetrying(true)} data-testid="run-retry">
                {m.run_retry()}
              </Button>
            )}
          </div>
        </>
      }
    >
      <div className={css.stack}>
        <p className={css.sum} role="status" data-testid="run-sum" data-mark={sum.mark}>
          <StateMark mark={sum.mark} size={22} />
          <span>{sum.words}</span>
        </p>
        {givenBackWords(run, locale).map((words) => (
          <p key={words} data-testid="run-given-back">
            <T>{words}</T>
          </p>
        ))}
        {run.restoring && (
          <p role="status" data-testid="run-restoring">
            <T>{m.restore_going()}</T>
          </p>
        )}
        {!run.restoring && run.restored && <Restored restored={run.restored} />}
        {/* It is being read again, or given back. */}
        {run.progress && <RunProgress run={run} />}
        <ErrorNote failure={verify.failure ?? stop.failure} onDismiss={verify.forget} />
        <ErrorNote failure={plan.failure} onDismiss={plan.forget} />
        {run.verified && !run.progress && <Verified verified={run.verified} />}
        {run.left.length > 0 && (
          <ul className={css.reasons} aria-label={m.result_reasons()} data-testid="run-reasons">
            {run.left.map(({ why, count }) => (
              <li key={why} data-why={why}>
                <strong className={css.number}>{numberWords(count, locale)}</strong>
                <div>
                  <p className={css.why}>
                    <T>{leftWords(why)}</T>
                  </p>
                  <p className={css.soft}>
                    <T>{leftAdvice(why)}</T>
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
        <Roles apps={run.apps} />
        {run.suite === "google" && run.counts.proven > 0 && (
          <p className={css.soft}>
            <T>{m.restore_google({ apps: appsWords(run.apps) })}</T>
          </p>
        )}
        {hasHubSpot(run) && (
          <p className={css.soft}>
            <T>{m.result_hubspot()}</T>{" "}
            <a
              className={css.inline}
              href={toHash({ screen: "access", organisation: run.organisation, view: "crm_only" })}
            >
              {m.view_crm_only()}
            </a>
          </p>
        )}
        <NotLooked what={run.not_looked_at} />
      </div>
      {restoring && <RestoreDialog run={run} item={null} onClose={() => setRestoring(false)} />}
      {retrying && <RetryDialog run={run} onClose={() => setRetrying(false)} />}
    </Card>
  );
}

/** How giving back went: what was, and why the rest was not. */
function Restored({ restored }: { restored: RestoreView }) {
  const locale = useLocale();
  const shown = (number: number) => numberWords(number, locale);
  const whose = (address: string) => address || m.everybody();
  return (
    <div data-testid="run-restored">
      <p role="status">
        <T>{m.restore_done({ restored: shown(restored.restored), asked: shown(restored.asked) })}</T>
      </p>
      {restored.stopped && <ErrorNote failure={AppFailure.from(restored.stopped)} />}
      {restored.failed.length > 0 && (
        <ul className={css.points}>
          {restored.failed.map(({ seq, address, code }) => (
            <li key={seq} data-code={code}>
              <T>{`${whose(address)}: ${errorWords(new AppFailure(code, { address: whose(address) }))}`}</T>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What the last reading of all lists came to: what was read, and what could not be, with the reason. */
function Verified({ verified }: { verified: VerifiedView }) {
  const locale = useLocale();
  const unread = unreadOf(verified);
  return (
    <div role="status" data-testid="run-verified" data-read={verified.read} data-unread={unread}>
      <p>
        <T>{verifiedWords(verified, locale)}</T>
      </p>
      {verified.not_read.map(({ why, count }) => (
        <p key={why} className={css.soft} data-why={why}>
          <T>{m.verified_unread({ count: numberWords(count, locale), why: notReadWords(why) })}</T>
        </p>
      ))}
      {unread > 0 && (
        <p className={css.soft}>
          <T>{m.verified_old_proofs()}</T>
        </p>
      )}
    </div>
  );
}
