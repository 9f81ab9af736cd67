import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import type { StepView } from "../../backend/generated/StepView";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { Answers, type Remind } from "./Answers";
import css from "./Finish.module.css";

/** A step that the backend performs: one button, and the answer is the proof. */
export function BackendStep({
  card,
  step,
  remind,
}: {
  card: DisconnectCard;
  step: StepView;
  remind: Remind;
}) {
  const run = useCommand((backend) => backend.runStep(card.id, step.kind));
  const revoking = step.kind === "revoke_grant";
  const forgetting = step.kind === "forget_secret";
  return (
    <div className={css.guide}>
      {revoking && (
        <p>
          <T>{m.run_revoke_hint()}</T>
        </p>
      )}
      {forgetting && !step.kept_on && (
        <p>
          <T>{m.run_forget_hint()}</T>
        </p>
      )}
      {forgetting && step.forget_by && (
        <p>
          <T>{m.step_check_forget()}</T>
        </p>
      )}
      {card.shared_with.length > 0 && revoking && (
        <p>
          <T>{m.guide_shared({ addresses: card.shared_with.join(m.list_comma()) })}</T>
        </p>
      )}
      {step.actions.includes("run") && (
        <div>
          <Button tone="strong" busy={run.busy} onPress={() => void run.run()} data-testid="step-run">
            {run.busy
              ? m.working()
              : revoking
                ? step.finding
                  ? m.run_revoke_again()
                  : m.run_revoke()
                : forgetting
                  ? m.run_forget()
                  : m.run_here()}
          </Button>
        </div>
      )}
      <ErrorNote failure={run.failure} onDismiss={run.forget} />
      <Answers card={card} step={step} remind={remind} returned={false} />
    </div>
  );
}
