import type { MailboxRow } from "../../backend/generated/MailboxRow";
import { DeleteDialog } from "../channels/DeleteDialog";
import { OwnerMessageDialog } from "../message/OwnerMessageDialog";
import { ConnectDialog } from "./ConnectDialog";
import { DisableDialog } from "./DisableDialog";
import { EnableDialog } from "./EnableDialog";
import type { RowAction } from "./MailboxRow";
import { MoveDialog, PersonalDialog, TeamDialog } from "./MoveDialogs";
import { ReconnectDialog } from "./ReconnectDialog";
import { RemoveDialog } from "./RemoveDialog";

export type RowQuestion = { row: MailboxRow; action: RowAction };

/** The dialog that an action of a row begins with, for mailboxes and team addresses alike. */
export function RowDialogs({
  asking,
  onClose,
  onGuide,
}: {
  asking: RowQuestion;
  onClose: () => void;
  onGuide: (job: string) => void;
}) {
  const { row, action } = asking;
  switch (action) {
    case "disable":
      return <DisableDialog row={row} onClose={onClose} onGuide={onGuide} />;
    case "remove":
      return <RemoveDialog row={row} onClose={onClose} onGuide={onGuide} />;
    case "delete":
      return <DeleteDialog row={row} onClose={onClose} onGuide={onGuide} />;
    case "enable":
      return <EnableDialog row={row} onClose={onClose} />;
    case "ask_owner":
      return <OwnerMessageDialog row={row} onClose={onClose} />;
    case "move":
      return <MoveDialog row={row} onClose={onClose} onGuide={onGuide} />;
    case "to_team":
      return <TeamDialog row={row} onClose={onClose} onGuide={onGuide} />;
    case "to_personal":
      return <PersonalDialog row={row} onClose={onClose} onGuide={onGuide} />;
    case "reconnect":
      return row.holder.here ? (
        <ConnectDialog expect={row} inbox={row.inbox} onClose={onClose} />
      ) : (
        <ReconnectDialog row={{ ...row, team: row.inbox !== null }} onClose={onClose} />
      );
    default:
      return null;
  }
}
