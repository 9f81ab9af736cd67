import { useRef } from "react";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useDisableStart } from "../../state/measure";
import { useCommand } from "../../state/overview";
import { rich } from "../../words/rich";

type Props = { row: MailboxRow; onClose: () => void; onGuide: (job: string) => void };

/** Asks before a mailbox is disabled. For one that HubSpot holds, the guided steps come next. */
export function DisableDialog({ row, onClose, onGuide }: Props) {
  const disable = useCommand((backend) => backend.disableMailbox(row.id));
  const here = row.holder.here;

  const confirm = async () => {
    const job = await disable.run();
    if (job === undefined) return;
    onClose();
    if (!here) onGuide(job);
  };

  return (
    <Dialog
      alert
      title={m.dialog_disable_title()}
      onClose={onClose}
      locked={disable.busy}
      testid="dialog-disable"
    >
      <p>
        {rich(
          (address) => (here ? m.dialog_disable_here({ address }) : m.dialog_disable_hubspot({ address })),
          <strong>{row.address}</strong>,
        )}
      </p>
      <p>
        <T>{here ? m.dialog_disable_here_stops() : m.dialog_disable_hubspot_stops()}</T>
      </p>
      <ErrorNote failure={disable.failure} />
      <Answers busy={disable.busy} onCancel={onClose} onConfirm={() => void confirm()} />
    </Dialog>
  );
}

/** Drawn when the dialog is, so that the time from the pointer is taken from the button itself. */
function Answers({
  busy,
  onCancel,
  onConfirm,
}: {
  busy: boolean;
  onCancel: () => void;
  onConfirm: () => void;
}) {
  const button = useRef<HTMLButtonElement>(null);
  useDisableStart(button);
  return (
    <DialogAnswers
      tone="danger-fill"
      busy={busy}
      confirmRef={button}
      onCancel={onCancel}
      onConfirm={onConfirm}
    >
      {m.dialog_disable_yes()}
    </DialogAnswers>
  );
}
