import { useEffect, useState } from "react";
import type { InboxView } from "../../backend/generated/InboxView";
import type { OtherKind } from "../../backend/generated/OtherKind";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices, TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { errorWords } from "../../words/errors";
import { otherKindWords } from "../../words/facts";
import css from "../email/Dialogs.module.css";

const KINDS: OtherKind[] = ["chat", "form", "messenger", "whatsapp", "calling"];

type Props = { inbox: InboxView; onClose: () => void; onBusy: (busy: boolean) => void };

/** Lists a channel that can't be disconnected here, so that the inbox is shown whole. */
export function OtherForm({ inbox, onClose, onBusy }: Props) {
  const [kind, setKind] = useState<OtherKind>("chat");
  const [name, setName] = useState("");
  const add = useCommand((backend, called: string) => backend.addOtherChannel(inbox.id, kind, called));
  const aboutName = add.failure?.code.startsWith("name_") ? add.failure : null;
  useEffect(() => onBusy(add.busy), [add.busy, onBusy]);

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void add.run(name).then((id) => id !== undefined && onClose());
      }}
    >
      <p>
        <T>{m.other_intro()}</T>
      </p>
      <Choices
        label={m.other_kind()}
        across="columns"
        value={kind}
        onChange={setKind}
        choices={KINDS.map((key) => ({ key, label: otherKindWords(key), testid: `other-${key}` }))}
      />
      <TextField
        label={m.other_name()}
        hint={m.other_name_hint()}
        value={name}
        onChange={setName}
        problem={aboutName && errorWords(aboutName)}
        testid="other-name"
      />
      {!aboutName && <ErrorNote failure={add.failure} />}
      <DialogAnswers busy={add.busy} onCancel={onClose}>
        {m.other_submit()}
      </DialogAnswers>
    </form>
  );
}
