import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { Fold } from "../../components/Fold";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand, useOverview } from "../../state/overview";
import { providerWords } from "../../words/facts";
import { readersLanguage, teamMessage } from "../../words/messages";
import { rich } from "../../words/rich";
import { MessageText } from "../message/MessageText";

type Props = { row: MailboxRow; onClose: () => void; onGuide: (job: string) => void };

/** Asks before a team address is deleted, and says who needs to know and whether Uncouple reaches them. */
export function DeleteDialog({ row, onClose, onGuide }: Props) {
  const locale = useLocale();
  const { inboxes, workspace, me } = useOverview();
  const names = row.told.map(({ name }) => name).join(m.list_comma());
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
          <T>
            {workspace.reaches_members
              ? m.dialog_delete_told_sample({ names })
              : m.dialog_delete_told({ names })}
          </T>
        </p>
      )}
      {row.told.length > 0 && !workspace.reaches_members && (
        <Fold title={m.message_title_team()} testid="delete-message">
          <MessageText
            begin={readersLanguage(
              row.told.map(({ language }) => language),
              locale,
            )}
            compose={(language) => teamMessage(row, inbox?.name ?? "", { sender: me.name }, language)}
          />
        </Fold>
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
