import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import { providerWords } from "../../words/facts";
import { rich } from "../../words/rich";

type Props = { row: MailboxRow; onClose: () => void; onGuide: (job: string) => void };

/** Asks before a team address is deleted, and says who will hear of it. */
export function DeleteDialog({ row, onClose, onGuide }: Props) {
  const { inboxes } = useOverview();
  const remove = useCommand((backend) => backend.deleteChannel(row.id));
  const here = row.holder.here;
  const inbox = inboxes.find((one) => one.id === row.inbox);

  const confirm = async () => {
    const job = await remove.run();
    if (job === undefined) return;
    onClose();
    onGuide(job);
  };

  return (
    <Dialog
      alert
      title={m.dialog_delete_title()}
      onClose={onClose}
      locked={remove.busy}
      testid="dialog-delete"
    >
      <p>
        {rich(
          (address) => {
            const given = { address, inbox: inbox?.name ?? "" };
            return here ? m.dialog_delete_here(given) : m.dialog_delete_hubspot(given);
          },
          <strong>{row.address}</strong>,
        )}
      </p>
      <p>
        <T>
          {here
            ? m.dialog_remove_here_revoke({ provider: providerWords(row.provider) })
            : m.dialog_delete_stops()}
        </T>
      </p>
      {row.provider === "hosted" && (
        <p>
          <T>{m.dialog_delete_hosted()}</T>
        </p>
      )}
      {row.told.length > 0 && (
        <p data-testid="delete-told">
          <T>{m.dialog_delete_told({ names: row.told.join(m.list_comma()) })}</T>
        </p>
      )}
      <ErrorNote failure={remove.failure} />
      <DialogAnswers
        tone="danger-fill"
        busy={remove.busy}
        onCancel={onClose}
        onConfirm={() => void confirm()}
      >
        {m.dialog_delete_yes()}
      </DialogAnswers>
    </Dialog>
  );
}
