import { useState } from "react";
import type { ChainView } from "../../backend/generated/ChainView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import css from "./History.module.css";

const whole = (chain: ChainView) => chain.broken_at === null && chain.lost === 0;

/** Walks the hash chain and says what it found. */
export function VerifyChain() {
  const [found, setFound] = useState<ChainView | null>(null);
  const verify = useCommand((backend) => backend.verifyHistory());
  const run = async () => {
    setFound(null);
    const chain = await verify.run();
    if (chain) setFound(chain);
  };

  return (
    <Card
      title={m.history_chain()}
      testid="verify-card"
      aside={
        <Button busy={verify.busy} onPress={() => void run()} data-testid="history-verify">
          {m.history_verify()}
        </Button>
      }
    >
      <div className={css.stackSmall}>
        <p className={css.faint}>
          <T>{m.history_verify_hint()}</T>
        </p>
        <ErrorNote failure={verify.failure} />
        {found && (
          <Note tone={whole(found) ? "good" : "warn"} live testid="verify-result">
            {whole(found) && <p>{m.history_verified({ count: found.entries })}</p>}
            {found.broken_at !== null && <p>{m.history_broken({ seq: found.broken_at })}</p>}
            {found.lost > 0 && <p>{m.history_lost({ count: found.lost })}</p>}
            {found.head && (
              <p className={css.faint}>
                {m.history_head()} <code className={css.hash}>{found.head}</code>
              </p>
            )}
          </Note>
        )}
      </div>
    </Card>
  );
}
