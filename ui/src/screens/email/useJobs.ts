import { useState } from "react";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";

/** A screen's jobs, told apart: those to finish, in their place above all else, and those that are done. */
export function useJobs(cards: DisconnectCard[], job: string | undefined) {
  // Jobs that were completed while somebody watched stay in their place until they are put away.
  const [watched, setWatched] = useState<ReadonlySet<string>>(new Set());
  const inPlace = cards.filter(
    (card) => (!card.completion.complete && (card.in_sight || card.id === job)) || watched.has(card.id),
  );
  return {
    inPlace,
    done: cards.filter((card) => card.completion.complete && !watched.has(card.id)),
    urgent: inPlace.some((card) => !card.completion.complete),
    watch: (id: string) => setWatched((before) => (before.has(id) ? before : new Set([...before, id]))),
    putAway: (id: string) => setWatched((before) => new Set([...before].filter((other) => other !== id))),
  };
}
