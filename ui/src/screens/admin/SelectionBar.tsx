import { useRef } from "react";
import type { AccessLine } from "../../backend/generated/AccessLine";
import type { Language } from "../../backend/generated/Language";
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
  const count = selection.count(total);
  const everything = selection.all && count === total;
  return (
    <div ref={bar} className={css.bar} data-testid="selection-bar">
      <Tick
        label={m.select_page()}
        on={here.length > 0 && picked.length === here.length}
        some={picked.length > 0}
        disabled={here.length === 0}
        onChange={(on) => selection.set(here, on)}
        testid="select-page"
      />
      <span role="status" className={css.picked} data-testid="select-count">
        {pickedWords(selection.all, count, total, count - picked.length, locale)}
      </span>
      {selection.all && organisation.candidates > 0 && (
        <span className={css.faint} data-testid="select-only-chosen">
          <T>{m.select_only_chosen()}</T>
        </span>
      )}
      {!everything && total > here.length && (
        <Button small tone="quiet" onPress={selection.everything} data-testid="select-all">
          {m.select_all(counted(total, locale))}
        </Button>
      )}
      {(count > 0 || selection.all) && (
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

/** What is picked of so many that the filter finds, and how much of it is not on this page. */
function pickedWords(
  all: boolean,
  count: number,
  total: number,
  elsewhere: number,
  locale: Language,
): string {
  const picked = counted(count, locale);
  if (all && count === total) return m.select_everything(picked);
  if (all) return m.select_all_but({ ...counted(total, locale), picked: picked.number });
  if (count === 0) return m.select_nothing();
  if (elsewhere === 0) return m.select_some(picked);
  return m.select_some_elsewhere({ ...picked, elsewhere: counted(elsewhere, locale).number });
}
