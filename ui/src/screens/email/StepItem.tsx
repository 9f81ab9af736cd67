import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import type { StepView } from "../../backend/generated/StepView";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { keptOnHint } from "../../words/devices";
import { evidenceWords, notNeededWords, stepWords } from "../../words/facts";
import { stepLook, stepMarkWords } from "../../words/headlines";
import { whenWords } from "../../words/times";
import type { Remind } from "./Answers";
import { BackendStep } from "./BackendStep";
import { FindingNote } from "./FindingNote";
import css from "./Finish.module.css";
import { GuidedStep } from "./GuidedStep";

type Props = {
  card: DisconnectCard;
  step: StepView;
  number: number;
  open: boolean;
  onOpen: () => void;
  remind: Remind;
};

/** One step: its mark, where it stands in words, and, when open, how to do it. */
export function StepItem({ card, step, number, open, onOpen, remind }: Props) {
  const withdraw = useCommand((backend) => backend.withdrawConfirmation(card.id, step.kind));
  const title = stepWords(step.kind, card);
  const settled = step.state === "done" || step.state === "not_needed";
  const closed = step.evidence?.rank === "unverified";
  const actable = !settled && step.actions.length > 0;

  return (
    <li
      className={css.step}
      data-testid={`step-${step.kind}`}
      data-state={step.state}
      data-open={open || undefined}
    >
      <StepMark step={step} number={number} current={open} />
      <div className={css.stepBody}>
        <div className={css.stepHead}>
          <div>
            <h4 tabIndex={-1}>{title}</h4>
            <StepLine step={step} />
          </div>
          {actable && !open && (
            <Button small onPress={onOpen} aria-label={`${m.step_show()}: ${title}`} data-testid="step-show">
              {m.step_show()}
            </Button>
          )}
          {step.actions.includes("withdraw") && (
            <Button
              tone="quiet"
              small
              busy={withdraw.busy}
              onPress={() => void withdraw.run()}
              aria-label={closed ? m.reopen_label({ step: title }) : m.withdraw_label({ step: title })}
              data-testid="step-withdraw"
            >
              {closed ? m.reopen() : m.withdraw()}
            </Button>
          )}
        </div>
        <ErrorNote failure={withdraw.failure} onDismiss={withdraw.forget} />
        {step.finding && (
          <FindingNote finding={step.finding} address={card.address} provider={card.provider} />
        )}
        {actable &&
          open &&
          (step.mode === "guided" ? (
            <GuidedStep card={card} step={step} remind={remind} />
          ) : (
            <BackendStep card={card} step={step} remind={remind} />
          ))}
      </div>
    </li>
  );
}

function StepLine({ step }: { step: StepView }) {
  const locale = useLocale();
  const lines: string[] = [];
  if (step.evidence) lines.push(evidenceWords(step.evidence, locale));
  else if (step.not_needed) lines.push(notNeededWords(step.not_needed));
  else if (step.state === "waiting") lines.push(m.state_waiting());
  else if (step.state === "later") lines.push(m.state_later());
  if (step.kept_on) lines.push(keptOnHint(step.kept_on));
  if (step.forget_by) lines.push(m.state_forget_by({ time: whenWords(step.forget_by, locale) }));
  return lines.map((line) => (
    <p key={line} className={css.faint} data-testid="step-line">
      <T>{line}</T>
    </p>
  ));
}

/** A circle whose shape and text tell the state; screen readers hear the words. */
function StepMark({ step, number, current }: { step: StepView; number: number; current: boolean }) {
  const look = stepLook(step);
  const sign = {
    proven: "✓",
    own: "✓",
    stated: "✓",
    unverified: "!",
    not_needed: "–",
    waiting: "…",
    open: String(number),
    later: String(number),
  }[look];
  return (
    <span className={css.mark} data-look={look} data-current={current || undefined}>
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{stepMarkWords(look)}</span>
    </span>
  );
}
