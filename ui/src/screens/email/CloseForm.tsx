import { useState } from "react";
import type { DisconnectCard } from "../../backend/generated/DisconnectCard";
import type { StepView } from "../../backend/generated/StepView";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import css from "./Finish.module.css";

/** Closing a step without knowing, which takes a reason. */
export function CloseForm({
  card,
  step,
  onDone,
}: {
  card: DisconnectCard;
  step: StepView;
  onDone: () => void;
}) {
  const [reason, setReason] = useState("");
  const close = useCommand((backend, why: string) => backend.closeStep(card.id, step.kind, why));

  const submit = async () => {
    let failed = false;
    await close.run(reason, () => {
      failed = true;
    });
    if (!failed) onDone();
  };

  return (
    <form
      className={css.inline}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      data-testid="close-form"
    >
      <p className={css.question}>
        <T>{m.close_title()}</T>
      </p>
      <p>
        <T>{m.close_text()}</T>
      </p>
      <TextField
        label={m.close_reason()}
        hint={m.close_reason_hint()}
        lines
        autoFocus
        value={reason}
        onChange={setReason}
        testid="close-reason"
      />
      <ErrorNote failure={close.failure} />
      <div className={css.line}>
        <Button tone="danger" type="submit" busy={close.busy} data-testid="close-submit">
          {m.close_submit()}
        </Button>
        <Button tone="quiet" onPress={onDone} data-testid="close-cancel">
          {m.cancel()}
        </Button>
      </div>
    </form>
  );
}
