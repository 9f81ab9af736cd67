import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { providerWords } from "../../words/facts";
import { rich } from "../../words/rich";

type Props = { row: MailboxRow; onClose: () => void; onGuide: (job: string) => void };

/** Asks before a mailbox is removed. What is left to do on the other side comes next in either case. */
export function RemoveDialog({ row, onClose, onGuide }: Props) {
  const remove = useCommand((backend) => backend.removeMailbox(row.id));
  const here = row.holder.here;

  const confirm = async () => {
    const job = await remove.run();
    if (job === undefined) return;
    onClose();
    onGuide(job);
  };

  return (
    <Dialog
      alert
      title={m.dialog_remove_title()}
      onClose={onClose}
      locked={remove.busy}
      testid="dialog-remove"
    >
      <p>
        {rich(
          (address) => (here ? m.dialog_remove_here({ address }) : m.dialog_remove_hubspot({ address })),
          <strong>{row.address}</strong>,
        )}
      </p>
      <p>
        <T>
          {here
            ? m.dialog_remove_here_revoke({ provider: providerWords(row.provider) })
            : m.dialog_remove_hubspot_stops()}
        </T>
      </p>
      <ErrorNote failure={remove.failure} />
      <DialogAnswers
        tone="danger-fill"
        busy={remove.busy}
        onCancel={onClose}
        onConfirm={() => void confirm()}
      >
        {m.dialog_remove_yes()}
      </DialogAnswers>
    </Dialog>
  );
}
