import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Picker } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import { goInstead } from "../../state/route";
import css from "./Shell.module.css";

/** Says on every screen that nothing here is real, and ends it with one click. */
export function SampleBanner() {
  const { members, me } = useOverview();
  const act = useCommand((backend, member: string) => backend.actAs(member));
  const leave = useCommand((backend) => backend.leaveSample());
  return (
    <aside className={css.banner} aria-label={m.sample_mark()} data-testid="sample-banner">
      <p>
        <T>{m.sample_banner()}</T> {members.length > 1 && <T>{m.act_as_hint()}</T>}
      </p>
      {members.length > 1 && (
        <div className={css.acting}>
          <Picker
            label={m.act_as()}
            value={me.id}
            onChange={(id) => void act.run(id)}
            choices={members.map(({ id, name, super_admin }) => ({
              key: id,
              label: super_admin ? m.act_as_super({ name }) : name,
              testid: `act-as-${id}`,
            }))}
            testid="act-as"
          />
        </div>
      )}
      <Button
        small
        busy={leave.busy}
        onPress={() => void leave.run().then(() => goInstead({ screen: "email" }))}
        data-testid="sample-leave"
      >
        {m.sample_leave()}
      </Button>
      <ErrorNote failure={leave.failure} onDismiss={leave.forget} />
      <ErrorNote failure={act.failure} onDismiss={act.forget} />
    </aside>
  );
}
