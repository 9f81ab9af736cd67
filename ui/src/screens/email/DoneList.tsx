import { useEffect, useId, useRef } from "react";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import { ProviderIcon } from "../../components/ProviderIcon";
import { StateMark } from "../../components/StateMark";
import { m } from "../../paraglide/messages";
import { completionWords, groupWords, jobStrength, STRENGTHS, type Strength } from "../../words/headlines";
import type { Mark } from "../../words/sides";
import css from "./DoneList.module.css";
import { Checklist } from "./JobCard";

/** Jobs without open steps, quietly, grouped by how they are known, each with its evidence one click away. */
export function DoneList({ cards, focused }: { cards: DisconnectCard[]; focused: string | undefined }) {
  if (cards.length === 0) return null;
  const groups = STRENGTHS.map((strength) => ({
    strength,
    of: cards.filter((card) => jobStrength(card) === strength),
  }));
  return (
    <section className={css.section} aria-labelledby="done-heading" data-testid="done-section">
      <div className={css.heading}>
        <h2 id="done-heading">{m.done_heading()}</h2>
        <span className={css.faint}>{m.done_count({ count: cards.length })}</span>
      </div>
      {groups.map(
        ({ strength, of }) =>
          of.length > 0 && <Group key={strength} strength={strength} cards={of} focused={focused} />,
      )}
    </section>
  );
}

function Group({
  strength,
  cards,
  focused,
}: {
  strength: Strength;
  cards: DisconnectCard[];
  focused: string | undefined;
}) {
  const heading = useId();
  return (
    <div data-testid="done-group" data-strength={strength}>
      <h3 id={heading} className={css.group}>
        {groupWords(strength)}
      </h3>
      <ul className={css.list} aria-labelledby={heading}>
        {cards.map((card) => (
          <DoneItem key={card.id} card={card} strength={strength} focused={card.id === focused} />
        ))}
      </ul>
    </div>
  );
}

const MARKS: Record<Strength, Mark | "warn"> = {
  proven: "ok",
  own: "gone",
  stated: "said",
  unverified: "warn",
};

function DoneItem({
  card,
  strength,
  focused,
}: {
  card: DisconnectCard;
  strength: Strength;
  focused: boolean;
}) {
  const summary = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focused) summary.current?.focus();
  }, [focused]);
  return (
    <li>
      <details className={css.item} open={focused} data-testid="done-item" data-address={card.address}>
        <summary ref={summary} className={css.line}>
          <ProviderIcon provider={card.provider} muted />
          <h4 className={css.address}>{card.address}</h4>
          <StateMark mark={MARKS[strength]} />
          <span
            className={css.title}
            data-testid="completion-title"
            data-rank={card.completion.weakest?.rank}
            data-strength={strength}
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
