import { m } from "../paraglide/messages";
import { Button } from "./Button";
import css from "./SaveBar.module.css";

/** The end of a form of settings: the button, and that it is done. */
export function SaveBar({
  busy,
  saved,
  tone,
  testid,
}: {
  busy: boolean;
  saved: boolean;
  tone?: "strong";
  testid: string;
}) {
  return (
    <div className={css.bar}>
      <Button tone={tone} type="submit" busy={busy} data-testid={testid}>
        {m.save()}
      </Button>
      <span role="status" className={css.done}>
        {saved && m.saved()}
      </span>
    </div>
  );
}
