import { useState } from "react";
import type { AppView } from "../../backend/generated/AppView";
import type { Suite } from "../../backend/generated/Suite";
import { Dialog } from "../../components/Dialog";
import { DialogAnswers } from "../../components/DialogAnswers";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import { publisherWords } from "../../words/admin";
import dialogs from "../email/Dialogs.module.css";
import css from "./Apps.module.css";

/** Asks for the name of an app that is not plainly HubSpot's before its accesses can be planned to go. */
export function SecondLookDialog({
  organisation,
  suite,
  app,
  onClose,
}: {
  organisation: string;
  suite: Suite;
  app: AppView;
  onClose: () => void;
}) {
  const [named, setNamed] = useState("");
  const choose = useCommand((backend) =>
    backend
      .chooseApp({ organisation, app: app.key, chosen: true, named: named.trim() })
      .then(() => true as const),
  );
  const wrong = choose.failure?.code === "app_not_hubspot";
  return (
    <Dialog
      alert
      title={m.second_look_title()}
      onClose={onClose}
      locked={choose.busy}
      testid="dialog-second-look"
    >
      <form
        className={dialogs.form}
        onSubmit={(event) => {
          event.preventDefault();
          void choose.run().then((done) => {
            if (done) onClose();
          });
        }}
      >
        <div className={css.doubted}>
          <p className={css.name}>
            <strong>{app.name}</strong>
          </p>
          <p className={css.faint}>
            <T>{publisherWords(app, suite)}</T>
          </p>
          <p className={css.id}>{app.client_id}</p>
        </div>
        <Note tone="warn">
          <T>{app.likeness === "look_alike" ? m.second_look_alike() : m.second_look_other()}</T>
        </Note>
        <p>
          <T>{m.second_look_text()}</T>
        </p>
        <TextField
          label={m.second_look_name()}
          value={named}
          onChange={(text) => {
            setNamed(text);
            choose.forget();
          }}
          problem={wrong ? m.second_look_wrong() : null}
          autoFocus
          testid="second-look-name"
        />
        {!wrong && <ErrorNote failure={choose.failure} />}
        <DialogAnswers busy={choose.busy} tone="danger-fill" onCancel={onClose}>
          {m.second_look_yes()}
        </DialogAnswers>
      </form>
    </Dialog>
  );
}
