import { useState } from "react";
import type { AppFailure, Keep } from "../../backend";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import type { SignInAt } from "../../backend/generated/SignInAt";
import type { SignInResult } from "../../backend/generated/SignInResult";
import { Button } from "../../components/Button";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { go } from "../../state/route";
import { keyringWords } from "../../words/facts";
import { rich } from "../../words/rich";
import css from "./Dialogs.module.css";
import { InUseNote } from "./InUseNote";

type Refused = Extract<SignInResult, { is: "keyring_refused" }>;

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
  const [refused, setRefused] = useState<Refused | null>(null);
  const [failure, setFailure] = useState<AppFailure | null>(null);
  const connect = useCommand((backend, at: SignInAt) =>
    backend.connectMailbox(at, expect?.address ?? null, inbox),
  );
  const cancel = useCommand((backend) => backend.cancelSignIn());
  const finish = useCommand((backend, keep: Keep) => backend.finishSignIn(refused?.pending ?? "", keep));
  const drop = useCommand((backend) => backend.dropSignIn(refused?.pending ?? ""));

  const settle = (result: SignInResult | undefined) => {
    if (result?.is === "connected") onClose();
    if (result?.is === "keyring_refused") setRefused(result);
  };
  const begin = async (at: SignInAt) => {
    setFailure(null);
    settle(await connect.run(at, setFailure));
  };
  const keep = async (where: Keep) => {
    setFailure(null);
    settle(
      await finish.run(where, (failed) => {
        setFailure(failed);
        if (failed.code === "pending_gone") setRefused(null);
      }),
    );
  };
  const throwAway = async () => {
    await drop.run();
    onClose();
  };

  const title = expect
    ? m.connect_reconnect_title({ address: expect.address })
    : inbox
      ? m.connect_channel_title()
      : m.connect_title();

  if (refused) {
    const busy = finish.busy || drop.busy;
    return (
      <Dialog
        alert
        locked={busy}
        title={m.connect_keyring_title()}
        onClose={() => void throwAway()}
        testid="dialog-keyring"
      >
        <p>{rich((address) => m.connect_keyring_text({ address }), <strong>{refused.address}</strong>)}</p>
        <p data-testid="keyring-why">{keyringWords(refused.why)}</p>
        <p>
          <T>{m.connect_keyring_choice()}</T>
        </p>
        <ErrorNote failure={failure} />
        <div className={css.ways}>
          <Button
            autoFocus
            busy={finish.busy}
            onPress={() => void keep("keyring")}
            data-testid="keyring-retry"
          >
            {m.connect_keyring_retry()}
          </Button>
          <Button isDisabled={busy} onPress={() => void keep("this_run")} data-testid="keyring-this-run">
            {m.connect_keyring_this_run()}
          </Button>
          <Button tone="quiet" isDisabled={busy} onPress={() => void throwAway()} data-testid="keyring-drop">
            {m.connect_keyring_drop()}
          </Button>
        </div>
      </Dialog>
    );
  }

  if (connect.busy) {
    return (
      <Dialog title={title} locked onClose={() => undefined} testid="dialog-waiting">
        <div className={css.waiting} role="status">
          <span className={css.spinner} aria-hidden="true" />
          <div>
            <strong>{m.connect_waiting()}</strong>
            <p>
              <T>{m.connect_waiting_hint()}</T>
            </p>
          </div>
        </div>
        <ErrorNote failure={cancel.failure} />
        <DialogButtons>
          <Button autoFocus busy={cancel.busy} onPress={() => void cancel.run()} data-testid="dialog-cancel">
            {cancel.busy ? m.connect_cancelling() : m.cancel()}
          </Button>
        </DialogButtons>
      </Dialog>
    );
  }

  return (
    <Dialog title={title} onClose={onClose} testid="dialog-connect">
      <p>
        <T>{m.connect_intro()}</T>
      </p>
      <ErrorNote failure={failure}>
        {failure?.code === "sign_in_no_app" && (
          <div>
            <Button small onPress={() => go({ screen: "apps" })} data-testid="connect-open-apps">
              {m.connect_open_apps()}
            </Button>
          </div>
        )}
      </ErrorNote>
      <InUseNote failure={failure} onFollow={onClose} />
      <div className={css.ways}>
        {systems(expect).map((at, index) => (
          <Button
            key={at}
            autoFocus={index === 0}
            onPress={() => void begin(at)}
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
