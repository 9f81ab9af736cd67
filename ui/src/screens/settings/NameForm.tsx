import { useState } from "react";
import type { Backend } from "../../backend";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { SaveBar } from "../../components/SaveBar";
import { useCommand } from "../../state/overview";
import { errorWords } from "../../words/errors";
import css from "./Settings.module.css";

/** Gives somebody or something another name. What is wrong with the name stands at the name. */
export function NameForm({
  now,
  label,
  hint,
  rename,
  testid,
}: {
  now: string;
  label: string;
  hint: string;
  rename: (backend: Backend, name: string) => Promise<void>;
  testid: string;
}) {
  const [name, setName] = useState(now);
  const [saved, setSaved] = useState(false);
  const save = useCommand((backend, to: string) => rename(backend, to).then(() => true));
  const aboutName = save.failure?.code.startsWith("name_") ? save.failure : null;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        setSaved(false);
        void save.run(name).then((done) => setSaved(done === true));
      }}
    >
      <TextField
        label={label}
        hint={hint}
        value={name}
        onChange={(text) => {
          setName(text);
          setSaved(false);
        }}
        problem={aboutName && errorWords(aboutName)}
        testid={`${testid}-name`}
      />
      {!aboutName && <ErrorNote failure={save.failure} />}
      <SaveBar tone="strong" busy={save.busy} saved={saved} testid={`${testid}-save`} />
    </form>
  );
}
