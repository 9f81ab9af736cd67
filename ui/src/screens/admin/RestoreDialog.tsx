import { useState } from "react";
import type { ItemView } from "../../backend/generated/ItemView";
import type { RunView } from "../../backend/generated/RunView";
import { Check } from "../../components/Check";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { appsWords } from "../../words/beside";
import { counted } from "../../words/numbers";
import { Person } from "./Person";

/** Gives back what a run deleted: all of it, or one item. */
export function RestoreDialog({
  run,
  item,
  onClose,
}: {
  run: RunView;
  item: ItemView | null;
  onClose: () => void;
}) {
  const locale = useLocale();
  const [everybody, setEverybody] = useState(false);
  const restore = useCommand((backend) =>
    backend
      .restoreRun(run.id, { items: item ? [item.seq] : null, people: [], everybody })
      .then(() => true as const),
  );
  const asks = item ? item.person === null : run.everybody > 0;
  const confirm = async () => {
    if (await restore.run()) onClose();
  };
  return (
    <Dialog alert title={m.restore_title()} onClose={onClose} locked={restore.busy} testid="dialog-restore">
      {item ? (
        <Person person={item.person} />
      ) : (
        <p>
          <T>{m.restore_count(counted(run.restorable, locale))}</T>
        </p>
      )}
      <p>
        <strong>
          <T>{m.restore_only_permission({ apps: item ? item.app : appsWords(run.apps) })}</T>
        </strong>
      </p>
      <p>
        <T>{m.restore_not_proven()}</T>
      </p>
      {asks && (
        <Check
          label={m.restore_everybody()}
          hint={m.restore_everybody_hint()}
          on={everybody}
          onChange={(on) => {
            setEverybody(on);
            restore.forget();
          }}
          testid="restore-everybody"
        />
      )}
      <ErrorNote failure={restore.failure} />
      <DialogAnswers
        busy={restore.busy}
        tone="danger-fill"
        onCancel={onClose}
        onConfirm={() => void confirm()}
      >
        {m.restore_yes()}
      </DialogAnswers>
    </Dialog>
  );
}
