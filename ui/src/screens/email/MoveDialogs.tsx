import { useState } from "react";
import type { MailboxRow } from "../../backend/generated/MailboxRow";
import type { Provider } from "../../backend/generated/Provider";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { type Command, useCommand, useOverview } from "../../state/overview";
import { providerWords } from "../../words/facts";
import { rich } from "../../words/rich";

type Props = { row: MailboxRow; onClose: () => void; onGuide: (job: string) => void };

/** To another provider, on the same row. */
export function MoveDialog({ row, onClose, onGuide }: Props) {
  const [to, setTo] = useState<Provider | null>(row.moves_to.length === 1 ? (row.moves_to[0] ?? null) : null);
  const move = useCommand((backend, where: Provider) => backend.moveProvider(row.id, where));
  const from = providerWords(row.provider);
  return (
    <Dialog title={m.move_title()} onClose={onClose} locked={move.busy} testid="dialog-move">
      <p>{rich((address) => m.move_text({ address, from }), <strong>{row.address}</strong>)}</p>
      <Choices
        label={m.move_to()}
        value={to}
        onChange={setTo}
        choices={row.moves_to.map((key) => ({ key, label: providerWords(key), testid: `move-${key}` }))}
      />
      <p>
        <T>{m.move_hubspot()}</T>
      </p>
      <p>
        <T>{m.move_access({ from })}</T>
      </p>
      <Begin command={move} input={to} onClose={onClose} onGuide={onGuide}>
        {m.move_begin()}
      </Begin>
    </Dialog>
  );
}

/** From a personal mailbox to an address of a team. */
export function TeamDialog({ row, onClose, onGuide }: Props) {
  const { inboxes } = useOverview();
  const [inbox, setInbox] = useState<string | null>(inboxes.length === 1 ? (inboxes[0]?.id ?? null) : null);
  const move = useCommand((backend, where: string) => backend.moveToTeam(row.id, where));
  return (
    <Dialog title={m.to_team_title()} onClose={onClose} locked={move.busy} testid="dialog-to-team">
      <p>{rich((address) => m.to_team_text({ address }), <strong>{row.address}</strong>)}</p>
      {inboxes.length > 0 ? (
        <Choices
          label={m.to_team_inbox()}
          value={inbox}
          onChange={setInbox}
          choices={inboxes.map(({ id, name }) => ({ key: id, label: name, testid: `to-team-${id}` }))}
        />
      ) : (
        <p>
          <T>{m.to_team_none()}</T>
        </p>
      )}
      <p>
        <T>{m.to_team_how()}</T>
      </p>
      <Begin command={move} input={inbox} onClose={onClose} onGuide={onGuide}>
        {m.move_begin()}
      </Begin>
    </Dialog>
  );
}

/** From an address of a team to one's own mailbox. */
export function PersonalDialog({ row, onClose, onGuide }: Props) {
  const { me } = useOverview();
  const move = useCommand((backend, mailbox: string) => backend.moveToPersonal(mailbox));
  return (
    <Dialog title={m.to_personal_title()} onClose={onClose} locked={move.busy} testid="dialog-to-personal">
      <p>
        {rich((address) => m.to_personal_text({ address, name: me.name }), <strong>{row.address}</strong>)}
      </p>
      <p>
        <T>{m.to_personal_how()}</T>
      </p>
      <Begin command={move} input={row.id} onClose={onClose} onGuide={onGuide}>
        {m.move_begin()}
      </Begin>
    </Dialog>
  );
}

/** The end of each of these dialogs: nothing changes in HubSpot by it, so it is no red button. */
function Begin<Input>({
  command,
  input,
  onClose,
  onGuide,
  children,
}: {
  command: Command<Input, string>;
  input: Input | null;
  onClose: () => void;
  onGuide: (job: string) => void;
  children: string;
}) {
  const begin = async () => {
    if (input === null) return;
    const job = await command.run(input);
    if (job === undefined) return;
    onClose();
    onGuide(job);
  };
  return (
    <>
      <ErrorNote failure={command.failure} />
      <DialogAnswers
        busy={command.busy}
        disabled={input === null}
        onCancel={onClose}
        onConfirm={() => void begin()}
      >
        {children}
      </DialogAnswers>
    </>
  );
}
