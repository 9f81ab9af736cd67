import { useState } from "react";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import type { SignedOutView } from "../../backend/generated/SignedOutView";
import type { Suite } from "../../backend/generated/Suite";
import { Button } from "../../components/Button";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { rich } from "../../words/rich";
import type { Mark } from "../../words/sides";
import css from "./AdminSignIn.module.css";

/** Signs an administrator out, and says what came of it: no more than is known. */
export function SignOutDialog({
  organisation: { id, suite, name, sign_in, searching },
  onClose,
}: {
  organisation: OrganisationView;
  onClose: () => void;
}) {
  const [result, setResult] = useState<SignedOutView | null>(null);
  // What it was when the dialog opened: afterwards nobody is signed in.
  const [account] = useState(sign_in?.account ?? "");
  const out = useCommand((backend) => backend.adminSignOut(id));

  if (result) {
    return (
      <Dialog title={m.signed_out_title()} onClose={onClose} testid="dialog-signed-out">
        <ul className={css.outcome} role="status">
          {outcomes(result, suite).map(({ mark, words }) => (
            <li key={words} data-mark={mark}>
              <StateMark mark={mark} />
              <span>
                <T>{words}</T>
              </span>
            </li>
          ))}
        </ul>
        <DialogButtons>
          <Button autoFocus onPress={onClose} data-testid="dialog-close">
            {m.close()}
          </Button>
        </DialogButtons>
      </Dialog>
    );
  }
  return (
    <Dialog
      alert
      title={m.sign_out_title()}
      onClose={onClose}
      locked={out.busy}
      testid="dialog-admin-sign-out"
    >
      <p>
        {rich((slot) => m.sign_out_text({ account: slot, organisation: name }), <strong>{account}</strong>)}
      </p>
      <p>
        <T>{searching ? m.sign_out_stops_search() : m.sign_out_keeps()}</T>
      </p>
      <ErrorNote failure={out.failure} />
      <DialogAnswers
        busy={out.busy}
        onCancel={onClose}
        onConfirm={() =>
          void out.run().then((done) => {
            if (done) setResult(done);
          })
        }
      >
        {m.admin_sign_out()}
      </DialogAnswers>
    </Dialog>
  );
}

/** What became of the token. What another device keeps is not touched from here. */
function token({ forgotten, kept_on }: SignedOutView): { mark: Mark | "warn"; words: string } {
  if (kept_on?.is === "device")
    return { mark: "warn", words: m.signed_out_elsewhere({ name: kept_on.name }) };
  if (kept_on) return { mark: "warn", words: m.signed_out_unknown() };
  if (forgotten) return { mark: "ok", words: m.signed_out_forgotten() };
  return { mark: "warn", words: m.signed_out_not_forgotten() };
}

function outcomes(result: SignedOutView, suite: Suite): { mark: Mark | "warn"; words: string }[] {
  const google = suite === "google";
  return [
    token(result),
    result.revoked
      ? { mark: "ok", words: google ? m.signed_out_revoked_google() : m.signed_out_revoked_microsoft() }
      : result.shared
        ? { mark: "unknown", words: m.signed_out_shared() }
        : { mark: "unknown", words: google ? m.signed_out_listed_google() : m.signed_out_listed_microsoft() },
  ];
}
