import { useState } from "react";
import type { RunView } from "../../backend/generated/RunView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { toHash } from "../../state/route";
import { leftWords } from "../../words/admin";
import { numberWords } from "../../words/numbers";
import { leftAdvice, sumWords } from "../../words/runs";
import email from "../email/Email.module.css";
import { RetryDialog } from "./CancelDialog";
import { RunProgress } from "./RunProgress";
import css from "./Runs.module.css";

/** What a run came to, with everything that was left and why. */
export function ResultCard({ run }: { run: RunView }) {
  const locale = useLocale();
  const [retrying, setRetrying] = useState(false);
  const [verified, setVerified] = useState(false);
  const verify = useCommand((backend) => backend.verifyRun(run.id).then(() => true as const));
  const sum = sumWords(run, locale);
  const look = async () => {
    setVerified(false);
    setVerified((await verify.run()) === true);
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
              <Button busy={verify.busy} onPress={() => void look()} data-testid="run-verify">
                {m.run_verify()}
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
        {/* It is being read again. */}
        {run.progress && <RunProgress run={run} />}
        <ErrorNote failure={verify.failure} onDismiss={verify.forget} />
        {verified && (
          <p role="status" data-testid="run-verified">
            <T>{m.run_verified()}</T>
          </p>
        )}
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
        <p className={css.soft}>
          <T>{m.result_hubspot()}</T>{" "}
          <a
            className={css.inline}
            href={toHash({ screen: "access", organisation: run.organisation, view: "crm_only" })}
          >
            {m.view_crm_only()}
          </a>
        </p>
      </div>
      {retrying && <RetryDialog run={run} onClose={() => setRetrying(false)} />}
    </Card>
  );
}
