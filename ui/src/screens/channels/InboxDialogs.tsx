import { useState } from "react";
import type { InboxView } from "../../backend/generated/InboxView";
import { Button } from "../../components/Button";
import { Check } from "../../components/Check";
import { Dialog, DialogButtons } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import { errorWords } from "../../words/errors";
import { rich } from "../../words/rich";
import css from "../email/Dialogs.module.css";

/** Creates an inbox, or gives one another name. */
export function InboxDialog({
  inbox,
  onClose,
  onCreated,
}: {
  inbox: InboxView | null;
  onClose: () => void;
  onCreated: (id: string) => void;
}) {
  const [name, setName] = useState(inbox?.name ?? "");
  const save = useCommand(async (backend, to: string) => {
    if (!inbox) return backend.addInbox(to);
    await backend.renameInbox(inbox.id, to);
    return inbox.id;
  });
  const aboutName = save.failure?.code.startsWith("name_") ? save.failure : null;

  const submit = async () => {
    const id = await save.run(name);
    if (id === undefined) return;
    onClose();
    if (!inbox) onCreated(id);
  };

  return (
    <Dialog
      title={inbox ? m.inbox_rename_title() : m.inbox_create_title()}
      onClose={onClose}
      locked={save.busy}
      testid="dialog-inbox"
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label={m.inbox_name()}
          hint={inbox ? undefined : m.inbox_name_hint()}
          autoFocus
          value={name}
          onChange={setName}
          problem={aboutName && errorWords(aboutName)}
          testid="inbox-name"
        />
        {!aboutName && <ErrorNote failure={save.failure} />}
        <DialogAnswers busy={save.busy} onCancel={onClose}>
          {inbox ? m.save() : m.inbox_create_submit()}
        </DialogAnswers>
      </form>
    </Dialog>
  );
}

/** Who has account access to an inbox. Each tick takes effect at once. */
export function AccessDialog({ inbox, onClose }: { inbox: InboxView; onClose: () => void }) {
  const { members, workspace } = useOverview();
  const set = useCommand((backend, { member, access }: { member: string; access: boolean }) =>
    backend.setAccess(inbox.id, member, access),
  );
  return (
    <Dialog title={m.access_title({ inbox: inbox.name })} onClose={onClose} testid="dialog-access">
      <p>
        <T>{workspace.reaches_members ? m.access_text_sample() : m.access_text()}</T>
      </p>
      <div>
        {members.map((member) => (
          <Check
            key={member.id}
            label={member.name}
            hint={member.super_admin ? m.access_super_admin() : undefined}
            on={inbox.access.includes(member.id)}
            busy={set.busy}
            onChange={(access) => void set.run({ member: member.id, access })}
            testid={`access-${member.id}`}
          />
        ))}
      </div>
      <ErrorNote failure={set.failure} onDismiss={set.forget} />
      <DialogButtons>
        <Button autoFocus onPress={onClose} data-testid="dialog-cancel">
          {m.dismiss()}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/** Asks before an inbox goes. One that still has addresses is refused, with the reason. */
export function DeleteInboxDialog({ inbox, onClose }: { inbox: InboxView; onClose: () => void }) {
  const remove = useCommand((backend, id: string) => backend.deleteInbox(id).then(() => true));
  const confirm = async () => {
    if (await remove.run(inbox.id)) onClose();
  };
  return (
    <Dialog
      alert
      title={m.inbox_delete_title()}
      onClose={onClose}
      locked={remove.busy}
      testid="dialog-delete-inbox"
    >
      <p>{rich((name) => m.inbox_delete_text({ name }), <strong>{inbox.name}</strong>)}</p>
      <ErrorNote failure={remove.failure} />
      <DialogAnswers
        tone="danger-fill"
        busy={remove.busy}
        onCancel={onClose}
        onConfirm={() => void confirm()}
      >
        {m.inbox_delete_yes()}
      </DialogAnswers>
    </Dialog>
  );
}
