import { useState } from "react";
import type { Backend } from "../backend";
import type { Exported } from "../backend/generated/Exported";
import { m } from "../paraglide/messages";
import { suggestedPath } from "../state/exportPath";
import { useCommand, useOverview } from "../state/overview";
import { Button } from "./Button";
import { ErrorNote } from "./ErrorNote";
import { Choices, TextField } from "./Field";
import css from "./FileForm.module.css";
import { Note } from "./Note";
import { T } from "./T";

export type FileFormat<Format extends string> = { key: Format; label: string; ending: string };

/** The two forms of a list. */
export const LIST_FORMATS: FileFormat<"csv" | "json">[] = [
  { key: "csv", label: "CSV", ending: "csv" },
  { key: "json", label: "JSON", ending: "json" },
];

/** Writes something to a file: which form, and where. The first format is the one that is chosen. */
export function FileForm<Format extends string>({
  formats,
  what,
  write,
  submit,
  written,
}: {
  formats: FileFormat<Format>[];
  /** What the file is called by. */
  what: string;
  write: (backend: Backend, format: Format, path: string) => Promise<Exported>;
  /** The button. */
  submit: string;
  written: (result: Exported) => string;
}) {
  const { workspace } = useOverview();
  const endingOf = (key: Format) => formats.find((format) => format.key === key)?.ending ?? key;
  const suggest = (key: Format) => suggestedPath(workspace.export_folder, endingOf(key), new Date(), what);
  const [format, setFormat] = useState<Format>((formats[0] as FileFormat<Format>).key);
  const [path, setPath] = useState(() => suggest(format));
  const [result, setResult] = useState<Exported | null>(null);
  const command = useCommand((backend) => write(backend, format, path));

  const choose = (next: Format) => {
    const ending = new RegExp(`\\.(${formats.map((one) => one.ending).join("|")})$`, "i");
    setFormat(next);
    setResult(null);
    // What somebody has typed stays, up to its ending.
    setPath(path === suggest(format) ? suggest(next) : path.replace(ending, `.${endingOf(next)}`));
  };
  const run = async () => {
    setResult(null);
    const done = await command.run();
    if (done) setResult(done);
  };

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <Choices
        label={m.history_export_format()}
        across
        value={format}
        onChange={choose}
        choices={formats.map(({ key, label }) => ({ key, label, testid: `export-${key}` }))}
      />
      <TextField
        label={m.history_export_path()}
        value={path}
        onChange={(text) => {
          setPath(text);
          setResult(null);
        }}
        testid="export-path"
      />
      <ErrorNote failure={command.failure} />
      <div>
        <Button type="submit" busy={command.busy} data-testid="export-submit">
          {submit}
        </Button>
      </div>
      {result && (
        <Note tone="good" live testid="export-result">
          <p>
            <T>{written(result)}</T>
          </p>
          {result.head && (
            <p className={css.faint}>
              {m.history_head()} <code className={css.hash}>{result.head}</code>
            </p>
          )}
        </Note>
      )}
    </form>
  );
}
