import type { MailboxRow } from "../../backend/generated/MailboxRow";
import type { SignInAt } from "../../backend/generated/SignInAt";
import type { SignInResult } from "../../backend/generated/SignInResult";
import { Button } from "../../components/Button";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { go } from "../../state/route";
import { KeyringDialog, OpenAppsButton, WaitingDialog } from "../signIn/SignInSteps";
import { useSignIn } from "../signIn/useSignIn";
import css from "./Dialogs.module.css";
import { InUseNote } from "./InUseNote";

/** Which account systems can be signed in to for a row; all of them for a new one. */
function systems(row: MailboxRow | null): SignInAt[] {
  if (!row) return ["google", "microsoft"];
  return row.provider === "google" ? ["google"] : ["microsoft"];
}

type Props = { expect: MailboxRow | null; inbox: string | null; onClose: () => void };

/**
 * Connects a mailbox by signing in in the browser; `expect` is the row to reconnect, `inbox` makes it a team
 * address.
 */
export function ConnectDialog({ expect, inbox, onClose }: Props) {
  const flow = useSignIn({
    begin: (backend, at: SignInAt) => backend.connectMailbox(at, expect?.address ?? null, inbox),
    finish: (backend, pending, keep) => backend.finishSignIn(pending, keep),
    drop: (backend, pending) => backend.dropSignIn(pending),
    refused: (result: SignInResult) =>
      result.is === "keyring_refused" ? { ...result, account: result.address } : null,
    onDone: onClose,
    onDropped: onClose,
  });
  const { failure } = flow;

  const title = expect
    ? m.connect_reconnect_title({ address: expect.address })
    : inbox
      ? m.connect_channel_title()
      : m.connect_title();

  if (flow.refused) {
    return <KeyringDialog flow={flow} refused={flow.refused} dropWords={m.connect_keyring_drop()} />;
  }
  if (flow.waiting) return <WaitingDialog title={title} />;

  return (
    <Dialog title={title} onClose={onClose} testid="dialog-connect">
      <p>
        <T>{m.connect_intro()}</T>
      </p>
      <ErrorNote failure={failure}>
        {failure?.code === "sign_in_no_app" && <OpenAppsButton onPress={() => go({ screen: "apps" })} />}
      </ErrorNote>
      <InUseNote failure={failure} onFollow={onClose} />
      <div className={css.ways}>
        {systems(expect).map((at, index) => (
          <Button
            key={at}
            autoFocus={index === 0}
            onPress={() => void flow.begin(at)}
            data-testid={`connect-${at}`}
          >
            {at === "google" ? m.connect_google() : m.connect_microsoft()}
          </Button>
        ))}
      </div>
      <DialogButtons>
        <Button tone="quiet" onPress={onClose} data-testid="dialog-cancel">
          {m.cancel()}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
