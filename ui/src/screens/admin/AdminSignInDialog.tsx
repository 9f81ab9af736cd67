import { useState } from "react";
import type { AdminSignIn } from "../../backend";
import type { AdminSignInResult } from "../../backend/generated/AdminSignInResult";
import type { AskView } from "../../backend/generated/AskView";
import type { Suite } from "../../backend/generated/Suite";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices } from "../../components/Field";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { go } from "../../state/route";
import { sentences, suiteWords, whyWords } from "../../words/admin";
import dialogs from "../email/Dialogs.module.css";
import { KeyringDialog, OpenAppsButton, WaitingDialog } from "../signIn/SignInSteps";
import { useSignIn } from "../signIn/useSignIn";
import css from "./AdminSignIn.module.css";

/** Where, if that is settled; and who, where somebody has to sign in again. */
export type SignInAsk = { suite: Suite | null; expect: string | null };

type Mode = "look" | "revoke";

/** An administrator's sign-in: where, how much, and what each permission is for. */
export function AdminSignInDialog({
  asks,
  ask,
  onClose,
}: {
  asks: AskView[];
  ask: SignInAsk;
  onClose: () => void;
}) {
  const [suite, setSuite] = useState<Suite>(ask.suite ?? "google");
  const [mode, setMode] = useState<Mode>("revoke");
  const flow = useSignIn({
    begin: (backend, signIn: AdminSignIn) => backend.adminSignIn(signIn),
    finish: (backend, pending, keep) => backend.finishAdminSignIn(pending, keep),
    drop: (backend, pending) => backend.dropAdminSignIn(pending),
    refused: (result: AdminSignInResult) => (result.is === "keyring_refused" ? result : null),
    onDone: onClose,
    onDropped: onClose,
  });
  const title = ask.expect ? m.admin_sign_in_again_title({ account: ask.expect }) : m.admin_sign_in_title();
  if (flow.refused) {
    return <KeyringDialog flow={flow} refused={flow.refused} dropWords={m.admin_keyring_drop()} />;
  }
  if (flow.waiting) return <WaitingDialog title={title} />;

  const readOnly = mode === "look";
  const asked = asks.find((one) => one.suite === suite && one.read_only === readOnly);
  const looksByLog = !asks
    .find((one) => one.suite === suite && one.read_only)
    ?.scopes.some((scope) => scope.permissions.includes("accesses"));
  const noApp = asked?.app === false || flow.failure?.code === "sign_in_no_app";

  return (
    <Dialog title={title} onClose={onClose} wide testid="dialog-admin-sign-in">
      <form
        className={dialogs.form}
        onSubmit={(event) => {
          event.preventDefault();
          void flow.begin({ suite, readOnly, expect: ask.expect });
        }}
      >
        {ask.suite === null && (
          <Choices
            label={m.admin_where()}
            across
            value={suite}
            onChange={setSuite}
            choices={(["google", "microsoft"] as const).map((key) => ({
              key,
              label: suiteWords(key),
              testid: `admin-${key}`,
            }))}
          />
        )}
        <Choices
          label={m.admin_mode()}
          value={mode}
          onChange={setMode}
          choices={[
            {
              key: "revoke",
              label: m.admin_mode_revoke(),
              hint: <T>{m.admin_mode_revoke_hint()}</T>,
              testid: "admin-mode-revoke",
            },
            {
              key: "look",
              label: m.admin_mode_look(),
              hint: <T>{looksByLog ? m.admin_mode_look_log() : m.admin_mode_look_hint()}</T>,
              testid: "admin-mode-look",
            },
          ]}
        />
        {asked && (
          <section className={css.asks} aria-label={m.admin_asks()} data-testid="admin-scopes">
            <h3>{m.admin_asks()}</h3>
            <dl>
              {asked.scopes.map(({ scope, permissions }) => (
                <div key={scope} className={css.scope}>
                  <dt>
                    {permissions.map((permission) => (
                      <p key={permission}>
                        <T>{whyWords(permission)}</T>
                      </p>
                    ))}
                  </dt>
                  <dd>{scope}</dd>
                </div>
              ))}
            </dl>
            <p className={css.faint}>
              <T>{remarks(suite, readOnly)}</T>
            </p>
          </section>
        )}
        {noApp ? (
          <Note tone="warn" title={m.admin_no_app({ suite: suiteWords(suite) })} testid="admin-no-app">
            <T>{m.admin_no_app_hint()}</T>
            <OpenAppsButton onPress={() => go({ screen: "apps" })} />
          </Note>
        ) : (
          <ErrorNote failure={flow.failure} />
        )}
        <DialogAnswers busy={false} disabled={noApp} onCancel={onClose}>
          {m.admin_to_browser()}
        </DialogAnswers>
      </form>
    </Dialog>
  );
}

/** What the provider's own page will ask, and which role revoking takes. */
function remarks(suite: Suite, readOnly: boolean): string {
  const google = suite === "google";
  const consent = google ? m.admin_consent_google() : m.admin_consent_microsoft();
  if (readOnly) return consent;
  return sentences([google ? m.admin_role_google() : m.admin_role_microsoft(), consent]);
}
