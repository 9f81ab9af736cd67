import { useEffect, useId, useState } from "react";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import { m } from "../../paraglide/messages";
import { finishWords } from "../../words/headlines";
import css from "./Finish.module.css";
import { JobCard } from "./JobCard";

type Props = {
  cards: DisconnectCard[];
  /** The one that somebody asked to see. */
  focused: string | undefined;
  onWatch: (id: string) => void;
  onPutAway: (id: string) => void;
};

/** Everything that is half disconnected, above all else; one of them open. */
export function FinishSection({ cards, focused, onWatch, onPutAway }: Props) {
  const heading = useId();
  const due = cards.filter((card) => !card.snoozed_until);
  const later = cards.filter((card) => card.snoozed_until);
  const [chosen, setChosen] = useState<string | null | undefined>(focused);
  useEffect(() => {
    if (focused) setChosen(focused);
  }, [focused]);
  // Somebody who opened one and closed it wants none open; before that, the first one is.
  const open = chosen === undefined ? due[0]?.id : chosen;
  useEffect(() => {
    if (open && cards.some((card) => card.id === open)) onWatch(open);
  }, [open, cards, onWatch]);

  if (cards.length === 0) return null;
  const unfinished = due.filter((card) => !card.completion.complete).length;
  const list = (these: DisconnectCard[]) => (
    <ul className={css.cards}>
      {these.map((card) => (
        <li key={card.id}>
          <JobCard
            card={card}
            open={card.id === open}
            focused={card.id === focused}
            onToggle={() => setChosen(card.id === open ? null : card.id)}
            onPutAway={() => onPutAway(card.id)}
          />
        </li>
      ))}
    </ul>
  );

  return (
    <section className={css.section} aria-labelledby={heading} data-testid="finish-section">
      <div className={css.heading}>
        <h2 id={heading}>{finishWords(due)}</h2>
        {unfinished > 0 && <span className={css.faint}>{m.finish_count({ count: unfinished })}</span>}
      </div>
      {due.length > 0 && list(due)}
      {later.length > 0 && due.length > 0 && <h3 className={css.later}>{m.later_heading()}</h3>}
      {later.length > 0 && list(later)}
    </section>
  );
}
