import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { goInstead } from "../../state/route";
import css from "./Shell.module.css";

/** Says on every screen that nothing here is real, and ends it with one click. */
export function SampleBanner() {
  const leave = useCommand((backend) => backend.leaveSample());
  return (
    <aside className={css.banner} aria-label={m.sample_mark()} data-testid="sample-banner">
      <p>
        <T>{m.sample_banner()}</T>
      </p>
      <Button
        small
        busy={leave.busy}
        onPress={() => void leave.run().then(() => goInstead({ screen: "email" }))}
        data-testid="sample-leave"
      >
        {m.sample_leave()}
      </Button>
      <ErrorNote failure={leave.failure} onDismiss={leave.forget} />
    </aside>
  );
}
