import { useState } from "react";
import type { MemberDraft } from "../../backend";
import type { Language } from "../../backend/generated/Language";
import type { MemberView } from "../../backend/generated/MemberView";
import { Check } from "../../components/Check";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices, TextField } from "../../components/Field";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { errorWords } from "../../words/errors";
import { rich } from "../../words/rich";
import css from "../email/Dialogs.module.css";

/** Adds a member, or changes one. */
export function MemberDialog({ member, onClose }: { member: MemberView | null; onClose: () => void }) {
  const [draft, setDraft] = useState<MemberDraft>({
    name: member?.name ?? "",
    superAdmin: member?.super_admin ?? false,
    language: member?.language ?? null,
  });
  const save = useCommand(async (backend, given: MemberDraft) => {
    if (member) await backend.changeMember({ member: member.id, ...given });
    else await backend.addMember(given);
    return true;
  });
  const aboutName = save.failure?.code.startsWith("name_") ? save.failure : null;

  return (
    <Dialog
      title={member ? m.member_edit_title() : m.member_add_title()}
      onClose={onClose}
      locked={save.busy}
      testid="dialog-member"
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save.run(draft).then((saved) => saved && onClose());
        }}
      >
        <TextField
          label={m.profile_name()}
          autoFocus
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
          problem={aboutName && errorWords(aboutName)}
          testid="member-name"
        />
        <Check
          label={m.member_super()}
          hint={member?.last_super_admin ? m.member_last() : m.member_super_hint()}
          on={draft.superAdmin}
          disabled={member?.last_super_admin ?? false}
          onChange={(superAdmin) => setDraft({ ...draft, superAdmin })}
          testid="member-super"
        />
        <Choices<Language | "app">
          label={m.member_language()}
          across
          value={draft.language ?? "app"}
          onChange={(key) => setDraft({ ...draft, language: key === "app" ? null : key })}
          choices={[
            { key: "app", label: m.member_language_app(), testid: "member-language-app" },
            { key: "ja", label: <span lang="ja">{m.language_ja()}</span>, testid: "member-language-ja" },
            { key: "en", label: <span lang="en">{m.language_en()}</span>, testid: "member-language-en" },
          ]}
        />
        {!aboutName && <ErrorNote failure={save.failure} />}
        <DialogAnswers busy={save.busy} onCancel={onClose}>
          {member ? m.save() : m.track_submit()}
        </DialogAnswers>
      </form>
    </Dialog>
  );
}

/** Asks before a member goes. What they did stays in the history. */
export function RemoveMemberDialog({ member, onClose }: { member: MemberView; onClose: () => void }) {
  const remove = useCommand((backend, id: string) => backend.removeMember(id).then(() => true));
  return (
    <Dialog
      alert
      title={m.member_remove_title()}
      onClose={onClose}
      locked={remove.busy}
      testid="dialog-remove-member"
    >
      <p>{rich((name) => m.member_remove_text({ name }), <strong>{member.name}</strong>)}</p>
      <ErrorNote failure={remove.failure} />
      <DialogAnswers
        tone="danger-fill"
        busy={remove.busy}
        onCancel={onClose}
        onConfirm={() => void remove.run(member.id).then((gone) => gone && onClose())}
      >
        {m.member_remove_yes()}
      </DialogAnswers>
    </Dialog>
  );
}
