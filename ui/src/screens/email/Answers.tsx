import { useState } from "react";
import type { RemindIn } from "../../backend";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import type { StepView } from "../../backend/generated/StepView";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { stepCheckWords } from "../../words/facts";
import { CloseForm } from "./CloseForm";
import css from "./Finish.module.css";
import { NotListedForm } from "./NotListedForm";
import { RemindMenu } from "./RemindMenu";

export type Remind = { busy: boolean; run: (days: RemindIn) => void } | null;

type Props = {
  card: DisconnectCard;
  step: StepView;
  remind: Remind;
  /** Back from the page. */
  returned: boolean;
};

/** The honest answers to a step. After the page was opened they stand under "Did it work?". */
export function Answers({ card, step, remind, returned }: Props) {
  const confirm = useCommand((backend) => backend.confirmStep(card.id, step.kind));
  const check = useCommand((backend) => backend.checkStep(card.id, step.kind));
  const [asking, setAsking] = useState<"not_listed" | "close" | null>(null);
  const [checked, setChecked] = useState<string | null>(null);
  const can = (action: StepView["actions"][number]) => step.actions.includes(action);
  const strong = returned || !can("open");

  const look = async () => {
    setChecked(null);
    const found = await check.run();
    if (found) setChecked(stepCheckWords(found.result));
  };

  return (
    <div className={css.answers} data-asking={returned || undefined} data-testid="step-answers">
      {can("confirm") && (
        <p role="status" className={css.question} data-testid="answers-title">
          {returned ? m.answers_did_it_work() : m.answers_after()}
        </p>
      )}
      <div className={css.line}>
        {can("confirm") && (
          <Button
            tone={strong ? "strong" : "plain"}
            busy={confirm.busy}
            onPress={() => void confirm.run()}
            data-testid="step-confirm"
          >
            {confirmWords(step)}
          </Button>
        )}
        {can("check") && (
          <Button busy={check.busy} onPress={() => void look()} data-testid="step-check">
            {m.step_check()}
          </Button>
        )}
        {can("not_listed") && (
          <Button
            onPress={() => setAsking(asking === "not_listed" ? null : "not_listed")}
            aria-expanded={asking === "not_listed"}
            data-testid="step-not-listed"
          >
            {m.answer_not_listed()}
          </Button>
        )}
        {remind && <RemindMenu tone="quiet" remind={remind} />}
        {can("close") && (
          <Button
            tone="quiet"
            onPress={() => setAsking(asking === "close" ? null : "close")}
            aria-expanded={asking === "close"}
            data-testid="step-close"
          >
            {m.answer_close()}
          </Button>
        )}
      </div>
      {checked && (
        <p role="status" data-testid="step-checked">
          {checked}
        </p>
      )}
      <ErrorNote
        failure={confirm.failure ?? check.failure}
        onDismiss={confirm.failure ? confirm.forget : check.forget}
      />
      {asking === "not_listed" && <NotListedForm card={card} onDone={() => setAsking(null)} />}
      {asking === "close" && <CloseForm card={card} step={step} onDone={() => setAsking(null)} />}
    </div>
  );
}

function confirmWords(step: StepView): string {
  switch (step.kind) {
    case "disable_in_crm":
      return m.answer_disabled();
    case "withdraw_password":
      return m.answer_password();
    case "remove_forwarding":
      return m.answer_forwarding();
    case "connect_again":
      return m.answer_connected();
    case "remove_from_crm":
    case "revoke_grant":
    case "forget_secret":
      return m.answer_removed();
  }
}
