import { useRef } from "react";
import type { AccessLine } from "../../backend/generated/AccessLine";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { Button } from "../../components/Button";
import { T } from "../../components/T";
import { Tick } from "../../components/Tick";
import { m } from "../../paraglide/messages";
import { useKeptFocus } from "../../state/focus";
import { useLocale } from "../../state/locale";
import { counted } from "../../words/numbers";
import css from "./Access.module.css";
import type { Selection } from "./useSelection";

/** What is picked, and the plan that can be made of it. It stays in sight, and keeps its place. */
export function SelectionBar({
  organisation,
  selection,
  rows,
  total,
  busy,
  onPlan,
}: {
  organisation: OrganisationView | null;
  selection: Selection;
  rows: AccessLine[];
  total: number;
  busy: boolean;
  onPlan: () => void;
}) {
  const locale = useLocale();
  const bar = useRef<HTMLDivElement>(null);
  useKeptFocus(bar, (box) => box.querySelector("input"));
  if (!organisation) {
    return (
      <p className={css.bar} data-testid="select-where">
        <T>{m.select_where()}</T>
      </p>
    );
  }
  if (organisation.chosen.length === 0) {
    return (
      <p className={css.bar} data-testid="select-no-app">
        <T>{m.select_no_app()}</T>
      </p>
    );
  }
  const here = rows.filter((row) => row.chosen).map((row) => row.id);
  const picked = here.filter((id) => selection.has(id));
  const elsewhere = selection.ids.size - picked.length;
  const count = selection.all ? total : selection.ids.size;
  return (
    <div ref={bar} className={css.bar} data-testid="selection-bar">
      <Tick
        label={m.select_page()}
        on={here.length > 0 && picked.length === here.length}
        some={picked.length > 0}
        disabled={here.length === 0 || selection.all}
        hint={selection.all ? m.pick_single_hint() : undefined}
        onChange={(on) => selection.set(here, on)}
        testid="select-page"
      />
      <span role="status" className={css.picked} data-testid="select-count">
        {selection.all
          ? m.select_everything(counted(total, locale))
          : count === 0
            ? m.select_nothing()
            : elsewhere > 0
              ? m.select_some_elsewhere({
                  ...counted(count, locale),
                  elsewhere: counted(elsewhere, locale).number,
                })
              : m.select_some(counted(count, locale))}
      </span>
      {selection.all && organisation.candidates > 0 && (
        <span className={css.faint} data-testid="select-only-chosen">
          <T>{m.select_only_chosen()}</T>
        </span>
      )}
      {!selection.all && total > here.length && (
        <Button small tone="quiet" onPress={selection.everything} data-testid="select-all">
          {m.select_all(counted(total, locale))}
        </Button>
      )}
      {count > 0 && (
        <Button small tone="quiet" onPress={selection.clear} data-testid="select-none">
          {m.select_clear()}
        </Button>
      )}
      <span className={css.spring} />
      <Button
        tone="strong"
        isDisabled={count === 0}
        busy={busy}
        onPress={onPlan}
        data-testid="plan-selection"
      >
        {m.plan_selection()}
      </Button>
    </div>
  );
}
