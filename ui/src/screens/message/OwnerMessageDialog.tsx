import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { Button } from "../../components/Button";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand, useOverview } from "../../state/overview";
import { ownerMessage } from "../../words/messages";
import { MessageText } from "./MessageText";

/** The request to the owner of a mailbox: a text to send, and a note that it is to be sent. */
export function OwnerMessageDialog({ row, onClose }: { row: MailboxRow; onClose: () => void }) {
  const locale = useLocale();
  const { me } = useOverview();
  const note = useCommand((backend) => backend.askOwner(row.id).then(() => true));
  return (
    <Dialog wide title={m.message_title_owner()} onClose={onClose} locked={note.busy} testid="dialog-message">
      <MessageText
        begin={row.owner_language ?? locale}
        compose={(language) => ownerMessage(row, { sender: me.name }, language)}
      />
      <ErrorNote failure={note.failure} />
      <DialogButtons>
        <Button onPress={onClose} isDisabled={note.busy} data-testid="dialog-cancel">
          {m.close()}
        </Button>
        <Button
          tone="strong"
          busy={note.busy}
          onPress={() => void note.run().then((done) => done && onClose())}
          data-testid="dialog-confirm"
        >
          {m.message_note()}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
