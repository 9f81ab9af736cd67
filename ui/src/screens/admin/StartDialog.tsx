import { useState } from "react";
import type { RunView } from "../../backend/generated/RunView";
import { Check } from "../../components/Check";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { providerOf } from "../../words/admin";
import { appsWords } from "../../words/beside";
import { counted } from "../../words/numbers";
import { rich } from "../../words/rich";
import { totalOf } from "../../words/runs";
import { whenWords } from "../../words/times";

/** The last question before anything is sent. */
export function StartDialog({ run, onClose }: { run: RunView; onClose: () => void }) {
  const locale = useLocale();
  const [everybody, setEverybody] = useState(false);
  const start = useCommand((backend) => backend.startRun(run.id, everybody).then(() => true as const));
  const accesses = m.count_accesses(counted(totalOf(run), locale));
  const provider = providerOf(run.suite);
  const time = run.not_before ? whenWords(run.not_before, locale) : null;
  const confirm = async () => {
    if (await start.run()) onClose();
  };
  return (
    <Dialog
      alert
      title={time ? m.schedule_title({ accesses, time }) : m.start_title({ accesses })}
      onClose={onClose}
      locked={start.busy}
      testid="dialog-start"
    >
      <p>
        {rich(
          (organisation) => m.start_text({ organisation, provider, apps: appsWords(run.apps) }),
          <strong>{run.organisation_name}</strong>,
        )}
      </p>
      <p>
        <strong>
          <T>{run.suite === "google" ? m.start_undo_google() : m.start_undo_microsoft()}</T>
        </strong>
      </p>
      {run.everybody > 0 && (
        <Check
          label={m.start_everybody(counted(run.everybody, locale))}
          hint={m.start_everybody_hint()}
          on={everybody}
          onChange={(on) => {
            setEverybody(on);
            start.forget();
          }}
          testid="start-everybody"
        />
      )}
      <ErrorNote failure={start.failure} />
      <DialogAnswers busy={start.busy} tone="danger-fill" onCancel={onClose} onConfirm={() => void confirm()}>
        {time ? m.schedule_yes() : m.start_yes({ accesses })}
      </DialogAnswers>
    </Dialog>
  );
}
