import type { ReactNode } from "react";
import { Button } from "../../components/Button";
import { m } from "../../paraglide/messages";
import css from "./Shell.module.css";

/** Instead of the window's content when the workspace can't be read at all. */
export function StartFailed({ children, retry }: { children: ReactNode; retry: () => void }) {
  return (
    <main className={css.failed}>
      <h1>{m.startup_failed()}</h1>
      {children}
      <Button tone="strong" onPress={retry} data-testid="start-retry">
        {m.retry()}
      </Button>
    </main>
  );
}
