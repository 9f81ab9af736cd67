import { type ReactNode, useState } from "react";
import type { AppView } from "../../backend/generated/AppView";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { Fold } from "../../components/Fold";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useApps } from "../../state/admin";
import { useCommand } from "../../state/overview";
import { useSettled } from "../../state/settled";
import { AppRow } from "./AppRow";
import css from "./Apps.module.css";
import { SecondLookDialog } from "./SecondLookDialog";

/** Apps that are not like HubSpot's are only shown to somebody who looks for them, and no more than these. */
const MOST_OTHERS = 20;

/** Which of the organisation's apps are HubSpot's: an administrator says so, the app never guesses. */
export function AppsPanel({ organisation: { id, suite } }: { organisation: OrganisationView }) {
  const [typed, setTyped] = useState("");
  const text = useSettled(typed.trim());
  const all = useApps(id, null);
  const found = useApps(id, text || null);
  const [doubted, setDoubted] = useState<AppView | null>(null);
  const choose = useCommand((backend, app: AppView) =>
    backend.chooseApp({ organisation: id, app: app.key, chosen: !app.chosen, named: null }),
  );
  const act = (app: AppView) => {
    // A second look for everything that is not plainly HubSpot's.
    if (!app.chosen && app.likeness !== "named") setDoubted(app);
    else void choose.run(app);
  };
  const candidates = (all.data ?? []).filter((app) => app.chosen || app.likeness !== "other");
  const others = text
    ? (found.data ?? []).filter((app) => !app.chosen && app.likeness === "other").slice(0, MOST_OTHERS)
    : [];
  const rows = (apps: AppView[]) =>
    apps.map((app) => (
      <AppRow key={app.key} app={app} suite={suite} busy={choose.busy} onPress={() => act(app)} />
    ));

  return (
    <div className={css.panel} data-testid="apps-panel">
      <p className={css.soft}>
        <T>{m.apps_only_chosen()}</T>
      </p>
      <ErrorNote failure={all.error ?? choose.failure} />
      {all.isSuccess && candidates.length === 0 && (
        <p data-testid="apps-none">
          <T>{m.apps_none()}</T>
        </p>
      )}
      {candidates.length > 0 && (
        <ul className={css.list} aria-label={m.apps_candidates_list()} data-testid="apps-candidates">
          {rows(candidates)}
        </ul>
      )}
      <Fold title={m.apps_other()} testid="apps-other">
        <div className={css.other}>
          <TextField
            label={m.apps_search()}
            hint={m.apps_search_hint()}
            type="search"
            value={typed}
            onChange={setTyped}
            testid="apps-search"
          />
          {text !== "" && found.isSuccess && others.length === 0 && (
            <p className={css.soft} role="status">
              {m.apps_search_none({ text })}
            </p>
          )}
          {others.length > 0 && (
            <ul className={css.list} aria-label={m.apps_others_list()} data-testid="apps-others">
              {rows(others)}
            </ul>
          )}
          <LookUp organisation={id} rows={rows} />
        </div>
      </Fold>
      {doubted && (
        <SecondLookDialog organisation={id} suite={suite} app={doubted} onClose={() => setDoubted(null)} />
      )}
    </div>
  );
}

/** An app that no search came across, by the client id that its maker or the provider's console names. */
function LookUp({ organisation, rows }: { organisation: string; rows: (apps: AppView[]) => ReactNode }) {
  const [clientId, setClientId] = useState("");
  const apps = useApps(organisation, null);
  const [key, setKey] = useState<string | null>(null);
  const look = useCommand((backend, id: string) => backend.lookUpApp(organisation, id));
  const submit = async () => {
    setKey(null);
    const app = await look.run(clientId.trim());
    if (app) setKey(app.key);
  };
  // As the list has it now: it may have been chosen since.
  const found = apps.data?.find((app) => app.key === key);
  return (
    <form
      className={css.lookUp}
      onSubmit={(event) => {
        event.preventDefault();
        if (clientId.trim()) void submit();
      }}
    >
      <TextField
        label={m.apps_client_id_other()}
        hint={m.apps_client_id_other_hint()}
        value={clientId}
        onChange={(text) => {
          setClientId(text);
          look.forget();
        }}
        testid="app-client-id"
      />
      <div>
        <Button small type="submit" busy={look.busy} data-testid="app-look-up">
          {m.apps_look_up()}
        </Button>
      </div>
      <ErrorNote failure={look.failure} />
      {found && (
        <ul className={css.list} aria-label={m.apps_looked_up()} data-testid="app-found">
          {rows([found])}
        </ul>
      )}
    </form>
  );
}
