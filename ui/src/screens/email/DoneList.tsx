import { useEffect, useRef } from "react";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import { ProviderIcon } from "../../components/ProviderIcon";
import { m } from "../../paraglide/messages";
import { completionWords } from "../../words/facts";
import css from "./DoneList.module.css";
import { Checklist } from "./JobCard";

/** What was disconnected, quietly, each line with its evidence one click away. */
export function DoneList({ cards, focused }: { cards: DisconnectCard[]; focused: string | undefined }) {
  if (cards.length === 0) return null;
  return (
    <section className={css.section} aria-labelledby="done-heading" data-testid="done-section">
      <div className={css.heading}>
        <h2 id="done-heading">{m.done_heading()}</h2>
        <span className={css.faint}>{m.done_count({ count: cards.length })}</span>
      </div>
      <ul className={css.list}>
        {cards.map((card) => (
          <DoneItem key={card.id} card={card} focused={card.id === focused} />
        ))}
      </ul>
    </section>
  );
}

function DoneItem({ card, focused }: { card: DisconnectCard; focused: boolean }) {
  const summary = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focused) summary.current?.focus();
  }, [focused]);
  return (
    <li>
      <details className={css.item} open={focused} data-testid="done-item" data-address={card.address}>
        <summary ref={summary} className={css.line}>
          <ProviderIcon provider={card.provider} muted />
          <h3 className={css.address}>{card.address}</h3>
          <span
            className={css.title}
            data-testid="completion-title"
            data-rank={card.completion.weakest?.rank}
          >
            {completionWords(card)}
          </span>
        </summary>
        <div className={css.steps}>
          <Checklist card={card} />
        </div>
      </details>
    </li>
  );
}
