import { useRef, useState } from "react";
import type { AccessAsk } from "../../backend/generated/AccessAsk";
import type { AccessOrder } from "../../backend/generated/AccessOrder";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import type { PlanAsk } from "../../backend/generated/PlanAsk";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { FileForm, LIST_FORMATS } from "../../components/FileForm";
import { Fold } from "../../components/Fold";
import { Pager } from "../../components/Pager";
import { m } from "../../paraglide/messages";
import { PAGE, useAccesses } from "../../state/admin";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { type AccessTab, go, goInstead } from "../../state/route";
import { useSettled } from "../../state/settled";
import { counted } from "../../words/numbers";
import css from "./Access.module.css";
import { EVERYWHERE } from "./AccessCard";
import { AccessFilter, ANY, type Days } from "./AccessFilter";
import { AccessTable } from "./AccessTable";
import { SelectionBar } from "./SelectionBar";
import { useSelection } from "./useSelection";

/** The accesses of a view: filter, selection, pages, and what can be done with them. */
export function AccessLines({
  organisations,
  organisation,
  tab,
  text: wanted,
}: {
  organisations: OrganisationView[];
  organisation: string;
  tab: Exclude<AccessTab, "crm_only">;
  /** What is searched for at first. */
  text: string;
}) {
  const locale = useLocale();
  const [typed, setTyped] = useState(wanted);
  const [app, setApp] = useState(ANY);
  const [order, setOrder] = useState<AccessOrder>("address");
  const [days, setDays] = useState<Days>("90");
  const text = useSettled(typed.trim());
  const top = useRef<HTMLDivElement>(null);
  const one = organisations.find((candidate) => candidate.id === organisation) ?? null;
  const known = one?.chosen.some((chosen) => chosen.key === app) ?? true;

  const filter: Omit<AccessAsk, "offset" | "limit"> = {
    organisation: organisation === EVERYWHERE ? null : organisation,
    text: text || null,
    app: app === ANY || !known ? null : app,
    view: tab,
    days: tab === "unused" ? Number(days) : null,
    order,
  };
  const key = JSON.stringify(filter);
  const [page, setPage] = useState({ key, offset: 0 });
  // Another filter begins on its first page.
  const offset = page.key === key ? page.offset : 0;
  const ask: AccessAsk = { ...filter, offset, limit: PAGE };
  const query = useAccesses(ask);
  // The order picks nothing, and after another search "everything" is something else.
  const found = JSON.stringify({ ...filter, order: null, searched: one?.searched?.at });
  const selection = useSelection(one?.id ?? null, found);
  const plan = useCommand((backend, wanted: PlanAsk) => backend.plan(wanted));

  const rows = query.data?.rows ?? [];
  const total = query.data?.total ?? 0;
  const filtered = text !== "" || filter.app !== null || tab !== "all";
  const make = async () => {
    if (!one) return;
    const ids = [...selection.ids].sort((a, b) => a - b);
    const made = await plan.run(
      selection.all
        ? { from: "all", ask: { ...ask, offset: 0 }, except: ids }
        : { from: "lines", organisation: one.id, ids },
    );
    if (made) go({ screen: "runs", run: made.id });
  };
  const turn = (to: number) => {
    setPage({ key, offset: to });
    top.current?.scrollIntoView({ block: "start" });
  };

  return (
    <div ref={top} className={css.lines}>
      <AccessFilter
        organisations={organisations}
        organisation={organisation}
        onOrganisation={(id) => {
          setApp(ANY);
          goInstead({ screen: "access", organisation: id, ...(tab === "all" ? {} : { view: tab }) });
        }}
        text={typed}
        onText={setTyped}
        app={app}
        onApp={setApp}
        order={order}
        onOrder={setOrder}
        days={tab === "unused" ? days : null}
        onDays={setDays}
      />
      <SelectionBar
        organisation={one}
        selection={selection}
        rows={rows}
        total={total}
        busy={plan.busy}
        onPlan={() => void make()}
      />
      {(query.error || plan.failure) && (
        <div className={css.note}>
          <ErrorNote
            failure={query.error ?? plan.failure}
            onDismiss={query.error ? undefined : plan.forget}
          />
        </div>
      )}
      {query.isSuccess && rows.length === 0 && (
        <div className={css.note}>
          <p data-testid="access-empty">{filtered ? m.accesses_none_match() : m.accesses_none()}</p>
          {(text !== "" || filter.app !== null) && (
            <Button
              small
              onPress={() => {
                setTyped("");
                setApp(ANY);
              }}
              data-testid="access-clear"
            >
              {m.accesses_clear()}
            </Button>
          )}
        </div>
      )}
      {rows.length > 0 && (
        <AccessTable
          rows={rows}
          selection={one ? selection : null}
          label={m.accesses_heading()}
          hushed={query.isPlaceholderData}
        />
      )}
      <Pager offset={offset} size={PAGE} total={total} label={m.accesses_pages()} onGo={turn} />
      {total > 0 && (
        <div className={css.export}>
          <Fold title={m.accesses_export(counted(total, locale))} testid="access-export">
            <FileForm
              formats={LIST_FORMATS}
              what="access"
              write={(backend, format, path) => backend.exportAccesses({ ...ask, offset: 0 }, format, path)}
              submit={m.history_export()}
              written={({ entries, path }) => m.lines_exported({ ...counted(entries, locale), path })}
            />
          </Fold>
        </div>
      )}
    </div>
  );
}
