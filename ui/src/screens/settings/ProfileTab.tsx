import { useState } from "react";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import { errorWords } from "../../words/errors";
import css from "./Settings.module.css";

/** The name that stands beside what a person confirms. */
export function ProfileTab() {
  const { me } = useOverview();
  const [name, setName] = useState(me.name);
  const [saved, setSaved] = useState(false);
  const rename = useCommand((backend, to: string) => backend.renameMe(to));
  const aboutName = rename.failure?.code.startsWith("name_") ? rename.failure : null;

  const submit = async () => {
    setSaved(false);
    let failed = false;
    await rename.run(name, () => {
      failed = true;
    });
    setSaved(!failed);
  };

  return (
    <Card title={m.profile_heading()} testid="profile-card">
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label={m.profile_name()}
          hint={m.profile_name_hint()}
          value={name}
          onChange={(text) => {
            setName(text);
            setSaved(false);
          }}
          problem={aboutName && errorWords(aboutName)}
          testid="profile-name"
        />
        {!aboutName && <ErrorNote failure={rename.failure} />}
        <div className={css.actions}>
          <Button tone="strong" type="submit" busy={rename.busy} data-testid="profile-save">
            {m.save()}
          </Button>
          <span role="status" className={css.done}>
            {saved && m.saved()}
          </span>
        </div>
      </form>
    </Card>
  );
}
