import { useEffect, useId, useRef, useState } from "react";
import { Checkbox } from "react-aria-components";
import type { RemindIn } from "../../backend";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import type { StepKind } from "../../backend/generated/StepKind";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { ProviderIcon } from "../../components/ProviderIcon";
import { m } from "../../paraglide/messages";
import { useKeptFocus } from "../../state/focus";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { purposeWords, stepWords } from "../../words/facts";
import { cardWords, completionWords, jobStrength } from "../../words/headlines";
import { whenWords } from "../../words/times";
import css from "./Finish.module.css";
import { ReconnectDialog } from "./ReconnectDialog";
import { RemindMenu } from "./RemindMenu";
import { StepItem } from "./StepItem";

type Props = {
  card: DisconnectCard;
  open: boolean;
  /** Bring it into view and give it the focus. */
  focused: boolean;
  onToggle: () => void;
  onPutAway: () => void;
};

/** One disconnect: a line when folded, the checklist when open. */
export function JobCard({ card, open, focused, onToggle, onPutAway }: Props) {
  const locale = useLocale();
  const panel = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const box = useRef<HTMLElement>(null);
  useKeptFocus(box, () => box.current?.querySelector<HTMLElement>("li[data-open] h4") ?? title.current);
  const { complete, done, total } = card.completion;

  useEffect(() => {
    if (!focused) return;
    title.current?.scrollIntoView?.({ block: "nearest" });
    title.current?.focus();
  }, [focused]);

  const purpose = purposeWords(card.purpose);
  const next = card.steps.find((step) => step.state === "open" || step.state === "waiting");
  return (
    <article
      ref={box}
      className={css.card}
      data-complete={complete || undefined}
      data-strength={jobStrength(card) ?? undefined}
      data-testid="disconnect-card"
      data-address={card.address}
      data-open={open || undefined}
    >
      <div className={css.head}>
        <ProviderIcon provider={card.provider} />
        <div className={css.title}>
          <h3 ref={title} tabIndex={-1}>
            {cardWords(card)}
          </h3>
          <p className={css.faint}>
            {card.inbox && `${m.job_inbox({ inbox: card.inbox.name })} · `}
            {purpose && <span data-testid="job-purpose">{purpose} · </span>}
            {card.snoozed_until && `${m.later_until({ time: whenWords(card.snoozed_until, locale) })} · `}
            {complete && <strong data-testid="completion-title">{completionWords(card)}</strong>}
            {!complete && card.half && `${m.job_half()} · `}
            {!complete && next && m.job_next({ step: stepWords(next.kind, card) })}
          </p>
        </div>
        <div className={css.progress}>
          <span className={css.faint}>{m.job_progress({ done, total })}</span>
          <progress className={css.meter} max={total} value={done} aria-hidden="true" />
        </div>
        {complete ? (
          <Button onPress={onPutAway} data-testid="job-put-away">
            {m.job_keep_in_list()}
          </Button>
        ) : (
          <Button
            onPress={onToggle}
            aria-expanded={open}
            aria-controls={open ? panel : undefined}
            data-testid="job-toggle"
          >
            {open ? m.job_hide() : m.job_show()}
          </Button>
        )}
      </div>
      {(open || complete) && (
        <div id={panel} className={css.panel}>
          <Checklist card={card} />
        </div>
      )}
    </article>
  );
}

/** The steps of a disconnect and what can be done about all of it. */
export function Checklist({ card }: { card: DisconnectCard }) {
  const locale = useLocale();
  const both = useCommand((backend) => backend.confirmInCrm(card.id));
  const undo = useCommand((backend) => backend.undoRemoval(card.id));
  const stop = useCommand((backend) => backend.stopDisconnect(card.id));
  const putOff = useCommand((backend, days: RemindIn) => backend.remind(card.id, days));
  const remind = { busy: putOff.busy, run: (days: RemindIn) => void putOff.run(days) };
  const [chosen, setChosen] = useState<StepKind | null>(null);
  const [connecting, setConnecting] = useState(false);

  const actable = card.steps.filter((step) => step.actions.some((action) => action !== "withdraw"));
  const open = actable.find((step) => step.kind === chosen) ?? actable[0];
  const failed = [both, undo, stop, putOff].find((command) => command.failure);
  const can = (action: DisconnectCard["actions"][number]) => card.actions.includes(action);

  return (
    <>
      {can("confirm_in_crm") && (
        <div className={css.both}>
          <Checkbox
            className={css.tick}
            isSelected={both.busy}
            isDisabled={both.busy}
            onChange={() => void both.run()}
            data-testid="confirm-both"
          >
            <span className={css.box} />
            {m.job_both()}
          </Checkbox>
          <span className={css.faint}>{m.job_both_hint()}</span>
        </div>
      )}
      <ol className={css.steps}>
        {card.steps.map((step, index) => (
          <StepItem
            key={step.kind}
            card={card}
            step={step}
            number={index + 1}
            open={step === open}
            onOpen={() => setChosen(step.kind)}
            remind={can("remind") ? remind : null}
          />
        ))}
      </ol>
      {failed && <ErrorNote failure={failed.failure} onDismiss={failed.forget} />}
      <div className={css.foot}>
        {can("undo") && (
          <Button small busy={undo.busy} onPress={() => void undo.run()} data-testid="job-undo">
            {m.job_undo()}
          </Button>
        )}
        {can("stop") && (
          <Button small busy={stop.busy} onPress={() => void stop.run()} data-testid="job-stop">
            {m.job_stop()}
          </Button>
        )}
        {can("remind") && !open && <RemindMenu small remind={remind} />}
        {can("connect_again") && (
          <Button small onPress={() => setConnecting(true)} data-testid="job-connect-again">
            {m.job_connect_again()}
          </Button>
        )}
        <span className={css.faint}>
          {m.job_opened({ time: whenWords(card.opened_at, locale), name: card.opened_by })}
        </span>
      </div>
      {connecting && (
        <ReconnectDialog
          row={{
            id: card.mailbox,
            address: card.address,
            provider: card.provider,
            team: card.inbox !== null,
          }}
          onClose={() => setConnecting(false)}
        />
      )}
    </>
  );
}
