import type { RunView } from "../../backend/generated/RunView";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { counted } from "../../words/numbers";
import { totalOf } from "../../words/runs";

/** Calls off what is left of a run. */
export function CancelDialog({ run, onClose }: { run: RunView; onClose: () => void }) {
  const locale = useLocale();
  const cancel = useCommand((backend) => backend.cancelRun(run.id).then(() => true as const));
  const open = totalOf(run) - run.counts.proven;
  const confirm = async () => {
    if (await cancel.run()) onClose();
  };
  return (
    <Dialog alert title={m.cancel_title()} onClose={onClose} locked={cancel.busy} testid="dialog-cancel-run">
      <p>
        <T>{m.cancel_proven(counted(run.counts.proven, locale))}</T>
      </p>
      <p>
        <T>{m.cancel_left(counted(open, locale))}</T>
      </p>
      <ErrorNote failure={cancel.failure} />
      <DialogAnswers
        busy={cancel.busy}
        tone="danger-fill"
        onCancel={onClose}
        onConfirm={() => void confirm()}
        cancelWords={m.cancel_no()}
      >
        {m.cancel_yes()}
      </DialogAnswers>
    </Dialog>
  );
}

/** Takes up again what was left: deletions are sent again. */
export function RetryDialog({ run, onClose }: { run: RunView; onClose: () => void }) {
  const locale = useLocale();
  const retry = useCommand((backend) => backend.retryRun(run.id).then(() => true as const));
  const again = run.left.find(({ why }) => why === "consented_again")?.count ?? 0;
  const left = counted(totalOf(run) - run.counts.proven, locale);
  const confirm = async () => {
    if (await retry.run()) onClose();
  };
  return (
    <Dialog alert title={m.retry_title(left)} onClose={onClose} locked={retry.busy} testid="dialog-retry">
      <p>
        <T>{m.retry_text()}</T>
      </p>
      {again > 0 && (
        <p data-testid="retry-again">
          <T>{m.retry_consented(counted(again, locale))}</T>
        </p>
      )}
      <p>
        <strong>
          <T>{run.suite === "google" ? m.start_undo_google() : m.start_undo_microsoft()}</T>
        </strong>
      </p>
      <ErrorNote failure={retry.failure} />
      <DialogAnswers busy={retry.busy} tone="danger-fill" onCancel={onClose} onConfirm={() => void confirm()}>
        {m.retry_yes()}
      </DialogAnswers>
    </Dialog>
  );
}
