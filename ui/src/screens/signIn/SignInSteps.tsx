import { Button } from "../../components/Button";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { keyringWords } from "../../words/facts";
import { rich } from "../../words/rich";
import css from "../email/Dialogs.module.css";
import type { RefusedToken, SignInFlow } from "./useSignIn";

/** While somebody is in the browser. */
export function WaitingDialog({ title }: { title: string }) {
  const cancel = useCommand((backend) => backend.cancelSignIn());
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

/** Where the token goes that the keyring did not take. */
export function KeyringDialog({
  flow,
  refused,
  dropWords,
}: {
  flow: SignInFlow;
  refused: RefusedToken;
  dropWords: string;
}) {
  const busy = flow.finishing || flow.dropping;
  return (
    <Dialog
      alert
      locked={busy}
      title={m.connect_keyring_title()}
      onClose={() => void flow.throwAway()}
      testid="dialog-keyring"
    >
      <p>{rich((address) => m.connect_keyring_text({ address }), <strong>{refused.account}</strong>)}</p>
      <p data-testid="keyring-why">{keyringWords(refused.why)}</p>
      <p>
        <T>{m.connect_keyring_choice()}</T>
      </p>
      <ErrorNote failure={flow.failure} />
      <div className={css.ways}>
        <Button
          autoFocus
          busy={flow.finishing}
          onPress={() => void flow.keep("keyring")}
          data-testid="keyring-retry"
        >
          {m.connect_keyring_retry()}
        </Button>
        <Button isDisabled={busy} onPress={() => void flow.keep("this_run")} data-testid="keyring-this-run">
          {m.connect_keyring_this_run()}
        </Button>
        <Button
          tone="quiet"
          isDisabled={busy}
          onPress={() => void flow.throwAway()}
          data-testid="keyring-drop"
        >
          {dropWords}
        </Button>
      </div>
    </Dialog>
  );
}

/** "No sign-in app is set up": the way to where it is. */
export function OpenAppsButton({ onPress }: { onPress: () => void }) {
  return (
    <div>
      <Button small onPress={onPress} data-testid="connect-open-apps">
        {m.connect_open_apps()}
      </Button>
    </div>
  );
}
