import type { Origin } from "../../backend/generated/Origin";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import { originWords } from "../../words/devices";
import css from "./Shell.module.css";

/** The safe answer first: a copy takes nothing over. */
const ANSWERS = [
  { origin: "copied", words: m.origin_copied },
  { origin: "moved", words: m.origin_moved },
  { origin: "restored", words: m.origin_restored },
] as const satisfies { origin: Origin; words: () => string }[];

/** On every screen, as long as nobody has said where the workspace comes from. */
export function OriginBanner() {
  const { origin } = useOverview().workspace;
  const say = useCommand((backend, answer: Origin) => backend.sayOrigin(answer));
  if (!origin) return null;
  return (
    <aside className={css.origin} aria-labelledby="origin-title" data-testid="origin-banner">
      <h2 id="origin-title">{m.origin_title()}</h2>
      {[...originWords(origin), m.origin_why(), m.origin_hint()].map((line) => (
        <p key={line}>
          <T>{line}</T>
        </p>
      ))}
      <div className={css.answers}>
        {ANSWERS.map(({ origin: answer, words }) => (
          <Button
            key={answer}
            small
            busy={say.busy}
            onPress={() => void say.run(answer)}
            data-testid={`origin-${answer}`}
          >
            {words()}
          </Button>
        ))}
      </div>
      <ErrorNote failure={say.failure} onDismiss={say.forget} />
    </aside>
  );
}
