import { useState } from "react";
import type { SignInApp } from "../../backend/generated/SignInApp";
import type { SignInAt } from "../../backend/generated/SignInAt";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { Fold } from "../../components/Fold";
import { ForeignHosts } from "../../components/ForeignHosts";
import { SaveBar } from "../../components/SaveBar";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import css from "./Settings.module.css";

/** The registered apps that "Connect one here" signs in with. */
export function SignInAppsScreen() {
  const { settings } = useOverview();
  return (
    <>
      <h1 className={css.title}>{m.apps_heading()}</h1>
      <div className={css.stack}>
        <div>
          <p className={css.lead}>
            <T>{m.apps_intro()}</T>
          </p>
          <p className={css.lead}>
            <T>{m.apps_not_secret()}</T>
          </p>
        </div>
        <AppForm at="google" app={settings.google} title={m.apps_google()} text={m.apps_google_text()} />
        <AppForm
          at="microsoft"
          app={settings.microsoft}
          title={m.apps_microsoft()}
          text={m.apps_microsoft_text()}
        />
      </div>
    </>
  );
}

type Endpoint = "authorize_url" | "token_url" | "revoke_url" | "jwks_url" | "issuer" | "api_url";
const ENDPOINTS: { key: Endpoint; words: () => string; only?: SignInAt }[] = [
  { key: "authorize_url", words: m.apps_authorize_url },
  { key: "token_url", words: m.apps_token_url },
  { key: "revoke_url", words: m.apps_revoke_url, only: "google" },
  { key: "jwks_url", words: m.apps_jwks_url },
  { key: "issuer", words: m.apps_issuer },
  { key: "api_url", words: m.apps_api_url },
];

function AppForm({ at, app, title, text }: { at: SignInAt; app: SignInApp; title: string; text: string }) {
  const [draft, setDraft] = useState(app);
  const [saved, setSaved] = useState(false);
  const save = useCommand((backend, to: SignInApp) => backend.saveSignInApp(at, to));
  const change = (key: keyof SignInApp, value: string) => {
    setSaved(false);
    setDraft({ ...draft, [key]: key === "client_id" ? value : value || null });
  };

  const submit = async () => {
    setSaved(false);
    let failed = false;
    await save.run(tidied(draft), () => {
      failed = true;
    });
    setSaved(!failed);
  };

  return (
    <Card
      title={title}
      aside={<span className={css.status}>{app.client_id ? m.apps_set() : m.apps_not_set()}</span>}
      testid={`app-${at}`}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className={css.lead}>
          <T>{text}</T>
        </p>
        <ForeignHosts at={at} />
        <TextField
          label={m.apps_client_id()}
          value={draft.client_id}
          onChange={(value) => change("client_id", value)}
          testid={`app-${at}-client-id`}
        />
        {at === "google" && (
          <TextField
            label={m.apps_client_secret()}
            hint={m.apps_client_secret_hint()}
            value={draft.client_secret ?? ""}
            onChange={(value) => change("client_secret", value)}
            testid={`app-${at}-client-secret`}
          />
        )}
        <Fold title={m.apps_advanced()} testid={`app-${at}-advanced`}>
          <div className={css.form}>
            <p className={css.faint}>
              <T>{m.apps_advanced_hint()}</T>
            </p>
            {ENDPOINTS.filter(({ only }) => !only || only === at).map(({ key, words }) => (
              <TextField
                key={key}
                label={words()}
                value={draft[key] ?? ""}
                onChange={(value) => change(key, value)}
                testid={`app-${at}-${key}`}
              />
            ))}
          </div>
        </Fold>
        <ErrorNote failure={save.failure} />
        <SaveBar busy={save.busy} saved={saved} testid={`app-${at}-save`} />
      </form>
    </Card>
  );
}

/** Pasted values often carry a space at an end. */
function tidied(app: SignInApp): SignInApp {
  const entries = Object.entries(app).map(([key, value]) => {
    const text = value?.trim() ?? "";
    return [key, key === "client_id" ? text : text || null];
  });
  return Object.fromEntries(entries) as SignInApp;
}
